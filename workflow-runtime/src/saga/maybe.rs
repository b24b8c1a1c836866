//! Compensations of steps that may not have happened.

/// The step, which is undone from here on, whatever becomes of it: `added` comes of adding what
/// does that to the list. As an argument behind the step it is computed after the step's own
/// arguments, one of which may still leave the workflow by `?`, and before the first poll.
#[inline]
pub fn may_happen<S>(step: S, added: ()) -> S {
    let () = added;
    step
}
