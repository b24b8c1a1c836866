//! From names to nodes.

use proc_macro2::{Ident, Span};
use syn::{Expr, FnArg, Pat};

use super::functions::{function_name, plain};
use super::model::{Child, Compensation, Edge, How, Kind, Model, Node, Origin, Scope, Tail, Use};
use super::names::{self, Mode};
use super::syntax::{Body, Branch, Call, Compensate, Decl, Form, Workflow};
use super::undo::compensation_names;
use super::unknown;
use crate::pattern::bound_by;
use crate::report::Report;
use crate::sorted::{SortedMap, SortedSet};

/// Numbers the declarations and finds what each depends on. Problems with names are reported; the
/// dependencies may still contain cycles.
pub(crate) fn resolve(workflow: &mut Workflow, report: &mut Report) -> Model {
    let body =
        std::mem::replace(&mut workflow.body, Body { decls: Vec::new(), tail: None, braces: None });
    let inputs = input_names(workflow);
    let workflow = workflow.sig.ident.to_string();
    let mut resolver = Resolver { workflow, count: 0, edges: SortedSet::new(), report };
    let body = resolver.scope(body, "", Vec::new());
    let Resolver { mut edges, report, workflow, .. } = resolver;
    for used in body.free.iter().filter(|used| used.by != RESULT) {
        let data = matches!(used.how, How::Value(_));
        if let Some(input) = inputs.iter().position(|input| *input == used.ident) {
            let from = Origin::Input(input);
            edges.insert(Edge { to: used.by, from, data, in_result: false });
        } else if !data {
            unknown::step(&used.ident, &workflow, &inputs, &body, report);
        }
    }
    // What something else in a node needs as well is one dependency.
    let elsewhere = edges.clone();
    edges.retain(|edge| {
        !(edge.in_result && elsewhere.contains(&Edge { in_result: false, ..*edge }))
    });
    let look_alikes = unknown::look_alikes(&body);
    Model {
        body,
        inputs,
        kept_inputs: Vec::new(),
        edges,
        signals: None,
        known_signals: Vec::new(),
        look_alikes,
    }
}

fn input_names(workflow: &Workflow) -> Vec<Ident> {
    let pats = workflow.sig.inputs.iter().filter_map(|input| match input {
        FnArg::Typed(typed) => Some(&*typed.pat),
        FnArg::Receiver(_) => None,
    });
    pats.flat_map(bound_by).map(|(ident, _)| ident).collect()
}

/// Used instead of a node for a use in a body's result, which belongs to no node of the body.
const RESULT: usize = usize::MAX;

struct Resolver<'a> {
    workflow: String,
    count: usize,
    edges: SortedSet<Edge>,
    report: &'a mut Report,
}

