//! What runs again when a step does.

use std::fmt;

use workflow_journal::{Record, completed};

use crate::durable::changes::{Changes, is_called};
use crate::durable::place::Place;
use crate::graph::near::similar;
use crate::graph::path::StepPath;
use crate::graph::{Graph, Node, NodeKind};

/// What would run again and what would be kept: see [`Rerun::plan`](crate::Rerun::plan).
///
/// Its text is made for people. It counts what is recorded: steps that have not run yet run as they
/// would have.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RerunPlan {
    /// The paths of the recorded steps whose outputs are kept, in the order in which they were
    /// recorded.
    pub kept: Vec<String>,
    /// The recorded steps that run again, in the order in which they were recorded.
    pub runs: Vec<RerunStep>,
}

/// A recorded step that runs again.
///
/// ```
/// # use workflow_runtime::{Journal, StepError, step, workflow};
/// # #[step]
/// # async fn charge(cents: u32) -> Result<u32, StepError> { Ok(cents) }
/// # workflow! {
/// #     #[durable]
/// #     async fn checkout(cents: u32) -> Result<u32, StepError> {
/// #         let payment = charge(cents).await?;
/// #         Ok(payment)
/// #     }
/// # }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let journal = Journal::memory();
/// journal.run("cart-1042", checkout(995)).await?;
/// let plan = checkout::handle(&journal, "cart-1042").rerun_from("payment").plan().await?;
/// assert_eq!((&*plan.runs[0].path, plan.runs[0].depends_on.as_deref()), ("payment", None));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RerunStep {
    /// Its path, with the positions of items.
    pub path: String,
    /// The path of the step, branch or fan-out that is to run again, if this one only depends on it.
    pub depends_on: Option<String>,
}

impl RerunPlan {
    /// The plan for the step with this path, or why it cannot run again. The nodes with the numbers
    /// in `undone` are undone when the workflow fails.
    pub(super) fn of(
        step: &str,
        graph: &'static Graph,
        undone: &[usize],
        records: &[Record],
    ) -> Result<Self, String> {
        let places: Vec<_> = completed(records)
            .map(|record| Place::of(graph, &record.path, &record.fingerprint))
            .collect();
        let named = find(graph, step)?;
        let mut asked = Changes::default();
        for place in places.iter().filter(|place| place.is_in(step)) {
            if let Some(site) = place.site(graph) {
                asked.request(&site, usize::MAX);
            }
        }
        let (mut kept, mut runs) = (Vec::new(), Vec::new());
        for place in &places {
            let is_asked = place.is_in(step);
            let depends = || place.site(graph).is_some_and(|site| asked.concern(&site, 0));
            if !is_asked && !depends() {
                kept.push(place.path.to_string());
                continue;
            }
            if let Some(node) = place.node.filter(|node| undone.contains(node)) {
                let path = graph.nodes()[node].path();
                return Err(format!(
                    "step `{path}` would run again and has to be undone first, and a run can only \
                     be undone as a whole: `cancel` does that"
                ));
            }
            let depends_on = (!is_asked).then(|| step.to_owned());
            runs.push(RerunStep { path: place.path.to_string(), depends_on });
        }
        if runs.is_empty() {
            let what = if graph.nodes()[named].is_step() { "the step" } else { "nothing in it" };
            let not =
                if graph.nodes()[named].is_step() { "has not completed" } else { "has completed" };
            return Err(format!("{what} {not}, so nothing has to run again"));
        }
        Ok(Self { kept, runs })
    }
}

impl fmt::Display for RerunPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "keeps {}, runs {} again", self.kept.len(), self.runs.len())?;
        self.runs.iter().try_for_each(|step| match &step.depends_on {
            None => write!(f, "\n- {}: it is to run again", step.path),
            Some(on) => write!(f, "\n- {}: it depends on `{on}`", step.path),
        })
    }
}

/// The node with this path, in which the positions of items may be given.
fn find(graph: &Graph, path: &str) -> Result<usize, String> {
    let names: Vec<_> = StepPath(path).names().collect();
    let nodes = graph.nodes();
    if let Some(node) = (0..nodes.len()).find(|&node| is_called(graph, node, &names)) {
        if nodes[node].kind() == NodeKind::Value {
            return Err("it is a plain value, which is not recorded".to_owned());
        }
        return Ok(node);
    }
    let call = (1..names.len()).rev().find_map(|depth| {
        let node = (0..nodes.len()).find(|&node| is_called(graph, node, &names[..depth]))?;
        nodes[node].is_step().then(|| nodes[node].path())
    });
    if let Some(call) = call {
        return Err(format!("it is inside the call of a workflow: run again from `{call}`"));
    }
    let paths = nodes.iter().filter(|node| node.kind() != NodeKind::Value).map(Node::path);
    Err(match similar(path, paths) {
        Some(near) => format!("the workflow has no such step: did you mean `{near}`?"),
        None => "the workflow has no such step".to_owned(),
    })
}
