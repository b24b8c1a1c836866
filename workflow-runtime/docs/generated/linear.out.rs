/// Takes a new user on board.
#[cfg_attr(
    doc,
    doc = rt::picture!(
        "onboard\trequest\nstep\taccount\tcreate_account\t\nstep\tsend_welcome_mail\tsend_welcome_mail\t\nstep\tpreferences\tset_preferences\t\nstep\ttrial\tstart_trial\t\ndata\tinput\t0\t0\ndata\tnode\t0\t1\ndata\tnode\t0\t2\norder\tnode\t1\t2\ndata\tnode\t0\t3\ndata\tnode\t2\t3"
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
pub fn onboard(
    request: SignUp,
) -> impl rt::Step<Undo = rt::NoUndo, Output = Result<Welcome, OnboardError>> {
    use rt as rt;
    struct Function;
    impl rt::Function for Function {
        const GRAPH: rt::Option<&'static rt::Graph> = rt::Some(&onboard::GRAPH);
    }
    rt::workflow(
        Function,
        rt::describe!(Result < Welcome, OnboardError >),
        async move {
            use rt::Calls as _;
            if let rt::Some(output) = rt::None::<Result<Welcome, OnboardError>> {
                return output;
            }
            let account = rt::step::<
                0,
                _,
            >(rt::Called(rt::WorkflowStep::itself(create_account(request))).itself())
                .await?;
            rt::step::<
                1,
                _,
            >(rt::Called(rt::WorkflowStep::itself(send_welcome_mail(&account))).itself())
                .await?;
            let preferences = rt::step::<
                2,
                _,
            >(rt::Called(rt::WorkflowStep::itself(set_preferences(&account))).itself())
                .await?;
            let trial = rt::step::<
                3,
                _,
            >(
                    rt::Called(
                            rt::WorkflowStep::itself(start_trial(&account, preferences)),
                        )
                        .itself(),
                )
                .await?;
            Ok(Welcome { account, trial })
        },
    )
}
///What is known of the workflow `onboard` before it runs.
#[allow(non_snake_case)]
pub mod onboard {
    ///The graph of the workflow `onboard`.
    pub const GRAPH: rt::Graph = {
        use rt as rt;
        rt::Graph::new(
            "onboard",
            &["request"],
            &[
                rt::calls("account", "create_account", ::core::file!(), ::core::line!()),
                rt::calls(
                    "send_welcome_mail",
                    "send_welcome_mail",
                    ::core::file!(),
                    ::core::line!(),
                ),
                rt::calls(
                    "preferences",
                    "set_preferences",
                    ::core::file!(),
                    ::core::line!(),
                ),
                rt::calls("trial", "start_trial", ::core::file!(), ::core::line!()),
            ],
            &[
                rt::needs_input(0, 0),
                rt::needs(0, 1),
                rt::needs(0, 2),
                rt::after(1, 2),
                rt::needs(0, 3),
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
