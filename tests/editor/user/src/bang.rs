use crate::shop::*;
use workflow_runtime::{Run, workflow};

workflow! {
    /// Verifies an order.
    pub async fn verify_order(order: Order) -> Result<Receipt, OrderError> {
        let valid = validate_order(order).await?;
        #[compensate(refund(&payment))]
        let payment = check_payment(&valid).await?;
        #[after(payment)]
        let stock = check_stock(&valid, 1).await?;
        #[concurrency(limit())]
        let packed = for item in 0..valid.order.count {
            pack(item).await
        };
        let choice = if packed.len() > 3 { pack(1).await } else { valid.price() };
        let word = match valid.order.size {
            Size::Small => "small",
            Size::Large => "large",
        };
        let note = format!("{word} {choice} {early}");
        let early = pack(7).await;
        println!("{note}");
        finish(&payment, stock).await
    }
}

fn limit() -> usize {
    8
}

pub async fn observed(order: Order) -> Result<u64, OrderError> {
    println!("{}", verify_order::GRAPH);
    let receipt = Run::new().execute(verify_order(order)).await?;
    Ok(receipt.amount)
}
