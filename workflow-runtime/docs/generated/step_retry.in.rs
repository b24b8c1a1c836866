#[step(retry(max_attempts = 4, backoff = exponential("100ms", max = "5s")), timeout = "10s")]
async fn check_payment(order: &ValidOrder, card: Card) -> Result<Payment, PaymentError> {
    authorize(card, order.total).await
}
