/// Takes the money for an order.
#[cfg_attr(
    doc,
    doc = rt::picture!(
        "checkout\tshop\torder\nstep\tstock\treserve\t\nstep\treceipt\tcharge\t\ndata\tinput\t0\t0\ndata\tinput\t1\t0\ndata\tinput\t0\t1\ndata\tinput\t1\t1\ndata\tnode\t0\t1"
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
) -> impl rt::Step<Undo = rt::OwnUndo, Output = Result<Receipt, ShopError>> {
    use rt as rt;
    struct Function;
    impl rt::Function for Function {
        const GRAPH: rt::Option<&'static rt::Graph> = rt::Some(&checkout::GRAPH);
    }
    rt::saga(
        Function,
        rt::describe!(Result < Receipt, ShopError >),
        |control: rt::Control<_>| async move {
            let shop = &shop;
            let order = &order;
            let position = &rt::outermost();
            let undo_0 = &rt::Undo::new(0);
            let output = control
                .forward(async move {
                    use rt::Calls as _;
                    if let rt::Some(output) = rt::None::<Result<Receipt, ShopError>> {
                        return output;
                    }
                    let stock = rt::step::<
                        0,
                        _,
                    >(
                            rt::may_happen(
                                rt::Called(
                                        rt::WorkflowStep::itself(
                                            reserve((*rt::still_needed(shop)), &(*order)),
                                        ),
                                    )
                                    .itself(),
                                rt::Undo::add(
                                    undo_0,
                                    position,
                                    async move {
                                        rt::compensate(
                                                rt::WorkflowStep::itself(
                                                    release((*rt::still_needed(shop)), &(*order)),
                                                ),
                                            )
                                            .await
                                    },
                                ),
                            ),
                        )
                        .await?;
                    let receipt = rt::step::<
                        1,
                        _,
                    >(
                            rt::Called(
                                    rt::WorkflowStep::itself(
                                        charge((*rt::still_needed(shop)), &(*order), stock),
                                    ),
                                )
                                .itself(),
                        )
                        .await?;
                    Ok(receipt)
                })
                .await;
            control
                .end(
                    output,
                    |output| rt::failed!(output),
                    rt::unwind(&checkout::GRAPH, (undo_0, ())),
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
                rt::calls("stock", "reserve", ::core::file!(), ::core::line!()),
                rt::calls("receipt", "charge", ::core::file!(), ::core::line!()),
            ],
            &[
                rt::needs_input(0, 0),
                rt::needs_input(1, 0),
                rt::needs_input(0, 1),
                rt::needs_input(1, 1),
                rt::needs(0, 1),
            ],
        )
    };
    #[doc(hidden)]
    #[allow(dead_code)]
    pub fn __locked() -> rt::NotDurable {
        rt::NotDurable
    }
}
