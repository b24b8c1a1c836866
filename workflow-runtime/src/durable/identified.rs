//! Which workflow a run belongs to.

use serde::Deserialize;
use workflow_journal::{Kind, Record, StoredRun};

use crate::durable::JournalError;
use crate::durable::known_signals::KnownSignals;
use crate::graph::Graph;

/// A workflow of this program.
#[derive(Clone, Copy)]
pub(super) struct Identified {
    pub(super) graph: Option<&'static Graph>,
    /// The module that contains it.
    pub(super) module: &'static str,
}

/// What is stored about the workflow that a run was started with.
#[derive(Deserialize)]
struct StoredWorkflow {
    /// Unknown for runs that were started by an older version.
    #[serde(default)]
    module: String,
    nodes: Vec<StoredNode>,
}

#[derive(Deserialize)]
struct StoredNode {
    path: String,
    kind: String,
}

/// The module that contained the run's workflow when the run was started; empty if unknown.
pub(super) fn module_of(stored: &StoredRun) -> String {
    let workflow = serde_json::from_str::<StoredWorkflow>(&stored.graph);
    workflow.map(|workflow| workflow.module).unwrap_or_default()
}

impl Identified {
    /// Its graph, if it is a workflow that this program has declared.
    pub(super) fn graph(&self) -> &'static Graph {
        self.graph.expect("a workflow has a graph")
    }

    pub(super) fn name(&self) -> &'static str {
        self.graph.map_or("", Graph::name)
    }

    /// The graph, with the module, as it is stored with a run.
    pub(super) fn to_json(self) -> String {
        #[derive(serde::Serialize)]
        struct Stored<'a> {
            #[serde(flatten)]
            graph: Option<&'a Graph>,
            module: &'a str,
            /// Absent if it may wait for other signals, too.
            #[serde(skip_serializing_if = "KnownSignals::is_any")]
            signals: KnownSignals,
        }
        let stored = Stored { graph: self.graph, module: self.module, signals: self.signals() };
        serde_json::to_string(&stored).expect("a graph holds nothing but texts and numbers")
    }

    /// The names that it has and had, each with the module that contained it then.
    fn names(&self) -> Vec<(String, &'static str)> {
        let crate_name = self.module.split("::").next().unwrap_or_default();
        let former = self.graph.map_or(&[][..], Graph::former_names).iter().map(|path| {
            let Some((module, name)) = path.rsplit_once("::") else {
                return (self.module.to_owned(), *path);
            };
            let (first, rest) = module.split_once("::").unwrap_or((module, ""));
            let inside = if rest.is_empty() { "" } else { "::" };
            let first = if first == "crate" { crate_name } else { first };
            (format!("{first}{inside}{rest}"), name)
        });
        std::iter::once((self.module.to_owned(), self.name())).chain(former).collect()
    }

    /// The signals that it waits for.
    pub(super) fn signals(&self) -> KnownSignals {
        KnownSignals::new(self.graph.and_then(Graph::signals))
    }

    /// Whether it has or had this name, in this module if the module is known.
    pub(super) fn was(&self, name: &str, module: &str) -> bool {
        let is_it =
            |(of, its): &(String, &str)| *its == name && (module.is_empty() || of == module);
        self.names().iter().any(is_it)
    }

    /// Whether the stored run belongs to this workflow.
    pub(super) fn check(&self, stored: &StoredRun) -> Result<(), JournalError> {
        if !self.was(&stored.workflow, "") {
            let (of, workflow) = (stored.workflow.clone(), self.name().to_owned());
            return Err(JournalError::OtherWorkflow { run: stored.id.clone(), of, workflow });
        }
        let Ok(before) = serde_json::from_str::<StoredWorkflow>(&stored.graph) else {
            return Ok(());
        };
        if self.was(&stored.workflow, &before.module) || self.resembles(&before, stored) {
            return Ok(());
        }
        Err(self.other(stored, &before.module))
    }

    /// Whether a run that was started in another module, and has these records, can be resumed
    /// here. Only the functions of recorded steps distinguish a workflow that has moved from
    /// another workflow of the same name: without any records, that other workflow would return its
    /// result under this one's id.
    pub(super) fn check_moved(
        &self,
        stored: &StoredRun,
        records: &[Record],
    ) -> Result<(), JournalError> {
        if records.iter().any(|record| record.kind == Kind::Step) {
            return Ok(());
        }
        Err(self.other(stored, &module_of(stored)))
    }

    fn other(&self, stored: &StoredRun, before: &str) -> JournalError {
        let of = format!("{before}::{}", stored.workflow);
        let workflow = format!("{}::{}", self.module, self.name());
        JournalError::OtherWorkflow { run: stored.id.clone(), of, workflow }
    }

    /// Whether a run that is being resumed was started in another module, and the workflow does not
    /// declare that module as a former one.
    pub(super) fn has_moved(&self, stored: &StoredRun) -> bool {
        !self.was(&stored.workflow, &module_of(stored))
    }

    /// Whether it can be the same workflow, moved to another module. A run that has ended reveals
    /// its result without further checks, so for such a run it has to be certain; for any other
    /// run, each recorded step is compared when it is used.
    fn resembles(&self, before: &StoredWorkflow, stored: &StoredRun) -> bool {
        let nodes = self.graph.into_iter().flat_map(Graph::nodes);
        let steps = nodes.filter(|node| node.is_step());
        let now: Vec<&str> = steps.map(crate::graph::Node::path).collect();
        let is_step = |node: &&StoredNode| node.kind == "step" || node.kind == "workflow";
        let mut before = before.nodes.iter().filter(is_step);
        !stored.state.is_final() && before.any(|node| now.contains(&&*node.path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_without_a_module_is_one_of_the_same_module() {
        static GRAPH: Graph = Graph::new("pay", &[], &[], &[]).was(&[
            "buy",
            "crate::buy",
            "crate::shop::buy",
            "crates::shop::buy",
            "old::buy",
        ]);
        let workflow = Identified { graph: Some(&GRAPH), module: "app::orders" };
        let names = workflow.names();
        let paths: Vec<_> =
            names.iter().map(|(module, name)| format!("{module}::{name}")).collect();
        assert_eq!(
            paths,
            [
                "app::orders::pay",
                "app::orders::buy",
                "app::buy",
                "app::shop::buy",
                "crates::shop::buy",
                "old::buy"
            ]
        );
    }
}
