//! Plain values, whose identity is stored with the records of the steps that are given them.
//!
//! Called by the code that `workflow!` generates. A value is inspected only if a record of the run
//! is kept.

use crate::durable::identity::{Noted, Tells, identity_of};
use crate::run::Note;

/// Notes the plain value `node` of a workflow.
#[inline]
pub fn note<T, Way: Tells<V>, V>(node: usize, noted: Noted<T, Way>, value: &V) {
    crate::run::note(node, || told(noted, value).map(Note::Value));
}

/// Notes what is bound by the arm that the branch `node` has just chosen.
#[inline]
pub fn note_bound<T, Way: Tells<V>, V>(node: usize, noted: Noted<T, Way>, value: &V) {
    crate::run::note(node, || told(noted, value).map(Note::Bound));
}

/// Notes the result of the branch, block or fan-out `node`.
#[inline]
pub fn note_result<T, Way: Tells<V>, V>(node: usize, noted: Noted<T, Way>, value: &V) {
    crate::run::note(node, || Some(told(noted, value).map_or(Note::Untold, Note::Result)));
}

fn told<T, Way: Tells<V>, V>(noted: Noted<T, Way>, value: &V) -> Option<String> {
    Some(identity_of(noted, value)?.as_str().to_owned())
}
