//! A region: its branches, the slots that their values wait in, and the closure that
//! starts and polls them.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{format_ident, quote_spanned};
use syn::spanned::Spanned;

use super::moves::Conflict;
use super::nodes::{assign, glue_at, is_step, unbound};
use super::scope::{Emitter, ScopeEmitter, tuple, waiting_places};
use super::variables::{Env, LateKey, LateKind, LateSlot, Summary, Usage};
use crate::paths;
use crate::workflow::model::{How, Kind, Node};
use crate::workflow::plan::{Branch, Plan};
use crate::workflow::temporaries::borrows_temporary;

/// How a branch is run.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// It is one call of a step.
    Call,
    /// It is one ordinary expression, and done when it starts.
    Inline,
    /// It only waits for a value from outside.
    Wait,
    /// It is an async block.
    Block,
}

/// Where a variable is kept, and so what its users get.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Keep {
    /// In the variable itself, which stood ready before the region; users borrow it.
    Before,
    /// In a `Shared`; users borrow it.
    Shared,
    /// In an `Option`; its one user consumes it.
    Owned,
    /// In a `Lent`; users borrow it and the last one consumes it.
    Lent,
    /// In a `Late`; users borrow it, some of them while they run.
    Late,
    /// In a `LateLent`; users borrow it, some of them while they run, and the last one
    /// consumes it.
    LateLent,
    /// In a `LateOwned`; its one user consumes it while it runs.
    LateOwned,
    /// In a slot outside the region; users borrow it there.
    Outside,
}

/// A variable that branches of the region use.
pub(super) struct Variable {
    pub(super) ident: Ident,
    mutable: bool,
    /// The branch that declares it; `None` where it stood ready before.
    declared_by: Option<usize>,
    pub(super) users: Vec<User>,
    /// How what follows the region uses it.
    later: Option<Summary>,
    /// It only waits for something from outside, by the number of the node.
    pub(super) external: Option<usize>,
    pub(super) keep: Keep,
    pub(super) slot: Ident,
    /// Two users that may be at odds.
    pub(super) conflict: Option<Conflict>,
}

pub(super) struct User {
    pub(super) branch: usize,
    pub(super) usage: Summary,
    /// The branch may start before the variable is ready.
    late: bool,
    /// No other user runs after this one starts.
    last: bool,
}

/// That a step is done, for branches which wait for it while they run.
struct Done {
    by: usize,
    /// The names that `#[after]` gives it, by branch.
    names: Vec<(usize, String)>,
    slot: Ident,
}

pub(super) struct Region<'a> {
    pub(super) emitter: &'a ScopeEmitter<'a>,
    pub(super) branches: &'a [Branch],
    shapes: Vec<Shape>,
    pub(super) variables: Vec<Variable>,
    done: Vec<Done>,
}

impl ScopeEmitter<'_> {
    pub(super) fn region(&self, branches: &[Branch], env: &mut Env, later: &Usage) -> TokenStream {
        let region = Region::new(self, branches, env, later);
        region.emit(env)
    }
}

impl<'a> Region<'a> {
    fn new(
        emitter: &'a ScopeEmitter<'a>,
        branches: &'a [Branch],
        env: &Env,
        later: &Usage,
    ) -> Self {
        let shapes = branches.iter().map(|branch| shape(emitter, &branch.plan)).collect();
        let variables = variables(emitter, branches, env, later);
        let done = done_signals(emitter, branches);
        let mut region = Self { emitter, branches, shapes, variables, done };
        region.choose_keeps();
        region
    }

    fn shared(&self) -> &'a Emitter<'a> {
        self.emitter.shared
    }

    /// Decides where each variable is kept: the least that serves its users.
    fn choose_keeps(&mut self) {
        for at in 0..self.variables.len() {
            let keep = self.keep(&self.variables[at]);
            self.variables[at].keep = keep;
            self.variables[at].conflict = self.conflict(&self.variables[at]);
            let lent_outside = self.variables[at]
                .external
                .is_some_and(|node| self.emitter.external(node).slot.kind == LateKind::Lent);
            if matches!(keep, Keep::Lent | Keep::LateLent) || lent_outside {
                // A borrow is held by the async block that uses it, and a call that
                // borrows what it consumes needs one too.
                for user in &self.variables[at].users {
                    let borrows = !user.last || user.usage.borrows;
                    if borrows && self.shapes[user.branch] == Shape::Call {
                        self.shapes[user.branch] = Shape::Block;
                    }
                }
            }
        }
    }

