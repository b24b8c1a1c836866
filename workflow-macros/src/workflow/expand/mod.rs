//! From a checked workflow to the function that runs it. Nothing can fail any more.

/// `quote!` with names that cannot be mistaken for the user's variables.
macro_rules! hygienic {
    ($($tokens:tt)*) => {
        quote::quote_spanned!(proc_macro2::Span::mixed_site()=> $($tokens)*)
    };
}

mod attempted;
mod broken;
mod durable;
mod emitter;
mod fan_out;
mod graph;
mod handles;
mod held;
mod joins;
mod lints;
mod nested;
mod nodes;
mod noted;
mod region;
mod scope;
mod undo;
mod variables;

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::{Attribute, Pat, ReturnType};

pub(crate) use broken::expand_broken;
pub(crate) use durable::broken_resume;
pub(crate) use graph::durable_module;
pub(crate) use handles::signal_methods;

use self::emitter::Emitter;
use self::graph::Drawn;
use self::variables::Env;
use super::awaits::has_question;
use super::check::unwaited;
use super::contested::{Borrowers, Traits};
use super::model::{Kind, Model, Node, Scope, Tail};
use super::plain::names;
use super::syntax::Workflow;
use super::undo::undoes;
use crate::attribute::is_macro;
use crate::paths;
use crate::signature::{Output, fails, kept_inputs, known_function, name_ignored_inputs};
use crate::surround::{changed_body, surround};

