// Row of errors.md: none; the former name of a workflow that is not durable.

use workflow_runtime::{step, workflow};

#[derive(Debug)]
struct OrderError;

#[step]
async fn charge(order: u32) -> Result<u32, OrderError> {
    Ok(order)
}

workflow! {
    #[was(buy)]
    async fn checkout(order: u32) -> Result<u32, OrderError> {
        let payment = charge(order).await?;
        Ok(payment)
    }
}

fn main() {
    println!("{}", checkout::GRAPH);
}
