//! Plain values of durable workflows, which are noted where they are computed.
//!
//! A plain value is computed again when the run is resumed. What it was is noted with the records
//! of the steps that were given it, so that a different value is never mistaken for the same.
//!
//! How to tell one value from another depends on its type, which rustc may learn only from the code
//! that follows: `let count = text.parse()?`. So a zero-sized constant outside of the body stands
//! for the type and the way to compare. The note uses it, and the way is chosen after the whole
//! body.

use std::cell::RefCell;

use proc_macro2::{Ident, Span, TokenStream};
use quote::format_ident;
use syn::Expr;

use super::emitter::Emitter;
use super::nodes::number;
use crate::sorted::{SortedMap, SortedSet};
use crate::workflow::model::{Kind, Node, Scope, Tail};
use crate::workflow::names;

/// Stand-ins for the plain values of a workflow, outside of its body.
#[derive(Default)]
pub(super) struct NotedValues(RefCell<SortedMap<(usize, Part), Ident>>);

/// The part of a node that is noted.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    /// Its value.
    Result,
    /// What this arm binds.
    Bound(usize),
    /// The items of a fan-out.
    Items,
}

impl NotedValues {
    /// The stand-in for this part.
    fn of(&self, node: usize, part: Part) -> Ident {
        let suffix = match part {
            Part::Result => String::new(),
            Part::Bound(arm) => format!("_bound_{arm}"),
            Part::Items => "_items".to_owned(),
        };
        let name = format_ident!("__noted_{node}{suffix}", span = Span::mixed_site());
        self.0.borrow_mut().or_insert((node, part), name).clone()
    }

    pub(super) fn declarations(&self, rt: &TokenStream) -> TokenStream {
        let names = self.0.borrow();
        let names = names.values();
        hygienic!(#(let #names = #rt::Noted::<_, _>::new();)*)
    }

    /// Chooses the ways, after all the code that tells rustc the types.
    pub(super) fn told(&self, rt: &TokenStream) -> Option<TokenStream> {
        let names = self.0.borrow();
        let names: Vec<&Ident> = names.values().collect();
        (!names.is_empty()).then(|| {
            hygienic! {
                {
                    #[allow(unused_imports)]
                    use #rt::ways::*;
                    #(#names.told((&&&&&&#names.its_type()).way());)*
                }
            }
        })
    }
}

impl Emitter<'_> {
    /// The note of what has just been computed. `used` are the names that the scope uses: rustc
    /// warns about the others, and nothing depends on them.
    pub(super) fn noted(&self, node: &Node, used: &SortedSet<String>) -> Option<TokenStream> {
        if !self.durable || node.early {
            return None;
        }
        let note = match &node.kind {
            Kind::Value(expr) => is_computed(expr).then(|| hygienic!(note))?,
            // The output of a step is recorded.
            Kind::Step(_) => return None,
            Kind::If(_) | Kind::Match { .. } | Kind::FanOut { .. } | Kind::Block(_) => {
                let named = node.binding.is_some();
                (named && !comes_of_steps(node)).then(|| hygienic!(note_result))?
            }
        };
        let value = all_of(node.vars.iter().map(|(name, _)| name), used)?;
        Some(self.note_of(&note, (node.id, Part::Result), &value))
    }

    /// The note of what an arm of a branch binds, by its pattern.
    pub(super) fn noted_names(
        &self,
        node: &Node,
        arm: usize,
        names: &[Ident],
        scope: &Scope,
    ) -> Option<TokenStream> {
        if !self.durable {
            return None;
        }
        let value = all_of(names, &names_used(scope))?;
        Some(self.note_of(&hygienic!(note_bound), (node.id, Part::Bound(arm)), &value))
    }

