//! A `for` whose results are not used: it keeps none, and its body is a statement, so rustc warns
//! about it as about any other that drops a `Result`.

use super::model::{Kind, Node, Scope, Tail};

/// Makes every `for` in this body whose results are not used keep none.
pub(crate) fn keep_no_results(body: &mut Scope) {
    for node in &mut body.nodes {
        let is_statement = is_statement(node);
        if let Kind::FanOut { body, .. } = &mut node.kind
            && is_statement
        {
            end_with_statement(body);
        }
        node.scopes_mut().into_iter().for_each(keep_no_results);
    }
}

fn is_statement(node: &Node) -> bool {
    node.binding.is_none() && node.vars.is_empty()
}

/// A `for` at the end of a body is a statement as well if the value of the body is dropped.
fn end_with_statement(body: &mut Scope) {
    if let Tail::Node(last) = body.tail
        && let node = &mut body.nodes[last]
        && node.binding.is_none()
        && matches!(node.kind, Kind::FanOut { .. })
    {
        node.vars.clear();
        body.tail = Tail::Unit;
    }
}
