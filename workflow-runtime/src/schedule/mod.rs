//! What the generated code schedules steps with.
//!
//! If the order of a workflow's steps is a nesting of "one after the other" and
//! "side by side", the generated code is just that: statements and [`join`]s. If it is not, a
//! [`region`] runs each of its branches when what the branch needs is ready. A `for` is a
//! [`fan_out`].

// Only generated code names these; a panic would be a mistake of the macro.
#![allow(
    clippy::missing_errors_doc,
    clippy::missing_panics_doc,
    clippy::must_use_candidate,
    clippy::struct_field_names,
    clippy::too_many_arguments,
    missing_debug_implementations
)]

mod all_at_once;
mod beside;
mod branch;
mod call;
mod fan_out;
mod finish;
mod in_order;
mod join;
mod region;
mod slot;
mod window;
mod woken;

pub use beside::{Beside, Handed, beside, beside_first, handed};
pub use branch::{Block, Branch, Call, Plain, attempt, block, plain};
pub use call::{At, InStep, Position, step};
pub use fan_out::{FanOut, FanOutWithin, fan_out, fan_out_within, item_call};
pub use finish::{
    All, Failures, Finished, Finishing, FinishingRegion, FinishingTracker, Gate, Starting,
    UntilFailure, all, finish, finishing, finishing_item, finishing_region, gate, halt,
    poll_finishing, starting, until_failure,
};
pub use join::{
    Join2, Join3, Join4, Join5, Join6, Join7, Join8, Joined, inner_join, join, join2, join3, join4,
    join5, join6, join7, join8,
};
pub use region::{Region, Tracker, poll_block, poll_call, region, start_call};
pub use slot::{
    Abandon, ByCopy, ByMove, Copied, Deferred, DeferredLent, DeferredOwned, Lent, Shared, abandon,
    announce, announce_lent, borrow, counted, declared, declared_like, deferred, empty_lent,
    empty_shared, hold, lend, over, reclaim, share, shared, take, together, unwrap, wait,
    wait_lent, wait_lent_or_halt, wait_or_halt, wait_owned, wait_reclaimed, wait_reclaimed_or_halt,
};
pub(crate) use woken::{OwnWaker, Woken};
