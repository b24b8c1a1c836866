// An unknown name in `#[after]` does not hide that the result has another type.

use workflow_runtime::{step, workflow};

#[step]
async fn charge(amount: u32) -> Result<u32, String> {
    Ok(amount)
}

workflow! {
    async fn checkout(amount: u32) -> Result<String, String> {
        let payment = charge(amount).await?;
        #[after(paiment)]
        let receipt = charge(7).await?;
        Ok(payment + receipt)
    }
}

fn main() {
    let _ = checkout(7);
}
