//! What a shop's on-call wants to hear of a run, while there is time to do something.

mod alert;
mod desk;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    task::{AbortHandle, spawn},
    time::sleep,
};
use workflow_runtime::{Event, EventKind, Observer};

use self::desk::Desk;
pub use self::{
    alert::{Alert, Problem},
    desk::Sink,
};

/// After so many failed attempts of a step somebody should know.
const MANY_RETRIES: u32 = 3;

/// Tells of steps that are slow, of retries that pile up, and of what could not be undone.
///
/// A slow step is told of while it still runs, and once more when it ends. Clones watch for the
/// same desk. It has to be used inside a tokio runtime, whose timers it needs.
#[derive(Debug, Clone)]
pub struct Alerts {
    limit: Duration,
    limits: HashMap<&'static str, Duration>,
    desk: Arc<Desk>,
    running: Arc<Mutex<HashMap<Arc<str>, AbortHandle>>>,
}

impl Alerts {
    /// Tells `sink` of steps that take longer than this. Of one kind of problem it hears at most
    /// five times a minute, and then how many there were; of what could not be undone, always.
    pub fn new(limit: Duration, sink: impl Fn(&Alert) + Send + Sync + 'static) -> Self {
        let desk = Arc::new(Desk::new(Box::new(sink)));
        Self { limit, limits: HashMap::new(), desk, running: Arc::default() }
    }

    /// Tells the standard error.
    #[must_use]
    pub fn to_stderr(limit: Duration) -> Self {
        Self::new(limit, |alert| eprintln!("{alert}"))
    }

    /// Gives the step of this name a limit of its own.
    #[must_use]
    pub fn limit(mut self, step: &'static str, limit: Duration) -> Self {
        self.limits.insert(step, limit);
        self
    }

    /// Has somebody told when the step has taken too long.
    fn watch(&self, event: &Event) {
        let limit = self.limit_of(event);
        let (desk, workflow, step) = (Arc::clone(&self.desk), event.workflow, event.path.clone());
        let timer = spawn(async move {
            sleep(limit).await;
            desk.tell(&Alert { workflow, step, problem: Problem::StillRuns { limit } });
        });
        self.running().insert(Arc::clone(&event.path), timer.abort_handle());
    }

    fn limit_of(&self, event: &Event) -> Duration {
        let name = event.path.rsplit('.').next().unwrap_or(&event.path);
        self.limits.get(name).copied().unwrap_or(self.limit)
    }

    fn running(&self) -> MutexGuard<'_, HashMap<Arc<str>, AbortHandle>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Observer for Alerts {
    fn on_event(&self, event: &Event) {
        let tell = |problem| {
            self.desk.tell(&Alert { workflow: event.workflow, step: event.path.clone(), problem });
        };
        if let EventKind::Completed { .. } | EventKind::Failed { .. } | EventKind::Cancelled =
            event.kind
            && let Some(timer) = self.running().remove(&event.path)
        {
            timer.abort();
        }
        match &event.kind {
            EventKind::Started => self.watch(event),
            EventKind::Completed { duration, .. } if *duration >= self.limit_of(event) => {
                tell(Problem::WasSlow { took: *duration, failed: false });
            }
            EventKind::Failed { duration, .. } if *duration >= self.limit_of(event) => {
                tell(Problem::WasSlow { took: *duration, failed: true });
            }
            EventKind::Retrying { attempt, error, .. } if *attempt >= MANY_RETRIES => {
                tell(Problem::KeepsFailing { attempts: *attempt, error: error.clone() });
            }
            EventKind::CompensationFailed { error, .. } => {
                tell(Problem::NotUndone { error: error.clone() });
            }
            _ => {}
        }
    }
}
