//! Values that live only as long as the statement of a call: whether the call's arguments borrow
//! from them, and where they end before the step runs.

use proc_macro2::{Ident, Span};
use syn::spanned::Spanned;
use syn::{Expr, Stmt};

use super::model::{Kind, Scope};
use crate::walk::{self, Part};

/// Ends the temporaries in the arguments of steps if the passed values do not borrow from them, as
/// a `let` would: `send(*lock.lock().unwrap()).await` must not hold the lock while it runs.
pub(crate) fn end_in_arguments(scope: &mut Scope) {
    for node in &mut scope.nodes {
        if let Kind::Step(call) = &mut node.kind
            && call.record.is_none()
        {
            match &mut call.expr {
                Expr::Call(call) => call.args.iter_mut().for_each(end),
                Expr::MethodCall(call) => call.args.iter_mut().for_each(end),
                _ => {}
            }
        }
        for inner in node.scopes_mut() {
            end_in_arguments(inner);
        }
    }
}

/// Ends the temporaries in an argument, or in the parts that it is made of.
fn end(argument: &mut Expr) {
    if copies_out(argument) {
        let at = Span::mixed_site().located_at(argument.span());
        let ended = Ident::new("__argument", at);
        *argument = syn::parse_quote_spanned!(at=> { let #ended = #argument; #ended });
        return;
    }
    match argument {
        Expr::Call(call) => call.args.iter_mut().for_each(end),
        Expr::MethodCall(call) => call.args.iter_mut().for_each(end),
        Expr::Tuple(tuple) => tuple.elems.iter_mut().for_each(end),
        Expr::Array(array) => array.elems.iter_mut().for_each(end),
        Expr::Struct(literal) => literal.fields.iter_mut().for_each(|field| end(&mut field.expr)),
        Expr::Paren(paren) => end(&mut paren.expr),
        Expr::Group(group) => end(&mut group.expr),
        _ => {}
    }
}

/// Whether a value is copied or moved out of temporaries, and so does not borrow from them.
fn copies_out(expr: &Expr) -> bool {
    match expr {
        Expr::Unary(unary) => borrows_temporary(expr) && !is_place(&unary.expr),
        Expr::Binary(_) | Expr::Cast(_) => borrows_temporary(expr),
        Expr::Field(field) => !is_place(&field.base),
        Expr::Index(index) => !is_place(&index.expr),
        Expr::MethodCall(call) if is_place(&call.receiver) => false,
        Expr::MethodCall(call) => {
            let name = call.method.to_string();
            let owned = name.starts_with("to_") || name.starts_with("is_");
            owned
                || matches!(&*name, "len" | "count")
                || takes_out(&name) && holds_guard(&call.receiver)
        }
        Expr::Call(call) => match &*call.func {
            Expr::Path(path) => {
                let clones = path.path.segments.last().is_some_and(|last| last.ident == "clone");
                clones && call.args.iter().any(holds_guard)
            }
            _ => false,
        },
        _ => false,
    }
}

/// Methods that return an owned value when they are called on what a guard protects.
fn takes_out(method: &str) -> bool {
    const OUT: [&str; 10] = [
        "clone",
        "cloned",
        "copied",
        "take",
        "pop",
        "pop_front",
        "pop_back",
        "remove",
        "insert",
        "replace",
    ];
    OUT.contains(&method)
}

/// Whether the expression locks something.
fn holds_guard(expr: &Expr) -> bool {
    let mut locks = false;
    walk::expr(expr, &mut |part| {
        if let Part::Expr(Expr::MethodCall(call)) = part {
            let name = call.method.to_string();
            locks |= matches!(
                &*name,
                "lock" | "read" | "write" | "borrow" | "borrow_mut" | "try_lock" | "blocking_lock"
            );
        }
        true
    });
    locks
}

/// Whether it is a block made by [`end`].
fn has_ended(block: &syn::ExprBlock) -> bool {
    matches!(&block.block.stmts[..], [Stmt::Local(_), Stmt::Expr(Expr::Path(_), None)])
}

/// Whether `expr` may borrow from a temporary: `&name.trim()`, `make().as_str()`. If in doubt, it
/// may.
pub(crate) fn borrows_temporary(expr: &Expr) -> bool {
    let mut borrows = false;
    walk::expr(expr, &mut |part| {
        let Part::Expr(expr) = part else { return true };
        match expr {
            // A value that a call changes is one that the branch has taken over.
            Expr::Reference(reference) => {
                borrows |= reference.mutability.is_some() || !is_place(&reference.expr);
            }
            Expr::MethodCall(call) => borrows |= !is_place(&call.receiver),
            // The value of a macro call is unknown, but that of `format!` is owned.
            Expr::Macro(call) => borrows |= !call.mac.path.is_ident("format"),
            Expr::Closure(_) | Expr::Async(_) => return false,
            Expr::Block(block) if has_ended(block) => return false,
            _ => {}
        }
        true
    });
    borrows
}

/// Whether the value is stored somewhere: a variable, a part of one, or a constant.
fn is_place(expr: &Expr) -> bool {
    match expr {
        Expr::Path(_) | Expr::Lit(_) => true,
        Expr::Field(field) => is_place(&field.base),
        Expr::Index(index) => is_place(&index.expr),
        Expr::Paren(paren) => is_place(&paren.expr),
        Expr::Group(group) => is_place(&group.expr),
        Expr::Reference(reference) => is_place(&reference.expr),
        Expr::Unary(unary) => matches!(unary.op, syn::UnOp::Deref(_)) && is_place(&unary.expr),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use quote::ToTokens;

    use super::{borrows_temporary, end};

    #[test]
    fn ends_temporaries_that_nothing_borrows() {
        let ended = |code: &str| {
            let mut argument = syn::parse_str(code).expect("an expression");
            end(&mut argument);
            argument.to_token_stream().to_string().replace(' ', "")
        };
        for code in [
            "*m.lock().unwrap()",
            "m.lock().unwrap().id",
            "m.lock().unwrap().clone()",
            "*m.lock().unwrap()+1",
            "m.read().unwrap().len()",
            "Arc::clone(&m.lock().unwrap())",
        ] {
            assert_eq!(ended(code), format!("{{let__argument={code};__argument}}"));
        }
        for code in
            ["a", "*a", "a.b", "a.clone()", "&*m.lock().unwrap()", "m.lock().unwrap().get(1)"]
        {
            assert_eq!(ended(code), code);
        }
        assert_eq!(
            ended("Some(*m.lock().unwrap())"),
            "Some({let__argument=*m.lock().unwrap();__argument})"
        );
    }

    #[test]
    fn tells_places_from_temporaries() {
        let borrows = |code: &str| borrows_temporary(&syn::parse_str(code).expect("an expression"));
        for place in
            ["f(&a, b, &c.d[0], *e)", "f(a.len(), g(b))", "a.f(format!(\"{b}\"))", "f(\"x\", &1)"]
        {
            assert!(!borrows(place), "{place}");
        }
        for temporary in
            ["f(&a.b())", "f(a.b().c())", "f(&g(a))", "f(vec![&g()])", "f(&[a])", "f(&mut a)"]
        {
            assert!(borrows(temporary), "{temporary}");
        }
    }
}
