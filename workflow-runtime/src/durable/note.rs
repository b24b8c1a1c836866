//! Plain values, whose identity is noted with the records of the steps that are given them.
//!
//! Called by the code that `workflow!` generates. A value is looked at only where a record is kept
//! of the run.

use crate::durable::identity::{Noted, Tells, identity_of};
use crate::run::Note;

/// The plain value `node` of a workflow has come out like this.
#[inline]
pub fn note<T, Way: Tells<V>, V>(node: usize, noted: Noted<T, Way>, value: &V) {
    crate::run::note(node, || told(noted, value).map(Note::Value));
}

/// What the arm of the branch `node` that has just been chosen binds is this.
#[inline]
pub fn note_bound<T, Way: Tells<V>, V>(node: usize, noted: Noted<T, Way>, value: &V) {
    crate::run::note(node, || told(noted, value).map(Note::Bound));
}

/// The branch, block or fan-out `node` has come to this.
#[inline]
pub fn note_result<T, Way: Tells<V>, V>(node: usize, noted: Noted<T, Way>, value: &V) {
    crate::run::note(node, || Some(told(noted, value).map_or(Note::Untold, Note::Result)));
}

fn told<T, Way: Tells<V>, V>(noted: Noted<T, Way>, value: &V) -> Option<String> {
    Some(identity_of(noted, value)?.as_str().to_owned())
}
