//! Compensation: what has been done is undone when a later part of the workflow fails.
//!
//! A workflow with `#[compensate]` has two parts. The forward part is its body. When a step in it
//! that has a compensation completes, the step adds that compensation, as an unpolled future, to
//! its list in [`Undo`]. If the forward part fails, it is dropped, and [`unwind`] runs what was
//! added: dependents before what they depended on, the rest concurrently.
//!
//! A compensation borrows what it needs from places that outlive the forward part (see `kept.rs`).
//! A workflow that is called by a workflow is kept in [`Children`] while it runs and after it has
//! completed, so that it can undo its own steps if the caller fails.

// Only generated code names these.
#![allow(clippy::must_use_candidate, clippy::new_without_default, missing_debug_implementations)]

mod children;
mod control;
mod kept;
mod maybe;
mod order;
mod position;
mod queues;
mod undo;
mod unwind;
mod workflow;
mod written;

pub use self::children::{ChildCall, Children, child};
pub use self::control::Control;
pub use self::kept::{Arena, Compensations, Spare, keep, still_needed};
pub use self::maybe::may_happen;
pub use self::position::{item, outermost};
pub use self::undo::{Undo, compensate};
pub use self::unwind::unwind;
pub use self::workflow::{Saga, saga};
