/// Sends all reports, also if one of them fails.
#[cfg_attr(
    doc,
    doc = rt::picture!(
        "send_reports\tday\nstep\tsales\tsend_sales\t\nstep\tstock\tsend_stock\t\ndata\tinput\t0\t0\ndata\tinput\t0\t1"
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
fn send_reports(
    day: Day,
) -> impl rt::Step<Undo = rt::NoUndo, Output = Result<Sent, ReportError>> {
    use rt as rt;
    struct Function;
    impl rt::Function for Function {
        const GRAPH: rt::Option<&'static rt::Graph> = rt::Some(&send_reports::GRAPH);
    }
    rt::workflow(
        Function,
        rt::describe!(Result < Sent, ReportError >),
        async move {
            let failures = &rt::Failures::<Result<Sent, ReportError>>::new();
            rt::finish(
                    failures,
                    async move {
                        use rt::Calls as _;
                        if let rt::Some(output) = rt::None::<Result<Sent, ReportError>> {
                            return output;
                        }
                        let (sales, stock) = match rt::all(
                            rt::join::<
                                Result<Sent, ReportError>,
                                _,
                            >(
                                    rt::join2(
                                        rt::finishing(
                                            failures,
                                            rt::attempt(
                                                0,
                                                rt::Called(rt::WorkflowStep::itself(send_sales(day)))
                                                    .itself(),
                                                |failure| rt::ok::<Result<Sent, ReportError>, _>(failure?),
                                            ),
                                        ),
                                        rt::finishing(
                                            failures,
                                            rt::attempt(
                                                1,
                                                rt::Called(rt::WorkflowStep::itself(send_stock(day)))
                                                    .itself(),
                                                |failure| rt::ok::<Result<Sent, ReportError>, _>(failure?),
                                            ),
                                        ),
                                    ),
                                )
                                .await,
                        ) {
                            rt::Some(values) => values,
                            rt::None => match rt::halt(failures).await {}
                        };
                        Ok(Sent { sales, stock })
                    },
                )
                .await
        },
    )
}
///What is known of the workflow `send_reports` before it runs.
#[allow(non_snake_case)]
mod send_reports {
    ///The graph of the workflow `send_reports`.
    pub const GRAPH: rt::Graph = {
        use rt as rt;
        rt::Graph::new(
            "send_reports",
            &["day"],
            &[
                rt::calls("sales", "send_sales", ::core::file!(), ::core::line!()),
                rt::calls("stock", "send_stock", ::core::file!(), ::core::line!()),
            ],
            &[rt::needs_input(0, 0), rt::needs_input(0, 1)],
        )
    };
    #[doc(hidden)]
    #[allow(dead_code)]
    pub fn __locked() -> rt::NotDurable {
        rt::NotDurable
    }
}
