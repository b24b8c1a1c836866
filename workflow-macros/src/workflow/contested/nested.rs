//! The same for steps in arms, blocks and items, where it depends on the plan whether two of them share
//! a variable.

use proc_macro2::{Ident, TokenStream};

use super::copied::{Reason, Traits, consumed, in_order_or_clone};
use super::held::{Access, held_by};
use super::{BESIDE, Variables, variables};
use crate::sorted::{SortedMap, SortedSet};
use crate::workflow::model::{Kind, Node, Scope};
use crate::workflow::ordered::Ordered;

/// A variable that a step holds.
struct Use<'a> {
    variable: &'a Ident,
    step: &'a Node,
    /// The declaration of the outer scope that the step is, or is in.
    outer: &'a Node,
}

impl Use<'_> {
    fn is_nested(&self) -> bool {
        self.step.id != self.outer.id
    }
}

/// What the declaration is called, if `#[after(…)]` can name it.
fn name_of(node: &Node) -> Option<&str> {
    let has_name = matches!(node.kind, Kind::Step(_)) || node.vars.len() == 1;
    has_name.then_some(&*node.name)
}

/// Checks that nothing is consumed in one of these branches while another borrows it, for the steps of
/// which at least one is in an arm, a block or a `for`. `shared` says of which variables a branch takes
/// the value itself.
pub(crate) fn consumed_beside(
    branches: &[Vec<&Node>],
    traits: &mut Traits,
    shared: &dyn Fn(&Ident) -> bool,
) -> TokenStream {
    let uses = |access: Access| -> Vec<(usize, Use<'_>)> {
        let branches = branches.iter().enumerate();
        let uses = branches.flat_map(|(branch, nodes)| {
            let found = nodes.iter().flat_map(|node| collected(node, access, &Variables::new()));
            found.map(move |used| (branch, used))
        });
        uses.filter(|(_, used)| shared(used.variable)).collect()
    };
    let (consumers, borrowers) = (uses(Access::Consumes), uses(Access::Borrows));
    let checks = consumers.iter().filter_map(|(branch, consumer)| {
        let (_, borrower) = borrowers.iter().find(|(other, borrower)| {
            other != branch
                && borrower.variable == consumer.variable
                && (consumer.is_nested() || borrower.is_nested())
        })?;
        let variable = consumer.variable;
        let remedy = match (name_of(consumer.outer), name_of(borrower.outer)) {
            (Some(name), Some(borrower)) => in_order_or_clone(variable, name, borrower),
            _ => clone(variable),
        };
        let message = consumed(variable, &consumer.step.name, &borrower.step.name);
        let reason = Reason { variable, message, notes: vec![BESIDE.to_owned(), remedy] };
        Some(traits.check(&reason, false))
    });
    checks.collect()
}

/// Checks that no item of a `for` consumes what is outside of it.
pub(crate) fn consumed_by_items(
    body: &Scope,
    traits: &mut Traits,
    shared: &dyn Fn(&Ident) -> bool,
) -> TokenStream {
    let inner = variables(body, &Variables::new());
    let consumers = body.nodes.iter().flat_map(|node| collected(node, Access::Consumes, &inner));
    let consumers = consumers.filter(|consumer| shared(consumer.variable));
    consumers.map(|consumer| traits.check(&once_for_each_item(&consumer), false)).collect()
}

fn once_for_each_item<'a>(Use { variable, step, .. }: &Use<'a>) -> Reason<'a> {
    Reason {
        variable,
        message: format!("step `{}` consumes `{variable}`, once for each item", step.name),
        notes: vec![
            "the items of a `for` share what is outside of it".to_owned(),
            format!("pass a reference, or give each item a clone: `{variable}.clone()`"),
        ],
    }
}

/// The steps that borrow each variable, by its name.
#[derive(Default)]
pub(crate) struct Borrowers {
    of: SortedMap<String, Vec<Borrower>>,
    /// The declaration of the body that each step is, or is in.
    outermost: SortedMap<usize, Outermost>,
    ordered: Ordered,
}

struct Borrower {
    id: usize,
    name: String,
}

/// A declaration of the body.
struct Outermost {
    /// Its position in the body.
    at: usize,
    name: Option<String>,
    starts_after: SortedSet<usize>,
}

