//! Arguments that are computed before their step starts.
//!
//! `charge(order.clone())` beside `ship(order)` is fine in a plain function, as the clone is made
//! before `order` moves. So it is here: an argument that only looks at a value which another
//! declaration consumes becomes a separate declaration. It takes no time, so it can come before the
//! consumer without delaying anything.

use proc_macro2::{Ident, Span};
use syn::spanned::Spanned;
use syn::{Expr, Pat, PatIdent, Token};

use super::awaits::has_question;
use super::functions::{arguments, arguments_mut};
use super::model::{Child, How, Kind, Node, Scope, Use};
use super::names::{self, Mode};
use super::resolve::uses;
use super::syntax::Binding;
use crate::sorted::SortedSet;

/// Declares early arguments in the scope and in all scopes inside it.
pub(crate) fn declare_early_arguments(scope: &mut Scope) {
    for at in 0..scope.nodes.len() {
        for name in contested(scope, at) {
            split_arguments(scope, at, &name);
        }
    }
    for node in &mut scope.nodes {
        for inner in node.scopes_mut() {
            declare_early_arguments(inner);
        }
    }
}

/// The names that a step uses only in arguments that look at them, and that another node consumes,
/// unless that node runs after the step anyway.
fn contested(scope: &Scope, at: usize) -> SortedSet<Ident> {
    let node = &scope.nodes[at];
    let Kind::Step(call) = &node.kind else { return SortedSet::new() };
    let is_consumed = |argument: &Expr, name: &Ident| {
        scope.nodes.iter().enumerate().any(|(other, consumer)| {
            other != at
                && consumes(consumer, name)
                && !(is_field(argument) && follows_a_borrower(scope, at, name))
                && !depends_on(scope, other, at)
        })
    };
    let looks = arguments(&call.expr).into_iter();
    let looks = looks.filter_map(|argument| Some((argument, looks_at(argument)?)));
    let names: SortedSet<Ident> = looks
        .filter(|(argument, name)| is_consumed(argument, name))
        .map(|(_, name)| name)
        .collect();
    // A name that is also used in another way has to be available when the step starts.
    let all_are_looks = |name: &Ident| {
        let in_looks = arguments(&call.expr)
            .into_iter()
            .filter(|argument| looks_at(argument).as_ref() == Some(name))
            .map(|argument| uses(argument, 0).filter(|used| used.ident == *name).count());
        let all = node.uses().filter(|used| used.ident == *name).count();
        in_looks.sum::<usize>() == all
    };
    names.into_iter().filter(all_are_looks).collect()
}

fn consumes(node: &Node, name: &Ident) -> bool {
    node.uses().any(|used| {
        let consumed = matches!(used.how, How::Value(Mode::Value | Mode::Part));
        consumed && !used.repeats && used.ident == *name
    })
}

fn is_field(expr: &Expr) -> bool {
    matches!(expr, Expr::Field(_))
}

/// Whether a step runs after another one that borrows a variable. Taking a field of the variable
/// early would move it out while that step still borrows it.
fn follows_a_borrower(scope: &Scope, at: usize, name: &Ident) -> bool {
    let borrows = |node: &Node| {
        node.uses().any(|used| used.ident == *name && used.how == How::Value(Mode::Borrow))
    };
    (0..scope.nodes.len())
        .any(|other| other != at && borrows(&scope.nodes[other]) && depends_on(scope, at, other))
}

fn depends_on(scope: &Scope, node: usize, on: usize) -> bool {
    let mut seen = SortedSet::new();
    let mut next = vec![node];
    while let Some(at) = next.pop() {
        let needs = scope.nodes[at].needs.keys().copied();
        next.extend(needs.filter(|need| seen.insert(*need)));
    }
    seen.contains(&on)
}

/// The one variable that an argument looks at, if its value does not borrow from the variable: a
/// copy of it or of a part of it, its length, or a text made from it.
fn looks_at(argument: &Expr) -> Option<Ident> {
    let owned = match argument {
        Expr::MethodCall(call) => gives_owned(&call.method) && call.args.is_empty(),
        Expr::Field(_) => true,
        Expr::Macro(call) => call.mac.path.is_ident("format"),
        Expr::Call(call) => match &*call.func {
            Expr::Path(path) => path.path.segments.last().is_some_and(|last| last.ident == "clone"),
            _ => false,
        },
        _ => false,
    };
    if !owned || has_question(argument) {
        return None;
    }
    let mut variables = SortedSet::new();
    names::find(argument, &mut |ident, mode| {
        if mode != Mode::Call {
            variables.insert(ident.clone());
        }
    });
    if variables.len() == 1 { variables.pop_first() } else { None }
}

/// Methods that by Rust's naming conventions return an owned value.
fn gives_owned(method: &Ident) -> bool {
    let method = method.to_string();
    method.starts_with("to_")
        || method.starts_with("is_")
        || matches!(&*method, "clone" | "cloned" | "copied" | "len" | "count")
}

/// Makes nodes of the arguments that look at `name`.
fn split_arguments(scope: &mut Scope, at: usize, name: &Ident) {
    let declared_by = scope.declares(name);
    let mut early = Vec::new();
    let first = scope.nodes.len();
    let node = &mut scope.nodes[at];
    let (id, path) = (node.id, node.path.clone());
    let Kind::Step(call) = &mut node.kind else { return };
    for argument in arguments_mut(&mut call.expr) {
        if looks_at(argument).as_ref() != Some(name) {
            continue;
        }
        let span = Span::mixed_site().located_at(argument.span());
        let ident = Ident::new(&format!("__early_{id}_{}", first + early.len()), span);
        let variable = syn::parse_quote!(#ident);
        early.push((ident, std::mem::replace(argument, variable)));
    }
    node.direct.retain(|used| used.ident != *name);
    if let Some(declared_by) = declared_by {
        node.needs.remove(&declared_by);
    }
    for (offset, (ident, _)) in early.iter().enumerate() {
        let how = How::Value(Mode::Value);
        node.direct.push(Use {
            ident: ident.clone(),
            how,
            repeats: false,
            by: id,
            in_result: false,
        });
        node.needs.insert(first + offset, ident.clone());
    }
    let needs = declared_by.map(|declared_by| (declared_by, name.clone()));
    for (ident, expr) in early {
        scope.nodes.push(early_node(id, &path, ident, expr, needs.clone()));
    }
}

fn early_node(
    id: usize,
    path: &str,
    ident: Ident,
    expr: Expr,
    needs: Option<(usize, Ident)>,
) -> Node {
    let pat = Pat::Ident(PatIdent {
        attrs: Vec::new(),
        by_ref: None,
        mutability: None,
        ident: ident.clone(),
        subpat: None,
    });
    let let_token = Token![let](ident.span());
    Node {
        id,
        path: path.to_owned(),
        name: ident.to_string(),
        span: expr.span(),
        lints: Vec::new(),
        binding: Some(Binding { let_token, pat, ty: None }),
        vars: vec![(ident, false)],
        direct: uses(&expr, id).collect(),
        kind: Kind::Value(expr),
        ordered: false,
        inner: Vec::new(),
        needs: needs.into_iter().collect(),
        starts_after: SortedSet::new(),
        waits_inside: SortedSet::new(),
        early: true,
        compensation: None,
        was: None,
        child: Child::No,
        kept: Vec::new(),
    }
}
