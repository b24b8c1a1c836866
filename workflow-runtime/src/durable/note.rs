//! Noted values, whose identity is noted with the records of the steps that are given them.

use crate::durable::identity::{Noted, Tells, identity_of};

/// The plain value `node` of a workflow has come out like this. Called by the code that
/// `workflow!` generates; the value is looked at only where a record is kept of the run.
#[inline]
pub fn note<T, Way: Tells<V>, V>(node: usize, noted: Noted<T, Way>, value: &V) {
    crate::run::note(node, || identity_of(noted, value));
}

/// What the arm of the branch `node` that has just been chosen binds is this.
#[inline]
pub fn note_bound<T, Way: Tells<V>, V>(node: usize, noted: Noted<T, Way>, value: &V) {
    crate::run::note_bound(node, || identity_of(noted, value));
}

/// The branch, block or fan-out `node` has come to this.
#[inline]
pub fn note_result<T, Way: Tells<V>, V>(node: usize, noted: Noted<T, Way>, value: &V) {
    crate::run::note_result(node, || identity_of(noted, value));
}
