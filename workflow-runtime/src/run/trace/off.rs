//! Without the feature, all of this takes no space and does nothing.

// The other half uses what it is given.
#![allow(clippy::unused_self, clippy::trivially_copy_pass_by_ref)]

use std::sync::Arc;

use crate::graph::Graph;
use crate::run::EventKind;
use crate::run::scope::Scope;
use crate::run::subject::Subject;

/// The span of a workflow, a step or a compensation.
#[derive(Clone, Default)]
pub(crate) struct Span;

impl Span {
    pub(crate) fn none() -> Self {
        Self
    }

    /// Whether anything takes spans or events.
    pub(crate) const fn wanted() -> bool {
        false
    }

    pub(crate) fn workflow(_: Option<&Arc<str>>, _: &Subject, _: Option<&Self>) -> Self {
        Self
    }

    pub(crate) fn step(_: Option<&Arc<str>>, _: &Subject, _: Option<&Self>) -> Self {
        Self
    }

    pub(crate) fn compensation(_: Option<&Arc<str>>, _: &Subject) -> Self {
        Self
    }

    pub(crate) fn enter(&self) -> Guard {
        Guard::nothing()
    }

    pub(crate) fn tell(&self, _: Option<&Arc<str>>, _: &Subject, _: &EventKind) {}

    pub(crate) fn attempt(&self, _: u32) {}

    pub(crate) fn panicked(&self) {}
}

/// While it lives, a span is entered.
pub(crate) struct Guard;

impl Guard {
    pub(crate) fn nothing() -> Self {
        Self
    }
}

/// What a task takes along from the thread that starts it: nothing.
pub(crate) struct Along;

impl Along {
    #[inline]
    pub(crate) fn taken(_: Option<&Span>) -> Self {
        Self
    }

    #[inline]
    pub(crate) fn enter(&self) -> EnteredAlong {
        EnteredAlong
    }
}

/// While it lives, all of that is in place.
pub(crate) struct EnteredAlong;

/// A workflow that is called directly never has a scope.
pub(crate) struct Direct;

impl Direct {
    #[inline]
    pub(crate) fn new() -> Self {
        Self
    }

    #[inline]
    pub(crate) fn scope(&mut self, _: impl FnOnce() -> &'static Graph) -> Option<&Arc<Scope>> {
        None
    }
}
