// No row of errors.md: a lock of a workflow that is not durable.

use workflow_runtime::{graph_lock, step, workflow};

#[step]
async fn charge(amount: u32) -> Result<u32, String> {
    Ok(amount)
}

workflow! {
    async fn pay(amount: u32) -> Result<u32, String> {
        let first = charge(amount).await?;
        Ok(first)
    }
}

fn main() {
    graph_lock!(pay, "pay.lock");
}
