use workflow_runtime::attribute::workflow;
use workflow_runtime::step;

#[step]
async fn charge(amount: u32) -> u32 {
    amount
}

#[workflow]
async fn pay() -> u32 {
    let first = charge(second).await;
    let second = charge(first).await;
    second
}

fn main() {
    let _ = pay();
}
