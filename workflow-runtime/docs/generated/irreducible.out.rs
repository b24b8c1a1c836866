/// `label` needs `weight` and not `price`; `invoice` needs both.
#[cfg_attr(
    doc,
    doc = rt::picture!(
        "dispatch\torder\nstep\tweight\tweigh\t\nstep\tprice\tquote\t\nstep\tlabel\tprint_label\t\nstep\tinvoice\tbill\t\ndata\tinput\t0\t0\ndata\tinput\t0\t1\ndata\tnode\t0\t2\ndata\tnode\t0\t3\ndata\tnode\t1\t3"
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
fn dispatch(
    order: Order,
) -> impl rt::Step<Undo = rt::NoUndo, Output = Result<Parcel, ShopError>> {
    use rt as rt;
    struct Function;
    impl rt::Function for Function {
        const GRAPH: rt::Option<&'static rt::Graph> = rt::Some(&dispatch::GRAPH);
    }
    #[diagnostic::on_unimplemented(
        message = "step `invoice` consumes `weight` while step `label` borrows it",
        label = "consumed here",
        note = "the two run at the same time, since neither needs what the other returns",
        note = "`#[after(label)]` above `invoice` makes it run after `label`; or give it a clone: `weight.clone()`",
    )]
    #[allow(dead_code, non_camel_case_types)]
    trait MayBeCopied: ::core::marker::Sized {
        fn copied(&self) -> Self;
    }
    #[diagnostic::do_not_recommend]
    impl<T: ::core::marker::Copy> MayBeCopied for T {
        fn copied(&self) -> Self {
            *self
        }
    }
    rt::workflow(
        Function,
        rt::describe!(Result < Parcel, ShopError >),
        async move {
            use rt::Calls as _;
            if let rt::Some(output) = rt::None::<Result<Parcel, ShopError>> {
                return output;
            }
            let slot_weight_0 = rt::empty_shared();
            let mut slot_price_1 = rt::None;
            let mut slot_label_2 = rt::None;
            let mut slot_invoice_3 = rt::None;
            {
                let order = &order;
                let mut branch_0 = rt::pin!(rt::None);
                let mut branch_1 = rt::pin!(rt::None);
                let mut branch_2 = rt::pin!(rt::None);
                let mut branch_3 = rt::pin!(rt::None);
                match rt::region::<
                    Result<Parcel, ShopError>,
                    _,
                    4,
                    1,
                >(
                        [0, 0, 1, 2],
                        |tracker, cx| {
                            while let rt::Some((branch, starts)) = tracker.next_branch()
                            {
                                match branch {
                                    0 => {
                                        if starts {
                                            rt::start_call(
                                                &mut branch_0,
                                                rt::Called(rt::WorkflowStep::itself(weigh(&(*order))))
                                                    .itself(),
                                            );
                                        }
                                        if let rt::Ready(output) = rt::poll_call(
                                            0,
                                            &mut branch_0,
                                            cx,
                                        ) {
                                            let weight = output?;
                                            rt::share(&slot_weight_0, weight);
                                            tracker.done(0, &[2, 3], &[]);
                                        }
                                    }
                                    1 => {
                                        if starts {
                                            rt::start_call(
                                                &mut branch_1,
                                                rt::Called(rt::WorkflowStep::itself(quote(&(*order))))
                                                    .itself(),
                                            );
                                        }
                                        if let rt::Ready(output) = rt::poll_call(
                                            1,
                                            &mut branch_1,
                                            cx,
                                        ) {
                                            let price = output?;
                                            slot_price_1 = rt::Some(price);
                                            tracker.done(1, &[3], &[]);
                                        }
                                    }
                                    2 => {
                                        if starts {
                                            let weight = rt::shared(&slot_weight_0);
                                            rt::start_call(
                                                &mut branch_2,
                                                rt::Called(
                                                        rt::WorkflowStep::itself(print_label(&(*weight))),
                                                    )
                                                    .itself(),
                                            );
                                        }
                                        if let rt::Ready(output) = rt::poll_call(
                                            2,
                                            &mut branch_2,
                                            cx,
                                        ) {
                                            let label = output?;
                                            slot_label_2 = rt::Some(label);
                                            tracker.done(2, &[], &[]);
                                        }
                                    }
                                    3 => {
                                        if starts {
                                            let weight = rt::shared(&slot_weight_0);
                                            let price = rt::take(&mut slot_price_1);
                                            rt::start_call(
                                                &mut branch_3,
                                                rt::Called(
                                                        rt::WorkflowStep::itself(
                                                            bill(MayBeCopied::copied(&(*weight)), price),
                                                        ),
                                                    )
                                                    .itself(),
                                            );
                                        }
                                        if let rt::Ready(output) = rt::poll_call(
                                            3,
                                            &mut branch_3,
                                            cx,
                                        ) {
                                            let invoice = output?;
                                            slot_invoice_3 = rt::Some(invoice);
                                            tracker.done(3, &[], &[]);
                                        }
                                    }
                                    _ => rt::unreachable!(),
                                }
                            }
                            rt::ok::<Result<Parcel, ShopError>, _>(())
                        },
                    )
                    .await
                {
                    rt::Ok(value) => value,
                    rt::Err(failure) => {
                        return rt::fail::<Result<Parcel, ShopError>, _>(failure);
                    }
                };
            }
            let label = rt::take(&mut slot_label_2);
            let invoice = rt::take(&mut slot_invoice_3);
            Ok(Parcel { label, invoice })
        },
    )
}
///What is known of the workflow `dispatch` before it runs.
#[allow(non_snake_case)]
mod dispatch {
    ///The graph of the workflow `dispatch`.
    pub const GRAPH: rt::Graph = {
        use rt as rt;
        rt::Graph::new(
            "dispatch",
            &["order"],
            &[
                rt::calls("weight", "weigh", ::core::file!(), ::core::line!()),
                rt::calls("price", "quote", ::core::file!(), ::core::line!()),
                rt::calls("label", "print_label", ::core::file!(), ::core::line!()),
                rt::calls("invoice", "bill", ::core::file!(), ::core::line!()),
            ],
            &[
                rt::needs_input(0, 0),
                rt::needs_input(0, 1),
                rt::needs(0, 2),
                rt::needs(0, 3),
                rt::needs(1, 3),
            ],
        )
    };
    #[doc(hidden)]
    #[allow(dead_code)]
    pub fn __locked() -> rt::NotDurable {
        rt::NotDurable
    }
}
