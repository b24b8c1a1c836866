//! Workflows that are checked at compile time.
//!
//! [`macro@step`] marks the functions that do the work. [`workflow!`] takes declarations of steps,
//! finds what each depends on, and generates one strongly typed async function. Steps that do not
//! depend on each other run at the same time. Outputs pass from step to step by move or by
//! reference. A graph that cannot run does not compile.
//!
//! ```
//! use workflow_runtime::{step, workflow};
//!
//! #[step]
//! async fn quote(item: &str) -> Result<usize, String> {
//!     if item.is_empty() { Err("no item".to_owned()) } else { Ok(item.len() * 100) }
//! }
//!
//! #[step]
//! async fn weigh(item: &str) -> Result<usize, String> {
//!     Ok(item.len())
//! }
//!
//! #[step]
//! async fn write_label(price: usize, weight: usize) -> Result<String, String> {
//!     Ok(format!("{price} cents, {weight} kg"))
//! }
//!
//! workflow! {
//!     /// Prints the label of one item.
//!     pub async fn print_label(item: &str) -> Result<String, String> {
//!         let price = quote(item).await?;                 // these two run at the same time
//!         let weight = weigh(item).await?;
//!         let label = write_label(price, weight).await?;  // starts when both are done
//!         Ok(label)
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! assert_eq!(print_label("anvil").await.unwrap(), "500 cents, 5 kg");
//! assert_eq!(print_label("").await.unwrap_err(), "no item");
//!
//! // The graph is known at compile time.
//! assert_eq!(
//!     print_label::GRAPH.to_string(),
//!     "print_label(item)\n\
//!      ├─ price   quote        ← item\n\
//!      ├─ weight  weigh        ← item\n\
//!      └─ label   write_label  ← price, weight"
//! );
//! # }
//! ```
//!
//! # Where to read next
//!
//! - The [guide] leads from a first workflow to arbitrary graphs.
//! - [`macro@step`] and [`workflow!`] describe every form of the language.
//! - [`Run`] attaches an [`Observer`] to a call; [`Recorder`] is the one for tests and reports.
//! - [`Graph`] gives the graph as data and as a picture.
//! - `guide::durable` describes runs that outlive the process.
//! - [`guide::observing`] shows how runs appear in tools for logs, traces and metrics.
//! - [`guide::errors`] says what each compile error means, and [`guide::generated_code`] shows what
//!   the macros generate.
//!
//! # Requirements
//!
//! A workflow is a future, and any executor can run it. Its steps run in the task that awaits it.
//! A tokio runtime is needed only where an option of [`macro@step`], [`Run::deadline`] or
//! [`Run::delay`] adds a wait, a time limit or a separate thread.
//!
//! # Features
//!
//! All are off by default.
//!
//! - `durable`: workflows with `#[durable]`, and journals in memory. `sqlite`: journals in a file.
//!   `postgres`: journals on a PostgreSQL server.
//! - `tracing`: each workflow and each step that runs is a span of the `tracing` crate, and
//!   whatever goes wrong is an event in that span. Nothing has to be attached to the call.
//! - `metrics`: the observer `Metrics`, which counts and times runs and steps through the
//!   `metrics` crate.
//! - `progress`: the observer `Progress`, which shows a run while it runs: as bars on a terminal,
//!   and as lines in a log.

// Lets docs.rs show which feature each item needs.
#![cfg_attr(docsrs, feature(doc_cfg))]

// The macros refer to this crate by the name under which rustc knows it. Inside the crate itself
// and in its documentation tests, it is this name.
extern crate self as workflow_runtime;

mod attempt;
pub mod bounds;
mod budget;
mod checks;
#[cfg(feature = "durable")]
mod durable;
mod duration;
#[cfg(rust_analyzer)]
mod editor;
mod execute;
mod flow;
#[cfg(doc)]
pub mod guide;
mod if_durable;
#[cfg(feature = "progress")]
mod progress;
pub mod report;
mod run;
mod saga;
mod schedule;
mod step;
mod workflow;

#[doc(hidden)]
pub mod __private;

use workflow_graph as graph;

pub use attempt::{Retry, StepError, TimedOut, around_tasks};
#[cfg(feature = "durable")]
pub use durable::{
    DurableError, DurableOutput, DurableStep, Handle, IntoDuration, Journal, JournalError,
    Recordable, RecordableInput, Rerun, RerunPlan, RerunStep, Retention, RunStatus, Signal, Sleep,
    idempotency_key, signal, sleep, try_idempotency_key,
};
pub use execute::{CanTimeOut, Deadline, Execute, ExecuteWithin, NoDeadline, Run};
#[doc(inline)]
pub use graph::{Edge, EdgeKind, Graph, Node, NodeKind, Parent, Source};
#[cfg(feature = "progress")]
pub use progress::Progress;
pub use report::{Recorder, Report};
#[cfg(feature = "metrics")]
pub use run::Metrics;
pub use run::{Event, EventKind, Observer, attempt, run_id, step_path};
pub use step::{Step, Transient};
/// Where journals are kept: the trait that all stores implement, and the available stores.
#[cfg(feature = "durable")]
pub use workflow_journal as store;
#[cfg(feature = "durable")]
pub use workflow_journal::StoreError;

#[cfg(not(rust_analyzer))]
#[doc(inline)]
#[doc = include_str!("../docs/step.md")]
pub use workflow_macros::step;

#[cfg(not(rust_analyzer))]
#[doc(inline)]
#[doc = include_str!("../docs/workflow.md")]
pub use workflow_macros::workflow;

// An editor sees bodies as plain Rust. rust-analyzer sets this, and no build does.
#[cfg(rust_analyzer)]
pub use workflow_macros::{step_in_editor as step, workflow_in_editor as workflow};

pub mod attribute;

// rustdoc does not run the code blocks of a README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
