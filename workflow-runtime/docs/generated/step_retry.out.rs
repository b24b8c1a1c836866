#[allow(clippy::needless_pass_by_value)]
fn check_payment(
    order: &ValidOrder,
    card: Card,
) -> impl rt::Step<Undo = rt::NoUndo, Output = Result<Payment, PaymentError>> {
    struct Function;
    impl rt::Function for Function {
        const NAME: &'static str = "check_payment";
    }
    {
        rt::retried::<Result<Payment, PaymentError>>();
        let of = rt::error_of!(Result < Payment, PaymentError >);
        rt::says_transient(of.error);
        rt::says_timed_out(of.error);
    }
    rt::with_limits::<
        4,
        false,
        _,
    >(
        rt::leaf(
            Function,
            rt::describe!(Result < Payment, PaymentError >),
            async move {
                let mut kept_1 = rt::kept(card);
                rt::retry_argument(kept_1.argument);
                let mut attempts = rt::limited(|| const {
                    &rt::policy("check_payment")
                        .max_attempts(4)
                        .exponential(100, 2.0)
                        .at_most(5000)
                        .timeout(10000)
                });
                loop {
                    let argument_1 = rt::argument!(kept_1, attempts.is_last());
                    let output = match rt::within(
                            &attempts,
                            async {
                                if let rt::Some(output) = rt::None::<
                                    Result<Payment, PaymentError>,
                                > {
                                    return output;
                                }
                                #[allow(
                                    clippy::shadow_reuse,
                                    clippy::shadow_same,
                                    clippy::shadow_unrelated
                                )]
                                let order = order;
                                #[allow(
                                    clippy::shadow_reuse,
                                    clippy::shadow_same,
                                    clippy::shadow_unrelated
                                )]
                                let card = argument_1;
                                authorize(card, order.total).await
                            },
                        )
                        .await
                    {
                        rt::Ok(output) => output,
                        rt::Err(error) => {
                            let error = attempts.late(error);
                            rt::timed_out!(Result < Payment, PaymentError >, error)
                        }
                    };
                    let rt::Some(delay) = attempts
                        .after(rt::verdict!(output), || rt::text!(& output)) else {
                        break output;
                    };
                    rt::drop(output);
                    rt::pause(delay).await;
                }
            },
        ),
    )
}