/// The function and the module with its graph.
pub(crate) fn expand(
    workflow: &Workflow,
    model: &Model,
    traits: Traits,
    runtime: &TokenStream,
) -> TokenStream {
    let inside = &paths::alias();
    // If nothing can leave early, the return type need not be one that `?` works with.
    let flow = leaves_early(&model.body, true).then(|| flow(&workflow.sig.output, inside));
    let mut emitter = Emitter::new(inside, flow, workflow);
    emitter.unwaited = unwaited(&model.body);
    emitter.traits = traits.into();
    emitter.borrowers = Borrowers::of(&model.body);
    let mut env = Env::default();
    for input in &model.inputs {
        if model.kept_inputs.contains(input) {
            env.declare_kept(input);
        } else {
            env.declare(input);
        }
    }
    let body = emitter.root(&model.body, env);
    let drawn = Drawn::new(workflow, model);
    if workflow.options.prints_graph {
        eprintln!("{}", drawn.printed(workflow));
    }
    let documentation = drawn.documentation(workflow, runtime);
    let function = function(workflow, model, &emitter, &documentation, &body, runtime);
    if workflow.options.durable.is_none() {
        let graph = drawn.module(workflow, runtime, &not_locked(runtime));
        return hygienic!(#function #graph);
    }
    let arguments: Vec<_> = workflow.sig.inputs.iter().cloned().collect();
    let resume = durable::resume(workflow, model, &arguments, runtime);
    let graph = drawn.module(workflow, runtime, &resume);
    let signals = signal_methods(workflow, runtime);
    durable::if_available(workflow, &hygienic!(#function #graph #signals), runtime)
}

/// What `graph_lock!` asks of a workflow that is not durable.
fn not_locked(rt: &TokenStream) -> TokenStream {
    hygienic! {
        #[doc(hidden)]
        #[allow(dead_code)]
        pub fn __locked() -> #rt::NotDurable {
            #rt::NotDurable
        }
    }
}

/// The return type, as the parts of the body use it. A type that may have no place for an error
/// goes through a trait: if it does not implement that, rustc says so once.
fn flow(output: &ReturnType, rt: &TokenStream) -> TokenStream {
    let ty = Output::of(output, rt);
    let place = ty.place().unwrap_or_else(Span::call_site);
    let ty = ty.nameable;
    if fails(output) {
        return ty;
    }
    let rt = paths::at(place, rt);
    quote_spanned!(place=> <#ty as #rt::Flow>::Itself)
}

/// The function, given the contents of its async block.
fn function(
    workflow: &Workflow,
    model: &Model,
    emitter: &Emitter<'_>,
    documentation: &TokenStream,
    body: &TokenStream,
    outside: &TokenStream,
) -> TokenStream {
    let runtime = emitter.rt;
    let Workflow { attrs, vis, sig, .. } = workflow;
    let (macros, attrs): (Vec<&Attribute>, Vec<&Attribute>) =
        attrs.iter().partition(|attr| is_macro(attr));
    let (name, generics) = (&sig.ident, &sig.generics);
    let mut inputs: Vec<_> = sig.inputs.iter().cloned().collect();
    name_ignored_inputs(inputs.iter_mut());
    let bounds = &generics.where_clause;
    let output = Output::of(&sig.output, outside);
    let settle = output.settle(runtime);
    let keep = kept_inputs(&mut inputs.iter());
    let is_durable = workflow.options.durable.is_some();
    let levels = is_durable.then(|| durable::levels(&mut inputs));
    // Only if a name is unknown, so that rustc suggests what was meant.
    let look_alikes = &model.look_alikes;
    let hints = hygienic!(#(#[allow(unused_variables)] let #look_alikes: ();)*);
    // This finds what the type of a call says about it.
    let calls = calls(&model.body).then(|| hygienic!(use #runtime::Calls as _;));
    let body = hygienic!(#calls #settle #hints #body);
    let body = if emitter.finish {
        let flow = &emitter.flow;
        let inner = emitter.async_move(&body);
        let new = if emitter.drains() { hygienic!(draining) } else { hygienic!(new) };
        hygienic! {
            let __failures = &#runtime::Failures::<#flow>::#new();
            #runtime::finish(__failures, #inner).await
        }
    } else {
        body
    };
    let undoes = undoes(&model.body);
    let body = if undoes { undoable(workflow, model, emitter, &body) } else { body };
    let content = body;
    let body = if macros.is_empty() { &content } else { &changed_body().into_token_stream() };
    let body = emitter.async_move(&hygienic!(#levels #keep #body));
    let body = output.settle_future(body, runtime);
    let function = known_function(
        &hygienic! {
            const GRAPH: #runtime::Option<&'static #runtime::Graph> = #runtime::Some(&#name::GRAPH);
        },
        runtime,
    );
    let (undone, call) = if undoes {
        let body = hygienic!(|__control: #runtime::Control<_>| #body);
        let (before, described, body) = output.described(body, "made_by", outside);
        let call = hygienic!(#before #runtime::saga(__Function, #described, #body));
        (hygienic!(OwnUndo), call)
    } else {
        let (before, described, body) = output.described(body, "by", outside);
        let call = hygienic!(#before #runtime::workflow(__Function, #described, #body));
        (hygienic!(NoUndo), call)
    };
    let (step, call) = if is_durable {
        let call = durable::call(name, &inputs, &call, emitter, runtime);
        durable::immutable(&mut inputs);
        (hygienic!(DurableStep), call)
    } else {
        (hygienic!(Step), call)
    };
    // A variable that leaves its branch is `mut` again where it arrives.
    let mutable = declares_mut(&model.body).then(|| hygienic!(#[allow(unused_mut)]));
    // A name that the user has allowed to be unconventional is allowed there, too.
    let case = any(&model.body, &allows_names).then(|| hygienic!(#[allow(non_snake_case)]));
    // A variable that nothing names leaves its branch as well, so that it lives as long as it
    // should.
    let unused = any(&model.body, &declares_unused)
        .then(|| hygienic!(#[allow(clippy::used_underscore_binding)]));
    // The code after a step that never returns is the macro's own.
    let unreachable = output.never.then(|| hygienic!(#[allow(unreachable_code)]));
    // In the user's braces, or rustc would not report a function that is never used.
    let items = &emitter.traits.borrow().items;
    let uses = mentioned(workflow, model);
    let whole = emitter.block(&hygienic!(use #outside as #runtime; #function #items #uses #call));
    let fn_token = &sig.fn_token;
    let (written, end) = (&output.written, output.closing_bracket(sig));
    let function = hygienic! {
        #(#attrs)*
        #documentation
        #mutable
        #case
        #unused
        #unreachable
        #[allow(
            clippy::collection_is_never_read,
            clippy::let_unit_value,
            clippy::needless_pass_by_value,
            clippy::shadow_reuse,
            clippy::shadow_same,
            clippy::shadow_unrelated,
            clippy::tuple_array_conversions
        )]
        #vis #fn_token #name #generics (#(#inputs),*)
            -> impl #outside::#step<Undo = #outside::#undone, Output = #written #end #bounds
        #whole
    };
    if macros.is_empty() {
        return function;
    }
    let output = (!matches!(sig.output, ReturnType::Default)).then(|| hygienic!(-> #written));
    let inputs = &sig.inputs;
    let signature = hygienic!(#vis async fn #name #generics (#inputs) #output #bounds);
    surround(&macros, &signature, &function, &content, outside)
}

/// The body of a workflow that can be undone: what outlasts the forward part, the forward part
/// itself, and what follows it.
fn undoable(
    workflow: &Workflow,
    model: &Model,
    emitter: &Emitter<'_>,
    body: &TokenStream,
) -> TokenStream {
    let Emitter { rt, outside, .. } = emitter;
    let name = &workflow.sig.ident;
    let kept = &model.kept_inputs;
    let forward = emitter.async_move(body);
    let (declarations, lists) = (outside.declarations(), outside.lists());
    hygienic! {
        #(let #kept = &#kept;)*
        let __position = &#rt::outermost();
        #declarations
        let __output = __control.forward(#forward).await;
        __control.end(__output, |__output| #rt::failed!(__output), #rt::unwind(&#name::GRAPH, #lists)).await
    }
}

/// Uses the inputs outside of the async block if there are patterns in it. When rustc finds that
/// those do not cover all cases, it does not look at what else the block uses.
fn mentioned(workflow: &Workflow, model: &Model) -> Option<TokenStream> {
    let has_patterns = |node: &Node| {
        let bound = node
            .binding
            .as_ref()
            .is_some_and(|binding| !matches!(binding.pat, Pat::Ident(_) | Pat::Wild(_)));
        bound || matches!(node.kind, Kind::Match { .. })
    };
    if !any(&model.body, &has_patterns) {
        return None;
    }
    let named = names(workflow.source.clone());
    let inputs = model.inputs.iter().filter(|input| named.contains(&input.to_string()));
    let inputs: Vec<_> = inputs.collect();
    (!inputs.is_empty()).then(|| hygienic!(let _ = (#(&#inputs,)*);))
}

/// Whether any step is called.
fn calls(scope: &Scope) -> bool {
    scope.nodes.iter().any(|node| {
        let own = matches!(&node.kind, Kind::Step(call) if call.record.is_none());
        own || node.scopes().into_iter().any(calls)
    })
}

/// Whether any variable is `mut`.
fn declares_mut(scope: &Scope) -> bool {
    any(scope, &|node| node.vars.iter().any(|(_, mutable)| *mutable))
}

/// Whether it declares a variable whose name says that it is unused.
fn declares_unused(node: &Node) -> bool {
    node.vars.iter().any(|(var, _)| var.to_string().starts_with('_'))
}

/// Whether the user has set a lint level for the names in the declaration.
fn allows_names(node: &Node) -> bool {
    node.lints.iter().any(|attr| attr.to_token_stream().to_string().contains("non_snake_case"))
}

/// Whether a node in the scope, or in a scope inside it, satisfies `so`.
fn any(scope: &Scope, so: &dyn Fn(&Node) -> bool) -> bool {
    scope.nodes.iter().any(|node| so(node) || node.scopes().into_iter().any(|inner| any(inner, so)))
}

/// Whether any declaration holds a `?`. A `?` in the outermost result does not count: it returns by
/// itself.
fn leaves_early(scope: &Scope, outermost: bool) -> bool {
    let tail = match &scope.tail {
        Tail::Expr(expr) => !outermost && has_question(expr),
        Tail::Unit | Tail::Node(_) => false,
    };
    tail || scope.nodes.iter().any(|node| {
        let own = match &node.kind {
            Kind::Step(call) => call.question.is_some() || has_question(&call.expr),
            Kind::Value(expr) => has_question(expr),
            Kind::If(arms) => {
                let conditions = arms.iter().filter_map(|(condition, _)| condition.as_ref());
                conditions.into_iter().any(|(_, condition)| has_question(condition))
            }
            Kind::Match { scrutinee, .. } => has_question(scrutinee),
            Kind::FanOut { items, concurrency, .. } => {
                has_question(items) || concurrency.as_ref().is_some_and(has_question)
            }
            Kind::Block(_) => false,
        };
        own || node.scopes().into_iter().any(|scope| leaves_early(scope, false))
    })
}
