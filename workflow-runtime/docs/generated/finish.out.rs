/// Sends all reports, also if one of them fails.
#[cfg_attr(
    doc,
    doc = rt::picture!(
        "send_reports\tday\nstep\tsales\tsend_sales\t\nstep\tstock\tsend_stock\t\ndata\tinput\t0\t0\ndata\tinput\t0\t1"
    )
)]
#[allow(clippy::let_unit_value, clippy::tuple_array_conversions)]
fn send_reports(
    day: Day,
) -> impl rt::Step<Output = Result<Sent, ReportError>, Undo = rt::NoUndo> {
    use rt as rt;
    rt::workflow(
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
        |output| match output {
            rt::None => rt::Described::Workflow(&send_reports::GRAPH),
            rt::Some(output) => rt::failure!(output),
        },
    )
}
///What is known of the workflow `send_reports` before it runs.
#[allow(non_snake_case)]
mod send_reports {
    ///The graph of the workflow `send_reports`.
    pub const GRAPH: rt::Graph = rt::Graph::new(
        "send_reports",
        &["day"],
        &[
            rt::Node::new(
                "sales",
                rt::NodeKind::Step,
                rt::Some("send_sales"),
                ::core::file!(),
                ::core::line!(),
                rt::None,
            ),
            rt::Node::new(
                "stock",
                rt::NodeKind::Step,
                rt::Some("send_stock"),
                ::core::file!(),
                ::core::line!(),
                rt::None,
            ),
        ],
        &[rt::needs_input(0, 0), rt::needs_input(0, 1)],
    );
}
