// No row of errors.md: a retried step that hands a `&mut` on.

use workflow_runtime::{step, workflow};

struct Order;
struct OrderError;

impl workflow_runtime::Transient for OrderError {
    fn is_transient(&self) -> bool {
        true
    }
}

#[step(retry(max_attempts = 3))]
async fn charge(order: &mut Order) -> Result<&mut Order, OrderError> {
    Ok(order)
}

workflow! {
    async fn checkout(order: &mut Order) -> Result<(), OrderError> {
        charge(order).await?;
        Ok(())
    }
}

async fn caller() -> Result<(), OrderError> {
    charge(&mut Order).await?;
    checkout(&mut Order).await
}

fn main() {}
