// No row of errors.md: a step without `.await`, for which another one seems to wait.

use workflow_runtime::{step, workflow};

#[step]
async fn charge(amount: u32) -> Result<u32, String> {
    Ok(amount)
}

#[step]
async fn weigh(amount: u32) -> u32 {
    amount
}

workflow! {
    async fn pay(amount: u32) -> Result<u32, String> {
        let weight = weigh(amount);
        #[after(weight)]
        let first = charge(amount).await?;
        Ok(first)
    }
}

fn main() {
    let _ = pay(7);
}