impl Resolver<'_> {
    /// Resolves one body. `bound` are the names that the pattern in front of it binds.
    fn scope(&mut self, body: Body, path: &str, bound: Vec<Ident>) -> Scope {
        let mut decls = body.decls;
        let mut tail = Tail::Unit;
        let mut result = false;
        match body.tail.map(|decl| *decl) {
            Some(Decl { form: Form::Value(expr), after, was: None, compensate: None, .. })
                if after.is_empty() =>
            {
                tail = Tail::Expr(expr);
            }
            Some(decl) => {
                tail = Tail::Node(decls.len());
                result = true;
                decls.push(decl);
            }
            None => {}
        }
        let names = self.step_names(&decls);
        let nodes = decls.into_iter().zip(names);
        let mut nodes: Vec<Node> = nodes.map(|(decl, name)| self.node(decl, name, path)).collect();
        if let (true, Some(last)) = (result, nodes.last_mut()) {
            // A name that a user cannot write.
            let at = Span::mixed_site().located_at(last.span);
            last.vars.push((Ident::new("__result", at), false));
        }
        let braces = body.braces;
        let mut scope = Scope {
            nodes,
            tail,
            free: Vec::new(),
            braces,
            lints: Vec::new(),
            bound,
            at_once: SortedSet::new(),
            kept_bound: Vec::new(),
        };
        self.connect(&mut scope);
        scope
    }

    /// A step is named after its variable, or else after its function. The second one named after
    /// the same function gets a number.
    fn step_names(&mut self, decls: &[Decl]) -> Vec<String> {
        let mut declared: SortedMap<String, Ident> = SortedMap::new();
        for decl in decls {
            for (var, _) in variables(decl) {
                match declared.get(&var.to_string()) {
                    Some(first) => {
                        let line = first.span().start().line;
                        self.report
                            .error(&var, format!("step `{var}` is declared twice"))
                            .note(&format!("first declared on line {line}"))
                            .help("give one of them another name");
                    }
                    None => {
                        declared.insert(var.to_string(), var);
                    }
                }
            }
        }
        let mut taken: SortedSet<String> = declared.keys().cloned().collect();
        let mut name_of = |decl: &Decl| {
            if let Some(ident) = naming_variable(decl) {
                return plain(&ident.to_string());
            }
            let base = default_name(&decl.form);
            let numbered = (2..).map(|number| format!("{base}_{number}"));
            let free = std::iter::once(base.clone()).chain(numbered);
            let name = free.into_iter().find(|name| !taken.contains(name));
            let name = name.expect("there are more numbers than declarations");
            taken.insert(name.clone());
            name
        };
        decls.iter().map(&mut name_of).collect()
    }

    fn node(&mut self, decl: Decl, name: String, parent: &str) -> Node {
        let id = self.count;
        self.count += 1;
        let path = if parent.is_empty() { name.clone() } else { format!("{parent}.{name}") };
        let vars = variables(&decl);
        let mut direct: Vec<Use> = decl.after.iter().map(|ident| order(ident, id)).collect();
        let mut inner = Vec::new();
        let (compensation, child) = match decl.compensate {
            Some(Compensate::With(expr)) => (Some(Compensation { expr, maybe: false }), Child::No),
            Some(Compensate::Maybe(expr)) => {
                self.check_maybe(&expr, &vars);
                (Some(Compensation { expr, maybe: true }), Child::No)
            }
            Some(Compensate::Itself) => (None, Child::UndoesItself),
            None => (None, Child::No),
        };
        if let Some(compensation) = &compensation {
            // What it needs besides the declaration's own value must be available, too.
            let names = compensation_names(&compensation.expr).into_iter();
            let others = names.filter(|name| !vars.iter().any(|(var, _)| var == name));
            direct.extend(others.map(|ident| value(ident, Mode::Borrow, id)));
        }
        let kind = match decl.form {
            Form::Step(call) => {
                direct.extend(uses_of_call(&call, id));
                Kind::Step(call)
            }
            Form::Value(expr) => {
                direct.extend(uses(&expr, id));
                Kind::Value(expr)
            }
            Form::Block(body) => {
                let scope = self.scope(body, &path, Vec::new());
                inner.extend(scope.free.iter().cloned());
                Kind::Block(Box::new(scope))
            }
            Form::FanOut(fan_out) => {
                direct.extend(uses(&fan_out.items, id));
                if let Some(limit) = &fan_out.concurrency {
                    direct.extend(uses(limit, id));
                }
                let body = self.scope(fan_out.body, &path, pattern_names(&fan_out.pat));
                inner.extend(body.free.iter().map(|used| Use { repeats: true, ..used.clone() }));
                Kind::FanOut {
                    pat: fan_out.pat,
                    items: fan_out.items,
                    concurrency: fan_out.concurrency,
                    body: Box::new(body),
                }
            }
            Form::Branch(Branch::If(arms)) => {
                let mut resolved = Vec::new();
                for arm in arms {
                    let mut bound = Vec::new();
                    if let Some((_, condition)) = &arm.condition {
                        direct.extend(uses(condition, id));
                        bound = condition_names(condition);
                    }
                    let scope = self.scope(arm.body, &path, bound);
                    inner.extend(scope.free.iter().cloned());
                    resolved.push((arm.condition, scope));
                }
                Kind::If(resolved)
            }
            Form::Branch(Branch::Match { match_token, scrutinee, arms }) => {
                // The arms' patterns and guards show how the scrutinee is used.
                let head = head_of_match(&scrutinee, arms.iter().map(|arm| &arm.pat));
                direct.extend(uses(&head, id));
                let mut resolved = Vec::new();
                for arm in arms {
                    let scope = self.scope(arm.body, &path, pattern_names(&arm.pat));
                    let scope = Scope { lints: arm.lints, ..scope };
                    inner.extend(scope.free.iter().cloned());
                    resolved.push((arm.pat, scope));
                }
                Kind::Match { match_token, scrutinee, arms: resolved }
            }
        };
        inner.iter_mut().filter(|used| used.by == RESULT).for_each(|used| {
            // The result of an inner body belongs to this node.
            (used.by, used.in_result) = (id, true);
        });
        Node {
            id,
            path,
            name,
            span: decl.span,
            lints: decl.lints,
            binding: decl.binding,
            vars,
            ordered: false,
            kind,
            direct,
            inner,
            needs: SortedMap::new(),
            starts_after: SortedSet::new(),
            waits_inside: SortedSet::new(),
            early: false,
            compensation,
            was: decl.was,
            child,
            kept: Vec::new(),
        }
    }

    /// What undoes a step that may not have happened cannot name the step's output.
    fn check_maybe(&mut self, expr: &Expr, vars: &[(Ident, bool)]) {
        for name in compensation_names(expr) {
            if vars.iter().any(|(var, _)| *var == name) {
                let text =
                    format!("`{name}` may not have happened, so what undoes it cannot name it");
                self.report.error(&name, text).help(
                    "name what the step was given, such as an id: `#[compensate(maybe refund(&order))]`",
                );
            }
        }
    }

    /// Finds which nodes of the scope its nodes depend on, and what it uses from outside.
    fn connect(&mut self, scope: &mut Scope) {
        let names = Names::of(scope);
        let mut needs: Vec<SortedMap<usize, Ident>> = vec![SortedMap::new(); scope.nodes.len()];
        let mut free = Vec::new();
        let mut ordered = SortedSet::new();
        for (at, node) in scope.nodes.iter().enumerate() {
            for used in node.uses() {
                match names.target(scope, used) {
                    Some(target) => {
                        let from = Origin::Node(scope.nodes[target].id);
                        let data = matches!(used.how, How::Value(_));
                        let Use { by: to, in_result, .. } = *used;
                        self.edges.insert(Edge { to, from, data, in_result });
                        if !data {
                            ordered.insert(target);
                        }
                        needs[at].or_insert(target, used.ident.clone());
                    }
                    None => free.push(used.clone()),
                }
            }
        }
        if let Tail::Expr(expr) = &scope.tail {
            free.extend(uses(expr, RESULT).filter(|used| names.target(scope, used).is_none()));
        }
        free.retain(|used| used.how == How::Order || !scope.bound.contains(&used.ident));
        scope.free = free;
        for (at, (node, needs)) in scope.nodes.iter_mut().zip(needs).enumerate() {
            node.needs = needs;
            node.ordered = ordered.contains(&at);
        }
    }
}

