/// Takes the money for an order, once somebody has approved it.
#[cfg_attr(
    doc,
    doc = rt::picture!(
        "checkout\tshop\torder\nstep\ttotal\tprice\t\nstep\tapproval\tsignal::<Approval>\t\nstep\treceipt\tcharge\t\ndata\tinput\t0\t0\ndata\tinput\t1\t0\norder\tnode\t0\t1\ndata\tinput\t0\t2\ndata\tinput\t1\t2\ndata\tnode\t0\t2\ndata\tnode\t1\t2"
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
) -> impl rt::DurableStep<Undo = rt::NoUndo, Output = Result<Receipt, ShopError>> {
    use rt as rt;
    struct Function;
    impl rt::Function for Function {
        const GRAPH: rt::Option<&'static rt::Graph> = rt::Some(&checkout::GRAPH);
    }
    let output_0 = rt::Output::<0, _, _>::new();
    let output_1 = rt::Output::<1, _, _>::new();
    let output_2 = rt::Output::<2, _, _>::new();
    rt::durable(
        (shop, order),
        move |(shop, order)| {
            rt::workflow(
                Function,
                rt::describe!(Result < Receipt, ShopError >),
                async move {
                    use rt::Calls as _;
                    if let rt::Some(output) = rt::None::<Result<Receipt, ShopError>> {
                        return output;
                    }
                    let total = rt::step::<
                        0,
                        _,
                    >(
                            rt::recorded::<
                                rt::OkOnly,
                                _,
                                _,
                                _,
                            >(
                                output_0,
                                rt::Called(rt::WorkflowStep::itself(price(shop, &order)))
                                    .itself(),
                            ),
                        )
                        .await?;
                    let _ = &total;
                    let approval = rt::step::<
                        1,
                        _,
                    >(
                            rt::recorded::<
                                rt::OkOnly,
                                _,
                                _,
                                _,
                            >(
                                output_1,
                                rt::Bounded::at_most(
                                    rt::Called(
                                            rt::WorkflowStep::itself(signal::<Approval>("approval")),
                                        )
                                        .itself(),
                                    259200000u64,
                                ),
                            ),
                        )
                        .await?;
                    let receipt = rt::step::<
                        2,
                        _,
                    >(
                            rt::recorded::<
                                rt::OkOnly,
                                _,
                                _,
                                _,
                            >(
                                output_2,
                                rt::Called(
                                        rt::WorkflowStep::itself(
                                            charge(shop, order, total, approval),
                                        ),
                                    )
                                    .itself(),
                            ),
                        )
                        .await?;
                    Ok(receipt)
                },
            )
        },
        |(_, order)| rt::Inputs::with(rt::Inputs::new(), "order", order),
        |(_, order)| {
            #[allow(unused_imports)]
            use rt::{KeepsIt as _, ReadsBack as _};
            match (&rt::ReadBack(&*order)).read_back() {
                rt::Ok(value) => *order = value,
                rt::Err(error) => return rt::Err(("order", error)),
            }
            rt::Ok(())
        },
        (|| &checkout::GRAPH, ::core::module_path!()),
        (output_0, (output_1, (output_2, ()))),
    )
}
///What is known of the workflow `checkout` before it runs.
#[allow(non_camel_case_types, dead_code)]
struct checkout {
    nothing: (),
}
#[allow(dead_code)]
impl checkout {
    ///The graph of the workflow `checkout`.
    pub const GRAPH: rt::Graph = {
        use rt as rt;
        rt::Graph::new(
                "checkout",
                &["shop", "order"],
                &[
                    rt::calls("total", "price", ::core::file!(), ::core::line!()),
                    rt::calls(
                        "approval",
                        "signal::<Approval>",
                        ::core::file!(),
                        ::core::line!(),
                    ),
                    rt::calls("receipt", "charge", ::core::file!(), ::core::line!()),
                ],
                &[
                    rt::needs_input(0, 0),
                    rt::needs_input(1, 0),
                    rt::after(0, 1),
                    rt::needs_input(0, 2),
                    rt::needs_input(1, 2),
                    rt::needs(0, 2),
                    rt::needs(1, 2),
                ],
            )
            .waits_for(&["approval"])
    };
    /** Goes on with a run of the workflow `checkout`, by its id: its inputs are the recorded ones.

 # Errors

 Those of the workflow, and of the journal.*/
    #[allow(deprecated, clippy::too_many_arguments)]
    pub async fn resume(
        journal: &rt::Journal,
        id: &str,
        shop: &Shop,
    ) -> <Result<Receipt, ShopError> as rt::DurableReturn>::Durable {
        #[allow(unused_imports)]
        use rt::{ReadNothing as _, ReadRecorded as _};
        let workflow = (
            &checkout::GRAPH,
            ::core::concat!(::core::module_path!(), "::", "checkout"),
        );
        rt::resume(
                journal,
                id,
                workflow,
                |stored| rt::Ok(
                    checkout(shop, (&rt::Read::<Order>::new()).read(stored, "order")?),
                ),
            )
            .await
    }
    /** Goes on with all unfinished runs of the workflow `checkout`, some at the same time: at the start of a process, those that others have left.

 A run that another process holds is taken over when its lease runs out, and left to that process if it renews the lease. What one run comes to does not keep the others from going on. Gives the ids of the runs, with what each has come to.

 # Errors

 If the journal cannot tell which runs there are.*/
    #[allow(deprecated, clippy::too_many_arguments, clippy::type_complexity)]
    pub async fn resume_all(
        journal: &rt::Journal,
        shop: &Shop,
    ) -> rt::Result<
        rt::Vec<
            (rt::String, <Result<Receipt, ShopError> as rt::DurableReturn>::Durable),
        >,
        rt::JournalError,
    > {
        rt::resume_all(
                journal,
                &checkout::GRAPH,
                |id: rt::String| async move {
                    let come_to = checkout::resume(journal, &id, shop).await;
                    (id, come_to)
                },
            )
            .await
    }
    /** Records a run of the workflow `checkout` with these inputs, under this id, and returns its handle. Nothing runs here: the next process that resumes runs works on it. A run with this id and the same inputs is not started again.

 # Errors

 `JournalError::InputChanged` if there is such a run with other inputs, and others of the journal.*/
    #[allow(
        deprecated,
        clippy::too_many_arguments,
        clippy::extra_unused_lifetimes,
        clippy::extra_unused_type_parameters
    )]
    pub async fn start(
        journal: &rt::Journal,
        id: impl ::core::convert::AsRef<::core::primitive::str>,
        order: Order,
    ) -> rt::Result<
        rt::Handle<Self, <Result<Receipt, ShopError> as rt::DurableReturn>::Value>,
        rt::JournalError,
    > {
        let inputs = rt::Inputs::new();
        let order = &order;
        let inputs = inputs.with("order", order);
        rt::start(
                rt::handle(
                    journal,
                    id.as_ref(),
                    (
                        &checkout::GRAPH,
                        ::core::concat!(::core::module_path!(), "::", "checkout"),
                    ),
                    &[],
                ),
                inputs,
            )
            .await
    }
    /// The handle of the run of the workflow `checkout` with this id. Whether there is such a run shows when the handle is used.
    #[must_use]
    #[allow(
        deprecated,
        clippy::too_many_arguments,
        clippy::extra_unused_lifetimes,
        clippy::extra_unused_type_parameters
    )]
    pub fn handle(
        journal: &rt::Journal,
        id: impl ::core::convert::AsRef<::core::primitive::str>,
    ) -> rt::Handle<Self, <Result<Receipt, ShopError> as rt::DurableReturn>::Value> {
        rt::handle(
            journal,
            id.as_ref(),
            (
                &checkout::GRAPH,
                ::core::concat!(::core::module_path!(), "::", "checkout"),
            ),
            &[],
        )
    }
    #[doc(hidden)]
    #[allow(clippy::all, clippy::pedantic)]
    pub fn __locked() -> rt::LockedWorkflow {
        #[allow(unused_imports)]
        use rt::{ReadNothing as _, ReadRecorded as _};
        rt::LockedWorkflow::in_module(
                ::core::concat!(::core::module_path!(), "::", "checkout"),
            )
            .input(
                "order",
                |stored| (&rt::Read::<Order>::new()).read(stored, "order").is_ok(),
            )
    }
}
///Sends the signals that the workflow `checkout` waits for.
#[allow(non_camel_case_types, dead_code)]
struct checkout_signals {
    sender: rt::SignalSender,
}
#[allow(dead_code)]
impl checkout_signals {
    ///Sends the signal `approval`.
    ///
    /// # Errors
    ///
    /// Those of `Journal::signal`.
    pub async fn approval(&self, value: Approval) -> rt::Result<(), rt::JournalError> {
        self.sender.send("approval", value).await
    }
}
impl rt::SignalsOf for checkout {
    type Signals = checkout_signals;
    fn signals(sender: rt::SignalSender) -> checkout_signals {
        checkout_signals { sender: sender }
    }
}
