//! Plain values of durable workflows, which are noted where they come to be.
//!
//! A plain value is computed again when the run goes on. What it was shows in a note beside the
//! records of the steps that were given it, so that another one is never taken for the same.

use proc_macro2::{Ident, TokenStream};
use syn::{Expr, ExprCall, ExprMethodCall};

use super::scope::Emitter;
use crate::workflow::model::{Kind, Node};

impl Emitter<'_> {
    /// The note of a value that has just been computed.
    pub(super) fn noted(&self, node: &Node) -> Option<TokenStream> {
        if !self.durable || node.early || !can_be_noted(node) {
            return None;
        }
        let value = all_of(node.vars.iter().map(|(name, _)| name))?;
        let (rt, id) = (self.rt, node.id);
        Some(glue!(#rt::note::<#id>(|| #rt::identify!(#value));))
    }

    /// The note of what an arm of a branch binds, by its pattern, of `matched`.
    pub(super) fn noted_names(
        &self,
        node: &Node,
        arm: usize,
        names: &[Ident],
        matched: &Expr,
    ) -> Option<TokenStream> {
        if !self.durable || !tells_types(matched) {
            return None;
        }
        let value = all_of(names)?;
        let (rt, id) = (self.rt, node.id);
        Some(glue!(#rt::note_bound::<#id>(#arm, || #rt::identify!(#value));))
    }
}

/// All of these variables as one value; nothing if none of them is used.
fn all_of<'a>(names: impl IntoIterator<Item = &'a Ident>) -> Option<TokenStream> {
    let is_used = |name: &&Ident| !name.to_string().starts_with('_');
    let names: Vec<&Ident> = names.into_iter().filter(is_used).collect();
    match &names[..] {
        [] => None,
        [name] => Some(glue!(&#name)),
        names => Some(glue!(&(#(&#names),*))),
    }
}

/// Whether rustc knows the types of what a condition, or a `match`, binds.
fn tells_types(matched: &Expr) -> bool {
    match matched {
        Expr::Let(binding) => tells_its_type(&binding.expr),
        Expr::Binary(both) => tells_types(&both.left) && tells_types(&both.right),
        Expr::Paren(inner) => tells_types(&inner.expr),
        Expr::Group(inner) => tells_types(&inner.expr),
        // The value itself is borrowed, and its type is known where that of the variable is.
        Expr::Reference(inner) => tells_types(&inner.expr),
        matched => tells_its_type(matched),
    }
}

fn can_be_noted(node: &Node) -> bool {
    match &node.kind {
        Kind::Value(expr) => {
            let has_type = node.binding.as_ref().is_some_and(|binding| binding.ty.is_some());
            has_type || tells_its_type(expr)
        }
        // What a step comes to is recorded, the items of a fan-out are told apart, and what stands
        // in the others is noted there.
        Kind::Step(_) | Kind::FanOut { .. } | Kind::If(_) | Kind::Match { .. } | Kind::Block(_) => {
            false
        }
    }
}

/// Whether rustc knows the type of a value before it sees how that is used: the note comes
/// first.
fn tells_its_type(expr: &Expr) -> bool {
    match expr {
        Expr::Try(inner) => tells_its_type(&inner.expr),
        Expr::Paren(inner) => tells_its_type(&inner.expr),
        Expr::Group(inner) => tells_its_type(&inner.expr),
        Expr::MethodCall(call) => method_tells(call),
        Expr::Call(call) => function_tells(call),
        // A name on its own may be `None`.
        Expr::Path(path) => path.path.get_ident().is_some_and(|name| name != "None"),
        Expr::Closure(_) | Expr::Reference(_) | Expr::Async(_) | Expr::Infer(_) => false,
        Expr::Array(array) => !array.elems.is_empty() && array.elems.iter().all(tells_its_type),
        Expr::Tuple(tuple) => tuple.elems.iter().all(tells_its_type),
        Expr::Macro(call) => call.mac.path.is_ident("format"),
        _ => true,
    }
}

/// Methods whose callers say what they want.
const ASKS: [&str; 12] = [
    "collect",
    "default",
    "into",
    "map_into",
    "parse",
    "product",
    "sum",
    "try_collect",
    "try_into",
    "unzip",
    "partition",
    "try_from",
];

/// Methods behind which it is the value in front that counts.
const PASSES: [&str; 8] =
    ["expect", "map_err", "ok", "ok_or", "ok_or_else", "unwrap", "unwrap_or", "unwrap_or_default"];

fn method_tells(call: &ExprMethodCall) -> bool {
    let name = call.method.to_string();
    if PASSES.contains(&&*name) {
        return tells_its_type(&call.receiver);
    }
    call.turbofish.is_some() || !ASKS.contains(&&*name)
}

/// Functions whose callers say what they want.
const MAKES: [&str; 9] = [
    "default",
    "from_reader",
    "from_slice",
    "from_str",
    "from_value",
    "new",
    "random",
    "with_capacity",
    "deserialize",
];

fn function_tells(call: &ExprCall) -> bool {
    let Expr::Path(function) = &*call.func else { return true };
    let Some(last) = function.path.segments.last() else { return true };
    let has_arguments = function.path.segments.iter().any(|segment| !segment.arguments.is_none());
    let name = last.ident.to_string();
    match &*name {
        "Ok" | "Err" | "Some" => call.args.iter().all(tells_its_type) && name == "Some",
        _ => has_arguments || !MAKES.contains(&&*name),
    }
}

#[cfg(test)]
mod tests {
    use super::tells_its_type;

    #[test]
    fn a_value_is_noted_where_its_type_is_known() {
        let tells = |code: &str| tells_its_type(&syn::parse_str(code).expect("an expression"));
        for code in
            ["now()", "cart.total()", "a + 1", "Order { id: 7 }", "x.parse::<u32>()?", "Some(a)"]
        {
            assert!(tells(code), "{code}");
        }
        for code in [
            "None",
            "text.parse()?",
            "list.iter().sum()",
            "Vec::new()",
            "serde_json::from_str(&text)?",
        ] {
            assert!(!tells(code), "{code}");
        }
    }
}
