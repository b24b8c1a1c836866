//! Plain values, whose identity is noted with the records of the steps that are given them.

use crate::durable::Identity;

/// The plain value `NODE` of a workflow has come out like this. Called by the code that
/// `workflow!` generates; `value` is asked only where a record is kept of the run.
#[inline]
pub fn note<const NODE: usize>(value: impl FnOnce() -> Option<Identity>) {
    crate::run::note(NODE, value);
}

/// Arm `arm` of the branch `NODE` has bound this.
#[inline]
pub fn note_bound<const NODE: usize>(arm: usize, value: impl FnOnce() -> Option<Identity>) {
    crate::run::note_bound(NODE, arm, value);
}
