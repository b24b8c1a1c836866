// No row of errors.md: rustc reports an attribute that does not parse, and nothing else does.

use workflow_runtime::attribute::workflow;
use workflow_runtime::step;

#[step]
async fn charge(amount: u32) -> Result<u32, String> {
    Ok(amount)
}

#[workflow]
async fn pay(amount: u32) -> Result<u32, String> {
    let first = charge(amount).await?;
    #[after first]
    let second = charge(amount).await?;
    Ok(second)
}

fn main() {
    let _ = pay(7);
}
