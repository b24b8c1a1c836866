use workflow_runtime::{step, workflow};

#[step]
async fn charge(amount: u32) -> Result<u32, String> {
    Ok(amount)
}

workflow! {
    async fn pay(amount: u32) -> Result<u32, String> {
        let first = charge(amount).await?;
        let second = match first {
            0 => charge(&).await?,
            _ => 2,
        };
        Ok(second)
    }
}

fn main() {
    let _ = pay(7);
}
