//! The picture of a graph with a mark at each node.

use std::collections::HashSet;

use anstyle::{AnsiColor, Style};
use workflow_graph::Graph;
use workflow_graph::draft::Draft;
use workflow_graph::path::declared;
use workflow_journal::{Kind, Record, RunState};

use crate::progress::{Come, Progress};
use crate::shown::coloured;

/// The graph that is stored with a run; `None` if there is none in it.
pub(crate) fn graph(json: &str) -> Option<Graph> {
    let draft: Draft = serde_json::from_str(json).ok()?;
    draft.is_sound().then(|| draft.leak())
}

/// The graph's picture with a mark at each node.
pub(crate) fn picture(graph: &Graph, state: RunState, records: &[Record]) -> String {
    let come = Progress::of(graph, state, records).come;
    let recorded = |kind| {
        let records = records.iter().filter(move |record| record.kind == kind);
        records.map(|record| declared(&record.path)).collect::<HashSet<_>>()
    };
    let (failed, undone) = (recorded(Kind::Failure), recorded(Kind::Compensation));
    let mark = |node: usize| {
        let path = graph.nodes()[node].path();
        let (sign, style) = match come[node] {
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
