//! The names of steps in paths.

use std::collections::BTreeSet;

use super::model::{Call, Function, Kind, Node, Scope};

/// Names the nodes of a scope: after the one variable, or else after the function, with a
/// number from the second on, in the order of the source.
pub(super) fn name_nodes(scope: &mut Scope, functions: &[Function]) {
    let vars = scope.nodes.iter().flat_map(|node| &node.vars);
    let mut taken: BTreeSet<String> = vars.map(|var| var.name.clone()).collect();
    for &at in &scope.printed {
        let node = &mut scope.nodes[at];
        if let [var] = &node.vars[..] {
            node.name.clone_from(&var.name);
            continue;
        }
        let base = base(node, functions);
        let numbered = (2..).map(|number| format!("{base}_{number}"));
        let name =
            std::iter::once(base.to_owned()).chain(numbered).find(|name| !taken.contains(name));
        node.name = name.expect("there are more numbers than nodes");
        taken.insert(node.name.clone());
    }
}

fn base<'a>(node: &Node, functions: &'a [Function]) -> &'a str {
    match &node.kind {
        Kind::Step { call: Call::Sub(function), .. } => &functions[*function].name,
        Kind::Step { call, .. } => call.name(),
        Kind::Value(_) => "value",
        Kind::Block(_) => "block",
        Kind::If { .. } => "if",
        Kind::Pick { .. } | Kind::Choose { .. } => "match",
        Kind::For { .. } => "for",
    }
}
