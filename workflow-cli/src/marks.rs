//! The picture of a graph with a mark at each node.

use std::collections::HashSet;

use anstyle::{AnsiColor, Style};
use workflow_graph::Graph;
use workflow_graph::draft::Draft;
use workflow_graph::path::declared;
use workflow_journal::{Kind, Record, RunState};

use crate::found::not_undone;
use crate::progress::{Come, progress};
use crate::shown::{Visible, coloured};

/// The graph that is stored with a run, or a sentence that says why there is none to draw.
pub(crate) fn graph(json: &str) -> Result<Graph, String> {
    let draft: Draft = serde_json::from_str(json)
        .map_err(|error| format!("the graph cannot be read: {}", Visible(&error.to_string())))?;
    if !draft.is_sound() {
        return Err("the graph cannot be read: it names nodes that are not there".to_owned());
    }
    let graph = draft.leak();
    match graph.too_large() {
        Some(large) => Err(large.to_string()),
        None => Ok(graph),
    }
}

/// The graph's picture with a mark at each node.
pub(crate) fn picture(graph: &Graph, state: RunState, records: &[Record]) -> String {
    let come = progress(graph, state, records);
    let recorded = |kind| {
        let records = records.iter().filter(move |record| record.kind == kind);
        records.map(|record| declared(&record.path)).collect::<HashSet<_>>()
    };
    let (failed, undone) = (recorded(Kind::Failure), recorded(Kind::Compensation));
    let left: HashSet<_> = not_undone(records).into_iter().map(declared).collect();
    let mark = |node: usize| {
        let path = graph.nodes()[node].path();
        let (sign, style) = match come[node] {
            _ if left.contains(path) => ("!", AnsiColor::Red.on_default().bold()),
            Come::Done => ("✓", AnsiColor::Green.on_default()),
            _ if failed.contains(path) => ("✗", AnsiColor::Red.on_default()),
            _ if undone.contains(path) => ("↩", AnsiColor::Yellow.on_default()),
            Come::Partly => ("◐", AnsiColor::Yellow.on_default()),
            Come::Next if state == RunState::Unfinished => ("▶", AnsiColor::Cyan.on_default()),
            Come::Next | Come::Not => ("·", Style::new().dimmed()),
        };
        format!("{} ", coloured(style, sign))
    };
    graph.marked(2, &mark).to_string()
}
