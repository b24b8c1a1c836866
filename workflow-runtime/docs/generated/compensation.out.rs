/// Takes an order through payment and shipping.
#[cfg_attr(
    doc,
    doc = rt::picture!(
        "checkout\tshop\torder\nstep\taddress\tcheck_address\t\nstep\tpayment\tcharge\t\nstep\tparcel\tship\t\ndata\tinput\t0\t0\ndata\tinput\t1\t0\ndata\tinput\t0\t1\ndata\tinput\t1\t1\ndata\tinput\t0\t2\ndata\tnode\t0\t2\ndata\tnode\t1\t2"
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
fn checkout(
    shop: &Shop,
    order: Order,
) -> impl rt::Step<Undo = rt::OwnUndo, Output = Result<Parcel, ShopError>> {
    use rt as rt;
    struct Function;
    impl rt::Function for Function {
        const GRAPH: rt::Option<&'static rt::Graph> = rt::Some(&checkout::GRAPH);
    }
    rt::saga(
        Function,
        rt::describe!(Result < Parcel, ShopError >),
        |control: rt::Control<_>| async move {
            let shop = &shop;
            let position = &rt::outermost();
            let slot_payment_0 = &rt::Deferred::new();
            let undo_1 = &rt::Undo::new(1);
            let output = control
                .forward(async move {
                    use rt::Calls as _;
                    if let rt::Some(output) = rt::None::<Result<Parcel, ShopError>> {
                        return output;
                    }
                    let (address, ()) = match rt::join::<
                        Result<Parcel, ShopError>,
                        _,
                    >(
                            rt::join2(
                                rt::attempt(
                                    0,
                                    rt::Called(
                                            rt::WorkflowStep::itself(
                                                check_address((*rt::still_needed(shop)), &order),
                                            ),
                                        )
                                        .itself(),
                                    |failure| rt::ok::<Result<Parcel, ShopError>, _>(failure?),
                                ),
                                rt::block(async {
                                    let payment = rt::step::<
                                        1,
                                        _,
                                    >(
                                            rt::Called(
                                                    rt::WorkflowStep::itself(
                                                        charge((*rt::still_needed(shop)), &order),
                                                    ),
                                                )
                                                .itself(),
                                        )
                                        .await?;
                                    #[allow(unused_variables)]
                                    let payment = rt::keep(slot_payment_0, payment);
                                    rt::Undo::add(
                                        undo_1,
                                        position,
                                        async move {
                                            rt::compensate(
                                                    rt::WorkflowStep::itself(
                                                        refund((*rt::still_needed(shop)), &(*payment)),
                                                    ),
                                                )
                                                .await
                                        },
                                    );
                                    rt::ok::<Result<Parcel, ShopError>, _>(())
                                }),
                            ),
                        )
                        .await
                    {
                        rt::Ok(value) => value,
                        rt::Err(failure) => {
                            return rt::fail::<Result<Parcel, ShopError>, _>(failure);
                        }
                    };
                    #[allow(unused_variables)]
                    let payment = rt::deferred(slot_payment_0);
                    let parcel = rt::step::<
                        2,
                        _,
                    >(
                            rt::Called(
                                    rt::WorkflowStep::itself(
                                        ship((*rt::still_needed(shop)), &(*payment), address),
                                    ),
                                )
                                .itself(),
                        )
                        .await?;
                    Ok(parcel)
                })
                .await;
            control
                .end(
                    output,
                    |output| rt::failed!(output),
                    rt::unwind(&checkout::GRAPH, (undo_1, ())),
                )
                .await
        },
    )
}
///What is known of the workflow `checkout` before it runs.
#[allow(non_snake_case)]
mod checkout {
    ///The graph of the workflow `checkout`.
    pub const GRAPH: rt::Graph = {
        use rt as rt;
        rt::Graph::new(
            "checkout",
            &["shop", "order"],
            &[
                rt::calls("address", "check_address", ::core::file!(), ::core::line!()),
                rt::calls("payment", "charge", ::core::file!(), ::core::line!()),
                rt::calls("parcel", "ship", ::core::file!(), ::core::line!()),
            ],
            &[
                rt::needs_input(0, 0),
                rt::needs_input(1, 0),
                rt::needs_input(0, 1),
                rt::needs_input(1, 1),
                rt::needs_input(0, 2),
                rt::needs(0, 2),
                rt::needs(1, 2),
            ],
        )
    };
    #[doc(hidden)]
    #[allow(dead_code)]
    pub fn __locked() -> rt::NotDurable {
        rt::NotDurable
    }
}
