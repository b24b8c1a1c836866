use crate::shop::*;

/// Verifies an order.
pub async fn verify_order(order: Order) -> Result<Receipt, OrderError> {
    let valid = validate_order(order).await?;
    let payment = check_payment(&valid).await?;
    let stock = check_stock(&valid, 1).await?;
    let mut packed = Vec::new();
    for item in 0..valid.order.count {
        packed.push(pack(item).await)
    }
    let choice = if packed.len() > 3 { pack(1).await } else { valid.price() };
    let word = match valid.order.size {
        Size::Small => "small",
        Size::Large => "large",
    };
    let early = pack(7).await;
    let note = format!("{word} {choice} {early}");
    println!("{note}");
    finish(&payment, stock).await
}
