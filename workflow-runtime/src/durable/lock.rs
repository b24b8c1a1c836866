//! Compares the compiled workflow with the description of it in a committed file.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::{env, fs};

use serde::{Deserialize, Serialize};

use crate::durable::fingerprint::Fingerprint;
use crate::durable::identified::Identified;
use crate::durable::resume::around;
use crate::durable::{DurableStep, Stored};
use crate::graph::Graph;
use crate::run::Site;

/// Set in order to accept a change.
const UPDATE: &str = "UPDATE_GRAPH_LOCKS";

/// Checks that a durable workflow is still the one that a committed file describes. If it is not,
/// the check fails and lists the steps at which runs in flight would break.
///
/// Call it in a test. The file's path is relative to the folder of the crate's `Cargo.toml`. If the
/// file does not exist yet, it is written, unless the variable `CI` is set; commit it.
///
/// To accept a change, run the test once with the variable `UPDATE_GRAPH_LOCKS` set to `1`.
/// Before such a change is deployed, runs that have recorded one of the listed steps have to end,
/// or the journal has to be opened with [`rerun_changed`](crate::Journal::rerun_changed).
///
/// Steps of a workflow that this one calls are in that workflow's file.
///
/// # Panics
///
/// If the workflow differs from the file, or the file cannot be read or written.
///
/// # Example
///
/// ```no_run
/// # use workflow_runtime::{StepError, step, workflow};
/// #[step]
/// async fn double(number: u32) -> u32 { number * 2 }
///
/// workflow! {
///     #[durable]
///     async fn quadruple(number: u32) -> Result<u32, StepError> {
///         let twice = double(number).await;
///         let result = double(twice).await;
///         Ok(result)
///     }
/// }
///
/// # #[allow(unused)]
/// #[test]
/// fn runs_in_flight_go_on_with_this_version() {
///     workflow_runtime::graph_lock!(quadruple, "locks/quadruple.lock");
/// }
/// # fn main() { workflow_runtime::graph_lock!(quadruple, "locks/quadruple.lock") }
/// ```
#[macro_export]
macro_rules! graph_lock {
    ($($workflow:ident)::+, $file:expr $(,)?) => {
        $crate::__private::check_lock(
            &$($workflow)::+::GRAPH,
            &$crate::__private::locked($($workflow)::+::__locked(), $($workflow)::+),
            ::core::env!("CARGO_MANIFEST_DIR"),
            $file,
        )
    };
}

