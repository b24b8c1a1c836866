//! Asking the user's code for something that must not change what a run comes to.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// What the user's code gives; `None` if it panics, which the panic hook hears.
pub(crate) fn quietly<T>(ask: impl FnOnce() -> T) -> Option<T> {
    match catch_unwind(AssertUnwindSafe(ask)) {
        Ok(answer) => Some(answer),
        Err(panic) => {
            // What was thrown may panic once more when it is dropped.
            if let Err(again) = catch_unwind(AssertUnwindSafe(|| drop(panic))) {
                core::mem::forget(again);
            }
            None
        }
    }
}
