//! One node as a statement.

use proc_macro2::extra::DelimSpan;
use proc_macro2::{Delimiter, Group, Ident, Literal, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Expr, Pat, Token};

use super::emitter::Emitter;
use super::lints::{self, Part};
use super::scope::{External, ScopeEmitter};
use super::variables::Env;
use crate::duration::is_pause;
use crate::paths;
use crate::pattern::bound_by;
use crate::workflow::check::{Pause, pause, text_argument};
use crate::workflow::clocks::unrecorded;
use crate::workflow::functions::function_name;
use crate::workflow::model::{How, Kind, Node, Scope, Tail};
use crate::workflow::names;
use crate::workflow::resolve::condition_names;
use crate::workflow::syntax::{Binding, Call};
use crate::workflow::values::deferred::{DeferredKey, DeferredKind};

/// A span for the macro's own code at the user's place, so that an error in it is shown there.
pub(super) fn mixed_site_at(span: Span) -> Span {
    Span::mixed_site().located_at(span)
}

/// `let pattern: type = value;`, or the value alone if nothing is bound.
pub(super) fn assign(node: &Node, part: Part, value: &TokenStream) -> TokenStream {
    let lints = lints::of(node, part);
    let used = used_by_order(node);
    let Some(binding) = &node.binding else {
        // The result of a body has no `let`.
        let result = node.vars.first().map(|(result, _)| hygienic!(let #result =));
        return hygienic!(#lints #result #value; #used);
    };
    let Binding { let_token, pat, ty } = binding;
    let ty = ty.as_ref().map(|ty| hygienic!(: #ty));
    hygienic!(#lints #let_token #pat #ty = #value; #used)
}

/// The pattern that takes a step's output as one of several, and what follows it.
pub(super) fn received(node: &Node) -> (TokenStream, TokenStream) {
    match (&node.binding, node.vars.first()) {
        // Any other pattern has a `let` of its own, so that an error about it is there.
        (Some(Binding { pat: pat @ Pat::Ident(_), ty: None, .. }), _) if node.lints.is_empty() => {
            (hygienic!(#pat), used_by_order(node))
        }
        (Some(binding), _) => {
            // rustc suggests an `else` after the last token of the value.
            let place = match (&node.kind, &binding.ty) {
                (Kind::Step(call), None) => last_of_call(call),
                _ => node.place(),
            };
            let output = output(node, mixed_site_at(place));
            let assigned = assign(node, Part::Binding, &hygienic!(#output));
            (hygienic!(#output), assigned)
        }
        (None, Some((result, _))) => (hygienic!(#result), TokenStream::new()),
        (None, None) => (unbound(node).into_token_stream(), {
            let output = unbound(node);
            hygienic!(#output;)
        }),
    }
}

/// The output of a step that the user does not bind. It becomes a separate statement, since rustc
/// warns about an unused `Result` if it is at a place in the user's code.
pub(super) fn unbound(node: &Node) -> Ident {
    output(node, node.place())
}

fn output(node: &Node, place: Span) -> Ident {
    format_ident!("__output_{}", node.id, span = place)
}

/// Tells rustc that a variable that only `#[after]` names is used. If its name begins with an
/// underscore, rustc expects no use.
fn used_by_order(node: &Node) -> TokenStream {
    let vars = node.vars.iter().filter(|_| node.ordered).map(|(var, _)| var);
    let vars = vars.filter(|var| !var.to_string().starts_with('_'));
    hygienic!(#(let _ = &#vars;)*)
}

impl ScopeEmitter<'_> {
    pub(super) fn node_statement(&self, at: usize, env: &mut Env) -> TokenStream {
        let Some(node) = self.node(at) else {
            return self.wait_statement(self.external(at), env);
        };
        let mut warning = TokenStream::new();
        let value = match &node.kind {
            Kind::Step(call) => self.step(node, call, env),
            Kind::Value(expr) => {
                warning = self.unrecorded(at);
                let expr = env.rewrite(expr, self.shared.rt);
                hygienic!(#expr)
            }
            Kind::If(arms) => self.shared.if_else(node, arms, env),
            Kind::Match { match_token, scrutinee, arms } => {
                self.shared.match_arms(node, *match_token, scrutinee, arms, env)
            }
            Kind::FanOut { pat, items, concurrency, body } => {
                self.shared.fan_out(node, (pat, items, concurrency.as_ref()), body, env)
            }
            Kind::Block(body) => {
                let body_braces = body.braces;
                let body = self.shared.body(body, env.clone());
                braces(body_braces, &body)
            }
        };
        for (var, mutable) in &node.vars {
            env.declare(var);
            if *mutable {
                env.mark_mutable(var);
            }
        }
        let assigned = self.assign(node, Part::Whole, &value);
        let noted = self.shared.noted(node, self.names_used());
        let completed = self.completed(node, env);
        let awaited = self.awaited(node);
        hygienic!(#warning #assigned #awaited #noted #completed)
    }

    /// Checks that a call which only `#[after(…)]` names is not that of a step: it would never run.
    fn awaited(&self, node: &Node) -> TokenStream {
        let is_call = matches!(&node.kind, Kind::Value(Expr::Call(_) | Expr::MethodCall(_)));
        let ([(var, _)], true, true) = (&node.vars[..], is_call, node.ordered) else {
            return TokenStream::new();
        };
        let uses = self.scope.nodes.iter().flat_map(Node::uses);
        let mut is_used =
            uses.filter(|used| matches!(used.how, How::Value(_))).any(|used| used.ident == *var);
        if let Tail::Expr(result) = &self.scope.tail {
            names::find(result, &mut |name, _| is_used |= name == var);
        }
        if is_used {
            return TokenStream::new();
        }
        let at = mixed_site_at(node.place());
        let rt = paths::at(at, self.shared.rt);
        quote_spanned!(at=> {
            use #rt::IsValue as _;
            #rt::OnlyOrdered(&#var).end();
        })
    }

    /// Makes rustc warn about a value that will differ when the run is resumed.
    fn unrecorded(&self, at: usize) -> TokenStream {
        let differs = if self.shared.durable { unrecorded(self.scope, at) } else { None };
        let Some(function) = differs else { return TokenStream::new() };
        let at = mixed_site_at(function.span());
        let rt = paths::at(at, self.shared.rt);
        quote_spanned!(at=> #rt::value_without_record();)
    }

    fn wait_statement(&self, external: &External, env: &mut Env) -> TokenStream {
        let wait = self.wait(external);
        if !external.slot.kind.is_borrowed() {
            let ident = &external.ident;
            env.declare(ident);
            let put = self.put(&mut [ident].into_iter(), env);
            return hygienic!(let #ident = #wait.await; #put);
        }
        let bind = self.bind_external(external, env);
        hygienic!(#wait.await; #bind)
    }

    /// The future that waits until something from outside is ready.
    pub(super) fn wait(&self, external: &External) -> TokenStream {
        let rt = self.shared.rt;
        let slot = &external.slot.slot;
        match (external.slot.kind, self.shared.finish) {
            (DeferredKind::Borrowed, false) => hygienic!(#rt::wait(#slot)),
            (DeferredKind::Borrowed, true) => hygienic!(#rt::wait_or_halt(__failures, #slot)),
            (DeferredKind::Lent, false) => hygienic!(#rt::wait_lent(#slot)),
            (DeferredKind::Lent, true) => hygienic!(#rt::wait_lent_or_halt(__failures, #slot)),
            (DeferredKind::Reclaimed, false) => hygienic!(#rt::wait_reclaimed(#slot)),
            (DeferredKind::Reclaimed, true) => {
                hygienic!(#rt::wait_reclaimed_or_halt(__failures, #slot))
            }
            (DeferredKind::Owned, _) => hygienic!(#rt::wait_owned(#slot)),
            (DeferredKind::LentOrReclaimed, _) => unreachable!("a place is one or the other"),
        }
    }

    /// Declares the variable for something that is ready and is borrowed.
    pub(super) fn bind_external(&self, external: &External, env: &mut Env) -> TokenStream {
        let rt = self.shared.rt;
        let DeferredKey::Value(_) = &external.key else { return TokenStream::new() };
        let (ident, slot) = (&external.ident, &external.slot.slot);
        env.declare_reference(ident);
        let value = match &external.counted {
            Some(counted) => hygienic!(#rt::counted(#counted, #slot)),
            None => hygienic!(#rt::deferred(#slot)),
        };
        let consumed = self.shared.borrowers.consumed_behind(
            &self.scope.nodes,
            env.repeats,
            &mut self.shared.traits.borrow_mut(),
            &|name| name == ident,
        );
        hygienic!(#[allow(unused_variables)] let #ident = #value; #consumed)
    }

    /// A step that runs alone.
    fn step(&self, node: &Node, call: &Call, env: &Env) -> TokenStream {
        let rt = self.shared.rt;
        let id = number(node.id);
        let Call { expr, dot, await_token, question, .. } = call;
        let call = env.rewrite(expr, rt);
        // All of it is at the user's place, so that rustc sees `call.await?` in one piece.
        let at = call.span();
        let rt = paths::at(at, rt);
        let call = self.checked_call(node, &call, env, Captures::AsPlain);
        let step = quote_spanned!(at=> #rt::step::<#id, _>(#call));
        quote!(#step #dot #await_token #question)
    }

    /// A step as a branch of a join.
    pub(super) fn step_branch(&self, node: &Node, call: &Call, env: &Env) -> TokenStream {
        let rt = self.shared.rt;
        let id = number(node.id);
        let Call { expr, question, .. } = call;
        let call = env.rewrite(expr, rt);
        let at = mixed_site_at(call.span());
        // Errors about the user's `?` are shown at the call.
        let failure = quote_spanned!(call.span()=> __failure);
        let rt = &paths::at(at, rt);
        let lints = lints::of(node, Part::Call);
        let call = self.checked_call(node, &call, env, Captures::AsPlain);
        let call = quote!(#lints #call);
        match question {
            None => quote_spanned!(at=> #rt::plain(#id, #call)),
            Some(question) => {
                let end = self.shared.ok(&hygienic!(#failure #question));
                quote_spanned!(at=> #rt::attempt(#id, #call, |#failure| #end))
            }
        }
    }
}

/// How the closure that computes a recorded value captures what it uses.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Captures {
    /// As the same expression would outside of a closure: what it borrows stays where it is.
    AsPlain,
    /// What it uses is moved into it, since the variables end before it runs. Where it borrows,
    /// these are references.
    Moved,
}

/// Where the block of an arm is: in the user's braces, or else at the arm's last token, after which
/// rustc suggests the arms that are missing.
fn arm_place(scope: &Scope) -> Span {
    let last = |expr: &Expr| expr.to_token_stream().into_iter().last().map(|token| token.span());
    let place = match (scope.braces, &scope.tail) {
        (Some(braces), _) => Some(braces.join()),
        (None, Tail::Unit) => None,
        (None, Tail::Expr(expr)) => last(expr),
        (None, Tail::Node(at)) => match &scope.nodes[*at].kind {
            Kind::Step(call) => Some(last_of_call(call)),
            Kind::Value(expr) => last(expr),
            _ => None,
        },
    };
    place.unwrap_or_else(Span::mixed_site)
}

/// The last token of a step: its `?`, or else its `await`.
fn last_of_call(call: &Call) -> Span {
    call.question.map_or(call.await_token.span, |question| question.span)
}

/// A block in the user's braces, so that an error about it as a whole is shown there.
fn braces(place: Option<DelimSpan>, content: &TokenStream) -> TokenStream {
    let mut group = Group::new(Delimiter::Brace, content.clone());
    group.set_span(place.map_or(Span::mixed_site(), |place| place.join()));
    group.into_token_stream()
}

/// What the name suggests about the call of a step, and only its type can confirm.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Doubt {
    /// If it is a signal, nothing could ever send it.
    NotDurable,
    /// If it is a pause, its length cannot be read.
    NoDuration,
    /// If it is a pause, nothing waits for it.
    NothingWaits,
}

/// What the types have to confirm about a call.
fn doubts(call: &Expr, durable: bool, unwaited: bool) -> Vec<Doubt> {
    let mut doubts = Vec::new();
    let is_signal = function_name(call).is_some_and(|name| name == "signal");
    if is_signal && !durable {
        doubts.push(Doubt::NotDurable);
    }
    let pause = pause(call);
    if pause != Some(Pause::Certain)
        && let Some(text) = text_argument(call).map(syn::LitStr::value)
    {
        // A pause may have been imported under another name.
        let numeric = text.trim_start().starts_with(|first: char| first.is_ascii_digit());
        if (numeric || pause.is_some()) && !is_pause(&text) {
            doubts.push(Doubt::NoDuration);
        }
    }
    if pause == Some(Pause::Likely) && unwaited {
        doubts.push(Doubt::NothingWaits);
    }
    doubts
}

/// Whether the types have to confirm anything in a scope.
pub(super) fn has_doubts(scope: &Scope, durable: bool, unwaited: &[usize]) -> bool {
    scope.nodes.iter().any(|node| {
        let own = match &node.kind {
            Kind::Step(call) if call.record.is_none() => {
                !doubts(&call.expr, durable, unwaited.contains(&node.id)).is_empty()
            }
            _ => false,
        };
        own || node.scopes().into_iter().any(|scope| has_doubts(scope, durable, unwaited))
    })
}

/// Tells the run which arm was chosen.
fn chose(rt: &TokenStream, node: &Node, arm: usize) -> TokenStream {
    let (id, arm) = (number(node.id), number(arm));
    hygienic!(#rt::chose(#id, #arm);)
}

impl Emitter<'_> {
    /// The call, with its own error if it is not a step.
    pub(super) fn is_step(&self, node: &Node, call: &Expr) -> TokenStream {
        let at = mixed_site_at(call.span());
        let rt = paths::at(at, self.rt);
        let mut code = call.to_token_stream();
        for doubt in doubts(call, self.durable, self.unwaited.contains(&node.id)) {
            code = match doubt {
                Doubt::NotDurable => {
                    quote_spanned!(at=> #rt::Probe(#code).outside_of_durable(#rt::NotDurable))
                }
                Doubt::NoDuration => {
                    let text = text_argument(call).map_or(at, |text| mixed_site_at(text.span()));
                    let marker = paths::at(text, self.rt);
                    let marker = quote_spanned!(text=> #marker::NoDuration);
                    quote_spanned!(at=> #rt::Probe(#code).lasts(#marker))
                }
                Doubt::NothingWaits => {
                    quote_spanned!(at=> #rt::Probe(#code).passes(#rt::NothingWaits))
                }
            };
        }
        quote_spanned!(at=> #rt::Called(#rt::WorkflowStep::itself(#code)).itself())
    }

    /// The step, whose output is recorded in a durable workflow.
    pub(super) fn recorded(&self, node: &Node, call: &Expr, step: TokenStream) -> TokenStream {
        if !self.durable {
            return step;
        }
        let at = mixed_site_at(call.span());
        let rt = paths::at(at, self.rt);
        // An output that `?` does not let through is not that of a completed step.
        let mode = self.mode(node, at);
        let mut output = self.outputs.of(node.id);
        output.set_span(at);
        quote_spanned!(at=> #rt::recorded::<#mode, _, _, _>(#output, #step))
    }

    /// What is recorded of an output, as a type.
    fn mode(&self, node: &Node, at: Span) -> TokenStream {
        let rt = paths::at(at, self.rt);
        match &node.kind {
            Kind::Step(call) if call.question.is_some() && self.finish => {
                quote_spanned!(at=> #rt::OkInFinish)
            }
            Kind::Step(call) if call.question.is_some() => quote_spanned!(at=> #rt::OkOnly),
            _ => quote_spanned!(at=> #rt::Whole),
        }
    }

    /// The call of a workflow that undoes its own steps. In a durable workflow, its failure ends
    /// the workflow as that of any other step does.
    pub(super) fn settled_call(&self, node: &Node, call: &Expr, child: TokenStream) -> TokenStream {
        let fails = matches!(&node.kind, Kind::Step(call) if call.question.is_some());
        let at = mixed_site_at(call.span());
        if !fails && self.durable {
            // It is not one of the outputs that a lock compares: the outputs of its own steps are.
            let (rt, id) = (paths::at(at, self.rt), node.id);
            return quote_spanned!(at=> #rt::isolated_call::<_, #id>(#rt::Output::new(), #child));
        }
        if !fails || !self.settles() {
            return child;
        }
        let (rt, mode) = (paths::at(at, self.rt), self.mode(node, at));
        quote_spanned!(at=> #rt::settled_call::<#mode, _>(#child))
    }

    /// The step that computes a recorded value.
    pub(super) fn value(&self, node: &Node, value: &Expr, captures: Captures) -> TokenStream {
        let at = mixed_site_at(value.span());
        let rt = paths::at(at, self.rt);
        let moves = (captures == Captures::Moved).then(|| quote_spanned!(at=> move));
        let ty = node.binding.as_ref().and_then(|binding| binding.ty.as_ref());
        let fails = matches!(&node.kind, Kind::Step(Call { question: Some(_), .. }));
        if !fails {
            // The closure states its type, which may be written only on the `let`.
            return match ty {
                Some(ty) => quote_spanned!(at=> #rt::value(#moves || -> #ty { #value })),
                None => quote_spanned!(at=> #rt::value(#moves || #value)),
            };
        }
        let flow = &self.flow;
        let ty = ty.map_or_else(|| hygienic!(_), |ty| hygienic!(#ty));
        let end = quote_spanned!(at=> #rt::ok::<#flow, #ty>(#value));
        quote_spanned! {at=>
            {
                let __value = #moves || #end;
                #rt::fallible_value(#rt::describing!(#rt::Described::returned_by(&__value)), __value)
            }
        }
    }

    fn if_else(
        &self,
        node: &Node,
        arms: &[(Option<(Token![if], Expr)>, Scope)],
        env: &Env,
    ) -> TokenStream {
        let mut tokens = TokenStream::new();
        for (arm, (condition, scope)) in arms.iter().enumerate() {
            if arm > 0 {
                tokens.extend(hygienic!(else));
            }
            let mut inner = env.clone();
            let mut noted = None;
            if let Some((if_token, condition)) = condition {
                let names: Vec<Ident> = condition_names(condition).into_iter().collect();
                for name in &names {
                    inner.declare(name);
                }
                noted = self.noted_names(node, arm, &names, scope);
                let condition = env.rewrite(condition, self.rt);
                tokens.extend(hygienic!(#if_token #condition));
            }
            let body = self.arm(node, (arm, noted), scope, inner);
            tokens.extend(braces(scope.braces, &body));
        }
        if arms.last().is_some_and(|(condition, _)| condition.is_some()) {
            let chose = chose(self.rt, node, arms.len());
            let valued = arms.iter().any(|(_, arm)| !matches!(arm.tail, Tail::Unit));
            let value = valued.then(|| {
                let at = mixed_site_at(node.place());
                let rt = paths::at(at, self.rt);
                quote_spanned!(at=> #rt::Unit::unit())
            });
            tokens.extend(hygienic!(else { #chose #value }));
        }
        tokens
    }

    fn match_arms(
        &self,
        node: &Node,
        match_token: Token![match],
        scrutinee: &Expr,
        arms: &[(Pat, Scope)],
        env: &Env,
    ) -> TokenStream {
        let scrutinee = env.rewrite(scrutinee, self.rt);
        let arms = arms.iter().enumerate().map(|(arm, (pat, scope))| {
            let mut inner = env.clone();
            let names: Vec<Ident> = bound_by(pat).into_iter().map(|(name, _)| name).collect();
            for name in &names {
                inner.declare(name);
            }
            let noted = self.noted_names(node, arm, &names, scope);
            let pat = env.rewrite_guard(pat, self.rt);
            let body = self.arm(node, (arm, noted), scope, inner);
            let mut body = Group::new(Delimiter::Brace, body);
            body.set_span(arm_place(scope));
            let lints = &scope.lints;
            hygienic!(#(#lints)* #pat => #body)
        });
        quote_spanned!(match_token.span=> #match_token #scrutinee { #(#arms)* })
    }

    /// An arm, with the note of what its pattern binds.
    fn arm(
        &self,
        node: &Node,
        (arm, noted): (usize, Option<TokenStream>),
        scope: &Scope,
        env: Env,
    ) -> TokenStream {
        let chose = chose(self.rt, node, arm);
        let body = self.body(scope, env);
        hygienic!(#chose #noted #body)
    }
}

/// A number as a person writes it: its type follows from where it stands.
pub(super) fn number(number: usize) -> Literal {
    Literal::usize_unsuffixed(number)
}
