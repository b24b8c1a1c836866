//! What the options of `#[step]` do: retries, time limits, and other threads.
//!
//! The loop is in the generated code, so that an attempt can borrow the step's arguments and
//! nothing has to be boxed. This module contains what that code calls.

// Only generated code calls most of this.
#![allow(clippy::missing_errors_doc, clippy::missing_panics_doc, clippy::must_use_candidate)]

mod arguments;
mod around;
mod attempts;
mod caller;
mod checks;
mod declared;
mod delayed;
mod limit;
mod policy;
mod probe;
#[cfg(feature = "durable")]
mod recorded;
mod retry;
mod step_error;
mod task;
mod timed_out;
mod with_options;

pub use arguments::{
    ByClone, Kept, More, NotAtAll, RetryArgument, generic_retry_argument, kept, retry_argument,
};
pub use around::around_tasks;
pub use attempts::{Attempts, Limited, Limits, Pause, attempts, limited, pause};
pub use checks::{
    ErrorOf, Fallible, FromTimedOut, HasError, HasNoError, Judged, OutputOf, Retried, Timed,
    retried, says_timed_out, says_transient, timed,
};
pub use declared::{
    OwnRetry, OwnRetryWhen, RetryOfFunction, Turn, bounded_call, declared_call, output_of,
    tried_again,
};
pub use limit::{Limit, Within, within};
pub use policy::{HasPolicy, Policy, millis, policy, some_time};
pub use probe::{CannotJudge, Judge};
pub use retry::Retry;
pub use step_error::StepError;
pub use task::{Task, Tasks, blocking, spawn, tasks};
pub use timed_out::TimedOut;
#[doc(hidden)]
pub use timed_out::What;
pub use with_options::{WithOptions, with_limiting_policy, with_limits, with_options, with_policy};
