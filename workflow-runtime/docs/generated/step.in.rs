#[step]
/// Checks that the order can be paid.
pub async fn check_payment(order: &ValidOrder) -> Result<Payment, PaymentError> {
    let card = order.card().ok_or(PaymentError::NoCard)?;
    authorize(card, order.total).await
}
