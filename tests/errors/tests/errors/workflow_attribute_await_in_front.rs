// No row of errors.md: rustc reports an `await` in front of a call, and nothing else does.

use workflow_runtime::attribute::workflow;
use workflow_runtime::step;

#[step]
async fn charge(amount: u32) -> u32 {
    amount
}

#[workflow]
async fn pay(amount: u32) -> Result<u32, String> {
    let first = await charge(amount);
    Ok(first)
}

fn main() {
    let _ = pay(7);
}
