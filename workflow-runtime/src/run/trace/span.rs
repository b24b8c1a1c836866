//! The spans of workflows, steps and compensations.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tracing::field::Empty;
use tracing::info_span;
use tracing::level_filters::LevelFilter;
use tracing::span::{EnteredSpan, Id};

use crate::run::subject::Subject;

/// The target of all spans and events, for filters.
pub(super) const TARGET: &str = "workflow";

/// The span of a workflow, a step or a compensation. It closes when its last clone and the spans
/// inside it are dropped.
#[derive(Default)]
pub(crate) struct Span {
    pub(super) span: Option<tracing::Span>,
    panicked: AtomicBool,
}

impl Clone for Span {
    fn clone(&self) -> Self {
        Self { span: self.span.clone(), panicked: AtomicBool::new(false) }
    }
}

/// A span with these fields and those that all spans have.
macro_rules! span {
    ($run_id:expr, $parent:expr, $name:literal, $otel_name:expr, $($fields:tt)*) => {
        Span::new(info_span!(
            target: TARGET,
            parent: within($parent.and_then(|parent: &Span| parent.span.as_ref())),
            $name,
            run_id = $run_id.map(|id| &**id),
            $($fields)*
            outcome = Empty,
            error = Empty,
            otel.name = $otel_name,
            otel.status_code = Empty,
            otel.status_description = Empty,
        ))
    };
}

impl Span {
    pub(crate) fn none() -> Self {
        Self::default()
    }

    /// Whether anything takes spans or events.
    pub(crate) fn wanted() -> bool {
        LevelFilter::current() != LevelFilter::OFF
    }

    /// The span of a workflow: under the step that calls it, or else under the current span.
    pub(crate) fn workflow(
        run_id: Option<&Arc<str>>,
        subject: &Subject,
        caller: Option<&Self>,
    ) -> Self {
        let Subject { workflow, .. } = subject;
        span!(run_id, caller, "workflow", workflow, workflow = workflow,)
    }

    /// The span of a step: under its workflow, or else under the current span.
    pub(crate) fn step(
        run_id: Option<&Arc<str>>,
        subject: &Subject,
        workflow: Option<&Self>,
    ) -> Self {
        let Subject { workflow: name, path, .. } = subject;
        span!(run_id, workflow, "step", &**path, workflow = name, step = &**path, attempt = 1,)
    }

    /// The span of a compensation: under the current span, which is that of the workflow that
    /// undoes its steps.
    pub(crate) fn compensation(run_id: Option<&Arc<str>>, subject: &Subject) -> Self {
        let Subject { workflow, path, .. } = subject;
        span!(
            run_id,
            None,
            "compensation",
            display(format_args!("undo {path}")),
            workflow = workflow,
            undoes = &**path,
            attempt = 1,
        )
    }

    fn new(span: tracing::Span) -> Self {
        Self { span: (!span.is_disabled()).then_some(span), panicked: AtomicBool::new(false) }
    }

    /// This span, or else the thread's current one, whatever created it.
    pub(super) fn or_current(&self) -> tracing::Span {
        self.span.clone().unwrap_or_else(tracing::Span::current)
    }

    /// Makes it the thread's current one for as long as the guard lives.
    pub(crate) fn enter(&self) -> Guard {
        Guard { _entered: self.span.clone().map(tracing::Span::entered) }
    }

    /// Records which attempt is running or comes next.
    pub(crate) fn attempt(&self, number: u32) {
        self.record("attempt", number);
    }

    /// Its code has panicked.
    pub(crate) fn panicked(&self) {
        if !self.panicked.swap(true, Ordering::Relaxed) {
            self.outcome("panicked");
            self.error("panicked");
        }
    }

    pub(super) fn has_panicked(&self) -> bool {
        self.panicked.load(Ordering::Relaxed)
    }

    pub(super) fn outcome(&self, outcome: &str) {
        self.record("outcome", outcome);
    }

    pub(super) fn error(&self, error: &str) {
        self.record("error", error);
        self.record("otel.status_code", "ERROR");
        self.record("otel.status_description", error);
    }

    fn record(&self, field: &str, value: impl tracing::Value) {
        if let Some(span) = &self.span {
            span.record(field, value);
        }
    }
}

/// The span that contains a span or an event with this parent; without a parent, the current
/// span.
pub(super) fn within(parent: Option<&tracing::Span>) -> Option<Id> {
    parent.map_or_else(|| tracing::Span::current().id(), tracing::Span::id)
}

/// While it lives, a span is entered.
pub(crate) struct Guard {
    _entered: Option<EnteredSpan>,
}

impl Guard {
    /// Enters nothing.
    pub(crate) fn nothing() -> Self {
        Self { _entered: None }
    }
}
