/// Decides what happens to an order.
#[cfg_attr(
    doc,
    doc = rt::picture!(
        "process\torder\nstep\trisk\tassess_risk\t\nstep\tstock\treserve\t\nbranch\toutcome\t\t\tRisk::High(reason)\tRisk::Low if order.total > LIMIT\tRisk::Low\nstep\toutcome.case\topen_case\t2 0\nstep\toutcome.freeze_account\tfreeze_account\t2 0\nstep\toutcome.manual_review\tmanual_review\t2 1\nstep\toutcome.ship\tship\t2 2\ndata\tinput\t0\t0\ndata\tinput\t0\t1\ndata\tinput\t0\t2\ndata\tnode\t0\t2\ndata\tinput\t0\t3\ndata\tinput\t0\t4\ndata\tinput\t0\t5\ndata\tinput\t0\t6\ndata\tnode\t1\t6"
    )
)]
#[allow(clippy::used_underscore_binding)]
#[allow(
    clippy::collection_is_never_read,
    clippy::let_unit_value,
    clippy::needless_pass_by_value,
    clippy::shadow_reuse,
    clippy::shadow_same,
    clippy::shadow_unrelated,
    clippy::tuple_array_conversions
)]
fn process(
    order: Order,
) -> impl rt::Step<Undo = rt::NoUndo, Output = Result<Outcome, OrderError>> {
    use rt as rt;
    struct Function;
    impl rt::Function for Function {
        const GRAPH: rt::Option<&'static rt::Graph> = rt::Some(&process::GRAPH);
    }
    let _ = (&order,);
    rt::workflow(
        Function,
        rt::describe!(Result < Outcome, OrderError >),
        async move {
            use rt::Calls as _;
            if let rt::Some(output) = rt::None::<Result<Outcome, OrderError>> {
                return output;
            }
            let mut slot_risk_0 = rt::None;
            let slot_stock_1 = rt::empty_lent();
            let mut slot_outcome_2 = rt::None;
            {
                let order = &order;
                let mut branch_0 = rt::pin!(rt::None);
                let mut branch_1 = rt::pin!(rt::None);
                let mut branch_2 = rt::pin!(rt::None);
                match rt::region::<
                    Result<Outcome, OrderError>,
                    _,
                    3,
                    1,
                >(
                        [0, 0, 1],
                        |tracker, cx| {
                            while let rt::Some((branch, starts)) = tracker.next_branch()
                            {
                                match branch {
                                    0 => {
                                        if starts {
                                            rt::start_call(
                                                &mut branch_0,
                                                rt::Called(rt::WorkflowStep::itself(assess_risk(&(*order))))
                                                    .itself(),
                                            );
                                        }
                                        if let rt::Ready(output) = rt::poll_call(
                                            0,
                                            &mut branch_0,
                                            cx,
                                        ) {
                                            let risk = output?;
                                            slot_risk_0 = rt::Some(risk);
                                            tracker.done(0, &[2], &[]);
                                        }
                                    }
                                    1 => {
                                        if starts {
                                            rt::start_call(
                                                &mut branch_1,
                                                rt::Called(rt::WorkflowStep::itself(reserve(&(*order))))
                                                    .itself(),
                                            );
                                        }
                                        if let rt::Ready(output) = rt::poll_call(
                                            1,
                                            &mut branch_1,
                                            cx,
                                        ) {
                                            let stock = output?;
                                            rt::lend(&slot_stock_1, stock);
                                            tracker.done(1, &[], &[2]);
                                        }
                                    }
                                    2 => {
                                        if starts {
                                            let risk = rt::take(&mut slot_risk_0);
                                            let slot_stock_1 = &slot_stock_1;
                                            branch_2
                                                .set(
                                                    rt::Some(async move {
                                                        let outcome = match risk {
                                                            Risk::High(reason) => {
                                                                rt::chose(2, 0);
                                                                let (case, output_4) = match rt::inner_join::<
                                                                    Result<Outcome, OrderError>,
                                                                    _,
                                                                >(
                                                                        rt::join2(
                                                                            rt::attempt(
                                                                                3,
                                                                                rt::Called(
                                                                                        rt::WorkflowStep::itself(open_case(&(*order), reason)),
                                                                                    )
                                                                                    .itself(),
                                                                                |failure| rt::ok::<Result<Outcome, OrderError>, _>(failure?),
                                                                            ),
                                                                            rt::attempt(
                                                                                4,
                                                                                rt::Called(
                                                                                        rt::WorkflowStep::itself(freeze_account(&(*order))),
                                                                                    )
                                                                                    .itself(),
                                                                                |failure| rt::ok::<Result<Outcome, OrderError>, _>(failure?),
                                                                            ),
                                                                        ),
                                                                    )
                                                                    .await
                                                                {
                                                                    rt::Ok(value) => value,
                                                                    rt::Err(failure) => {
                                                                        return rt::fail::<Result<Outcome, OrderError>, _>(failure);
                                                                    }
                                                                };
                                                                output_4;
                                                                Outcome::Investigated(case)
                                                            }
                                                            Risk::Low if (*order).total > LIMIT => {
                                                                rt::chose(2, 1);
                                                                let result = rt::step::<
                                                                    5,
                                                                    _,
                                                                >(
                                                                        rt::Called(
                                                                                rt::WorkflowStep::itself(manual_review(&(*order))),
                                                                            )
                                                                            .itself(),
                                                                    )
                                                                    .await?;
                                                                result
                                                            }
                                                            Risk::Low => {
                                                                rt::chose(2, 2);
                                                                let stock = rt::wait_owned(slot_stock_1).await;
                                                                let result = rt::step::<
                                                                    6,
                                                                    _,
                                                                >(
                                                                        rt::Called(rt::WorkflowStep::itself(ship(&(*order), stock)))
                                                                            .itself(),
                                                                    )
                                                                    .await?;
                                                                result
                                                            }
                                                        };
                                                        rt::ok::<Result<Outcome, OrderError>, _>(outcome)
                                                    }),
                                                );
                                        }
                                        if let rt::Ready(output) = rt::poll_block(
                                            &mut branch_2,
                                            cx,
                                        ) {
                                            let outcome = match rt::split(output) {
                                                rt::Ok(value) => value,
                                                rt::Err(failure) => {
                                                    return rt::fail::<Result<Outcome, OrderError>, _>(failure);
                                                }
                                            };
                                            slot_outcome_2 = rt::Some(outcome);
                                            tracker.done(2, &[], &[]);
                                        }
                                    }
                                    _ => rt::unreachable!(),
                                }
                            }
                            rt::ok::<Result<Outcome, OrderError>, _>(())
                        },
                    )
                    .await
                {
                    rt::Ok(value) => value,
                    rt::Err(failure) => {
                        return rt::fail::<Result<Outcome, OrderError>, _>(failure);
                    }
                };
            }
            let outcome = rt::take(&mut slot_outcome_2);
            Ok(outcome)
        },
    )
}
///What is known of the workflow `process` before it runs.
#[allow(non_snake_case)]
mod process {
    ///The graph of the workflow `process`.
    pub const GRAPH: rt::Graph = {
        use rt as rt;
        rt::Graph::new(
            "process",
            &["order"],
            &[
                rt::calls("risk", "assess_risk", ::core::file!(), ::core::line!()),
                rt::calls("stock", "reserve", ::core::file!(), ::core::line!()),
                rt::Node::new(
                    "outcome",
                    rt::NodeKind::Branch {
                        arms: &[
                            "Risk::High(reason)",
                            "Risk::Low if order.total > LIMIT",
                            "Risk::Low",
                        ],
                    },
                    rt::None,
                    ::core::file!(),
                    ::core::line!(),
                    rt::None,
                ),
                rt::Node::new(
                    "outcome.case",
                    rt::NodeKind::Step,
                    rt::Some("open_case"),
                    ::core::file!(),
                    ::core::line!(),
                    rt::inside(2, 0),
                ),
                rt::Node::new(
                    "outcome.freeze_account",
                    rt::NodeKind::Step,
                    rt::Some("freeze_account"),
                    ::core::file!(),
                    ::core::line!(),
                    rt::inside(2, 0),
                ),
                rt::Node::new(
                    "outcome.manual_review",
                    rt::NodeKind::Step,
                    rt::Some("manual_review"),
                    ::core::file!(),
                    ::core::line!(),
                    rt::inside(2, 1),
                ),
                rt::Node::new(
                    "outcome.ship",
                    rt::NodeKind::Step,
                    rt::Some("ship"),
                    ::core::file!(),
                    ::core::line!(),
                    rt::inside(2, 2),
                ),
            ],
            &[
                rt::needs_input(0, 0),
                rt::needs_input(0, 1),
                rt::needs_input(0, 2),
                rt::needs(0, 2),
                rt::needs_input(0, 3),
                rt::needs_input(0, 4),
                rt::needs_input(0, 5),
                rt::needs_input(0, 6),
                rt::needs(1, 6),
            ],
        )
    };
    #[doc(hidden)]
    #[allow(dead_code)]
    pub fn __locked() -> rt::NotDurable {
        rt::NotDurable
    }
}
