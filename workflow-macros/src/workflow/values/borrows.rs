//! Which variables the value of a declaration may borrow from.
//!
//! The macro does not know types: it cannot tell whether the value of `parse(&text)` borrows from
//! `text` or is owned. So a value is assumed to borrow from everything that its expression is given
//! a reference to, and from everything that those values borrow from.

use proc_macro2::Ident;
use syn::{Expr, Type};

use crate::sorted::{SortedMap, SortedSet};
use crate::walk::{self, Part};
use crate::workflow::model::{How, Kind, Node, Scope, Tail, is_closure};
use crate::workflow::names::{self, Mode};

/// The variables of a scope that the value of each of its nodes may borrow from, by the position of
/// the node, with how certain that is. Variables that the scope takes from outside count as its
/// own.
pub(crate) struct Lenders(Vec<SortedMap<String, Certainty>>);

/// How certain it is that a value borrows from a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Certainty {
    /// It is the output of a step that was given a reference, and most often owned.
    Possible,
    /// It is a reference; or it is the value of the user's expression, which most often is a
    /// reference; or its written type says so.
    Likely,
}

impl Lenders {
    /// Finds them. `sorted` are the positions of the nodes, each after everything that it needs;
    /// `taken` are the variables that the scope takes from outside.
    pub(crate) fn of<'t>(
        scope: &Scope,
        sorted: impl Iterator<Item = usize>,
        taken: impl Iterator<Item = &'t Ident>,
    ) -> Self {
        let mut lenders: Vec<SortedMap<String, Certainty>> =
            vec![SortedMap::new(); scope.nodes.len()];
        let mut declared_by: SortedMap<String, Option<usize>> =
            taken.map(|taken| (taken.to_string(), None)).collect();
        for (at, node) in scope.nodes.iter().enumerate() {
            for (var, _) in &node.vars {
                declared_by.insert(var.to_string(), Some(at));
            }
        }
        for at in sorted.filter(|&at| at < scope.nodes.len()) {
            let node = &scope.nodes[at];
            if is_owned(node) {
                continue;
            }
            let mut found = SortedMap::new();
            let mut add = |name: String, certainty: Certainty| {
                let known = found.or_insert(name, certainty);
                *known = (*known).max(certainty);
            };
            let own = certainty(node);
            let by_value = by_value(node);
            for used in node.uses() {
                let How::Value(mode) = used.how else { continue };
                let name = used.ident.to_string();
                let Some(&by) = declared_by.get(&name).filter(|&&by| by != Some(at)) else {
                    continue;
                };
                // Otherwise it is a function of the same name.
                if mode == Mode::Call && !by.is_some_and(|by| scope.nodes[by].is_callable()) {
                    continue;
                }
                for (lender, certainty) in by.iter().flat_map(|&by| lenders[by].iter()) {
                    add(lender.clone(), own.min(*certainty));
                }
                if lends(node, mode) && !by_value.contains(&name) {
                    add(name, own);
                }
            }
            lenders[at] = found;
        }
        Self(lenders)
    }

    /// The variables that the value of a node may borrow from; none if the value is taken from
    /// outside.
    pub(crate) fn of_node(&self, at: usize) -> &SortedMap<String, Certainty> {
        static NONE: SortedMap<String, Certainty> = SortedMap::new();
        self.0.get(at).unwrap_or(&NONE)
    }
}

fn certainty(node: &Node) -> Certainty {
    let ty = node.binding.as_ref().and_then(|binding| binding.ty.as_ref());
    let written = ty.is_some_and(mentions_borrow);
    if written || matches!(node.kind, Kind::Value(_)) {
        Certainty::Likely
    } else {
        Certainty::Possible
    }
}

/// Whether a written type contains a lifetime.
fn mentions_borrow(ty: &Type) -> bool {
    let mut mentions = false;
    walk::ty(ty, &mut |part| {
        match part {
            Part::Lifetime(lifetime) => mentions |= lifetime.ident != "static",
            Part::Type(Type::Reference(reference)) => {
                mentions |= reference.lifetime.as_ref().is_none_or(|it| it.ident != "static");
            }
            _ => {}
        }
        true
    });
    mentions
}

