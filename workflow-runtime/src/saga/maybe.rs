//! Compensations of steps that may not have happened.

/// Returns the step, which is undone from here on, whatever becomes of it: `added` is the result of
/// adding its compensation to the list. Since that argument comes after the step, it is evaluated
/// after the step's own arguments, one of which may still leave the workflow by `?`, and before the
/// first poll.
#[inline]
pub fn may_happen<S>(step: S, added: ()) -> S {
    let () = added;
    step
}
