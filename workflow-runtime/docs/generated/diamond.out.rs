/// Verifies one order and issues its receipt.
#[cfg_attr(
    doc,
    doc = rt::picture!(
        "verify_order\torder\nstep\tvalid\tvalidate_order\t\nstep\tpayment\tcheck_payment\t\nstep\taddress\tverify_address\t\nstep\tstock\tcheck_inventory\t\nstep\treceipt\tfinalize_order\t\ndata\tinput\t0\t0\ndata\tnode\t0\t1\ndata\tnode\t0\t2\ndata\tnode\t0\t3\ndata\tnode\t1\t4\ndata\tnode\t2\t4\ndata\tnode\t3\t4"
    )
)]
#[allow(
    clippy::collection_is_never_read,
    clippy::let_unit_value,
    clippy::needless_pass_by_value,
    clippy::shadow_reuse,
    clippy::shadow_same,
    clippy::shadow_unrelated,
    clippy::tuple_array_conversions
)]
pub fn verify_order(
    order: Order,
) -> impl rt::Step<Undo = rt::NoUndo, Output = Result<Receipt, OrderError>> {
    use rt as rt;
    struct Function;
    impl rt::Function for Function {
        const GRAPH: rt::Option<&'static rt::Graph> = rt::Some(&verify_order::GRAPH);
    }
    rt::workflow(
        Function,
        rt::describe!(Result < Receipt, OrderError >),
        async move {
            use rt::Calls as _;
            if let rt::Some(output) = rt::None::<Result<Receipt, OrderError>> {
                return output;
            }
            let valid = rt::step::<
                0,
                _,
            >(rt::Called(rt::WorkflowStep::itself(validate_order(order))).itself())
                .await?;
            let (payment, address, stock) = match rt::join::<
                Result<Receipt, OrderError>,
                _,
            >(
                    rt::join3(
                        rt::attempt(
                            1,
                            rt::Called(rt::WorkflowStep::itself(check_payment(&valid)))
                                .itself(),
                            |failure| rt::ok::<Result<Receipt, OrderError>, _>(failure?),
                        ),
                        rt::attempt(
                            2,
                            rt::Called(rt::WorkflowStep::itself(verify_address(&valid)))
                                .itself(),
                            |failure| rt::ok::<Result<Receipt, OrderError>, _>(failure?),
                        ),
                        rt::attempt(
                            3,
                            rt::Called(rt::WorkflowStep::itself(check_inventory(&valid)))
                                .itself(),
                            |failure| rt::ok::<Result<Receipt, OrderError>, _>(failure?),
                        ),
                    ),
                )
                .await
            {
                rt::Ok(value) => value,
                rt::Err(failure) => {
                    return rt::fail::<Result<Receipt, OrderError>, _>(failure);
                }
            };
            let receipt = rt::step::<
                4,
                _,
            >(
                    rt::Called(
                            rt::WorkflowStep::itself(
                                finalize_order(payment, address, stock),
                            ),
                        )
                        .itself(),
                )
                .await?;
            Ok(receipt)
        },
    )
}
///What is known of the workflow `verify_order` before it runs.
#[allow(non_snake_case)]
pub mod verify_order {
    ///The graph of the workflow `verify_order`.
    pub const GRAPH: rt::Graph = {
        use rt as rt;
        rt::Graph::new(
            "verify_order",
            &["order"],
            &[
                rt::calls("valid", "validate_order", ::core::file!(), ::core::line!()),
                rt::calls("payment", "check_payment", ::core::file!(), ::core::line!()),
                rt::calls("address", "verify_address", ::core::file!(), ::core::line!()),
                rt::calls("stock", "check_inventory", ::core::file!(), ::core::line!()),
                rt::calls("receipt", "finalize_order", ::core::file!(), ::core::line!()),
            ],
            &[
                rt::needs_input(0, 0),
                rt::needs(0, 1),
                rt::needs(0, 2),
                rt::needs(0, 3),
                rt::needs(1, 4),
                rt::needs(2, 4),
                rt::needs(3, 4),
            ],
        )
    };
    #[doc(hidden)]
    #[allow(dead_code)]
    pub fn __locked() -> rt::NotDurable {
        rt::NotDurable
    }
}
