//! What the tests of durable runs have in common with the process that some of them kill.

mod shop;
mod strike;
mod task;
mod workflow;

pub use shop::{Line, Shop, Token, random};
pub use strike::{Counted, Strike, Struck, When};
pub use task::{Ended, Task};
pub use workflow::{Cart, Refused, order};