/// The variables that a step gets only by value, in whole or in part: `parse(doc.text)`.
fn by_value(node: &Node) -> SortedSet<String> {
    let Kind::Step(call) = &node.kind else { return SortedSet::new() };
    let (args, receiver) = match &call.expr {
        Expr::Call(call) => (&call.args, None),
        Expr::MethodCall(call) => (&call.args, Some(&*call.receiver)),
        _ => return SortedSet::new(),
    };
    let (parts, others): (Vec<&Expr>, Vec<&Expr>) = args.iter().partition(|arg| is_part(arg));
    let others = named(others.into_iter().chain(receiver));
    named(parts).into_iter().filter(|name| !others.contains(name)).collect()
}

fn named<'a>(exprs: impl IntoIterator<Item = &'a Expr>) -> SortedSet<String> {
    let mut named = SortedSet::new();
    for expr in exprs {
        names::find(expr, &mut |ident, _| _ = named.insert(ident.to_string()));
    }
    named
}

/// Whether a use of a variable may leave a reference to it in the value of the node.
fn lends(node: &Node, mode: Mode) -> bool {
    match &node.kind {
        // A closure that is not `move` refers to what it names.
        Kind::Value(expr) if is_closure(expr) => true,
        // A copy of a field, or of what a reference points to.
        Kind::Value(expr) if is_part(expr) => false,
        _ => mode != Mode::Value,
    }
}

/// Whether the value certainly borrows from nothing.
fn is_owned(node: &Node) -> bool {
    if node.vars.is_empty() {
        return true;
    }
    if let Some(ty) = node.binding.as_ref().and_then(|binding| binding.ty.as_ref()) {
        return is_owned_type(ty);
    }
    match &node.kind {
        Kind::Value(expr) => is_owned_value(expr),
        _ => false,
    }
}

fn is_owned_type(ty: &Type) -> bool {
    const OWNED: [&str; 18] = [
        "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize",
        "f32", "f64", "bool", "char", "String", "Duration",
    ];
    match ty {
        Type::Path(path) => path
            .path
            .segments
            .last()
            .is_some_and(|last| OWNED.iter().any(|name| last.ident == name)),
        _ => false,
    }
}

fn is_owned_value(expr: &Expr) -> bool {
    match bare(expr) {
        Expr::Lit(_) | Expr::Cast(_) | Expr::Binary(_) => true,
        Expr::Unary(unary) => !matches!(unary.op, syn::UnOp::Deref(_)),
        Expr::Macro(call) => {
            let name = call.mac.path.segments.last().map(|last| last.ident.to_string());
            matches!(name.as_deref(), Some("format" | "matches"))
        }
        Expr::MethodCall(call) => {
            let name = call.method.to_string();
            name.starts_with("is_") || matches!(&*name, "len" | "count" | "to_owned" | "to_string")
        }
        _ => false,
    }
}

/// Whether it is a part of a variable, copied or moved out of it.
fn is_part(expr: &Expr) -> bool {
    match bare(expr) {
        Expr::Path(_) => true,
        Expr::Field(field) => is_part(&field.base),
        Expr::Index(index) => is_part(&index.expr),
        Expr::Unary(unary) if matches!(unary.op, syn::UnOp::Deref(_)) => is_part(&unary.expr),
        _ => false,
    }
}

fn bare(expr: &Expr) -> &Expr {
    match expr {
        Expr::Paren(paren) => bare(&paren.expr),
        Expr::Group(group) => bare(&group.expr),
        _ => expr,
    }
}

