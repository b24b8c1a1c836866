//! The picture of a graph with a mark at each node.

use std::collections::HashSet;

use anstyle::{AnsiColor, Style};
use workflow_graph::Graph;
use workflow_graph::owned::{OwnedGraph, OwnedKind};
use workflow_graph::path::StepPath;
use workflow_journal::{Kind, Record, StoredState};

use crate::found::not_undone;
use crate::progress::{Come, progress};
use crate::shown::{Visible, coloured};

/// Longer labels, in bytes, are cut: each is in a picture more than once.
const LONGEST_LABEL: usize = 10_000;

/// The graph that is stored with a run, or a sentence that says why there is none to draw. Paths of
/// more than `longest_path` bytes are cut, and then records are not found by them.
pub(crate) fn graph(json: &str, longest_path: usize) -> Result<Graph, String> {
    let mut owned: OwnedGraph = serde_json::from_str(json)
        .map_err(|error| format!("the graph cannot be read: {}", Visible(&error.to_string())))?;
    if !owned.is_sound() {
        return Err("the graph cannot be read: it names nodes that are not there".to_owned());
    }
    cut(&mut owned.name, LONGEST_LABEL);
    owned.inputs.iter_mut().for_each(|input| cut(input, LONGEST_LABEL));
    for node in &mut owned.nodes {
        cut(&mut node.path, longest_path);
        let more = match &mut node.kind {
            OwnedKind::Branch { arms } => &mut arms[..],
            OwnedKind::FanOut { concurrency } => concurrency.as_mut_slice(),
            _ => &mut [],
        };
        let labels = node.function.iter_mut().chain(more);
        labels.for_each(|label| cut(label, LONGEST_LABEL));
    }
    let graph = owned.leak();
    match graph.too_large() {
        Some(large) => Err(large.to_string()),
        None => Ok(graph),
    }
}

/// Removes the middle of a text that is longer.
fn cut(text: &mut String, longest: usize) {
    if text.len() <= longest {
        return;
    }
    let boundary = |mut at: usize| {
        while !text.is_char_boundary(at) {
            at += 1;
        }
        at
    };
    let (start, end) = (boundary(longest / 2), boundary(text.len() - longest / 2));
    text.replace_range(start..end, "…");
}

/// The graph's picture with a mark at each node.
pub(crate) fn picture(graph: &Graph, state: StoredState, records: &[Record]) -> String {
    let come = progress(graph, state, records);
    let recorded = |kind| {
        let records = records.iter().filter(move |record| record.kind == kind);
        records.map(|record| StepPath(&record.path).declared()).collect::<HashSet<_>>()
    };
    let (failed, undone) = (recorded(Kind::Failure), recorded(Kind::Compensation));
    let left: HashSet<_> =
        not_undone(records).into_iter().map(|path| StepPath(path).declared()).collect();
    let mark = |node: usize| {
        let path = graph.nodes()[node].path();
        let (sign, style) = match come[node] {
            _ if left.contains(path) => ("!", AnsiColor::Red.on_default().bold()),
            Come::Done => ("✓", AnsiColor::Green.on_default()),
            _ if failed.contains(path) => ("✗", AnsiColor::Red.on_default()),
            _ if undone.contains(path) => ("↩", AnsiColor::Yellow.on_default()),
            Come::Partly => ("◐", AnsiColor::Yellow.on_default()),
            Come::Next if state == StoredState::Unfinished => ("▶", AnsiColor::Cyan.on_default()),
            Come::Next | Come::Not => ("·", Style::new().dimmed()),
        };
        format!("{} ", coloured(style, sign))
    };
    graph.marked(2, &mark).to_string()
}

#[cfg(test)]
mod tests {
    use super::cut;

    #[test]
    fn long_labels_lose_their_middle() {
        for (text, short) in
            [("short", "short"), ("0123456789a", "01234…6789a"), ("éééééé", "ééé…éé")]
        {
            let mut text = text.to_owned();
            cut(&mut text, 10);
            assert_eq!(text, short);
        }
    }
}
