//! Runs that outlast the process.
//!
//! The body of a workflow is the one that it always is. What is durable about a run lives
//! behind [`Recording`]: the run asks it for what is recorded of a step before that starts,
//! and hands it what the step came to before anybody else sees it. A journal is one that keeps
//! records; another engine can be one that runs a single step here and the next one elsewhere.

mod active;
mod call;
mod changes;
mod error;
mod fingerprint;
mod idempotency;
mod inputs;
mod journal;
mod keeper;
mod lease;
mod lock;
mod one_step;
mod output;
mod outputs;
mod recorded;
mod recording;
mod resume;
mod side;
mod signal;
mod timer;

pub use call::{Durable, DurableStep, broken_durable, durable};
pub use error::{DurableError, JournalError};
pub(crate) use error::{at_run, unreadable, unwritable};
pub(crate) use fingerprint::Fingerprint;
pub(crate) use idempotency::unique;
pub use idempotency::{idempotency_key, try_idempotency_key};
pub use inputs::{Inputs, Read, ReadNothing, ReadRecorded, Stored};
pub use journal::Journal;
pub(crate) use keeper::{UNDONE, moment};
pub use lock::{DurableFn, check_lock, outputs_of};
pub use one_step::run_one_step;
pub use output::{DurableOutput, Recordable, RecordableInput};
pub use outputs::{Output, Outputs};
pub use recorded::{OkOnly, Part, Recorded, RecordedOutput, Records, Whole, recorded};
pub(crate) use recording::{LookUp, Recording, Site};
pub use resume::resume;
pub use signal::{Signal, signal};
pub(crate) use timer::left_until;
pub use timer::{IntoDuration, Sleep, sleep};
