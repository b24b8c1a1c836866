//! The types of the outputs of a workflow's steps, without running the workflow.

use std::any::type_name;
use std::marker::PhantomData;

use crate::durable::recorded_part::Part;

/// Stands for the output of the node with this number, a part of which is recorded.
#[derive(Debug)]
pub struct Output<const NODE: usize, M, O>(PhantomData<fn() -> (M, O)>);

impl<const NODE: usize, M, O> Output<NODE, M, O> {
    /// The type is determined by the call of the step.
    #[must_use]
    #[allow(clippy::new_without_default)]
    #[inline]
    pub fn new() -> Self {
        Self(PhantomData)
    }
}

impl<const NODE: usize, M, O> Clone for Output<NODE, M, O> {
    #[inline]
    fn clone(&self) -> Self {
        *self
    }
}

impl<const NODE: usize, M, O> Copy for Output<NODE, M, O> {}

/// All outputs of a workflow, as `(first, (second, ()))`.
pub trait Outputs {
    /// Adds the numbers of the nodes and the types of what is recorded for them.
    fn name(names: &mut Vec<(usize, &'static str)>);
}

impl Outputs for () {
    fn name(_: &mut Vec<(usize, &'static str)>) {}
}

impl<const NODE: usize, M: Part<O>, O, Rest: Outputs> Outputs for (Output<NODE, M, O>, Rest) {
    fn name(names: &mut Vec<(usize, &'static str)>) {
        names.push((NODE, type_name::<M::Value>()));
        Rest::name(names);
    }
}
