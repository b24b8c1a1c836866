use workflow_runtime::attribute::workflow;
use workflow_runtime::step;

#[step]
async fn charge(amount: u32) -> Result<u32, String> {
    Ok(amount)
}

#[tracing::instrument]
#[workflow]
async fn pay(amount: u32) -> Result<u32, String> {
    let first = charge(amount).await?;
    let second = charge(first).await?;
    Ok(second)
}

fn main() {
    let _ = pay(7);
    println!("{}", pay::GRAPH);
}
