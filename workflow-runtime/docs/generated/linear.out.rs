/// Takes a new user on board.
#[cfg_attr(
    doc,
    doc = rt::picture!(
        "onboard\trequest\nstep\taccount\tcreate_account\t\nstep\tsend_welcome_mail\tsend_welcome_mail\t\nstep\tpreferences\tset_preferences\t\nstep\ttrial\tstart_trial\t\ndata\tinput\t0\t0\ndata\tnode\t0\t1\ndata\tnode\t0\t2\norder\tnode\t1\t2\ndata\tnode\t0\t3\ndata\tnode\t2\t3"
    )
)]
#[allow(clippy::let_unit_value, clippy::tuple_array_conversions)]
pub fn onboard(
    request: SignUp,
) -> impl rt::Step<Output = Result<Welcome, OnboardError>, Undo = rt::NoUndo> {
    use rt as rt;
    rt::workflow(
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
        |output| match output {
            rt::None => rt::Described::Workflow(&onboard::GRAPH),
            rt::Some(output) => rt::failure!(output),
        },
    )
}
///What is known of the workflow `onboard` before it runs.
#[allow(non_snake_case)]
pub mod onboard {
    ///The graph of the workflow `onboard`.
    pub const GRAPH: rt::Graph = rt::Graph::new(
        "onboard",
        &["request"],
        &[
            rt::Node::new(
                "account",
                rt::NodeKind::Step,
                rt::Some("create_account"),
                ::core::file!(),
                ::core::line!(),
                rt::None,
            ),
            rt::Node::new(
                "send_welcome_mail",
                rt::NodeKind::Step,
                rt::Some("send_welcome_mail"),
                ::core::file!(),
                ::core::line!(),
                rt::None,
            ),
            rt::Node::new(
                "preferences",
                rt::NodeKind::Step,
                rt::Some("set_preferences"),
                ::core::file!(),
                ::core::line!(),
                rt::None,
            ),
            rt::Node::new(
                "trial",
                rt::NodeKind::Step,
                rt::Some("start_trial"),
                ::core::file!(),
                ::core::line!(),
                rt::None,
            ),
        ],
        &[
            rt::needs_input(0, 0),
            rt::needs(0, 1),
            rt::needs(0, 2),
            rt::after(1, 2),
            rt::needs(0, 3),
            rt::needs(2, 3),
        ],
    );
}
