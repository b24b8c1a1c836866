//! Which names a declaration needs before anything of it can run.

use std::collections::BTreeSet;

use super::generate::model::{After, Kind, Node, Scope, Tail};

type Names = BTreeSet<String>;

/// What the node itself names, and what each of its arms needs at once.
pub(super) fn needed_at_once(node: &Node) -> Names {
    let mut names = direct(node);
    let optional =
        matches!(&node.kind, Kind::If { conditions, arms } if conditions.len() == arms.len());
    if !optional {
        let arms = node.scopes().iter().enumerate();
        let arms = arms.map(|(arm, scope)| &needed_by_all_entries(scope) - &bound(node, arm));
        names.extend(arms.reduce(|left, right| &left & &right).unwrap_or_default());
    }
    names
}

/// What all those nodes of the scope need from outside that wait for none of the others.
fn needed_by_all_entries(scope: &Scope) -> Names {
    let vars = scope.nodes.iter().flat_map(|node| &node.vars);
    let own: Names = vars.map(|var| var.name.clone()).collect();
    let waits = |node: &&Node| !node.after.iter().any(|after| matches!(after, After::Here(_)));
    let needs = scope.nodes.iter().filter(waits).map(needed_at_once);
    let entries = needs.filter(|needs| needs.is_disjoint(&own));
    let by_all = entries.reduce(|left, right| &left & &right);
    by_all.unwrap_or_else(|| match &scope.tail {
        Tail::Value(value) => value.args().iter().map(|arg| arg.name.clone()).collect(),
        Tail::Unit | Tail::Node => Names::new(),
    })
}

/// What a node and its `#[after]` name, besides nodes of the same scope by `#[after]`.
fn direct(node: &Node) -> Names {
    let outer = node.after.iter().filter_map(|after| match after {
        After::Here(_) => None,
        After::Outer(name) => Some(name),
    });
    let args = node.args().into_iter().map(|arg| &arg.name);
    args.chain(outer).cloned().collect()
}

/// What the pattern in front of an arm, or of the body of a `for`, binds.
fn bound(node: &Node, arm: usize) -> Names {
    let names = match &node.kind {
        Kind::If { conditions, .. } => {
            let condition = conditions.get(arm);
            condition.and_then(|condition| condition.binds.clone()).into_iter().collect()
        }
        Kind::Choose { binds, .. } => binds.get(arm).cloned().into_iter().collect(),
        Kind::For { index, item, .. } => vec![index.clone(), item.clone()],
        Kind::Step { .. } | Kind::Value(_) | Kind::Block(_) | Kind::Pick { .. } => Vec::new(),
    };
    names.into_iter().collect()
}
