//! Workflows that are checked when they compile.
//!
//! [`macro@step`] marks the functions that do the work. [`workflow!`] takes
//! declarations of steps, finds what each depends on, and generates one strongly
//! typed async function: independent steps run concurrently, outputs pass from step
//! to step by move or by reference, and a graph that cannot run does not compile.
//!
//! ```
//! use workflow_runtime::{step, workflow};
//!
//! #[step]
//! async fn price(item: &str) -> Result<u32, String> {
//!     Ok(item.len() as u32 * 100)
//! }
//!
//! #[step]
//! async fn weight(item: &str) -> Result<u32, String> {
//!     Ok(item.len() as u32)
//! }
//!
//! #[step]
//! async fn label(price: u32, weight: u32) -> Result<String, String> {
//!     Ok(format!("{price} cents, {weight} kg"))
//! }
//!
//! workflow! {
//!     /// Prints the label of one item.
//!     pub async fn print_label(item: &str) -> Result<String, String> {
//!         let price = price_of(item).await?;      // these two run at the same time
//!         let weight = weight(item).await?;
//!         let label = label(price, weight).await?; // starts when both are done
//!         Ok(label)
//!     }
//! }
//! # use price as price_of;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! assert_eq!(print_label("anvil").await.unwrap(), "500 cents, 5 kg");
//! # }
//! ```

// The macros name this crate by the name it has in the user's Cargo.toml; inside the
// crate itself and in its documentation tests that is this one.
extern crate self as workflow_runtime;

mod flow;
mod graph;
mod run;
mod schedule;
mod step;
mod workflow;

#[doc(hidden)]
pub mod __private;

pub use graph::{Edge, EdgeKind, Graph, Node, NodeKind, Parent, Source};
pub use run::{Event, EventKind, Execute, Observer, Recorder, Run};
pub use step::Step;
pub use workflow_macros::{step, workflow};