/// What a call uses, and what the policy above it uses.
fn uses_of_call(call: &Call, id: usize) -> impl Iterator<Item = Use> {
    let policy = call.policy.code();
    uses(&call.expr, id).chain(policy.into_iter().flat_map(move |code| uses(code, id)))
}

/// The nodes of a scope by their names.
struct Names {
    /// By their variables.
    variables: SortedMap<String, usize>,
    /// By the names of the nodes themselves.
    steps: SortedMap<String, usize>,
}

impl Names {
    fn of(scope: &Scope) -> Self {
        let (mut variables, mut steps) = (SortedMap::new(), SortedMap::new());
        for (at, node) in scope.nodes.iter().enumerate() {
            for (var, _) in &node.vars {
                variables.or_insert(var.to_string(), at);
            }
            steps.or_insert(node.name.clone(), at);
        }
        Self { variables, steps }
    }

    /// The node of the scope that a use refers to.
    fn target(&self, scope: &Scope, used: &Use) -> Option<usize> {
        let name = used.ident.to_string();
        let variable = self.variables.get(&name).copied();
        match used.how {
            How::Value(Mode::Call) => {
                // A function may have the same name as a step.
                variable.filter(|at| scope.nodes[*at].is_callable())
            }
            How::Value(_) => variable,
            How::Order => self.steps.get(&name).copied().or(variable),
        }
    }
}

