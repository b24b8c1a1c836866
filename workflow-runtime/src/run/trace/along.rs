//! What a task takes along from the thread that starts it.

use tracing::dispatcher::{DefaultGuard, get_default, set_default};
use tracing::level_filters::LevelFilter;
use tracing::span::Entered;
use tracing::{Dispatch, Span as TracingSpan};

use crate::run::trace::Span;

/// The subscriber of the thread, and the span that the thread is in.
pub(crate) struct Along(Option<(Dispatch, TracingSpan)>);

/// While it lives, they are those of this thread. The span is exited before the subscriber is
/// replaced.
pub(crate) struct EnteredAlong<'a> {
    _span: Option<Entered<'a>>,
    _subscriber: Option<DefaultGuard>,
}

impl Along {
    /// Takes them. `step` is the span of the step that starts the task, if it has one.
    pub(crate) fn taken(step: Option<&Span>) -> Self {
        if LevelFilter::current() == LevelFilter::OFF {
            return Self(None);
        }
        let span = step.map_or_else(TracingSpan::current, Span::or_current);
        Self(Some((get_default(Clone::clone), span)))
    }

    pub(crate) fn enter(&self) -> EnteredAlong<'_> {
        let Some((subscriber, span)) = &self.0 else {
            return EnteredAlong { _span: None, _subscriber: None };
        };
        let subscriber = set_default(subscriber);
        EnteredAlong { _span: Some(span.enter()), _subscriber: Some(subscriber) }
    }
}
