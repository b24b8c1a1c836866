/// Loads all rows of a file.
#[cfg_attr(
    doc,
    doc = rt::picture!(
        "load\tpath\nstep\trows\textract\t\nstep\trates\tfetch_rates\t\nfan-out\tloaded\t\t\t8\nstep\tloaded.clean\tclean\t2 0\nstep\tloaded.enriched\tenrich\t2 0\nstep\tloaded.store\tstore\t2 0\nstep\tsummary\tsummarize\t\ndata\tinput\t0\t0\ndata\tnode\t0\t2\ndata\tnode\t1\t4\ndata\tnode\t3\t4\ndata\tnode\t4\t5\ndata\tnode\t2\t6"
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
fn load(
    path: &Path,
) -> impl rt::Step<Undo = rt::NoUndo, Output = Result<Summary, LoadError>> {
    use rt as rt;
    struct Function;
    impl rt::Function for Function {
        const GRAPH: rt::Option<&'static rt::Graph> = rt::Some(&load::GRAPH);
    }
    rt::workflow(
        Function,
        rt::describe!(Result < Summary, LoadError >),
        async move {
            use rt::Calls as _;
            if let rt::Some(output) = rt::None::<Result<Summary, LoadError>> {
                return output;
            }
            let mut slot_rows_0 = rt::None;
            let slot_rates_1 = rt::Deferred::new();
            let mut slot_loaded_2 = rt::None;
            let mut slot_summary_3 = rt::None;
            {
                let mut slot_path_4 = rt::Some(path);
                let mut branch_0 = rt::pin!(rt::None);
                let mut branch_1 = rt::pin!(rt::None);
                let mut branch_2 = rt::pin!(rt::None);
                let mut branch_3 = rt::pin!(rt::None);
                match rt::region::<
                    Result<Summary, LoadError>,
                    _,
                    4,
                    1,
                >(
                        [0, 0, 1, 1],
                        |tracker, cx| {
                            while let rt::Some((branch, starts)) = tracker.next_branch()
                            {
                                match branch {
                                    0 => {
                                        if starts {
                                            let path = rt::take(&mut slot_path_4);
                                            rt::start_call(
                                                &mut branch_0,
                                                rt::Called(rt::WorkflowStep::itself(extract(path))).itself(),
                                            );
                                        }
                                        if let rt::Ready(output) = rt::poll_call(
                                            0,
                                            &mut branch_0,
                                            cx,
                                        ) {
                                            let rows = output?;
                                            slot_rows_0 = rt::Some(rows);
                                            tracker.done(0, &[2], &[]);
                                        }
                                    }
                                    1 => {
                                        if starts {
                                            rt::start_call(
                                                &mut branch_1,
                                                rt::Called(rt::WorkflowStep::itself(fetch_rates())).itself(),
                                            );
                                        }
                                        if let rt::Ready(output) = rt::poll_call(
                                            1,
                                            &mut branch_1,
                                            cx,
                                        ) {
                                            let rates = output?;
                                            rt::announce(&slot_rates_1, rates);
                                            tracker.done(1, &[], &[2]);
                                        }
                                    }
                                    2 => {
                                        if starts {
                                            let rows = rt::take(&mut slot_rows_0);
                                            let slot_rates_1 = &slot_rates_1;
                                            branch_2
                                                .set(
                                                    rt::Some(async move {
                                                        let loaded = {
                                                            let items = rt::Items::itself(rows);
                                                            let limit: usize = 8;
                                                            let value = match rt::fan_out_within::<
                                                                Result<Summary, LoadError>,
                                                                _,
                                                                _,
                                                                _,
                                                                _,
                                                            >(
                                                                    2,
                                                                    limit,
                                                                    items,
                                                                    move |row| async move {
                                                                        rt::ok::<
                                                                            Result<Summary, LoadError>,
                                                                            _,
                                                                        >({
                                                                            let (clean, ()) = match rt::inner_join::<
                                                                                Result<Summary, LoadError>,
                                                                                _,
                                                                            >(
                                                                                    rt::join2(
                                                                                        rt::plain(
                                                                                            3,
                                                                                            rt::Called(rt::WorkflowStep::itself(clean(row))).itself(),
                                                                                        ),
                                                                                        rt::block(async {
                                                                                            rt::wait(slot_rates_1).await;
                                                                                            #[allow(unused_variables)]
                                                                                            let rates = rt::deferred(slot_rates_1);
                                                                                            rt::ok::<Result<Summary, LoadError>, _>(())
                                                                                        }),
                                                                                    ),
                                                                                )
                                                                                .await
                                                                            {
                                                                                rt::Ok(value) => value,
                                                                                rt::Err(failure) => {
                                                                                    return rt::fail::<Result<Summary, LoadError>, _>(failure);
                                                                                }
                                                                            };
                                                                            #[allow(unused_variables)]
                                                                            let rates = rt::deferred(slot_rates_1);
                                                                            let enriched = rt::step::<
                                                                                4,
                                                                                _,
                                                                            >(
                                                                                    rt::Called(
                                                                                            rt::WorkflowStep::itself(enrich(clean, &(*rates))),
                                                                                        )
                                                                                        .itself(),
                                                                                )
                                                                                .await?;
                                                                            let result = rt::step::<
                                                                                5,
                                                                                _,
                                                                            >(
                                                                                    rt::Called(rt::WorkflowStep::itself(store(enriched)))
                                                                                        .itself(),
                                                                                )
                                                                                .await?;
                                                                            result
                                                                        })
                                                                    },
                                                                )
                                                                .await
                                                            {
                                                                rt::Ok(value) => value,
                                                                rt::Err(failure) => {
                                                                    return rt::fail::<Result<Summary, LoadError>, _>(failure);
                                                                }
                                                            };
                                                            value
                                                        };
                                                        rt::ok::<Result<Summary, LoadError>, _>(loaded)
                                                    }),
                                                );
                                        }
                                        if let rt::Ready(output) = rt::poll_block(
                                            &mut branch_2,
                                            cx,
                                        ) {
                                            let loaded = match rt::split(output) {
                                                rt::Ok(value) => value,
                                                rt::Err(failure) => {
                                                    return rt::fail::<Result<Summary, LoadError>, _>(failure);
                                                }
                                            };
                                            slot_loaded_2 = rt::Some(loaded);
                                            tracker.done(2, &[3], &[]);
                                        }
                                    }
                                    3 => {
                                        if starts {
                                            let loaded = rt::take(&mut slot_loaded_2);
                                            rt::start_call(
                                                &mut branch_3,
                                                rt::Called(rt::WorkflowStep::itself(summarize(loaded)))
                                                    .itself(),
                                            );
                                        }
                                        if let rt::Ready(output) = rt::poll_call(
                                            6,
                                            &mut branch_3,
                                            cx,
                                        ) {
                                            let summary = output;
                                            slot_summary_3 = rt::Some(summary);
                                            tracker.done(3, &[], &[]);
                                        }
                                    }
                                    _ => rt::unreachable!(),
                                }
                            }
                            rt::ok::<Result<Summary, LoadError>, _>(())
                        },
                    )
                    .await
                {
                    rt::Ok(value) => value,
                    rt::Err(failure) => {
                        return rt::fail::<Result<Summary, LoadError>, _>(failure);
                    }
                };
            }
            let summary = rt::take(&mut slot_summary_3);
            Ok(summary)
        },
    )
}
///What is known of the workflow `load` before it runs.
#[allow(non_snake_case)]
mod load {
    ///The graph of the workflow `load`.
    pub const GRAPH: rt::Graph = {
        use rt as rt;
        rt::Graph::new(
            "load",
            &["path"],
            &[
                rt::calls("rows", "extract", ::core::file!(), ::core::line!()),
                rt::calls("rates", "fetch_rates", ::core::file!(), ::core::line!()),
                rt::Node::new(
                    "loaded",
                    rt::NodeKind::FanOut {
                        concurrency: rt::Some("8"),
                    },
                    rt::None,
                    ::core::file!(),
                    ::core::line!(),
                    rt::None,
                ),
                rt::Node::new(
                    "loaded.clean",
                    rt::NodeKind::Step,
                    rt::Some("clean"),
                    ::core::file!(),
                    ::core::line!(),
                    rt::inside(2, 0),
                ),
                rt::Node::new(
                    "loaded.enriched",
                    rt::NodeKind::Step,
                    rt::Some("enrich"),
                    ::core::file!(),
                    ::core::line!(),
                    rt::inside(2, 0),
                ),
                rt::Node::new(
                    "loaded.store",
                    rt::NodeKind::Step,
                    rt::Some("store"),
                    ::core::file!(),
                    ::core::line!(),
                    rt::inside(2, 0),
                ),
                rt::calls("summary", "summarize", ::core::file!(), ::core::line!()),
            ],
            &[
                rt::needs_input(0, 0),
                rt::needs(0, 2),
                rt::needs(1, 4),
                rt::needs(3, 4),
                rt::needs(4, 5),
                rt::needs(2, 6),
            ],
        )
    };
    #[doc(hidden)]
    #[allow(dead_code)]
    pub fn __locked() -> rt::NotDurable {
        rt::NotDurable
    }
}
