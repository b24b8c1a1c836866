// Row of errors.md: none; `was` without a name above a workflow.

use workflow_runtime::{step, workflow};

#[derive(Debug)]
struct OrderError;

#[step]
async fn charge(order: u32) -> Result<u32, OrderError> {
    Ok(order)
}

workflow! {
    #[durable]
    #[was]
    async fn checkout(order: u32) -> Result<u32, OrderError> {
        let payment = charge(order).await?;
        Ok(payment)
    }
}

fn main() {
    println!("{}", checkout::GRAPH);
}
