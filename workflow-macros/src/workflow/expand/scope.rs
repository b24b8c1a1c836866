//! The body of a scope: its plan as statements, then its result.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote_spanned};
use syn::{FnArg, Type};

use super::durable::Outputs;
use super::held::{IN_JOIN, Lending};
use super::nested::End;
use super::nodes::{has_doubts, mixed_site_at, received, unbound};
use super::noted::{NotedValues, names_used};
use super::undo::{Outside, Places, is_tracked};
use super::variables::{
    DeferredKey, DeferredKind, DeferredSlot, Env, Summary, Usage, add_usage, add_use, usage_of,
};
use crate::paths;
use crate::pattern::bound_by;
use crate::signature::{output_type, without_impl};
use crate::step::Local;
use crate::workflow::awaits::{has_question, may_wait};
use crate::workflow::borrows::Lenders;
use crate::workflow::model::{How, Kind, Need, Node, Scope, Tail, Use};
use crate::workflow::names::Mode;
use crate::workflow::ordered::seeming_guards;
use crate::workflow::plan::{Order, Plan, plan};
use crate::workflow::syntax::{OnFailure, Options, Workflow};
use crate::workflow::timing;

/// What all parts of one function share.
pub(super) struct Emitter<'a> {
    /// The path of the runtime's hidden module.
    pub(super) rt: &'a TokenStream,
    /// The type whose `?` ends the workflow.
    pub(super) flow: TokenStream,
    /// The return type, as far as it can be written in the body.
    written_output: TokenStream,
    /// There is no `?`, so that nothing can end it early.
    total: bool,
    /// After a failure, what does not depend on it runs to its end, at least if it runs already.
    pub(super) finish: bool,
    /// The names of inputs and generics.
    pub(super) local: Local,
    /// What a failure does.
    on_failure: OnFailure,
    /// What steps come to is recorded.
    pub(super) durable: bool,
    /// The calls that are pauses, if they are what their names say, and that nothing waits for.
    pub(super) unwaited: Vec<usize>,
    /// What stands for the types of what is recorded.
    pub(super) outputs: Outputs,
    /// What stands for the types of plain values.
    pub(super) noted_values: NotedValues,
    /// The braces of the user's body.
    pub(super) braces: Span,
    /// What the workflow returns, where that has a name.
    output: Option<TokenStream>,
    /// Inputs that are certainly copied where they are used by value.
    pub(super) copied: BTreeSet<String>,
    slots: Cell<usize>,
    /// How many joins, regions and fan-outs stand around what is written.
    depth: Cell<usize>,
    /// What stands outside of the body, where it can be undone.
    pub(super) outside: Outside,
}

/// One scope while it is written.
pub(super) struct ScopeEmitter<'a> {
    pub(super) shared: &'a Emitter<'a>,
    pub(super) scope: &'a Scope,
    /// It is the whole body of the workflow.
    is_root: bool,
    /// What the scope waits for, as further nodes behind its own.
    pub(super) externals: Vec<External>,
    pub(super) order: Order,
    /// Where its variables are that outlast the body.
    pub(super) places: Places,
    /// What the values of its nodes may borrow from.
    pub(super) lenders: Lenders,
    /// Slots of variables that outlast the block which declares them.
    pub(super) held: RefCell<BTreeMap<String, Ident>>,
    /// What follows a join may stand in a branch of it.
    pub(super) nests: bool,
    /// The names that are used in the scope, found when they are first needed.
    names_used: OnceCell<BTreeSet<String>>,
}

/// Something from outside the scope that may not be ready when the scope starts.
pub(super) struct External {
    pub(super) ident: Ident,
    pub(super) key: DeferredKey,
    pub(super) slot: DeferredSlot,
    /// Where the scope keeps a counted reference to the value, to the scope's end: what it makes
    /// of the value may borrow from it.
    pub(super) counted: Option<Ident>,
}

impl External {
    /// Whether the scope has the value for its own.
    pub(super) fn is_taken(&self) -> bool {
        matches!(self.key, DeferredKey::Value(_)) && !self.slot.kind.is_borrowed()
    }
}

