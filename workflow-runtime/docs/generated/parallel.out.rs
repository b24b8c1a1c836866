/// Builds the report from three sources.
#[cfg_attr(
    doc,
    doc = rt::picture!(
        "report\tfiles\nstep\torders\tread_orders\t\nstep\tcustomers\tread_customers\t\nstep\tproducts\tread_products\t\nstep\treport\taggregate\t\ndata\tinput\t0\t0\ndata\tinput\t0\t1\ndata\tinput\t0\t2\ndata\tnode\t0\t3\ndata\tnode\t1\t3\ndata\tnode\t2\t3"
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
fn report(
    files: &Files,
) -> impl rt::Step<Undo = rt::NoUndo, Output = Result<Report, ReportError>> {
    use rt as rt;
    struct Function;
    impl rt::Function for Function {
        const GRAPH: rt::Option<&'static rt::Graph> = rt::Some(&report::GRAPH);
    }
    rt::workflow(
        Function,
        rt::describe!(Result < Report, ReportError >),
        async move {
            use rt::Calls as _;
            if let rt::Some(output) = rt::None::<Result<Report, ReportError>> {
                return output;
            }
            let (orders, customers, products) = match rt::join::<
                Result<Report, ReportError>,
                _,
            >(
                    rt::join3(
                        rt::attempt(
                            0,
                            rt::Called(rt::WorkflowStep::itself(read_orders(files)))
                                .itself(),
                            |failure| rt::ok::<Result<Report, ReportError>, _>(failure?),
                        ),
                        rt::attempt(
                            1,
                            rt::Called(rt::WorkflowStep::itself(read_customers(files)))
                                .itself(),
                            |failure| rt::ok::<Result<Report, ReportError>, _>(failure?),
                        ),
                        rt::attempt(
                            2,
                            rt::Called(rt::WorkflowStep::itself(read_products(files)))
                                .itself(),
                            |failure| rt::ok::<Result<Report, ReportError>, _>(failure?),
                        ),
                    ),
                )
                .await
            {
                rt::Ok(value) => value,
                rt::Err(failure) => {
                    return rt::fail::<Result<Report, ReportError>, _>(failure);
                }
            };
            let report = rt::step::<
                3,
                _,
            >(
                    rt::Called(
                            rt::WorkflowStep::itself(
                                aggregate(orders, customers, &products),
                            ),
                        )
                        .itself(),
                )
                .await;
            Ok(report)
        },
    )
}
///What is known of the workflow `report` before it runs.
#[allow(non_snake_case)]
mod report {
    ///The graph of the workflow `report`.
    pub const GRAPH: rt::Graph = {
        use rt as rt;
        rt::Graph::new(
            "report",
            &["files"],
            &[
                rt::calls("orders", "read_orders", ::core::file!(), ::core::line!()),
                rt::calls(
                    "customers",
                    "read_customers",
                    ::core::file!(),
                    ::core::line!(),
                ),
                rt::calls("products", "read_products", ::core::file!(), ::core::line!()),
                rt::calls("report", "aggregate", ::core::file!(), ::core::line!()),
            ],
            &[
                rt::needs_input(0, 0),
                rt::needs_input(0, 1),
                rt::needs_input(0, 2),
                rt::needs(0, 3),
                rt::needs(1, 3),
                rt::needs(2, 3),
            ],
        )
    };
    #[doc(hidden)]
    #[allow(dead_code)]
    pub fn __locked() -> rt::NotDurable {
        rt::NotDurable
    }
}
