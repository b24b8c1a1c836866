/// Checks that the order can be paid.
pub fn check_payment(
    order: &ValidOrder,
) -> impl rt::Step<Output = Result<Payment, PaymentError>, Undo = rt::NoUndo> {
    rt::leaf(
        async move {
            if let rt::Some(output) = rt::None::<Result<Payment, PaymentError>> {
                return output;
            }
            let card = order.card().ok_or(PaymentError::NoCard)?;
            authorize(card, order.total).await
        },
        |output| match output {
            rt::None => rt::Described::Step("check_payment"),
            rt::Some(output) => rt::failure!(output),
        },
    )
}