impl<'a> Emitter<'a> {
    /// `flow` is the return type, or `None` where there is no `?`.
    pub(super) fn new(rt: &'a TokenStream, flow: Option<TokenStream>, workflow: &Workflow) -> Self {
        let total = flow.is_none();
        // Where nothing fails, there is nothing to finish after a failure.
        let on_failure = workflow.options.on_failure;
        let finish = on_failure != OnFailure::Cancel && !total;
        let flow = flow.unwrap_or(hygienic!(#rt::Total));
        let Workflow { options: Options { durable, .. }, braces, .. } = *workflow;
        let (slots, outside, outputs) = (Cell::new(0), Outside::default(), Outputs::default());
        let output = output_type(&workflow.sig.output, rt);
        let written_output = without_impl(&output);
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
            slots,
            depth: Cell::new(0),
            outside,
        }
    }

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

    /// The statements of a scope, then what it comes to.
    pub(super) fn body(&self, scope: &Scope, env: Env) -> TokenStream {
        self.scope(&ScopeEmitter::new(self, scope, &env, true), env, None)
    }

    /// The same, where its value is not used.
    pub(super) fn unused_body(&self, scope: &Scope, env: Env) -> TokenStream {
        let body = self.body(scope, env);
        match &scope.tail {
            Tail::Unit => body,
            // rustc warns of it as of any statement.
            Tail::Expr(_) => hygienic!(#body;),
            Tail::Node(result) => {
                let output = unbound(&scope.nodes[*result]);
                hygienic!(let #output = { #body }; #output;)
            }
        }
    }

    /// `output` is the type of what it comes to, where that is known.
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
        let counted: TokenStream =
            counted.map(|counted| hygienic!(let #counted = &#rt::Shared::new();)).collect();
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
        let warnings: TokenStream = warnings.collect();
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
        hygienic!(#warnings #entered #counted #body)
    }

    /// Writes what other branches run beside.
    pub(super) fn inside<T>(&self, write: impl FnOnce() -> T) -> T {
        let depth = self.depth.get();
        self.depth.set(depth + 1);
        let written = write();
        self.depth.set(depth);
        written
    }

    /// A name of the macro's own that no other slot has.
    pub(super) fn slot(&self, name: &str) -> Ident {
        let number = self.slots.replace(self.slots.get() + 1);
        let name = name.trim_start_matches("r#");
        format_ident!("__slot_{name}_{number}", span = Span::mixed_site())
    }

    /// The same for a variable, in its place.
    pub(super) fn slot_of(&self, variable: &Ident) -> Ident {
        let mut slot = self.slot(&variable.to_string());
        slot.set_span(mixed_site_at(variable.span()));
        slot
    }

    /// An async block where the user's body is. Of what a block in a place of the macro's
    /// own captures, rustc would not tell the name.
    pub(super) fn async_move(&self, content: &TokenStream) -> TokenStream {
        quote_spanned!(self.braces=> async move { #content })
    }

    /// An async block beside which other steps run. If it fails in a durable workflow, that ends
    /// the others only when their records have arrived.
    pub(super) fn settled(&self, place: Span, block: TokenStream) -> TokenStream {
        if !self.settles() {
            return block;
        }
        let at = mixed_site_at(place);
        let rt = paths::at(at, self.rt);
        quote_spanned!(at=> #rt::settled(#block))
    }

    /// Whether a failure has to wait for the records of what runs beside it.
    pub(super) fn settles(&self) -> bool {
        self.durable && !self.finish && !self.total
    }

    /// The body of a closure, in the same place.
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

    /// The end of the enclosing async block, where nothing new may start.
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
                let counted = (slot.kind == DeferredKind::Lent
                    && matches!(key, DeferredKey::Value(_)))
                .then(|| shared.slot(key.name()));
                externals.push(External { ident: used.ident.clone(), key, slot, counted });
            }
        }
        let order = order(scope, &externals, &shared.copied);
        let places = shared.places(scope, env);
        let taken = externals.iter().filter(|external| external.is_taken());
        let lenders = Lenders::of(scope, order.sorted(), taken.map(|taken| &taken.ident));
        let held = RefCell::default();
        let names_used = OnceCell::new();
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
            names_used,
        }
    }

    /// The names that are used in the scope.
    pub(super) fn names_used(&self) -> &BTreeSet<String> {
        self.names_used.get_or_init(|| names_used(self.scope))
    }

    /// The type of what the scope comes to, where it is known: `: T`.
    pub(super) fn result_type(&self) -> Option<TokenStream> {
        let output = &self.shared.written_output;
        self.is_root.then(|| hygienic!(: #output))
    }

    /// The node, where `at` is no external.
    pub(super) fn node(&self, at: usize) -> Option<&'a Node> {
        self.scope.nodes.get(at)
    }

    pub(super) fn external(&self, at: usize) -> &External {
        &self.externals[at - self.scope.nodes.len()]
    }

    /// The values that a part waits for and then borrows.
    fn borrowed_externals(&self, plan: &Plan) -> impl Iterator<Item = &External> {
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

    /// Where errors about a part as a whole are shown. It is a place of the user's own, so
    /// that rustc tells the names of what an async block there captures.
    pub(super) fn place(&self, plan: &Plan) -> Span {
        let node = plan.nodes().into_iter().find_map(|at| self.node(at));
        node.map_or(self.shared.braces, Node::place)
    }

    /// How a part uses variables that it does not declare.
    pub(super) fn usage(&self, plan: &Plan) -> Usage {
        let mut usage = Usage::new();
        for node in plan.nodes().into_iter().filter_map(|at| self.node(at)) {
            for used in node.uses() {
                add_use(&mut usage, used);
            }
        }
        for (own, _) in self.declared_in(plan) {
            usage.remove(&own.to_string());
        }
        usage
    }

    /// The plan as statements. `later` is what follows uses.
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
        let parts = parts.iter().zip(after);
        parts.map(|(part, later)| self.statements(part, env, &later)).collect()
    }

    /// What is used after each part. `later` is what follows the last one uses.
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

    /// Ordinary expressions run at once; the rest runs side by side.
    fn join(&self, parts: &[Plan], env: &mut Env, later: &Usage) -> TokenStream {
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

    /// Makes what the parts of a join left in slots and places known to what follows it.
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

    /// One branch of a join: what runs, and the pattern that takes its value. What it
    /// declares stands ready in `env` afterwards.
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
            used.extend(self.put(node.vars.iter().map(|(var, _)| var), env));
            return Joined { future, pattern, used, place: node.place() };
        }
        let mut inner = before.clone();
        // What comes from a slot outside can be had there again.
        let borrowed: Vec<&Ident> =
            self.borrowed_externals(plan).map(|external| &external.ident).collect();
        let declared = self.declared_in(plan).into_iter();
        let (mut exports, others): (Vec<_>, Vec<_>) = declared
            .filter(|(var, _)| !borrowed.contains(&var) && !self.stays(var))
            .partition(|(var, _)| later.contains_key(&var.to_string()));
        let leaving: Vec<Ident> = exports.iter().map(|(var, _)| var.clone()).collect();
        let alive: Vec<(Ident, bool)> =
            others.into_iter().filter(|(var, _)| self.lives_on(plan, var, &leaving)).collect();
        // Nothing names them any more.
        let unused = alive.iter().filter(|(var, _)| !var.to_string().starts_with('_'));
        let no_longer_named: TokenStream =
            unused.map(|(var, _)| hygienic!(let _ = &#var;)).collect();
        exports.extend(alive);
        let exported = exports.iter().map(|(var, _)| (var.to_string(), Summary::CONSUMED));
        let value = tuple(exports.iter().map(|(var, _)| hygienic!(#var)));
        let end: &End<'_> = &|_, _| self.shared.ok(&value);
        let body = self.to_the_end(plan, &mut inner, &exported.collect(), end, true);
        for (var, _) in &exports {
            env.declare(var);
        }
        let mut used = TokenStream::new();
        let pattern = tuple(exports.iter().map(|(var, mutable)| {
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
    /// The levels of lints that are set for a variable of the scope.
    fn lints_of(&self, variable: &Ident) -> TokenStream {
        let node = self.scope.declares(variable).map(|at| &self.scope.nodes[at]);
        node.map(levels).unwrap_or_default()
    }

    /// A branch of a join that is one step, which does not start where nothing new may.
    fn starting(&self, place: Span, branch: TokenStream) -> TokenStream {
        if !self.shared.drains() {
            return branch;
        }
        let at = mixed_site_at(place);
        let rt = paths::at(at, self.shared.rt);
        let failures = quote_spanned!(Span::mixed_site().located_at(place)=> __failures);
        quote_spanned!(at=> #rt::starting(#failures, #branch))
    }

    /// A branch of a join that does not end the others if it fails, where it should not.
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

/// Joins of at most eight, of joins where there are more.
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

/// The levels of lints that are set for a node.
fn levels(node: &Node) -> TokenStream {
    // An expectation is met where the node itself stands.
    let levels = node.lints.iter().filter(|attr| !attr.path().is_ident("expect"));
    levels.map(ToTokens::to_token_stream).collect()
}

/// The inputs of a type that is certainly `Copy`: references and numbers.
fn copied_inputs(workflow: &Workflow) -> BTreeSet<String> {
    let inputs = workflow.sig.inputs.iter().filter_map(|input| match input {
        FnArg::Typed(typed) => Some(typed),
        FnArg::Receiver(_) => None,
    });
    let copied = inputs.filter(|input| is_copied(&input.ty));
    let names = copied.flat_map(|input| bound_by(&input.pat));
    names.map(|(name, _)| name.to_string()).collect()
}

fn is_copied(ty: &Type) -> bool {
    match ty {
        Type::Reference(reference) => reference.mutability.is_none(),
        Type::Path(path) => path.path.get_ident().is_some_and(|name| {
            let name = name.to_string();
            let number = name.strip_prefix(['u', 'i', 'f']).unwrap_or_default();
            let is_number = matches!(number, "8" | "16" | "32" | "64" | "128" | "size");
            is_number || matches!(&*name, "bool" | "char")
        }),
        _ => false,
    }
}

/// One value on its own, or several as a tuple.
pub(super) fn tuple(values: impl Iterator<Item = TokenStream>) -> TokenStream {
    let values: Vec<TokenStream> = values.collect();
    match &values[..] {
        [single] => single.clone(),
        _ => hygienic!((#(#values),*)),
    }
}

fn uses(node: &Node, key: &DeferredKey) -> bool {
    node.uses().any(|used| DeferredKey::of(used) == *key)
}

/// The scopes inside a node that use something from outside. In another, the same name may be that
/// of what its pattern binds.
fn scopes_that_use<'n>(node: &'n Node, key: &DeferredKey) -> impl Iterator<Item = &'n Scope> {
    let uses = |scope: &&Scope| scope.free.iter().any(|used| DeferredKey::of(used) == *key);
    node.scopes().into_iter().filter(uses)
}

/// Whether a node cannot start without something.
fn starts_with(node: &Node, key: &DeferredKey) -> bool {
    if !uses(node, key) {
        return false;
    }
    let needs = timing::needed_at_once(node);
    let name = key.name().to_owned();
    // A call needs a variable where that is a closure, but never the end of a step.
    let called =
        matches!(key, DeferredKey::Value(_)) && needs.contains(&Need::Called(name.clone()));
    called || needs.contains(&Need::Named(name))
}

/// Whether the scope as a whole has to wait for something: because of a node that cannot
/// start without it, or for its own result. What only a part of a node may come to need
/// is waited for there, so that nobody waits for what an arm needs that is not chosen.
fn waits_for(scope: &Scope, key: &DeferredKey) -> bool {
    let result = match (&scope.tail, key) {
        (Tail::Expr(expr), DeferredKey::Value(name)) => usage_of(expr).contains_key(name),
        _ => false,
    };
    result || scope.nodes.iter().any(|node| starts_with(node, key))
}

/// Whether any of the uses may consume a value.
fn consumes<'u>(uses: impl IntoIterator<Item = &'u Use>, key: &DeferredKey) -> bool {
    uses.into_iter().any(|used| {
        let consumed = matches!(used.how, How::Value(Mode::Value | Mode::Part));
        consumed && !used.repeats && DeferredKey::of(used) == *key
    })
}

/// Whether each way through a node consumes a value at one place at the most, and after all
/// that only borrow it. So each place can take what it needs: the value, or a reference.
pub(super) fn consumes_last(node: &Node, key: &DeferredKey) -> bool {
    if matches!(node.kind, Kind::FanOut { .. }) {
        return !node.scopes().into_iter().any(|body| consumes(&body.free, key));
    }
    scopes_that_use(node, key).all(|scope| {
        let users = || scope.nodes.iter().enumerate().filter(|(_, node)| uses(node, key));
        let mut consumers = users().filter(|(_, node)| consumes(node.uses(), key));
        match (consumers.next(), consumers.next()) {
            // All in it get the value from the scope.
            _ if waits_for(scope, key) => true,
            (None, _) => users().all(|(_, node)| consumes_last(node, key)),
            (Some((last, _)), None) => {
                let before = done_before(scope, last);
                users().all(|(at, _)| at == last || before.contains(&at))
                    && users().all(|(_, node)| consumes_last(node, key))
            }
            (Some(_), Some(_)) => false,
        }
    })
}

/// The nodes of a scope that are done before one of them starts.
fn done_before(scope: &Scope, at: usize) -> BTreeSet<usize> {
    let mut before = BTreeSet::new();
    let mut left = vec![at];
    while let Some(at) = left.pop() {
        let needs = scope.nodes[at].starts_after.iter().copied();
        left.extend(needs.filter(|need| before.insert(*need)));
    }
    before
}

/// At how many places of a node something is waited for, at the most.
pub(super) fn waiting_places(node: &Node, key: &DeferredKey) -> usize {
    // Only one of several arms runs, but the body of a `for` many times.
    let places = scopes_that_use(node, key).map(|scope| waiting_places_in(scope, key)).max();
    let repeats = if matches!(node.kind, Kind::FanOut { .. }) { 2 } else { 1 };
    places.unwrap_or(0) * repeats
}

fn waiting_places_in(scope: &Scope, key: &DeferredKey) -> usize {
    if waits_for(scope, key) {
        // All in it get the value from the scope.
        return 1;
    }
    scope.nodes.iter().map(|node| waiting_places(node, key)).sum()
}

/// The order of a scope's nodes and of what it waits for.
fn order(scope: &Scope, externals: &[External], copied: &BTreeSet<String>) -> Order {
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
                // The scope takes the value out of its slot, so it is to be had from the
                // scope alone.
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

/// Ordinary expressions that only look at a value which a step that is ready at the same
/// time consumes. They take no time, so they come first and nothing starts later for it.
fn looks_before_consumption(
    scope: &Scope,
    needs: &[Vec<usize>],
    order: &Order,
    copied: &BTreeSet<String>,
) -> Vec<(usize, usize)> {
    let usages: Vec<Usage> = scope.nodes.iter().map(usage_of_node).collect();
    let mut looks = Vec::new();
    for (look, node) in scope.nodes.iter().enumerate() {
        let Kind::Value(expr) = &node.kind else { continue };
        // One that may take time comes first only where it has to.
        let waits = may_wait(expr);
        for consumer in (0..scope.nodes.len()).filter(|&consumer| consumer != look) {
            let is_value = matches!(scope.nodes[consumer].kind, Kind::Value(_));
            let shared = usages[look].iter().any(|(name, summary)| {
                let needless = waits && copied.contains(name);
                let consumed = usages[consumer].get(name).filter(|_| !needless);
                // Of two that may be either, the one that stands first looks first.
                !summary.takes_all
                    && consumed.is_some_and(|consumed| {
                        consumed.takes_all
                            || consumed.takes_part
                                && (!is_value || !summary.takes_part || look < consumer)
                    })
            });
            let ready = needs[look].iter().all(|&need| order.precedes(need, consumer));
            // Two that each look at what the other takes can only copy it.
            if shared
                && ready
                && !order.precedes(look, consumer)
                && !comes_before(consumer, look, order, &looks)
            {
                looks.push((look, consumer));
            }
        }
    }
    looks
}

/// Whether one node has to come before another, in the order or by what looks first.
fn comes_before(first: usize, last: usize, order: &Order, looks: &[(usize, usize)]) -> bool {
    let leads_to = |from: usize, to: usize| from == to || order.precedes(from, to);
    let mut reached = vec![first];
    let mut left: Vec<(usize, usize)> = looks.to_vec();
    while let Some(from) = reached.pop() {
        if leads_to(from, last) {
            return true;
        }
        left.retain(|&(look, consumer)| {
            let reaches = leads_to(from, look);
            if reaches {
                reached.push(consumer);
            }
            !reaches
        });
    }
    false
}

fn usage_of_node(node: &Node) -> Usage {
    let mut usage = Usage::new();
    for used in node.uses() {
        add_use(&mut usage, used);
    }
    usage
}
