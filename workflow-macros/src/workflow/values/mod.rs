//! Decisions about values: how each is used, where it is kept, what it may borrow from, and what
//! looks at it before something else consumes it. None of this writes tokens.

pub(crate) mod borrows;
pub(crate) mod conflicts;
pub(crate) mod deferred;
pub(crate) mod precedence;
pub(crate) mod storage;
pub(crate) mod usage;
