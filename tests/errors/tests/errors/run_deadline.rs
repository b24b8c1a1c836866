// No row of errors.md: a run with a deadline, of a call that cannot say that it is late.

use workflow_runtime::step;

#[derive(Clone)]
struct Order;
struct Payment;
struct OrderError;

#[step]
async fn charge(_order: &Order) -> Result<Payment, OrderError> {
    Ok(Payment)
}

async fn caller() -> Result<Payment, OrderError> {
    let run = workflow_runtime::Run::new().deadline(std::time::Duration::from_secs(1));
    run.execute(charge(&Order)).await
}

fn main() {}
