// No row of errors.md: the body of a `for` ends with a semicolon.

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
        let all: Vec<u32> = for part in 0..amount {
            charge(part).await?;
        };
        let weight = weigh(amount).await;
        Ok(weight + all.len() as u32)
    }
}

fn main() {
    let _ = pay(7);
}
