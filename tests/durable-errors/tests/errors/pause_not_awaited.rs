// No row of errors.md: a pause without `.await`, for which another step seems to wait.

use workflow_runtime::{sleep, step, workflow};

#[step]
async fn charge(amount: u32) -> Result<u32, String> {
    Ok(amount)
}

workflow! {
    #[durable]
    async fn pay(amount: u32) -> Result<u32, String> {
        let pause = sleep("10s");
        #[after(pause)]
        let first = charge(amount).await?;
        Ok(first)
    }
}

fn main() {
    let _ = pay(7);
}