fn value(ident: Ident, mode: Mode, by: usize) -> Use {
    Use { ident, how: How::Value(mode), repeats: false, by, in_result: false }
}

fn order(ident: &Ident, by: usize) -> Use {
    Use { ident: ident.clone(), how: How::Order, repeats: false, by, in_result: false }
}

pub(crate) fn uses(expr: &Expr, by: usize) -> impl Iterator<Item = Use> + use<> {
    let mut uses = Vec::new();
    names::find(expr, &mut |ident, mode| {
        uses.push(value(ident.clone(), mode, by));
    });
    uses.into_iter()
}

/// The match with empty arms, to find out what it uses before an arm is chosen.
fn head_of_match<'a>(scrutinee: &Expr, pats: impl Iterator<Item = &'a Pat>) -> Expr {
    let arms = pats.map(|pat| syn::parse_quote!(#pat => {}));
    Expr::Match(syn::ExprMatch {
        attrs: Vec::new(),
        match_token: <syn::Token![match]>::default(),
        expr: Box::new(scrutinee.clone()),
        brace_token: syn::token::Brace::default(),
        arms: arms.collect(),
    })
}

fn pattern_names(pat: &Pat) -> Vec<Ident> {
    bound_by(pat).into_iter().map(|(ident, _)| ident).collect()
}

/// The names that an `if let` condition binds for its block.
pub(crate) fn condition_names(condition: &Expr) -> Vec<Ident> {
    match condition {
        Expr::Let(condition) => pattern_names(&condition.pat),
        Expr::Binary(chain) if matches!(chain.op, syn::BinOp::And(_)) => {
            let mut names = condition_names(&chain.left);
            names.extend(condition_names(&chain.right));
            names
        }
        Expr::Paren(paren) => condition_names(&paren.expr),
        Expr::Group(group) => condition_names(&group.expr),
        _ => Vec::new(),
    }
}

fn variables(decl: &Decl) -> Vec<(Ident, bool)> {
    decl.binding.as_ref().map(|binding| bound_by(&binding.pat)).unwrap_or_default()
}

/// The variable that a declaration is named after. A step with a pattern is named after its
/// function; for other declarations there is no better name than that of their first variable.
fn naming_variable(decl: &Decl) -> Option<Ident> {
    match (&decl.binding.as_ref()?.pat, &decl.form) {
        (Pat::Ident(pat), _) => Some(pat.ident.clone()),
        (_, Form::Step(call)) if call.record.is_none() => None,
        _ => variables(decl).into_iter().next().map(|(var, _)| var),
    }
}

fn default_name(form: &Form) -> String {
    match form {
        Form::Step(call) => function_name(&call.expr).unwrap_or_else(|| "step".to_owned()),
        Form::Branch(Branch::If(_)) => "if".to_owned(),
        Form::Branch(Branch::Match { .. }) => "match".to_owned(),
        Form::FanOut(_) => "for".to_owned(),
        Form::Block(_) => "block".to_owned(),
        Form::Value(_) => "value".to_owned(),
    }
}
