//! Workflows of the same name in one `workflow!`.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use crate::report::Report;
use crate::workflow::syntax::Workflow;

/// The workflows without those whose name another one has, which rustc would report for each thing
/// that is generated.
pub(super) fn each_once(workflows: Vec<Workflow>, report: &mut Report) -> Vec<Workflow> {
    let mut lines = BTreeMap::new();
    let is_new = |workflow: &Workflow| {
        let name = &workflow.sig.ident;
        let line = name.span().start().line;
        match lines.entry(name.to_string()) {
            Entry::Vacant(entry) => {
                entry.insert(line);
                true
            }
            Entry::Occupied(first) => {
                report
                    .error(name, format!("workflow `{name}` is declared twice"))
                    .note(&format!("first declared on line {}", first.get()))
                    .help("give one of them another name");
                false
            }
        }
    };
    workflows.into_iter().filter(is_new).collect()
}