/// The names of the variables that the scope may do more with than look at them, so that a
/// reference would not serve as well.
pub(crate) fn taken(scope: &Scope) -> SortedSet<String> {
    let looks = |how| matches!(how, How::Order | How::Value(Mode::Borrow));
    let uses = scope.nodes.iter().flat_map(Node::uses).filter(|used| !looks(used.how));
    let mut taken: SortedSet<String> = uses.map(|used| used.ident.to_string()).collect();
    if let Tail::Expr(expr) = &scope.tail {
        names::find(expr, &mut |ident, mode| {
            if mode != Mode::Borrow {
                taken.insert(ident.to_string());
            }
        });
    }
    let mut takes = Takes(taken);
    takes.scope(scope);
    takes.0
}

/// Finds the variables that a method is called on which may take the variable itself:
/// `builder.finish()`.
struct Takes(SortedSet<String>);

impl Takes {
    fn scope(&mut self, scope: &Scope) {
        for node in &scope.nodes {
            match &node.kind {
                Kind::Step(call) => self.expr(&call.expr),
                Kind::Value(expr) => self.expr(expr),
                Kind::If(arms) => {
                    for (_, condition) in arms.iter().filter_map(|(head, _)| head.as_ref()) {
                        self.expr(condition);
                    }
                }
                Kind::Match { scrutinee, .. } => self.expr(scrutinee),
                Kind::FanOut { items, concurrency, .. } => {
                    self.expr(items);
                    if let Some(limit) = concurrency {
                        self.expr(limit);
                    }
                }
                Kind::Block(_) => {}
            }
            for inner in node.scopes() {
                self.scope(inner);
            }
        }
        if let Tail::Expr(expr) = &scope.tail {
            self.expr(expr);
        }
    }

    fn expr(&mut self, expr: &Expr) {
        walk::expr(expr, &mut |part| {
            if let Part::Expr(Expr::MethodCall(call)) = part
                && let Expr::Path(path) = bare(&call.receiver)
                && let Some(variable) = path.path.get_ident()
                && !looks(&call.method.to_string())
            {
                self.0.insert(variable.to_string());
            }
            true
        });
    }
}

/// Methods that by Rust's conventions take a reference.
fn looks(method: &str) -> bool {
    const PREFIXES: [&str; 8] = ["as_", "to_", "is_", "get", "iter", "contains", "split", "trim"];
    const LOOKS: [&str; 24] = [
        "len",
        "clone",
        "first",
        "last",
        "lines",
        "chars",
        "bytes",
        "keys",
        "values",
        "starts_with",
        "ends_with",
        "find",
        "borrow",
        "lock",
        "read",
        "write",
        "eq",
        "cmp",
        "windows",
        "chunks",
        "deref",
        "parse",
        "capacity",
        "load",
    ];
    PREFIXES.iter().any(|prefix| method.starts_with(prefix)) || LOOKS.contains(&method)
}

#[cfg(test)]
mod tests {
    use super::{is_owned_type, is_owned_value, looks, mentions_borrow};

    #[test]
    fn tells_values_of_their_own() {
        let owned = |code: &str| is_owned_value(&syn::parse_str(code).expect("an expression"));
        for code in ["1", "a.len() + 1", "format!(\"{a}\")", "!a", "a as u64", "a.to_string()"] {
            assert!(owned(code), "{code}");
        }
        for code in ["&a", "a.trim()", "View(&a)", "*a", "|x| x + a", "a.lock().unwrap()"] {
            assert!(!owned(code), "{code}");
        }
    }

    #[test]
    fn reads_written_types() {
        let ty = |code: &str| syn::parse_str(code).expect("a type");
        for code in ["&str", "Doc<'_>", "Vec<&'a str>", "Option<Doc<'a>>"] {
            assert!(mentions_borrow(&ty(code)) && !is_owned_type(&ty(code)), "{code}");
        }
        for code in ["&'static str", "Doc", "u64"] {
            assert!(!mentions_borrow(&ty(code)), "{code}");
        }
        assert!(is_owned_type(&ty("u64")) && is_owned_type(&ty("std::string::String")));
        assert!(!is_owned_type(&ty("Doc")));
    }

    #[test]
    fn knows_methods_that_only_look() {
        assert!(looks("as_str") && looks("len") && looks("get"));
        assert!(!looks("finish") && !looks("into_iter") && !looks("unwrap"));
    }
}
