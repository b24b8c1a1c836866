//! Runs that outlive the process.
//!
//! The body of a workflow is the same as always. What makes a run durable is behind
//! [`Recording`](crate::run::Recording): the run asks it for the record of a step before the step
//! starts, and gives it the step's output before anything else sees that output. A journal is a
//! recording that keeps records; another engine can be one that runs a single step here and the
//! next step elsewhere.

mod active;
mod asked;
mod background;
mod call;
mod changes;
mod claiming;
mod drive;
mod ended;
mod error;
mod fan_out;
mod fingerprint;
mod handle;
mod heartbeat;
mod held;
mod idempotency;
mod identified;
pub mod identity;
mod inputs;
mod isolated;
mod items;
mod journal;
mod journal_recording;
mod known_signals;
mod lease;
mod lock;
mod note;
mod notes;
mod one_step;
mod output;
mod outputs;
mod place;
mod probe;
mod recorded;
mod recorded_part;
mod records;
mod rerun;
mod rerun_plan;
mod resume;
mod retention;
mod run_status;
mod settle;
mod signal;
mod signals;
mod site;
mod start;
mod sweep;
mod taken_signal;
mod timer;
mod until;
mod value;

pub use call::{Durable, DurableStep, broken_durable, durable};
pub(crate) use error::at_run;
pub use error::{DurableError, JournalError};
pub use fan_out::{DurableFanOut, durable_fan_out};
pub use handle::Handle;
pub use idempotency::{idempotency_key, try_idempotency_key};
pub use identity::{Identity, Noted, ways};
pub use inputs::{Inputs, KeepsIt, Read, ReadBack, ReadNothing, ReadRecorded, ReadsBack, Stored};
pub use isolated::{IsolatedCall, isolated_call};
pub use journal::Journal;
pub use lock::{DurableFn, LockedWorkflow, Locks, check_lock, locked};
pub use note::{note, note_bound, note_result};
pub use one_step::run_one_step;
pub use output::{DurableOutput, DurableReturn, Recordable, RecordableInput, RecordedResult};
pub use outputs::{Output, Outputs};
pub use recorded::{Recorded, RecordedOutput, recorded};
pub use recorded_part::{OkInFinish, OkOnly, Part, Passes, Records, Whole};
pub use rerun::Rerun;
pub use rerun_plan::{RerunPlan, RerunStep};
pub use resume::{resume, resume_all};
pub use retention::Retention;
pub use run_status::RunStatus;
pub use settle::{SettledBranch, SettledCall, settled, settled_call};
pub use signal::{Signal, signal};
pub use signals::{SignalSender, SignalsOf};
pub use start::{handle, start};
pub use timer::{IntoDuration, Sleep, sleep};
#[allow(deprecated, reason = "to name it is to warn of something")]
pub use value::value_without_record;
pub use value::{RecordedValue, Value, fallible_value, value};
