//! What compile errors name: the bounds that generated code has.
//!
//! Each stands for a rule of steps and workflows, and its error says which one is broken. Nothing
//! here is for use in a program: it may change in any release.

pub use crate::attempt::{
    FromTimedOut, Judge, Judged, Retried, RetryArgument, Timed, bounded_call,
    generic_retry_argument, retried, retry_argument, says_timed_out, says_transient, spawn, timed,
    tried_again,
};
#[allow(deprecated)]
pub use crate::checks::runs_beside_what_stands_below;
pub use crate::checks::{
    AreSome, Bounded, Called, IsAwaited, IsDurable, IsDuration, Items, NoDuration, NotDurable,
    NothingWaits, OnlyOrdered, Probe, Unit, WorkflowStep,
};
#[cfg(feature = "durable")]
#[allow(deprecated)]
pub use crate::durable::{
    DurableReturn, Inputs, Locks, RecordedOutput, RecordedResult, RecordedValue, SignalsOf,
    fallible_value, locked, recorded, resume, value, value_without_record,
};
pub use crate::flow::{Flow, MayFail};
pub use crate::saga::{Compensations, Spare, still_needed};
pub use crate::schedule::{Region, attempt};
pub use crate::step::{NoUndo, OwnUndo};
