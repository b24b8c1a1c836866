//! A workflow that is called directly, without a run.

use std::sync::Arc;

use tracing::level_filters::LevelFilter;
use tracing::{Level, event_enabled, span_enabled};

use crate::graph::Graph;
use crate::run::scope::Scope;
use crate::run::shared::Shared;
use crate::run::trace::span::TARGET;

/// The scope of a workflow that is called directly. It has one if a subscriber takes anything
/// of it when it is first polled; otherwise it has nothing of a run, whatever comes later.
pub(crate) struct Direct {
    decided: bool,
    scope: Option<Arc<Scope>>,
}

impl Direct {
    #[inline]
    pub(crate) fn new() -> Self {
        Self { decided: false, scope: None }
    }

    #[inline]
    pub(crate) fn scope(&mut self, graph: impl FnOnce() -> &'static Graph) -> Option<&Arc<Scope>> {
        if !self.decided {
            self.decided = true;
            // One load, and all there is to pay where nobody listens.
            if LevelFilter::current() != LevelFilter::OFF {
                self.scope = start(graph());
            }
        }
        self.scope.as_ref()
    }
}

#[cold]
#[inline(never)]
fn start(graph: &'static Graph) -> Option<Arc<Scope>> {
    // The spans, or the events alone.
    let wanted =
        span_enabled!(target: TARGET, Level::INFO) || event_enabled!(target: TARGET, Level::ERROR);
    wanted.then(|| Scope::workflow(&Shared::new(Vec::new()), String::new(), graph, None))
}