impl Borrowers {
    pub(crate) fn of(body: &Scope) -> Self {
        let (mut of, mut outermost) = (SortedMap::new(), SortedMap::new());
        for (at, node) in body.nodes.iter().enumerate() {
            let declaration = || Outermost {
                at,
                name: name_of(node).map(ToOwned::to_owned),
                starts_after: node.starts_after.clone(),
            };
            for used in collected(node, Access::Consumes, &Variables::new()) {
                outermost.insert(used.step.id, declaration());
            }
            for Use { variable, step, .. } in collected(node, Access::Borrows, &Variables::new()) {
                outermost.insert(step.id, declaration());
                let borrower = Borrower { id: step.id, name: step.name.clone() };
                of.or_insert(variable.to_string(), Vec::new()).push(borrower);
            }
        }
        Self { of, outermost, ordered: Ordered::of(body) }
    }

    /// Whether the other declaration is done when this one starts.
    fn is_done_before(&self, own: &Outermost, other: &Outermost) -> bool {
        let mut before = own.starts_after.iter();
        before.any(|&before| before == other.at || self.ordered.needs(before, other.at))
    }

    /// Checks that none of the nodes consumes a variable to which it only has a reference. `reference`
    /// says of which variables that is so.
    pub(crate) fn consumed_behind<'a>(
        &self,
        nodes: impl IntoIterator<Item = &'a Node>,
        in_for: bool,
        traits: &mut Traits,
        reference: &dyn Fn(&Ident) -> bool,
    ) -> TokenStream {
        let consumers = nodes
            .into_iter()
            .flat_map(|node| collected(node, Access::Consumes, &Variables::new()))
            .filter(|consumer| reference(consumer.variable));
        let checks = consumers.map(|consumer| {
            let reason =
                if in_for { once_for_each_item(&consumer) } else { self.behind(&consumer) };
            traits.check(&reason, true)
        });
        checks.collect()
    }

    fn behind<'a>(&self, Use { variable, step, .. }: &Use<'a>) -> Reason<'a> {
        let borrowers = self.of.get(&variable.to_string());
        let others = borrowers.into_iter().flatten().filter(|other| other.id != step.id);
        let own = self.outermost.get(&step.id);
        let is_apart = |other: &&Borrower| {
            let (Some(own), Some(other)) = (own, self.outermost.get(&other.id)) else {
                return false;
            };
            own.at != other.at && !self.is_done_before(own, other)
        };
        let apart = others.clone().find(is_apart);
        let Some(borrower) = apart.or_else(|| others.clone().next()) else {
            let message =
                format!("step `{}` consumes `{variable}`, which is needed elsewhere", step.name);
            return Reason { variable, message, notes: vec![clone(variable)] };
        };
        let message = format!(
            "step `{}` consumes `{variable}`, which step `{}` borrows",
            step.name, borrower.name
        );
        let other = apart.and_then(|apart| self.outermost.get(&apart.id));
        let names = own.zip(other).filter(|(own, other)| !self.ordered.needs(other.at, own.at));
        let names = names.and_then(|(own, other)| own.name.as_ref().zip(other.name.as_ref()));
        let notes = match names {
            Some((own, other)) => vec![
                format!(
                    "`{own}` starts without waiting for `{other}`, so it only borrows `{variable}`",
                ),
                in_order_or_clone(variable, own, other),
            ],
            None => vec![clone(variable)],
        };
        Reason { variable, message, notes }
    }
}

fn clone(variable: &Ident) -> String {
    format!("give it a clone: `{variable}.clone()`")
}

/// The variables with this access in a declaration and in what is inside it, except those of `inner`,
/// which scopes inside declare. Items have a check of their own.
fn collected<'a>(node: &'a Node, access: Access, inner: &Variables) -> Vec<Use<'a>> {
    let mut found = Vec::new();
    collect(node, node, access, inner, &mut found);
    found
}

fn collect<'a>(
    node: &'a Node,
    outer: &'a Node,
    access: Access,
    inner: &Variables,
    found: &mut Vec<Use<'a>>,
) {
    let held = held_by(node, |name| !inner.contains(&name.to_string()));
    let held = held.into_iter().filter(|held| held.access == access);
    found.extend(held.map(|held| Use { variable: held.variable, step: node, outer }));
    if access == Access::Consumes && matches!(node.kind, Kind::FanOut { .. }) {
        return;
    }
    for scope in node.scopes() {
        let inner = variables(scope, inner);
        for node in &scope.nodes {
            collect(node, outer, access, &inner, found);
        }
    }
}
