// No row of errors.md: the number of attempts is called as in other libraries.

use workflow_runtime::{step, workflow};

#[step]
async fn charge(amount: u32) -> Result<u32, String> {
    Ok(amount)
}

workflow! {
    async fn pay(amount: u32) -> Result<u32, String> {
        #[retry(attempts = 3)]
        let first = charge(amount).await?;
        Ok(first)
    }
}

fn main() {
    let _ = pay(7);
}
