//! Plain values that certainly differ each time, and that a durable workflow should record.

use proc_macro2::Ident;
use syn::{Expr, ExprCall};

use super::model::{Kind, Scope};
use crate::sorted::SortedSet;
use crate::walk::{self, Part};

/// The last two path segments of functions that only clocks and sources of random numbers have.
const DIFFER: [(&str, &str); 8] = [
    ("SystemTime", "now"),
    ("Utc", "now"),
    ("Local", "now"),
    ("OffsetDateTime", "now_utc"),
    ("OffsetDateTime", "now_local"),
    ("Uuid", "new_v4"),
    ("Uuid", "now_v7"),
    ("rand", "random"),
];

/// The function that makes the value of the node `at` differ each time, if it is a plain value that
/// reaches a step or a branch.
pub(crate) fn unrecorded(scope: &Scope, at: usize) -> Option<Ident> {
    let Kind::Value(value) = &scope.nodes[at].kind else { return None };
    differs(value).filter(|_| is_seen(scope, at))
}

/// The function that makes it differ.
fn differs(value: &Expr) -> Option<Ident> {
    let mut found = None;
    walk::expr(value, &mut |part| {
        if let Part::Expr(Expr::Call(call)) = part
            && found.is_none()
        {
            found = differing(call);
        }
        // The contents of these are not computed here.
        !matches!(part, Part::Expr(Expr::Closure(_) | Expr::Async(_)))
    });
    found
}

/// The called function, if it returns something else each time.
fn differing(call: &ExprCall) -> Option<Ident> {
    let Expr::Path(path) = &*call.func else { return None };
    let mut ends = path.path.segments.iter().rev().map(|segment| &segment.ident);
    let (function, of) = (ends.next()?, ends.next()?);
    DIFFER.iter().any(|(ty, name)| of == ty && function == name).then(|| function.clone())
}

/// Whether a step, or a node with steps in it, names the value or another one derived from it.
fn is_seen(scope: &Scope, at: usize) -> bool {
    let mut seen = SortedSet::new();
    let mut next = vec![at];
    while let Some(from) = next.pop() {
        for (user, node) in scope.nodes.iter().enumerate() {
            if !node.needs.contains_key(&from) {
                continue;
            }
            // An argument that is computed early belongs to a step.
            if node.early || !matches!(node.kind, Kind::Value(_)) {
                return true;
            }
            if seen.insert(user) {
                next.push(user);
            }
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::differs;

    #[test]
    fn knows_clocks_and_random_numbers() {
        let differs = |code: &str| {
            let value = syn::parse_str(code).expect("an expression");
            differs(&value).map(|function| function.to_string())
        };
        for (code, function) in [
            ("SystemTime::now()", "now"),
            ("std::time::SystemTime::now().elapsed()?", "now"),
            ("Uuid::new_v4().to_string()", "new_v4"),
            ("Order { at: chrono::Utc::now(), items }", "now"),
            ("rand::random::<u64>() % 6", "random"),
            ("if late { Some(Uuid::now_v7()) } else { None }", "now_v7"),
        ] {
            assert_eq!(differs(code).as_deref(), Some(function), "{code}");
        }
        for code in [
            "now()",
            "Instant::now()",
            "clock.now()",
            "random()",
            "Uuid::from_u128(7)",
            "|| SystemTime::now()",
            "async { SystemTime::now() }",
            "SystemTime::now",
        ] {
            assert_eq!(differs(code), None, "{code}");
        }
    }
}
