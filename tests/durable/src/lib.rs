//! What the tests of durable runs have in common with the process that some of them kill.

// Nobody prints these.
#![allow(missing_debug_implementations)]

mod failures;
mod ledger;
mod shop;
mod strike;
mod task;
mod watched;
mod workflow;

pub use failures::Failures;
pub use ledger::{Act, Audit, Done, Event, Ledger, Rules};
pub use shop::{Line, Shop, Token, random};
pub use strike::{Counted, Strike, Struck, When};
pub use task::{Ended, Leave, Task};
pub use watched::{Call, Method, Pause, Watch, Watched};
pub use workflow::{Cart, Refused, order, rush};
