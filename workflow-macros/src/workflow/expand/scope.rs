//! The body of a scope: its plan as statements, then its result.

use std::cell::{OnceCell, RefCell};

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote_spanned;

use super::emitter::Emitter;
use super::joins::levels;
use super::nested::End;
use super::nodes::{has_doubts, mixed_site_at, unbound};
use super::noted::names_used;
use super::undo::Places;
use super::variables::{DeferredSlot, Env};
use crate::paths;
use crate::sorted::{SortedMap, SortedSet};
use crate::workflow::awaits::{has_question, may_wait};
use crate::workflow::model::{Kind, Node, Scope, Tail};
use crate::workflow::ordered::seeming_guards;
use crate::workflow::plan::{Order, Plan, plan};
use crate::workflow::values::borrows::{Lenders, taken};
use crate::workflow::values::deferred::{
    DeferredKey, DeferredKind, consumes, starts_with, uses, waits_for,
};
use crate::workflow::values::precedence::looks_before_consumption;
use crate::workflow::values::usage::{Summary, Usage, add_usage, usage_of, usage_of_node};

/// One scope while it is being written.
pub(super) struct ScopeEmitter<'a> {
    pub(super) shared: &'a Emitter<'a>,
    pub(super) scope: &'a Scope,
    /// It is the whole body of the workflow.
    is_root: bool,
    /// What the scope waits for, as additional nodes after its own.
    pub(super) externals: Vec<External>,
    pub(super) order: Order,
    /// The places of its variables that outlast the body.
    pub(super) places: Places,
    /// What the values of its nodes may borrow from.
    pub(super) lenders: Lenders,
    /// Slots of variables that outlast the block that declares them.
    pub(super) held: RefCell<SortedMap<String, Ident>>,
    /// The code that follows a join may be inside one of its branches.
    pub(super) nests: bool,
    /// The names that are used in the scope, computed when first needed.
    names_used: OnceCell<SortedSet<String>>,
    /// The names of variables that are not only looked at, computed when first needed.
    taken: OnceCell<SortedSet<String>>,
}

/// Something from outside the scope that may not be ready when the scope starts.
pub(super) struct External {
    pub(super) ident: Ident,
    pub(super) key: DeferredKey,
    pub(super) slot: DeferredSlot,
    /// Where the scope keeps a counted reference to the value until the scope's end: what it makes
    /// of the value may borrow from it.
    pub(super) counted: Option<Ident>,
}

impl External {
    /// Whether the scope owns the value.
    pub(super) fn is_taken(&self) -> bool {
        matches!(self.key, DeferredKey::Value(_)) && !self.slot.kind.is_borrowed()
    }
}

