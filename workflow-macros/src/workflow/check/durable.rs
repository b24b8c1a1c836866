//! What a durable workflow must be: one whose steps leave nothing behind but their outputs.

use syn::visit::{self, Visit};
use syn::{Expr, ExprReference};

use crate::report::{Report, shown};
use crate::workflow::model::{Kind, Scope};

/// Reports the steps that change a value in place: when a run goes on, a step that has completed
/// is not there to do it again.
pub(super) fn check(scope: &Scope, report: &mut Report) {
    for node in &scope.nodes {
        if let Kind::Step(call) = &node.kind {
            check_call(&call.expr, report);
        }
        for inner in node.scopes() {
            check(inner, report);
        }
    }
}

fn check_call(call: &Expr, report: &mut Report) {
    struct Changes<'a>(&'a mut Report);
    impl<'ast> Visit<'ast> for Changes<'_> {
        fn visit_expr_reference(&mut self, borrow: &'ast ExprReference) {
            if borrow.mutability.is_some() {
                let value = shown(&borrow.expr);
                self.0
                    .error(borrow, format!("a durable step cannot change `{value}` in place"))
                    .note(
                        "when a run goes on, a step that has completed does not run again, and only its \
                         output is recorded",
                    )
                    .help(&format!("give the step the value, and let it return the new one: `let new = step({value}).await`"));
                return;
            }
            visit::visit_expr_reference(self, borrow);
        }
    }
    Changes(report).visit_expr(call);
}
