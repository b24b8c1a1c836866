/// Verifies one order and issues its receipt.
#[cfg_attr(
    doc,
    doc = rt::picture!(
        "verify_order\torder\nstep\tvalid\tvalidate_order\t\nstep\tpayment\tcheck_payment\t\nstep\taddress\tverify_address\t\nstep\tstock\tcheck_inventory\t\nstep\treceipt\tfinalize_order\t\ndata\tinput\t0\t0\ndata\tnode\t0\t1\ndata\tnode\t0\t2\ndata\tnode\t0\t3\ndata\tnode\t1\t4\ndata\tnode\t2\t4\ndata\tnode\t3\t4"
    )
)]
#[allow(clippy::let_unit_value, clippy::tuple_array_conversions)]
pub fn verify_order(
    order: Order,
) -> impl rt::Step<Output = Result<Receipt, OrderError>, Undo = rt::NoUndo> {
    use rt as rt;
    rt::workflow(
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
        |output| match output {
            rt::None => rt::Described::Workflow(&verify_order::GRAPH),
            rt::Some(output) => rt::failure!(output),
        },
    )
}
///What is known of the workflow `verify_order` before it runs.
#[allow(non_snake_case)]
pub mod verify_order {
    ///The graph of the workflow `verify_order`.
    pub const GRAPH: rt::Graph = rt::Graph::new(
        "verify_order",
        &["order"],
        &[
            rt::Node::new(
                "valid",
                rt::NodeKind::Step,
                rt::Some("validate_order"),
                ::core::file!(),
                ::core::line!(),
                rt::None,
            ),
            rt::Node::new(
                "payment",
                rt::NodeKind::Step,
                rt::Some("check_payment"),
                ::core::file!(),
                ::core::line!(),
                rt::None,
            ),
            rt::Node::new(
                "address",
                rt::NodeKind::Step,
                rt::Some("verify_address"),
                ::core::file!(),
                ::core::line!(),
                rt::None,
            ),
            rt::Node::new(
                "stock",
                rt::NodeKind::Step,
                rt::Some("check_inventory"),
                ::core::file!(),
                ::core::line!(),
                rt::None,
            ),
            rt::Node::new(
                "receipt",
                rt::NodeKind::Step,
                rt::Some("finalize_order"),
                ::core::file!(),
                ::core::line!(),
                rt::None,
            ),
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
    );
}
