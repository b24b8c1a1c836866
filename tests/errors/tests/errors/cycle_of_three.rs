// Row of errors.md: cycle, of three, one edge of it from `#[after]`.

use workflow_runtime::{step, workflow};

struct Order;
struct ValidOrder;
struct Stock;
struct Payment;
struct Receipt;
struct OrderError;

#[step]
async fn validate(_order: Order) -> Result<ValidOrder, OrderError> {
    Ok(ValidOrder)
}

#[step]
async fn charge(_order: &Order) -> Result<Payment, OrderError> {
    Ok(Payment)
}

#[step]
async fn invoice(_payment: &Payment) -> Result<Receipt, OrderError> {
    Ok(Receipt)
}

#[step]
async fn reserve(_valid: &ValidOrder) -> Result<Stock, OrderError> {
    Ok(Stock)
}

workflow! {
    async fn checkout(order: Order) -> Result<Receipt, OrderError> {
        #[after(receipt)]
        let reserved = reserve(&valid).await?;

        #[after(reserved)]
        let charged = charge(&order).await?;

        let receipt = invoice(&charged).await?;
        let valid = validate(order).await?;
        Ok(receipt)
    }
}

async fn caller() -> Result<Receipt, OrderError> {
    println!("{}", checkout::GRAPH);
    checkout(Order).await
}

fn main() {}
