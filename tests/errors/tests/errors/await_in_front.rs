// No row of errors.md: `await` stands in front of the call, as in other languages.

use workflow_runtime::{step, workflow};

#[step]
async fn charge(amount: u32) -> Result<u32, String> {
    Ok(amount)
}

workflow! {
    async fn pay(amount: u32) -> Result<u32, String> {
        let first = await charge(amount)?;
        Ok(first)
    }
}

fn main() {
    let _ = pay(7);
}