    fn keep(&self, variable: &Variable) -> Keep {
        let shared = if variable.declared_by.is_none() { Keep::Before } else { Keep::Shared };
        if variable.external.is_some() {
            return Keep::Outside;
        }
        let users = &variable.users;
        let consumed_last =
            users.iter().any(|user| {
                let once = !user.late || self.takes_once(user.branch, &variable.ident);
                user.last && consumes(user) && once
            }) && users.iter().filter(|user| !user.last).all(|user| !user.usage.consumes());
        if variable.users.iter().any(|user| user.late) {
            return match &variable.users[..] {
                [user]
                    if consumes(user)
                        && is_free(variable)
                        && self.takes_once(user.branch, &variable.ident) =>
                {
                    Keep::LateOwned
                }
                _ if consumed_last && is_free(variable) => Keep::LateLent,
                _ => Keep::Late,
            };
        }
        if variable.users.is_empty() {
            return Keep::Owned;
        }
        if !is_free(variable) {
            return shared;
        }
        match &variable.users[..] {
            [user] => {
                // A single call that borrows and copies needs no more than a borrow.
                let direct = matches!(self.shapes[user.branch], Shape::Call | Shape::Inline);
                if consumes(user) && !(direct && user.usage.borrows) { Keep::Owned } else { shared }
            }
            _ if consumed_last => Keep::Lent,
            _ => shared,
        }
    }

    /// Whether a branch waits for a variable at one place, which can then take the value.
    fn takes_once(&self, branch: usize, variable: &Ident) -> bool {
        let key = LateKey::Value(variable.to_string());
        let nodes = self.branches[branch].plan.nodes();
        let nodes = nodes.into_iter().filter_map(|at| self.emitter.node(at));
        nodes.map(|node| waiting_places(node, &key)).sum::<usize>() <= 1
    }

    fn emit(&self, env: &mut Env) -> TokenStream {
        let Emitter { rt, flow, .. } = self.shared();
        let mut inside = env.clone();
        let slots = self.slots();
        let before = self.take_over(&mut inside);
        let pins = self.pins();
        let needs = self.branches.iter().map(|branch| literal(branch.needs.len()));
        let count = self.branches.len();
        let words = count.div_ceil(64);
        let arms = (0..count).map(|branch| self.arm(branch, &inside));
        let end = self.shared().ok(&glue!(()));
        let poll = self.shared().block(&glue! {
            while let #rt::Some((branch, starts)) = tracker.next_branch() {
                match branch {
                    #(#arms)*
                    _ => #rt::unreachable!(),
                }
                }
                #end
        });
        let at = glue_at(self.emitter.place(&self.branches[0].plan));
        let rt = &paths::at(at, rt);
        let closure = glue!(|tracker, cx| #poll);
        let outcome = quote_spanned! {at=>
            #rt::region::<#flow, _, #count, #words>([#(#needs),*], #closure).await
        };
        let value = self.shared().unwrap(&outcome);
        let checks = self.move_checks(&inside);
        let after = self.hand_over(env);
        glue! {
            #slots
            {
                #before
                #pins
                #value;
                #checks
            }
            #after
        }
    }