    /// The stand-in for the items of a fan-out, and the code that tells rustc their type.
    pub(super) fn noted_items(&self, node: &Node, items: &TokenStream) -> (Ident, TokenStream) {
        let noted = self.noted_values.of(node.id, Part::Items);
        let told = unreached(&hygienic!(#noted.is_each(&#items)));
        (noted, told)
    }

    fn note_of(
        &self,
        note: &TokenStream,
        (node, part): (usize, Part),
        value: &TokenStream,
    ) -> TokenStream {
        let rt = self.rt;
        let noted = self.noted_values.of(node, part);
        let node = number(node);
        let told = unreached(&hygienic!(#noted.is(#value)));
        hygienic!(#rt::#note(#node, #noted, #value); #told)
    }
}

/// Code whose types rustc checks, but which the borrow checker does not see.
fn unreached(code: &TokenStream) -> TokenStream {
    hygienic! {
        #[allow(unreachable_code)]
        '__type: { break '__type; #code; }
    }
}

/// The names in the declarations of a scope, and in its result.
pub(super) fn names_used(scope: &Scope) -> SortedSet<String> {
    let uses = scope.nodes.iter().flat_map(Node::uses);
    let mut used: SortedSet<String> = uses.map(|used| used.ident.to_string()).collect();
    match &scope.tail {
        Tail::Expr(expr) => names::find(expr, &mut |name, _| _ = used.insert(name.to_string())),
        Tail::Unit | Tail::Node(_) => {}
    }
    used
}

/// All of these variables that are used, as one value; `None` if there are none.
fn all_of<'a>(
    names: impl IntoIterator<Item = &'a Ident>,
    used: &SortedSet<String>,
) -> Option<TokenStream> {
    let names: Vec<&Ident> =
        names.into_iter().filter(|name| used.contains(&name.to_string())).collect();
    match &names[..] {
        [] => None,
        [name] => Some(hygienic!(&#name)),
        names => Some(hygienic!(&(#(&#names),*))),
    }
}

/// Whether an expression computes something. It does not if it only borrows what is noted already,
/// or never returns a value.
fn is_computed(expr: &Expr) -> bool {
    match expr {
        Expr::Paren(inner) => is_computed(&inner.expr),
        Expr::Group(inner) => is_computed(&inner.expr),
        Expr::Reference(inner) => !is_place(&inner.expr),
        Expr::Macro(call) => {
            let never = ["panic", "todo", "unimplemented", "unreachable"];
            !never.iter().any(|name| call.mac.path.is_ident(name))
        }
        _ => true,
    }
}

fn is_place(expr: &Expr) -> bool {
    match expr {
        Expr::Path(_) => true,
        Expr::Field(field) => is_place(&field.base),
        Expr::Paren(inner) => is_place(&inner.expr),
        Expr::Group(inner) => is_place(&inner.expr),
        Expr::Reference(inner) => is_place(&inner.expr),
        _ => false,
    }
}

/// Whether a node's value is the output of steps in it, which is recorded.
fn comes_of_steps(node: &Node) -> bool {
    node.scopes().into_iter().all(|scope| {
        let result = match &scope.tail {
            Tail::Unit | Tail::Expr(Expr::Lit(_)) => return true,
            Tail::Node(result) => Some(*result),
            Tail::Expr(Expr::Path(path)) => {
                path.path.get_ident().and_then(|name| scope.declares(name))
            }
            Tail::Expr(_) => None,
        };
        result.is_some_and(|result| match &scope.nodes[result] {
            node if matches!(node.kind, Kind::Step(_)) => true,
            node => !matches!(node.kind, Kind::Value(_)) && comes_of_steps(node),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::is_computed;

    #[test]
    fn what_only_borrows_is_not_noted_again() {
        let computed = |code: &str| is_computed(&syn::parse_str(code).expect("an expression"));
        for code in ["now()", "cart.total()", "&now()", "(&cart.total())", "None", "a", "order.id"]
        {
            assert!(computed(code), "{code}");
        }
        for code in ["&a", "&order.lines", "(&a.0)", "&&a", "todo!()", "panic!(\"no\")"] {
            assert!(!computed(code), "{code}");
        }
    }
}
