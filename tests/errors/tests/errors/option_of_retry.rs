// No row of errors.md: an option of `retry` stands beside it.

use workflow_runtime::step;

#[step(backoff = exponential("1s"))]
async fn charge(amount: u32) -> Result<u32, String> {
    Ok(amount)
}

fn main() {
    let _ = charge(7);
}