    /// The slots of what the branches declare; they outlive the branches.
    fn slots(&self) -> TokenStream {
        let rt = self.shared().rt;
        let variables = self.variables.iter().filter(|variable| variable.declared_by.is_some());
        let slots = variables.map(|variable| {
            let slot = &variable.slot;
            match variable.keep {
                Keep::Shared => glue!(let #slot = #rt::Shared::new();),
                Keep::Owned => glue!(let mut #slot = #rt::None;),
                Keep::Lent | Keep::LateOwned => glue!(let #slot = #rt::Lent::new(#rt::None);),
                Keep::Late => glue!(let #slot = #rt::Late::new();),
                Keep::LateLent => glue!(let #slot = #rt::LateLent::new();),
                Keep::Before | Keep::Outside => TokenStream::new(),
            }
        });
        let done = self.done.iter().map(|done| {
            let slot = &done.slot;
            glue!(let #slot = #rt::Late::new();)
        });
        slots.chain(done).collect()
    }

    /// Makes the variables that stood ready before usable by the branches.
    fn take_over(&self, env: &mut Env) -> TokenStream {
        let rt = self.shared().rt;
        let mut tokens = TokenStream::new();
        for variable in self.variables.iter().filter(|variable| variable.declared_by.is_none()) {
            let Variable { ident, slot, .. } = variable;
            match variable.keep {
                Keep::Owned => tokens.extend(glue!(let mut #slot = #rt::Some(#ident);)),
                Keep::Lent => {
                    tokens.extend(glue!(let #slot = #rt::Lent::new(#rt::Some(#ident));));
                }
                _ => {
                    tokens.extend(glue!(let #ident = &#ident;));
                    env.declare_reference(ident);
                }
            }
        }
        tokens
    }

    /// A place for the future of each branch.
    fn pins(&self) -> TokenStream {
        let rt = self.shared().rt;
        let pins = (0..self.branches.len()).filter(|&at| self.shapes[at] != Shape::Inline);
        pins.map(|at| {
            let future = future_name(at);
            glue!(let mut #future = #rt::pin!(#rt::None);)
        })
        .collect()
    }

    /// Makes what the branches declared usable by what follows.
    fn hand_over(&self, env: &mut Env) -> TokenStream {
        let rt = self.shared().rt;
        let mut tokens = TokenStream::new();
        for variable in self.variables.iter().filter(|variable| variable.declared_by.is_some()) {
            let Some(later) = variable.later else { continue };
            let Variable { ident, slot, .. } = variable;
            let mutable = variable.mutable.then(|| glue!(mut));
            if let Some(external) = variable.external {
                tokens.extend(self.emitter.bind_external(self.emitter.external(external), env));
            } else if variable.keep == Keep::Owned {
                env.declare(ident);
                tokens.extend(glue!(let #mutable #ident = #rt::take(&mut #slot);));
            } else if later.consumes() {
                env.declare(ident);
                tokens.extend(glue!(let #mutable #ident = #rt::unwrap(#slot.into_inner());));
            } else {
                env.declare_reference(ident);
                tokens.extend(glue!(let #ident = #rt::value(#slot.get());));
            }
        }
        tokens
    }

    /// What happens when the tracker names this branch.
    fn arm(&self, at: usize, env: &Env) -> TokenStream {
        let Emitter { rt, .. } = self.shared();
        let number = at;
        let done = self.done(at);
        let future = future_name(at);
        let bindings = self.bindings(at, env.clone());
        match (self.shapes[at], &self.branches[at].plan) {
            (Shape::Inline, Plan::Node(node)) => {
                let mut env = bindings.env;
                let Bindings { outside, inside, .. } = bindings;
                let statement = self.emitter.node_statement(*node, &mut env);
                glue!(#number => { #outside #inside #statement #done })
            }
            (Shape::Call, Plan::Node(node)) => {
                let node = self.emitter.node(*node).expect("a call is a node");
                let Kind::Step(call) = &node.kind else { unreachable!("a call is a step") };
                let expr = bindings.env.rewrite(&call.expr);
                let Bindings { outside, inside, .. } = bindings;
                let id = node.id;
                let checked = is_step(rt, &expr);
                let start = quote_spanned! {glue_at(expr.span())=>
                    #rt::start_call(&mut #future, #checked);
                };
                let question = &call.question;
                let output = quote_spanned!(expr.span()=> output);
                let take = take(node, &glue!(#output #question));
                glue! {
                    #number => {
                        if starts {
                            #outside
                            #inside
                            #start
                        }
                        if let #rt::Ready(#output) = #rt::poll_call(#id, &mut #future, cx) {
                            #take
                            #done
                        }
                    }
                }
            }
            (_, plan) => self.block_arm(at, plan, bindings, &done),
        }
    }

    fn block_arm(
        &self,
        at: usize,
        plan: &Plan,
        bindings: Bindings,
        done: &TokenStream,
    ) -> TokenStream {
        let rt = self.shared().rt;
        let number = at;
        let future = future_name(at);
        let Bindings { mut env, outside, inside } = bindings;
        let exports: Vec<Ident> = self.kept_of(at).map(|variable| variable.ident.clone()).collect();
        let (start, take) = if self.shapes[at] == Shape::Wait {
            let Plan::Node(node) = plan else { unreachable!("waiting is one node") };
            let external = self.emitter.external(*node);
            let take = if external.slot.kind.is_borrowed() {
                // Whoever needs it borrows it where it is.
                glue!(let _ = output;)
            } else {
                let ident = &external.ident;
                glue!(let #ident = output;)
            };
            (self.emitter.wait(external), take)
        } else {
            let exported = exports.iter().map(|var| (var.to_string(), Summary::CONSUMED));
            let statements = self.emitter.statements(plan, &mut env, &exported.collect());
            let value = tuple(exports.iter().map(|var| glue!(#var)));
            let end = self.shared().ok(&value);
            let value = self.shared().unwrap(&glue!(#rt::split(output)));
            let start =
                quote_spanned!(self.emitter.place(plan)=> async move { #inside #statements #end });
            let pattern = tuple(exports.iter().map(|var| glue!(#var)));
            (start, glue!(let #pattern = #value;))
        };
        glue! {
            #number => {
                if starts {
                    #outside
                    #future.set(#rt::Some(#start));
                }
                if let #rt::Ready(output) = #rt::poll_block(&mut #future, cx) {
                    #take
                    #done
                }
            }
        }
    }

    /// The variables with a slot that a branch declares.
    fn kept_of(&self, branch: usize) -> impl Iterator<Item = &Variable> {
        self.variables
            .iter()
            .filter(|variable| variable.external.is_none())
            .filter(move |variable| variable.declared_by == Some(branch))
    }

    /// Puts what the branch declares into its slots and tells the tracker.
    fn done(&self, at: usize) -> TokenStream {
        let rt = self.shared().rt;
        let fill = self.kept_of(at).map(|variable| {
            let Variable { ident, slot, .. } = variable;
            match variable.keep {
                Keep::Owned => glue!(#slot = #rt::Some(#ident);),
                Keep::Lent | Keep::LateOwned => glue!(#rt::lend(&#slot, #ident);),
                Keep::Late => glue!(#rt::announce(&#slot, #ident);),
                Keep::LateLent => glue!(#rt::announce_lent(&#slot, #ident);),
                Keep::Shared => glue!(#rt::share(&#slot, #ident);),
                Keep::Before | Keep::Outside => TokenStream::new(),
            }
        });
        let signals = self.done.iter().filter(|done| done.by == at).map(|done| {
            let slot = &done.slot;
            glue!(#rt::announce(&#slot, ());)
        });
        let needed_by = self.numbers(|branch| branch.needs.contains(&at));
        let watched_by = self.numbers(|branch| branch.watches.contains(&at));
        glue! {
            #(#fill)*
            #(#signals)*
            tracker.done(#at, &[#(#needed_by),*], &[#(#watched_by),*]);
        }
    }

    fn numbers(&self, is: impl Fn(&Branch) -> bool) -> Vec<Literal> {
        let branches = self.branches.iter().enumerate().filter(|(_, branch)| is(branch));
        branches.map(|(at, _)| literal(at)).collect()
    }

    /// How a branch gets at the variables that it uses.
    fn bindings(&self, at: usize, env: Env) -> Bindings {
        let rt = self.shared().rt;
        let mut bindings =
            Bindings { env, outside: TokenStream::new(), inside: TokenStream::new() };
        for variable in &self.variables {
            let Some(user) = variable.users.iter().find(|user| user.branch == at) else {
                continue;
            };
            let Variable { ident, slot, .. } = variable;
            let env = &mut bindings.env;
            match variable.keep {
                Keep::Before if self.copies(variable, at) => {
                    env.declare(ident);
                    bindings.outside.extend(glue!(let #ident = #rt::copied!(#ident);));
                }
                Keep::Shared | Keep::Late if self.copies(variable, at) => {
                    env.declare(ident);
                    let value = glue!(#rt::value(#slot.get()));
                    bindings.outside.extend(glue!(let #ident = #rt::copied!(#value);));
                }
                Keep::Before => {}
                Keep::Owned => {
                    env.declare(ident);
                    bindings.outside.extend(glue!(let #ident = #rt::take(&mut #slot);));
                }
                Keep::Lent | Keep::LateLent if user.last && !user.late => {
                    env.declare(ident);
                    let lent = lent(variable);
                    bindings.outside.extend(glue!(let #ident = #rt::reclaim(#lent);));
                }
                Keep::Late | Keep::LateLent | Keep::LateOwned if user.late => {
                    let kind = match variable.keep {
                        Keep::LateOwned => LateKind::Owned,
                        Keep::LateLent if user.last => LateKind::Reclaimed,
                        Keep::LateLent => LateKind::Lent,
                        _ => LateKind::Borrowed,
                    };
                    let late = LateSlot { slot: slot.clone(), kind };
                    env.declare_late(LateKey::Value(ident.to_string()), late);
                    bindings.outside.extend(glue!(let #slot = &#slot;));
                }
                Keep::Lent | Keep::LateLent => {
                    env.declare_reference(ident);
                    let lent = lent(variable);
                    bindings.outside.extend(glue!(let #slot = #lent;));
                    bindings.inside.extend(glue! {
                        let #slot = #rt::borrow(#slot);
                        let #ident = &*#slot;
                    });
                }
                // Its slot is known; who needs it waits there.
                Keep::Outside if user.late => {}
                Keep::Outside => {
                    let external = variable.external.expect("it stands outside");
                    let external = self.emitter.external(external);
                    let bind = self.emitter.bind_external(external, env);
                    // A guard lives in the async block that uses it.
                    if external.slot.kind == LateKind::Lent {
                        bindings.inside.extend(bind);
                    } else {
                        bindings.outside.extend(bind);
                    }
                }
                Keep::Shared | Keep::Late | Keep::LateOwned => {
                    env.declare_reference(ident);
                    bindings.outside.extend(glue!(let #ident = #rt::value(#slot.get());));
                }
            }
        }
        for done in &self.done {
            let slot = &done.slot;
            let names = done.names.iter().filter(|(branch, _)| *branch == at);
            for (_, name) in names.clone() {
                let late = LateSlot { slot: slot.clone(), kind: LateKind::Borrowed };
                bindings.env.declare_late(LateKey::Done(name.clone()), late);
            }
            if names.count() > 0 {
                bindings.outside.extend(glue!(let #slot = &#slot;));
            }
        }
        bindings
    }
}

/// What stands in front of a branch's own code.
struct Bindings {
    env: Env,
    /// Outside of its async block.
    outside: TokenStream,
    /// Inside, where it has one.
    inside: TokenStream,
}

/// The `Lent` of a variable that is kept in one.
fn lent(variable: &Variable) -> TokenStream {
    let slot = &variable.slot;
    if variable.keep == Keep::LateLent { glue!(#slot.lent()) } else { glue!(&#slot) }
}

fn consumes(user: &User) -> bool {
    user.usage.consumes()
}

/// Whether the value may leave its place: nothing that follows the region needs it.
fn is_free(variable: &Variable) -> bool {
    variable.later.is_none()
}

fn shape(emitter: &ScopeEmitter<'_>, plan: &Plan) -> Shape {
    let Plan::Node(at) = plan else { return Shape::Block };
    match emitter.node(*at).map(|node| &node.kind) {
        None => Shape::Wait,
        // A temporary in an argument lives as long as the call only inside a block.
        Some(Kind::Step(call)) if borrows_temporary(&call.expr) => Shape::Block,
        Some(Kind::Step(_)) => Shape::Call,
        Some(Kind::Value(_)) => Shape::Inline,
        Some(_) => Shape::Block,
    }
}

/// The output of a finished call, taken as the user's `let` says.
fn take(node: &Node, output: &TokenStream) -> TokenStream {
    if node.binding.is_none() && node.vars.is_empty() {
        let name = unbound(node);
        return glue!(let #name = #output; #name;);
    }
    assign(node, output)
}

/// The variables that cross from one branch to another, or into or out of the region.
fn variables(
    emitter: &ScopeEmitter<'_>,
    branches: &[Branch],
    env: &Env,
    later: &Usage,
) -> Vec<Variable> {
    let usages: Vec<Usage> = branches.iter().map(|branch| emitter.usage(&branch.plan)).collect();
    let mut variables = Vec::new();
    let mut declared = std::collections::BTreeSet::new();
    for (at, branch) in branches.iter().enumerate() {
        let declarations = branch.plan.nodes().into_iter().flat_map(|node| {
            emitter.declared(node).into_iter().map(move |(ident, mutable)| (node, ident, mutable))
        });
        for (node, ident, mutable) in declarations {
            let name = ident.to_string();
            let external = emitter.node(node).is_none().then_some(node);
            let users = users(emitter, branches, &usages, &name, Declared::In(at, external));
            let external = external.filter(|&node| emitter.external(node).slot.kind.is_borrowed());
            let later = later.get(&name).copied();
            declared.insert(name.clone());
            if users.is_empty() && later.is_none() {
                continue;
            }
            variables.push(Variable {
                slot: emitter.shared.slot_of(&ident),
                ident,
                mutable,
                declared_by: Some(at),
                users,
                later,
                external,
                keep: Keep::Shared,
                conflict: None,
            });
        }
    }
    let mut used: Vec<&String> = usages.iter().flat_map(Usage::keys).collect();
    used.sort();
    used.dedup();
    for name in used.into_iter().filter(|name| !declared.contains(*name)) {
        let Some(ident) = env.value(name) else { continue };
        variables.push(Variable {
            ident: ident.clone(),
            mutable: false,
            declared_by: None,
            users: users(emitter, branches, &usages, name, Declared::Before),
            later: later.get(name).copied(),
            external: None,
            keep: Keep::Before,
            slot: emitter.shared.slot_of(ident),
            conflict: None,
        });
    }
    variables
}

/// Where a variable comes from.
#[derive(Clone, Copy)]
enum Declared {
    /// It stood ready before the region.
    Before,
    /// A branch declares it; the node that waits for it, where it comes from outside.
    In(usize, Option<usize>),
}

fn users(
    emitter: &ScopeEmitter<'_>,
    branches: &[Branch],
    usages: &[Usage],
    name: &str,
    declared: Declared,
) -> Vec<User> {
    let users: Vec<usize> =
        (0..branches.len()).filter(|&at| usages[at].contains_key(name)).collect();
    let nodes: Vec<usize> = users.iter().flat_map(|&at| branches[at].plan.nodes()).collect();
    let user = |&branch: &usize| {
        // All nodes of a branch have the same order to the nodes of another.
        let own = branches[branch].plan.nodes();
        let late = match declared {
            Declared::Before => false,
            Declared::In(by, None) => branches[branch].watches.contains(&by),
            Declared::In(_, Some(external)) => !emitter.order.precedes(external, own[0]),
        };
        let others: Vec<usize> = nodes.iter().copied().filter(|node| !own.contains(node)).collect();
        let last = emitter.order.is_last(own[0], &others);
        User { branch, usage: usages[branch][name], late, last }
    };
    users.iter().map(user).collect()
}

/// The signals for `#[after]` inside a branch that has started before.
fn done_signals(emitter: &ScopeEmitter<'_>, branches: &[Branch]) -> Vec<Done> {
    let mut signals: Vec<Done> = Vec::new();
    for (at, branch) in branches.iter().enumerate().filter(|(_, branch)| !branch.watches.is_empty())
    {
        for node in branch.plan.nodes().into_iter().filter_map(|node| emitter.node(node)) {
            for used in node.inner.iter().filter(|used| used.how == How::Order) {
                let Some(by) = branch.watches.iter().copied().find(|&watched| {
                    let nodes = branches[watched].plan.nodes();
                    nodes.into_iter().any(|node| is_named(emitter, node, &used.ident))
                }) else {
                    continue;
                };
                let name = (at, used.ident.to_string());
                match signals.iter_mut().find(|signal| signal.by == by) {
                    Some(signal) if signal.names.contains(&name) => {}
                    Some(signal) => signal.names.push(name),
                    None => {
                        let slot = emitter.shared.slot("done");
                        signals.push(Done { by, names: vec![name], slot });
                    }
                }
            }
        }
    }
    signals
}

/// Whether `#[after(ident)]` means this node.
fn is_named(emitter: &ScopeEmitter<'_>, at: usize, ident: &Ident) -> bool {
    match emitter.node(at) {
        Some(node) => *ident == node.name || node.vars.iter().any(|(var, _)| var == ident),
        None => *ident == emitter.external(at).key.name(),
    }
}

fn future_name(branch: usize) -> Ident {
    format_ident!("branch_{branch}", span = Span::mixed_site())
}

fn literal(number: usize) -> Literal {
    Literal::u16_suffixed(u16::try_from(number).expect("a region has less than 65,536 branches"))
}
