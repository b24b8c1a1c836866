//! The trait through which a run reports its events.

use crate::run::Event;

/// Receives every [`Event`] of a run.
///
/// The calls come from inside the workflow's own task, one at a time for each workflow
/// (steps on other tasks may report at the same moment), so an observer should be
/// quick; a slow one delays the run but changes none of its results. A panic in an
/// observer reaches the panic hook and is otherwise ignored: the run goes on.
///
/// ```
/// use workflow_runtime::{Event, Observer};
///
/// struct Log;
///
/// impl Observer for Log {
///     fn on_event(&self, event: &Event) {
///         println!("{} {:?}", event.path, event.kind);
///     }
/// }
/// ```
pub trait Observer: Send + Sync {
    /// Called once for each event, when it happens.
    fn on_event(&self, event: &Event);
}

impl<O: Observer + ?Sized> Observer for std::sync::Arc<O> {
    fn on_event(&self, event: &Event) {
        (**self).on_event(event);
    }
}
