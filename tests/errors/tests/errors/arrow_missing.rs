use workflow_runtime::{step, workflow};

#[step]
async fn charge(amount: u32) -> Result<u32, String> {
    Ok(amount)
}

workflow! {
    async fn pay(amount: u32) Result<u32, String> {
        let first = charge(amount).await?;
        Ok(first)
    }
}

fn main() {}
