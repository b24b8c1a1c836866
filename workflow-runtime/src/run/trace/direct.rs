//! A workflow that is called directly, without a run.

use std::sync::Arc;

use tracing::level_filters::LevelFilter;
use tracing::{Level, event_enabled, span_enabled};

use crate::graph::Graph;
use crate::run::current::{current_run_id, current_step};
use crate::run::scope::Scope;
use crate::run::shared::Shared;
use crate::run::trace::span::TARGET;

/// The scope of a workflow that is called directly. It has one if a subscriber takes anything
/// from it when it is first polled; otherwise it has no run, whatever happens later.
pub(crate) struct Direct {
    /// It has been polled, and has none.
    is_plain: bool,
    scope: Option<Arc<Scope>>,
}

impl Direct {
    #[inline]
    pub(crate) fn new() -> Self {
        Self { is_plain: false, scope: None }
    }

    /// The scope, if it has one; decided by the first call.
    #[inline]
    pub(crate) fn scope(&mut self, graph: impl FnOnce() -> &'static Graph) -> Option<&Arc<Scope>> {
        // This is all that a poll costs if no one listens.
        if self.is_plain { None } else { self.decided(graph) }
    }

    #[cold]
    #[inline(never)]
    fn decided(&mut self, graph: impl FnOnce() -> &'static Graph) -> Option<&Arc<Scope>> {
        if self.scope.is_none() && LevelFilter::current() != LevelFilter::OFF {
            self.scope = start(graph());
        }
        self.is_plain = self.scope.is_none();
        self.scope.as_ref()
    }
}

#[cold]
#[inline(never)]
fn start(graph: &'static Graph) -> Option<Arc<Scope>> {
    // The spans, or the events alone.
    let wanted =
        span_enabled!(target: TARGET, Level::INFO) || event_enabled!(target: TARGET, Level::ERROR);
    wanted.then(|| {
        let run = Shared::direct(current_run_id(), current_step());
        Scope::workflow(&run, Arc::from(""), graph, None, None)
    })
}
