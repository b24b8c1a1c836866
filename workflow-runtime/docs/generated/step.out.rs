/// Checks that the order can be paid.
pub fn check_payment(
    order: &ValidOrder,
) -> impl rt::Step<Undo = rt::NoUndo, Output = Result<Payment, PaymentError>> {
    struct Function;
    impl rt::Function for Function {
        const NAME: &'static str = "check_payment";
    }
    rt::leaf(
        Function,
        rt::describe!(Result < Payment, PaymentError >),
        async move {
            if let rt::Some(output) = rt::None::<Result<Payment, PaymentError>> {
                return output;
            }
            let card = order.card().ok_or(PaymentError::NoCard)?;
            authorize(card, order.total).await
        },
    )
}
