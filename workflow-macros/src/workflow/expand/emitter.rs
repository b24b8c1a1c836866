//! What all parts of one function share: its options, and the names that the macro introduces.

use std::cell::{Cell, RefCell};

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote_spanned};

use super::durable::Outputs;
use super::nodes::mixed_site_at;
use super::noted::NotedValues;
use super::undo::Outside;
use crate::paths;
use crate::signature::Output;
use crate::sorted::SortedSet;
use crate::step::Local;
use crate::workflow::contested::{Borrowers, Traits};
use crate::workflow::copied::copied_inputs;
use crate::workflow::syntax::{OnFailure, Options, Workflow};

/// What all parts of one function share.
pub(super) struct Emitter<'a> {
    /// The path of the runtime's hidden module.
    pub(super) rt: &'a TokenStream,
    /// The type whose `?` ends the workflow.
    pub(super) flow: TokenStream,
    /// The return type, as far as it can be written in the body.
    pub(super) written_output: TokenStream,
    /// There is no `?`, so nothing can end it early.
    pub(super) total: bool,
    /// After a failure, whatever does not depend on it runs to its end, at least if it is already
    /// running.
    pub(super) finish: bool,
    /// The names of inputs and generics.
    pub(super) local: Local,
    /// What a failure does.
    on_failure: OnFailure,
    /// The outputs of steps are recorded.
    pub(super) durable: bool,
    /// The calls that nothing waits for and that are pauses, if they are what their names say.
    pub(super) unwaited: Vec<usize>,
    /// Stand-ins for the types of what is recorded.
    pub(super) outputs: Outputs,
    /// Stand-ins for the types of plain values.
    pub(super) noted_values: NotedValues,
    /// The braces of the user's body.
    pub(super) braces: Span,
    /// The type that the workflow returns, if it can be named.
    pub(super) output: Option<TokenStream>,
    /// Inputs that are certainly copied where they are used by value.
    pub(super) copied: SortedSet<String>,
    /// The steps that borrow each variable.
    pub(super) borrowers: Borrowers,
    /// The traits that copy what two steps use at the same time.
    pub(super) traits: RefCell<Traits>,
    slots: Cell<usize>,
    /// How many joins, regions and fan-outs enclose the code that is being written.
    pub(super) depth: Cell<usize>,
    /// What is outside of the body, if it can be undone.
    pub(super) outside: Outside,
}

impl<'a> Emitter<'a> {
    /// `flow` is the return type, or `None` if there is no `?`.
    pub(super) fn new(rt: &'a TokenStream, flow: Option<TokenStream>, workflow: &Workflow) -> Self {
        let total = flow.is_none();
        // If nothing can fail, there is nothing to finish after a failure.
        let on_failure = workflow.options.on_failure;
        let finish = on_failure != OnFailure::Cancel && !total;
        let flow = flow.unwrap_or(hygienic!(#rt::Total));
        let Workflow { options: Options { durable, .. }, braces, .. } = *workflow;
        let (slots, outside, outputs) = (Cell::new(0), Outside::default(), Outputs::default());
        let Output { written: output, nameable: written_output, .. } =
            Output::of(&workflow.sig.output, rt);
        let is_named = written_output.to_string() == output.to_string();
        Self {
            rt,
            flow,
            written_output,
            total,
            finish,
            local: Local::of(&workflow.sig),
            on_failure,
            durable: durable.is_some(),
            unwaited: Vec::new(),
            outputs,
            noted_values: NotedValues::default(),
            braces,
            output: is_named.then_some(output),
            copied: copied_inputs(workflow),
            borrowers: Borrowers::default(),
            traits: RefCell::default(),
            slots,
            depth: Cell::new(0),
            outside,
        }
    }
}

impl Emitter<'_> {
    /// Writes code that runs beside other branches.
    pub(super) fn inside<T>(&self, write: impl FnOnce() -> T) -> T {
        let depth = self.depth.get();
        self.depth.set(depth + 1);
        let written = write();
        self.depth.set(depth);
        written
    }

    /// A name introduced by the macro that no other slot has.
    pub(super) fn slot(&self, name: &str) -> Ident {
        let number = self.slots.replace(self.slots.get() + 1);
        let name = name.trim_start_matches("r#");
        format_ident!("__slot_{name}_{number}", span = Span::mixed_site())
    }

    /// The same for a variable, at its place.
    pub(super) fn slot_of(&self, variable: &Ident) -> Ident {
        let mut slot = self.slot(&variable.to_string());
        slot.set_span(mixed_site_at(variable.span()));
        slot
    }

    /// An async block at the place of the user's body. If it were at a place of the macro, rustc
    /// would not name what the block captures.
    pub(super) fn async_move(&self, content: &TokenStream) -> TokenStream {
        quote_spanned!(self.braces=> async move { #content })
    }

    /// An async block beside which other steps run. If it fails in a durable workflow, its failure
    /// ends the others only once their records have arrived.
    pub(super) fn settled(&self, place: Span, block: TokenStream) -> TokenStream {
        if !self.settles() {
            return block;
        }
        let at = mixed_site_at(place);
        let rt = paths::at(at, self.rt);
        quote_spanned!(at=> #rt::settled(#block))
    }

    /// Whether a failure has to wait for the records of the steps beside it.
    pub(super) fn settles(&self) -> bool {
        self.durable && !self.finish && !self.total
    }

    /// The body of a closure, at the same place.
    pub(super) fn block(&self, content: &TokenStream) -> TokenStream {
        quote_spanned!(self.braces=> { #content })
    }

    /// The end of an async block or a closure whose value is `value`.
    pub(super) fn ok(&self, value: &TokenStream) -> TokenStream {
        let Self { rt, flow, .. } = self;
        hygienic!(#rt::ok::<#flow, _>(#value))
    }

    /// The values of a join or a fan-out, or else the end of the enclosing async block.
    pub(super) fn all(&self, outcome: &TokenStream) -> TokenStream {
        if !self.finish {
            return self.unwrap(outcome);
        }
        let Self { rt, .. } = self;
        let halt = self.halt();
        hygienic! {
            match #rt::all(#outcome) {
                #rt::Some(__values) => __values,
                #rt::None => #halt,
            }
        }
    }

    /// The end of the enclosing async block, which needed something that has failed.
    pub(super) fn halt(&self) -> TokenStream {
        let Self { rt, .. } = self;
        hygienic!(match #rt::halt(__failures).await {})
    }

    /// Whether nothing new starts after a failure.
    pub(super) fn drains(&self) -> bool {
        self.on_failure == OnFailure::Drain && self.finish
    }

    /// The end of the enclosing async block, if nothing new may start.
    pub(super) fn gate(&self) -> Option<TokenStream> {
        let Self { rt, .. } = self;
        self.drains().then(|| hygienic!(#rt::gate(__failures).await;))
    }

    /// The value of `outcome`, or else the end of the enclosing async block or closure.
    pub(super) fn unwrap(&self, outcome: &TokenStream) -> TokenStream {
        let Self { rt, flow, total, .. } = self;
        let leave = if *total {
            hygienic!(match __failure {})
        } else {
            hygienic!(return #rt::fail::<#flow, _>(__failure))
        };
        hygienic! {
            match #outcome {
                #rt::Ok(__value) => __value,
                #rt::Err(__failure) => #leave,
            }
        }
    }
}
