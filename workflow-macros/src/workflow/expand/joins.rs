//! Joins: parts that run side by side.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote_spanned};

use super::emitter::Emitter;
use super::held::{IN_JOIN, Lending};
use super::nested::End;
use super::nodes::{mixed_site_at, received};
use super::scope::ScopeEmitter;
use super::undo::is_tracked;
use super::variables::Env;
use crate::paths;
use crate::workflow::awaits::may_wait;
use crate::workflow::contested::consumed_beside;
use crate::workflow::model::{Kind, Node};
use crate::workflow::plan::Plan;
use crate::workflow::values::usage::{Summary, Usage};

impl ScopeEmitter<'_> {
    /// Runs ordinary expressions at once, and the rest side by side.
    pub(super) fn join(&self, parts: &[Plan], env: &mut Env, later: &Usage) -> TokenStream {
        let Emitter { rt, flow, .. } = self.shared;
        let (values, waits) = self.at_once(parts);
        let mut statements = TokenStream::new();
        for value in values {
            statements.extend(self.statements(value, env, later));
        }
        match &waits[..] {
            [] => {}
            [single] => statements.extend(self.statements(single, env, later)),
            _ => {
                let lending = self.lending(&waits, later).into_iter();
                let lending = lending.filter_map(Lending::only_held).collect();
                statements.extend(self.hold(&self.worth_slots(lending, IN_JOIN)));
                let before = env.clone();
                statements.extend(self.share(&waits, &before));
                let branches: Vec<Joined> = self.shared.inside(|| {
                    waits.iter().map(|part| self.branch(part, &before, env, later)).collect()
                });
                let joined = join_tree(rt, branches);
                let Joined { future, pattern, used, place } = joined;
                let at = mixed_site_at(place);
                let rt = paths::at(at, rt);
                let join = if self.shared.depth.get() == 0 { "join" } else { "inner_join" };
                let join = Ident::new(join, at);
                let outcome = quote_spanned!(at=> #rt::#join::<#flow, _>(#future).await);
                let value = self.shared.all(&outcome);
                statements.extend(hygienic!(let #pattern = #value; #used));
                statements.extend(self.known_again(&waits, env, later));
            }
        }
        statements
    }

    /// Checks that no branch of a join consumes what another borrows.
    pub(super) fn share(&self, branches: &[&Plan], env: &Env) -> TokenStream {
        let branches: Vec<Vec<&Node>> = branches
            .iter()
            .map(|branch| branch.nodes().into_iter().filter_map(|at| self.node(at)).collect())
            .collect();
        consumed_beside(&branches, &mut self.shared.traits.borrow_mut(), &|name| {
            let name = name.to_string();
            env.value(&name).is_some() && !self.shared.copied.contains(&name)
        })
    }

    /// Makes what the parts of a join left in slots and places available to what follows it.
    pub(super) fn known_again(&self, parts: &[&Plan], env: &mut Env, later: &Usage) -> TokenStream {
        let mut tokens = TokenStream::new();
        for external in parts.iter().flat_map(|part| self.borrowed_externals(part)) {
            if later.contains_key(external.key.name()) {
                tokens.extend(self.bind_external(external, env));
            }
        }
        for part in parts {
            tokens.extend(self.found_again(part, env, |name| later.contains_key(name)));
        }
        tokens
    }

    /// One branch of a join: its future, and the pattern that takes its value. Afterwards, the
    /// variables that it declares are in `env`.
    pub(super) fn branch(&self, plan: &Plan, before: &Env, env: &mut Env, later: &Usage) -> Joined {
        let rt = self.shared.rt;
        if let Plan::Node(at) = plan
            && let Some(node) = self.node(*at)
            && let Kind::Step(call) = &node.kind
            && !is_tracked(node)
            && !may_wait(&call.expr)
        {
            for (var, _) in &node.vars {
                env.declare(var);
            }
            let future = self.starting(node.place(), self.step_branch(node, call, before));
            let future = self.finishing(node.place(), future);
            let (pattern, mut used) = received(node);
            used.extend(self.put(&mut node.vars.iter().map(|(var, _)| var), env));
            return Joined { future, pattern, used, place: node.place() };
        }
        let mut inner = before.clone();
        // A value from a slot outside can be taken from that slot again.
        let borrowed: Vec<&Ident> =
            self.borrowed_externals(plan).map(|external| &external.ident).collect();
        let (mut exports, mut others) = (Vec::new(), Vec::new());
        for (var, mutable) in self.declared_in(plan) {
            if borrowed.contains(&&var) || self.stays(&var) {
                continue;
            }
            let used = later.contains_key(&var.to_string());
            (if used { &mut exports } else { &mut others }).push((var, mutable));
        }
        let leaving: Vec<Ident> = exports.iter().map(|(var, _)| var.clone()).collect();
        others.retain(|(var, _)| self.lives_on(plan, var, &leaving));
        // Nothing names them any more.
        let unused = others.iter().filter(|(var, _)| !var.to_string().starts_with('_'));
        let unused = unused.map(|(var, _)| var);
        let no_longer_named = hygienic!(#(let _ = &#unused;)*);
        exports.append(&mut others);
        let mut exported = Usage::new();
        for (var, _) in &exports {
            exported.insert(var.to_string(), Summary::CONSUMED);
        }
        let value = tuple(&mut exports.iter().map(|(var, _)| hygienic!(#var)));
        let end: &End<'_> = &|_, _| self.shared.ok(&value);
        let body = self.to_the_end(plan, &mut inner, &exported, end, true);
        for (var, _) in &exports {
            env.declare(var);
        }
        let mut used = TokenStream::new();
        let pattern = tuple(&mut exports.iter().map(|(var, mutable)| {
            let mutable = mutable.then(|| hygienic!(mut));
            let lints = self.lints_of(var);
            if lints.is_empty() {
                return hygienic!(#mutable #var);
            }
            let given = self.shared.slot_of(var);
            used.extend(hygienic!(#lints let #mutable #var = #given;));
            hygienic!(#given)
        }));
        used.extend(no_longer_named);
        let place = self.place(plan);
        let block = self.shared.settled(place, quote_spanned!(place=> async { #body }));
        let future = quote_spanned!(place=> #rt::block(#block));
        let future = self.finishing(self.place(plan), future);
        Joined { future, pattern, used, place: self.place(plan) }
    }
}

impl ScopeEmitter<'_> {
    /// The lint levels that are set for a variable of the scope.
    fn lints_of(&self, variable: &Ident) -> TokenStream {
        let node = self.scope.declares(variable).map(|at| &self.scope.nodes[at]);
        node.map(levels).unwrap_or_default()
    }

    /// A branch of a join that is a single step, which does not start when nothing new may start.
    fn starting(&self, place: Span, branch: TokenStream) -> TokenStream {
        if !self.shared.drains() {
            return branch;
        }
        let at = mixed_site_at(place);
        let rt = paths::at(at, self.shared.rt);
        let failures = quote_spanned!(Span::mixed_site().located_at(place)=> __failures);
        quote_spanned!(at=> #rt::starting(#failures, #branch))
    }

    /// A branch of a join that does not end the others when it fails, if it should not.
    pub(super) fn finishing(&self, place: Span, branch: TokenStream) -> TokenStream {
        if !self.shared.finish {
            return branch;
        }
        let at = mixed_site_at(place);
        let rt = paths::at(at, self.shared.rt);
        let failures = quote_spanned!(Span::mixed_site().located_at(place)=> __failures);
        quote_spanned!(at=> #rt::finishing(#failures, #branch))
    }
}

/// A branch of a join.
pub(super) struct Joined {
    pub(super) future: TokenStream,
    pub(super) pattern: TokenStream,
    /// What follows the pattern.
    pub(super) used: TokenStream,
    pub(super) place: Span,
}

/// Joins of at most eight branches, nested if there are more.
pub(super) fn join_tree(rt: &TokenStream, branches: Vec<Joined>) -> Joined {
    let wide = branches.len().div_ceil(8);
    if branches.len() == 1 {
        return branches.into_iter().next().expect("it has one");
    }
    let branches: Vec<Joined> = if wide > 1 {
        let size = branches.len().div_ceil(8.min(wide));
        let mut chunks = Vec::new();
        let mut rest = branches.into_iter().peekable();
        while rest.peek().is_some() {
            chunks.push(join_tree(rt, rest.by_ref().take(size).collect()));
        }
        chunks
    } else {
        branches
    };
    let join = format_ident!("join{}", branches.len());
    let place = branches[0].place;
    let (mut futures, mut patterns) = (Vec::new(), Vec::new());
    let mut used = TokenStream::new();
    for branch in branches {
        used.extend(branch.used);
        futures.push(branch.future);
        patterns.push(branch.pattern);
    }
    let at = mixed_site_at(place);
    let rt = paths::at(at, rt);
    let future = quote_spanned!(at=> #rt::#join(#(#futures),*));
    Joined { future, pattern: hygienic!((#(#patterns),*)), used, place }
}

/// The lint levels that are set for a node.
pub(super) fn levels(node: &Node) -> TokenStream {
    // An expectation is fulfilled where the node itself is.
    let levels = node.lints.iter().filter(|attr| !attr.path().is_ident("expect"));
    hygienic!(#(#levels)*)
}

/// One value by itself, or several as a tuple.
pub(super) fn tuple(values: &mut dyn Iterator<Item = TokenStream>) -> TokenStream {
    let values: Vec<TokenStream> = values.collect();
    match &values[..] {
        [single] => single.clone(),
        _ => hygienic!((#(#values),*)),
    }
}