/// What a durable workflow says of itself for its lock, with its function.
#[diagnostic::on_unimplemented(
    message = "`graph_lock!` takes a durable workflow",
    label = "this workflow is not durable",
    note = "write `#[durable]` above the workflow, or remove its lock: no run of it is ever in flight"
)]
pub trait Locks<F, A> {
    /// With the types of what is recorded for the workflow's nodes, by node number.
    fn with_outputs(self) -> (LockedWorkflow, Vec<(usize, &'static str)>);
}

#[diagnostic::do_not_recommend]
impl<A, F: DurableFn<A>> Locks<F, A> for LockedWorkflow {
    fn with_outputs(self) -> (LockedWorkflow, Vec<(usize, &'static str)>) {
        (self, F::Call::outputs())
    }
}

/// Called by [`graph_lock!`].
#[must_use]
pub fn locked<L, F, A>(workflow: L, _: F) -> (LockedWorkflow, Vec<(usize, &'static str)>)
where
    L: Locks<F, A>,
{
    workflow.with_outputs()
}

/// The function of a durable workflow whose arguments are `A`.
pub trait DurableFn<A> {
    /// What it returns.
    type Call: DurableStep;
}

macro_rules! functions {
    ($($argument:ident)*) => {
        impl<F, S, $($argument),*> DurableFn<($($argument,)*)> for F
        where
            F: Fn($($argument),*) -> S,
            S: DurableStep,
        {
            type Call = S;
        }
    };
    ($($argument:ident)*; $next:ident $($more:ident)*) => {
        functions!($($argument)*);
        functions!($($argument)* $next; $($more)*);
    };
    ($($argument:ident)*;) => {
        functions!($($argument)*);
    };
}

functions!(; A B C D E F1 G H I J K L);

/// Called by [`graph_lock!`].
///
/// # Panics
///
/// If the workflow differs from the file, or the file cannot be read or written.
#[track_caller]
pub fn check_lock(
    graph: &'static Graph,
    (locked, outputs): &(LockedWorkflow, Vec<(usize, &'static str)>),
    folder: &str,
    file: impl AsRef<Path>,
) {
    let (shown, path) = (file.as_ref().display(), Path::new(folder).join(&file));
    let now = Lock::of(graph, outputs, locked);
    let accepts = env::var_os(UPDATE).is_some_and(|value| value == "1");
    let before = match fs::read_to_string(&path) {
        Ok(text) if !accepts => text,
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            panic!("cannot read `{shown}`: {error}")
        }
        _ if accepts || env::var_os("CI").is_none() => return now.write(&path),
        _ => panic!(
            "there is no `{shown}`: run this test where `CI` is not set, and commit the file"
        ),
    };
    let before: Lock = match serde_json::from_str(&before) {
        Ok(before) => before,
        Err(error) => panic!("`{shown}` is no lock of a workflow: {error}"),
    };
    let today = Today { graph, outputs, locked };
    if let Some(difference) = today.difference(&now, &before, &shown.to_string()) {
        panic!("{difference}");
    }
}

/// What is checked about a workflow besides its graph.
#[derive(Debug)]
pub struct LockedWorkflow {
    module: &'static str,
    inputs: Vec<LockedInput>,
}

#[derive(Debug)]
struct LockedInput {
    name: &'static str,
    /// Whether a run that was started without this input has a value for it.
    can_be_missing: bool,
}

impl LockedWorkflow {
    /// For a workflow whose own module is this one.
    #[must_use]
    pub fn in_module(own: &'static str) -> Self {
        Self { module: around(own), inputs: Vec::new() }
    }

    /// Adds this input, which `reads` tries to read.
    #[must_use]
    pub fn input(mut self, name: &'static str, reads: impl Fn(&mut Stored) -> bool) -> Self {
        let can_be_missing = reads(&mut Stored::nothing());
        self.inputs.push(LockedInput { name, can_be_missing });
        self
    }
}

/// All steps of a workflow.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Lock {
    workflow: String,
    /// Files of earlier versions do not contain them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    inputs: Option<Vec<String>>,
    steps: Vec<Locked>,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Locked {
    path: String,
    #[serde(flatten)]
    step: Fingerprint,
}

impl Lock {
    fn of(
        graph: &'static Graph,
        outputs: &[(usize, &'static str)],
        LockedWorkflow { inputs, .. }: &LockedWorkflow,
    ) -> Self {
        let nodes = graph.nodes().iter().enumerate().filter(|(_, node)| node.is_step());
        let locked = |(node, step): (usize, &crate::graph::Node)| {
            let output = outputs.iter().find(|(of, _)| *of == node).map_or("", |(_, name)| name);
            let path: Arc<str> = step.path().into();
            let step = Fingerprint::of(&Site { path: &path, graph, node, output, function: "" });
            Locked { path: path.to_string(), step }
        };
        let mut steps: Vec<_> = nodes.map(locked).collect();
        // Moving a declaration changes nothing.
        steps.sort();
        let mut inputs: Vec<_> = inputs.iter().map(|input| input.name.to_owned()).collect();
        inputs.sort();
        Self { workflow: graph.name().to_owned(), inputs: Some(inputs), steps }
    }

    #[track_caller]
    fn write(&self, path: &Path) {
        let text = serde_json::to_string_pretty(self).expect("it holds nothing but texts");
        let folder = path.parent().map_or(Ok(()), fs::create_dir_all);
        if let Err(error) = folder.and_then(|()| fs::write(path, text + "\n")) {
            panic!("cannot write `{}`: {error}", path.display());
        }
    }

    /// Whether there is a step with this path.
    fn has(&self, path: &str) -> bool {
        self.steps.iter().any(|locked| locked.path == path)
    }
}

/// The workflow that is compiled.
struct Today<'a> {
    graph: &'static Graph,
    outputs: &'a [(usize, &'static str)],
    locked: &'a LockedWorkflow,
}

impl Today<'_> {
    /// A text with all differences that matter to runs in flight, if there are any.
    fn difference(&self, now: &Lock, before: &Lock, file: &str) -> Option<String> {
        let mut text = format!("workflow `{}` is not the one of `{file}`\n", now.workflow);
        let mut differs = false;
        let identified = Identified { graph: Some(self.graph), module: self.locked.module };
        if !identified.was(&before.workflow, "") {
            differs = true;
            let name = &before.workflow;
            let _ = writeln!(
                text,
                "no run would go on: its name was `{name}`; write `#[was({name})]` above it if it is \
                 the same workflow"
            );
        }
        let missing = |input: &&LockedInput| {
            let had = |before: &Vec<String>| before.iter().any(|name| name == input.name);
            !input.can_be_missing && !before.inputs.as_ref().is_none_or(had)
        };
        let missing: Vec<_> = self.locked.inputs.iter().filter(missing).collect();
        if !missing.is_empty() {
            differs = true;
            let names: Vec<_> = missing.iter().map(|input| format!("- `{}`", input.name)).collect();
            let _ = writeln!(
                text,
                "runs in flight have no value for these new inputs: make each an `Option`\n{}",
                names.join("\n")
            );
        }
        let broken: Vec<_> =
            before.steps.iter().filter_map(|locked| self.break_at(locked)).collect();
        if !broken.is_empty() {
            differs = true;
            let _ = writeln!(text, "runs in flight would break at\n{}", broken.join("\n"));
        }
        let is_new = |locked: &&Locked| {
            !before.has(&locked.path)
                && !self.former(&locked.path).iter().any(|path| before.has(path))
        };
        let new: Vec<_> =
            now.steps.iter().filter(is_new).map(|locked| format!("- `{}`", locked.path)).collect();
        if !new.is_empty() {
            differs = true;
            let _ = writeln!(text, "runs in flight would run these new steps\n{}", new.join("\n"));
        }
        let _ = write!(text, "to accept the change, run this test with {UPDATE}=1");
        if !(broken.is_empty() && missing.is_empty()) {
            text += "; before it is deployed, let such runs end";
        }
        if !broken.is_empty() {
            text += ", or open the journal with `rerun_changed`";
        }
        differs.then_some(text)
    }

    /// Visits the steps, in the way a run would look them up.
    fn look_up<T>(&self, mut each: impl FnMut(&Site<'_>) -> Option<T>) -> Option<T> {
        let nodes = self.graph.nodes().iter().enumerate().filter(|(_, node)| node.is_step());
        nodes.into_iter().find_map(|(node, step)| {
            let output =
                self.outputs.iter().find(|(of, _)| *of == node).map_or("", |(_, name)| name);
            let path: Arc<str> = step.path().into();
            each(&Site { path: &path, graph: self.graph, node, output, function: "" })
        })
    }

    /// The former paths of the step with this path.
    fn former(&self, path: &str) -> Vec<String> {
        self.look_up(|step| (**step.path == *path).then(|| step.former_paths())).unwrap_or_default()
    }

    /// Why a run that has recorded this step would be refused.
    fn break_at(&self, Locked { path, step: before }: &Locked) -> Option<String> {
        // Each arm of a branch can have a step with this path.
        let mut change = Some("the workflow has no such step any more".to_owned());
        let mut found = false;
        self.look_up(|step| {
            if **step.path != **path && !step.former_paths().contains(path) {
                return None;
            }
            let of_this = Fingerprint::of(step).change(before, step);
            if !found || of_this.is_none() {
                change = of_this;
            }
            found = true;
            change.is_none().then_some(())
        });
        change.map(|change| format!("- step `{path}`: {change}"))
    }
}
