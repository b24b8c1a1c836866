//! Whether a call's arguments borrow from values that live no longer than the call's own
//! statement.

use syn::Expr;
use syn::visit::{self, Visit};

/// Whether `expr` may borrow from a temporary: `&name.trim()`, `make().as_str()`. In doubt
/// it may.
pub(crate) fn borrows_temporary(expr: &Expr) -> bool {
    let mut find = Find(false);
    find.visit_expr(expr);
    find.0
}

struct Find(bool);

impl<'ast> Visit<'ast> for Find {
    fn visit_expr(&mut self, expr: &'ast Expr) {
        match expr {
            // A value that a call changes is one that it has taken over.
            Expr::Reference(reference) => {
                self.0 |= reference.mutability.is_some() || !is_place(&reference.expr);
            }
            Expr::MethodCall(call) => self.0 |= !is_place(&call.receiver),
            // What a macro comes to is not known, but what it formats is its own.
            Expr::Macro(call) => self.0 |= !call.mac.path.is_ident("format"),
            Expr::Closure(_) | Expr::Async(_) => return,
            _ => {}
        }
        visit::visit_expr(self, expr);
    }
}

/// Whether the value is kept somewhere: a variable, a part of one, or a constant.
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
    use super::borrows_temporary;

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
