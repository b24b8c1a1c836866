// No row of errors.md: rustc reports `elseif`, and nothing else does.

use workflow_runtime::attribute::workflow;
use workflow_runtime::step;

#[step]
async fn charge(amount: u32) -> Result<u32, String> {
    Ok(amount)
}

#[workflow]
async fn pay(amount: u32) -> Result<u32, String> {
    let rate = if amount > 3 { 1 } elseif amount > 2 { 2 } else { 3 };
    let first = charge(rate).await?;
    Ok(first)
}

fn main() {
    let _ = pay(7);
}
