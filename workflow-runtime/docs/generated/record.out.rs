/// Pays an invoice once, and says when.
#[cfg_attr(
    doc,
    doc = rt::picture!(
        "pay\tbank\tinvoice\nstep\tkey\tUuid::new_v4\t\nstep\tdue\tinvoice.due.parse\t\nvalue\ttext\t\t\nstep\tpayment\tbank.transfer\t\nstep\treceipt\tprint\t\ndata\tinput\t1\t1\ndata\tnode\t0\t2\ndata\tnode\t1\t2\ndata\tinput\t0\t3\ndata\tinput\t1\t3\ndata\tnode\t2\t3\ndata\tinput\t1\t4\ndata\tnode\t3\t4"
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
fn pay(
    bank: &Bank,
    invoice: Invoice,
) -> impl rt::DurableStep<Undo = rt::NoUndo, Output = Result<Receipt, PayError>> {
    use rt as rt;
    struct Function;
    impl rt::Function for Function {
        const GRAPH: rt::Option<&'static rt::Graph> = rt::Some(&pay::GRAPH);
    }
    let output_0 = rt::Output::<0, _, _>::new();
    let output_1 = rt::Output::<1, _, _>::new();
    let output_3 = rt::Output::<3, _, _>::new();
    let output_4 = rt::Output::<4, _, _>::new();
    let noted_2 = rt::Noted::<_, _>::new();
    let call = rt::durable(
        (bank, invoice),
        move |(bank, invoice)| {
            rt::workflow(
                Function,
                rt::describe!(Result < Receipt, PayError >),
                async move {
                    use rt::Calls as _;
                    if let rt::Some(output) = rt::None::<Result<Receipt, PayError>> {
                        return output;
                    }
                    let (key, output_1) = match rt::join::<
                        Result<Receipt, PayError>,
                        _,
                    >(
                            rt::join2(
                                rt::plain(
                                    0,
                                    rt::recorded::<
                                        rt::Whole,
                                        _,
                                        _,
                                        _,
                                    >(output_0, rt::value(|| Uuid::new_v4())),
                                ),
                                rt::attempt(
                                    1,
                                    rt::recorded::<
                                        rt::OkOnly,
                                        _,
                                        _,
                                        _,
                                    >(
                                        output_1,
                                        {
                                            let value = || rt::ok::<
                                                Result<Receipt, PayError>,
                                                Date,
                                            >(invoice.due.parse()?);
                                            rt::fallible_value(
                                                rt::describing!(rt::Described::returned_by(& value)),
                                                value,
                                            )
                                        },
                                    ),
                                    |failure| rt::ok::<Result<Receipt, PayError>, _>(failure?),
                                ),
                            ),
                        )
                        .await
                    {
                        rt::Ok(value) => value,
                        rt::Err(failure) => {
                            return rt::fail::<Result<Receipt, PayError>, _>(failure);
                        }
                    };
                    let due: Date = output_1;
                    let text = format!("{key} on {due}");
                    rt::note(2, noted_2, &text);
                    #[allow(unreachable_code)]
                    'type: {
                        break 'type;
                        noted_2.is(&text);
                    }
                    let payment = rt::step::<
                        3,
                        _,
                    >(
                            rt::recorded::<
                                rt::OkOnly,
                                _,
                                _,
                                _,
                            >(
                                output_3,
                                rt::Called(
                                        rt::WorkflowStep::itself(bank.transfer(&invoice, &text)),
                                    )
                                    .itself(),
                            ),
                        )
                        .await?;
                    let receipt = rt::step::<
                        4,
                        _,
                    >(
                            rt::recorded::<
                                rt::OkOnly,
                                _,
                                _,
                                _,
                            >(
                                output_4,
                                rt::Called(
                                        rt::WorkflowStep::itself(print(invoice, payment)),
                                    )
                                    .itself(),
                            ),
                        )
                        .await?;
                    Ok(receipt)
                },
            )
        },
        |(_, invoice)| rt::Inputs::with(rt::Inputs::new(), "invoice", invoice),
        |(_, invoice)| {
            #[allow(unused_imports)]
            use rt::{KeepsIt as _, ReadsBack as _};
            match (&rt::ReadBack(&*invoice)).read_back() {
                rt::Ok(value) => *invoice = value,
                rt::Err(error) => return rt::Err(("invoice", error)),
            }
            rt::Ok(())
        },
        (|| &pay::GRAPH, ::core::module_path!()),
        (output_0, (output_1, (output_3, (output_4, ())))),
    );
    {
        #[allow(unused_imports)]
        use rt::ways::*;
        noted_2.told((&&&&&&noted_2.its_type()).way());
    }
    call
}
///What is known of the workflow `pay` before it runs.
#[allow(non_camel_case_types, dead_code)]
struct pay {
    nothing: (),
}
#[allow(dead_code)]
impl pay {
    ///The graph of the workflow `pay`.
    pub const GRAPH: rt::Graph = {
        use rt as rt;
        rt::Graph::new(
                "pay",
                &["bank", "invoice"],
                &[
                    rt::calls("key", "Uuid::new_v4", ::core::file!(), ::core::line!()),
                    rt::calls(
                        "due",
                        "invoice.due.parse",
                        ::core::file!(),
                        ::core::line!(),
                    ),
                    rt::Node::new(
                        "text",
                        rt::NodeKind::Value,
                        rt::None,
                        ::core::file!(),
                        ::core::line!(),
                        rt::None,
                    ),
                    rt::calls(
                            "payment",
                            "bank.transfer",
                            ::core::file!(),
                            ::core::line!(),
                        )
                        .was(rt::Was {
                            names: &["transfer"],
                            functions: &["bank.send"],
                            outputs: &[],
                        }),
                    rt::calls("receipt", "print", ::core::file!(), ::core::line!()),
                ],
                &[
                    rt::needs_input(1, 1),
                    rt::needs(0, 2),
                    rt::needs(1, 2),
                    rt::needs_input(0, 3),
                    rt::needs_input(1, 3),
                    rt::needs(2, 3),
                    rt::needs_input(1, 4),
                    rt::needs(3, 4),
                ],
            )
            .waits_for(&[])
    };
    /** Goes on with a run of the workflow `pay`, by its id: its inputs are the recorded ones.

 # Errors

 Those of the workflow, and of the journal.*/
    #[allow(deprecated, clippy::too_many_arguments)]
    pub async fn resume(
        journal: &rt::Journal,
        id: &str,
        bank: &Bank,
    ) -> <Result<Receipt, PayError> as rt::DurableReturn>::Durable {
        #[allow(unused_imports)]
        use rt::{ReadNothing as _, ReadRecorded as _};
        let workflow = (
            &pay::GRAPH,
            ::core::concat!(::core::module_path!(), "::", "pay"),
        );
        rt::resume(
                journal,
                id,
                workflow,
                |stored| rt::Ok(
                    pay(bank, (&rt::Read::<Invoice>::new()).read(stored, "invoice")?),
                ),
            )
            .await
    }
    /** Goes on with all unfinished runs of the workflow `pay`, some at the same time: at the start of a process, those that others have left.

 A run that another process holds is taken over when its lease runs out, and left to that process if it renews the lease. What one run comes to does not keep the others from going on. Gives the ids of the runs, with what each has come to.

 # Errors

 If the journal cannot tell which runs there are.*/
    #[allow(deprecated, clippy::too_many_arguments, clippy::type_complexity)]
    pub async fn resume_all(
        journal: &rt::Journal,
        bank: &Bank,
    ) -> rt::Result<
        rt::Vec<(rt::String, <Result<Receipt, PayError> as rt::DurableReturn>::Durable)>,
        rt::JournalError,
    > {
        rt::resume_all(
                journal,
                &pay::GRAPH,
                |id: rt::String| async move {
                    let come_to = pay::resume(journal, &id, bank).await;
                    (id, come_to)
                },
            )
            .await
    }
    /** Records a run of the workflow `pay` with these inputs, under this id, and returns its handle. Nothing runs here: the next process that resumes runs works on it. A run with this id and the same inputs is not started again.

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
        invoice: Invoice,
    ) -> rt::Result<
        rt::Handle<Self, <Result<Receipt, PayError> as rt::DurableReturn>::Value>,
        rt::JournalError,
    > {
        let inputs = rt::Inputs::new();
        let invoice = &invoice;
        let inputs = inputs.with("invoice", invoice);
        rt::start(
                rt::handle(
                    journal,
                    id.as_ref(),
                    (&pay::GRAPH, ::core::concat!(::core::module_path!(), "::", "pay")),
                    &[],
                ),
                inputs,
            )
            .await
    }
    /// The handle of the run of the workflow `pay` with this id. Whether there is such a run shows when the handle is used.
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
    ) -> rt::Handle<Self, <Result<Receipt, PayError> as rt::DurableReturn>::Value> {
        rt::handle(
            journal,
            id.as_ref(),
            (&pay::GRAPH, ::core::concat!(::core::module_path!(), "::", "pay")),
            &[],
        )
    }
    #[doc(hidden)]
    #[allow(clippy::all, clippy::pedantic)]
    pub fn __locked() -> rt::LockedWorkflow {
        #[allow(unused_imports)]
        use rt::{ReadNothing as _, ReadRecorded as _};
        rt::LockedWorkflow::in_module(
                ::core::concat!(::core::module_path!(), "::", "pay"),
            )
            .input(
                "invoice",
                |stored| (&rt::Read::<Invoice>::new()).read(stored, "invoice").is_ok(),
            )
    }
}
