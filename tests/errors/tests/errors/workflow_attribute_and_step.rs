use workflow_runtime::attribute::workflow;
use workflow_runtime::step;

#[step]
async fn charge() -> u32 {
    7
}

#[step]
#[workflow]
async fn pay() -> u32 {
    let payment = charge().await;
    payment
}

fn main() {
    let _ = pay();
}