impl Emitter<'_> {
    /// The whole body of the function.
    pub(super) fn root(&self, scope: &Scope, env: Env) -> TokenStream {
        let nests = match &scope.tail {
            // Such a `?` returns the workflow's own type, from the outermost block.
            Tail::Expr(expr) => !self.total || !has_question(expr),
            Tail::Unit | Tail::Node(_) => true,
        };
        let rt = self.rt;
        let doubts = has_doubts(scope, self.durable, &self.unwaited);
        let import = doubts.then(|| hygienic!(use #rt::AnyStep as _;));
        let emitter = ScopeEmitter { is_root: true, ..ScopeEmitter::new(self, scope, &env, nests) };
        let body = self.scope(&emitter, env, self.output.as_ref());
        hygienic!(#import #body)
    }

    /// The statements of a scope, then its value.
    pub(super) fn body(&self, scope: &Scope, env: Env) -> TokenStream {
        self.scope(&ScopeEmitter::new(self, scope, &env, true), env, None)
    }

    /// The same, if its value is not used.
    pub(super) fn unused_body(&self, scope: &Scope, env: Env) -> TokenStream {
        let body = self.body(scope, env);
        match &scope.tail {
            Tail::Unit => body,
            // rustc warns about it as about any statement.
            Tail::Expr(_) => hygienic!(#body;),
            Tail::Node(result) => {
                let output = unbound(&scope.nodes[*result]);
                hygienic!(let #output = { #body }; #output;)
            }
        }
    }

    /// `output` is the type of its value, if that is known.
    fn scope(
        &self,
        emitter: &ScopeEmitter<'_>,
        mut env: Env,
        output: Option<&TokenStream>,
    ) -> TokenStream {
        let scope = emitter.scope;
        let entered = self.enter(scope, &emitter.places, &mut env);
        let counted = emitter.externals.iter().filter_map(|external| external.counted.as_ref());
        let rt = self.rt;
        let counted = hygienic!(#(let #counted = &#rt::Shared::new();)*);
        let mut later = Usage::new();
        match &scope.tail {
            Tail::Expr(expr) => later = usage_of(expr),
            Tail::Node(result) => {
                let (result, _) = &scope.nodes[*result].vars[0];
                later.insert(result.to_string(), Summary::CONSUMED);
            }
            Tail::Unit => {}
        }
        let warnings = seeming_guards(scope).into_iter().map(|at| {
            let node = &scope.nodes[at];
            let lints = levels(node);
            let at = mixed_site_at(node.place());
            let rt = paths::at(at, self.rt);
            quote_spanned!(at=> #lints #rt::runs_beside_what_stands_below();)
        });
        let tail = |env: &Env| match &scope.tail {
            Tail::Expr(expr) => {
                let expr = env.rewrite(expr, self.rt);
                hygienic!(#expr)
            }
            Tail::Node(result) => {
                let (result, _) = &scope.nodes[*result].vars[0];
                hygienic!(#result)
            }
            Tail::Unit => TokenStream::new(),
        };
        let end: &End<'_> = &|env, wraps| match (wraps, output) {
            (false, _) => tail(env),
            (true, Some(output)) => {
                let (Self { rt, flow, .. }, tail) = (self, tail(env));
                hygienic!(#rt::ok::<#flow, #output>(#tail))
            }
            (true, None) => {
                let tail = tail(env);
                if tail.is_empty() { self.ok(&hygienic!(())) } else { self.ok(&tail) }
            }
        };
        let body = match plan(&emitter.order) {
            Some(plan) => emitter.to_the_end(&plan, &mut env, &later, end, false),
            None => end(&mut env, false),
        };
        hygienic!(#(#warnings)* #entered #counted #body)
    }
}

impl<'a> ScopeEmitter<'a> {
    pub(super) fn new(shared: &'a Emitter<'a>, scope: &'a Scope, env: &Env, nests: bool) -> Self {
        let mut externals: Vec<External> = Vec::new();
        for used in &scope.free {
            let key = DeferredKey::of(used);
            if let Some((_, slot)) = env.deferred().find(|(deferred, _)| **deferred == key)
                && !externals.iter().any(|external| external.key == key)
                && waits_for(scope, &key)
            {
                let mut slot = slot.clone();
                slot.kind = slot.kind.of_place(consumes(&scope.free, &key));
                let counted = (slot.kind == DeferredKind::Lent).then(|| shared.slot(key.name()));
                externals.push(External { ident: used.ident.clone(), key, slot, counted });
            }
        }
        let order = order(scope, &externals, &shared.copied);
        let places = shared.places(scope, env);
        let owned = externals.iter().filter(|external| external.is_taken());
        let lenders = Lenders::of(scope, order.sorted(), owned.map(|owned| &owned.ident));
        let held = RefCell::default();
        Self {
            shared,
            scope,
            is_root: false,
            externals,
            order,
            places,
            lenders,
            held,
            nests,
            names_used: OnceCell::new(),
            taken: OnceCell::new(),
        }
    }

    /// The names that are used in the scope.
    pub(super) fn names_used(&self) -> &SortedSet<String> {
        self.names_used.get_or_init(|| names_used(self.scope))
    }

    /// The names of the variables that the scope does not only look at.
    pub(super) fn taken(&self) -> &SortedSet<String> {
        self.taken.get_or_init(|| taken(self.scope))
    }

    /// The type of the scope's value, if it is known: `: T`.
    pub(super) fn result_type(&self) -> Option<TokenStream> {
        let output = &self.shared.written_output;
        self.is_root.then(|| hygienic!(: #output))
    }

    /// The node, unless `at` is an external.
    pub(super) fn node(&self, at: usize) -> Option<&'a Node> {
        self.scope.nodes.get(at)
    }

    pub(super) fn external(&self, at: usize) -> &External {
        &self.externals[at - self.scope.nodes.len()]
    }

    /// The values that a part waits for and then borrows.
    pub(super) fn borrowed_externals(&self, plan: &Plan) -> impl Iterator<Item = &External> {
        let externals = plan.nodes().into_iter().filter(|&at| self.node(at).is_none());
        externals.map(|at| self.external(at)).filter(|external| {
            external.slot.kind.is_borrowed() && matches!(external.key, DeferredKey::Value(_))
        })
    }

    /// Whether a node is an ordinary expression, which takes no time.
    pub(super) fn is_value(&self, at: usize) -> bool {
        let node = self.node(at).map(|node| &node.kind);
        matches!(node, Some(Kind::Value(expr)) if !may_wait(expr))
    }

    /// The variables that a node declares, with whether they are `mut`.
    pub(super) fn declared(&self, at: usize) -> Vec<(Ident, bool)> {
        match self.node(at) {
            Some(node) => node.vars.clone(),
            None => match &self.external(at).key {
                DeferredKey::Value(_) => vec![(self.external(at).ident.clone(), false)],
                DeferredKey::Done(_) => Vec::new(),
            },
        }
    }

    /// What a part declares.
    pub(super) fn declared_in(&self, plan: &Plan) -> Vec<(Ident, bool)> {
        plan.nodes().into_iter().flat_map(|at| self.declared(at)).collect()
    }

    /// Where errors about a part as a whole are shown. It is a place in the user's code, so that
    /// rustc names what an async block there captures.
    pub(super) fn place(&self, plan: &Plan) -> Span {
        let node = plan.nodes().into_iter().find_map(|at| self.node(at));
        node.map_or(self.shared.braces, Node::place)
    }

    /// How a part uses variables that it does not declare.
    pub(super) fn usage(&self, plan: &Plan) -> Usage {
        let mut usage = Usage::new();
        for node in plan.nodes().into_iter().filter_map(|at| self.node(at)) {
            add_usage(&mut usage, &usage_of_node(node));
        }
        for (own, _) in self.declared_in(plan) {
            usage.remove(&own.to_string());
        }
        usage
    }

    /// The plan as statements. `later` is what the code after it uses.
    pub(super) fn statements(&self, plan: &Plan, env: &mut Env, later: &Usage) -> TokenStream {
        match plan {
            Plan::Node(at) => {
                let gate = self.shared.gate();
                let statement = self.node_statement(*at, env);
                hygienic!(#gate #statement)
            }
            Plan::Sequence(parts) => self.sequence(parts, env, later),
            Plan::Join(parts) => self.join(parts, env, later),
            Plan::Region(branches) => self.region(branches, env, later),
        }
    }

    fn sequence(&self, parts: &[Plan], env: &mut Env, later: &Usage) -> TokenStream {
        let after = self.used_after(parts, later);
        let mut statements = TokenStream::new();
        for (part, later) in parts.iter().zip(after) {
            statements.extend(self.statements(part, env, &later));
        }
        statements
    }

    /// What is used after each part. `later` is what the code after the last one uses.
    pub(super) fn used_after(&self, parts: &[Plan], later: &Usage) -> Vec<Usage> {
        let mut after = vec![later.clone()];
        for part in parts.iter().skip(1).rev() {
            let mut usage = after[after.len() - 1].clone();
            add_usage(&mut usage, &self.usage(part));
            after.push(usage);
        }
        after.reverse();
        after
    }

    /// The parts of a join that are ordinary expressions, which run at once, and the others.
    pub(super) fn at_once<'p>(&self, parts: &'p [Plan]) -> (Vec<&'p Plan>, Vec<&'p Plan>) {
        parts.iter().partition(|part| matches!(part, Plan::Node(at) if self.is_value(*at)))
    }
}

/// The order of a scope's nodes and of what it waits for.
fn order(scope: &Scope, externals: &[External], copied: &SortedSet<String>) -> Order {
    let count = scope.nodes.len();
    let mut needs: Vec<Vec<usize>> = Vec::new();
    let mut watches: Vec<Vec<usize>> = Vec::new();
    for node in &scope.nodes {
        let mut node_needs: Vec<usize> = node.starts_after.iter().copied().collect();
        let mut node_watches: Vec<usize> = node.waits_inside.iter().copied().collect();
        for (at, external) in externals.iter().enumerate() {
            if starts_with(node, &external.key) {
                node_needs.push(count + at);
            } else if !external.slot.kind.is_borrowed() && uses(node, &external.key) {
                // The scope takes the value out of its slot, so it is available only from the
                // scope.
                node_watches.push(count + at);
            }
        }
        needs.push(node_needs);
        watches.push(node_watches);
    }
    needs.resize(count + externals.len(), Vec::new());
    watches.resize(count + externals.len(), Vec::new());
    let order = Order::new(&needs, &watches);
    let looks = looks_before_consumption(scope, &needs, &order, copied);
    if looks.is_empty() {
        return order;
    }
    for (look, consumer) in looks {
        needs[consumer].push(look);
    }
    Order::new(&needs, &watches)
}
