//! Asking the user's code for something that must not change the outcome of a run.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// What the user's code returns; `None` if it panics, which reaches the panic hook.
pub(crate) fn quietly<T>(ask: impl FnOnce() -> T) -> Option<T> {
    match catch_unwind(AssertUnwindSafe(ask)) {
        Ok(answer) => Some(answer),
        Err(panic) => {
            // The panic's payload may panic once more when it is dropped.
            if let Err(again) = catch_unwind(AssertUnwindSafe(|| drop(panic))) {
                core::mem::forget(again);
            }
            None
        }
    }
}
