//! Which option values can be computed at compile time.

use syn::{Expr, ExprCall, ExprMethodCall, FnArg, GenericParam, Pat, Path, Signature};

use crate::duration::peeled;
use crate::pattern::bound_by;
use crate::sorted::SortedSet;

/// The names whose meaning differs with each call of a function: its arguments and generics.
pub(crate) struct Local(SortedSet<String>);

/// The `const` functions that create a `Retry` or a `Duration`.
const FUNCTIONS: [(&str, &str); 5] = [
    ("Retry", "attempts"),
    ("Duration", "from_secs"),
    ("Duration", "from_millis"),
    ("Duration", "from_micros"),
    ("Duration", "from_nanos"),
];

/// The `const` methods that change a `Retry`.
const METHODS: [&str; 7] = [
    "without_delay",
    "constant",
    "constant_delay",
    "exponential",
    "exponential_delay",
    "factor",
    "jitter",
];

impl Local {
    pub(crate) fn of(sig: &Signature) -> Self {
        let mut names = SortedSet::from_iter(["self".to_owned(), "Self".to_owned()]);
        for input in &sig.inputs {
            if let FnArg::Typed(typed) = input {
                names.extend(bound_by(&typed.pat).into_iter().map(|(name, _)| name.to_string()));
                // Inside of a pattern, a name in capital letters is that of a constant.
                if let Pat::Ident(plain) = &*typed.pat {
                    names.insert(plain.ident.to_string());
                }
            }
        }
        names.extend(sig.generics.params.iter().filter_map(|param| match param {
            GenericParam::Type(param) => Some(param.ident.to_string()),
            GenericParam::Const(param) => Some(param.ident.to_string()),
            GenericParam::Lifetime(_) => None,
        }));
        Self(names)
    }

    /// The same, with more names.
    pub(crate) fn with(&self, names: impl Iterator<Item = String>) -> Self {
        Self(self.0.iter().cloned().chain(names).collect())
    }

    /// Whether `value` is certainly a constant: a literal, the name of a constant or a static, or
    /// one of the well-known calls with such arguments. It is then checked at compile time, and
    /// costs nothing at each call.
    pub(crate) fn is_constant(&self, value: &Expr) -> bool {
        match peeled(value) {
            Expr::Lit(_) => true,
            Expr::Paren(paren) => self.is_constant(&paren.expr),
            Expr::Path(path) => path.qself.is_none() && self.names_constant(&path.path),
            Expr::Call(call) => self.is_constant_call(call),
            Expr::MethodCall(call) => self.is_constant_method(call),
            _ => false,
        }
    }

    fn names_constant(&self, path: &Path) -> bool {
        let Some(last) = path.segments.last() else { return false };
        let name = last.ident.to_string();
        let is_upper = |letter: char| letter.is_ascii_uppercase() || letter.is_ascii_digit();
        self.is_known_everywhere(path)
            && name.starts_with(|letter: char| letter.is_ascii_uppercase())
            && name.chars().all(|letter| is_upper(letter) || letter == '_')
    }

    fn is_constant_call(&self, call: &ExprCall) -> bool {
        let Expr::Path(path) = peeled(&call.func) else { return false };
        let mut ends = path.path.segments.iter().rev().map(|segment| segment.ident.to_string());
        let (Some(function), Some(of)) = (ends.next(), ends.next()) else { return false };
        FUNCTIONS.contains(&(&of, &function))
            && self.is_known_everywhere(&path.path)
            && call.args.iter().all(|argument| self.is_constant(argument))
    }

    fn is_constant_method(&self, call: &ExprMethodCall) -> bool {
        METHODS.contains(&&*call.method.to_string())
            && self.is_constant(&call.receiver)
            && call.args.iter().all(|argument| self.is_constant(argument))
    }

    /// Whether the path begins with none of these names, and contains no generic arguments.
    fn is_known_everywhere(&self, path: &Path) -> bool {
        let is_local = path.segments.first().is_some_and(|first| {
            path.leading_colon.is_none() && self.0.contains(&first.ident.to_string())
        });
        !is_local && path.segments.iter().all(|segment| segment.arguments.is_none())
    }
}

#[cfg(test)]
mod tests {
    use super::Local;

    #[test]
    fn knows_constants() {
        let sig =
            "async fn f<T: Plan, const LIMIT: u32>(order: &Order, (_few, n): (u32, u32), FEW: u32)";
        let local = Local::of(&syn::parse_str(sig).expect("a signature"));
        let is = |value: &str| local.is_constant(&syn::parse_str(value).expect("an expression"));
        for value in [
            "CALM",
            "policies::CALM",
            "Payments::RETRY_2",
            "3",
            "Retry::attempts(3)",
            "workflow_runtime::Retry::attempts(MOST).exponential(\"1s\", \"5s\").jitter()",
            "Duration::from_secs(10)",
            "std::time::Duration::from_millis(policies::WAIT)",
            "Duration::MAX",
        ] {
            assert!(is(value), "{value}");
        }
        for value in [
            "calm",
            "order.timeout",
            "LIMIT",
            "FEW",
            "Self::RETRY",
            "T::RETRY",
            "<T as Plan>::RETRY",
            "Payments::<u8>::RETRY",
            "*CALM",
            "CALM.with(order)",
            "Retry::attempts(n)",
            "Retry::from_env()",
            "WAIT * 2",
            "Duration::from_secs_f64(0.5)",
            "env!(\"X\")",
        ] {
            assert!(!is(value), "{value}");
        }
    }
}
