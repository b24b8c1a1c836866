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
    running: Arc<Mutex<HashMap<Place, AbortHandle>>>,
}

/// A step: the run's id, where it has one, and the path.
type Place = (Option<Arc<str>>, Arc<str>);

fn place(event: &Event) -> Place {
    (event.run_id.clone(), event.path.clone())
}

fn alert(event: &Event, problem: Problem) -> Alert {
    let (run_id, step) = place(event);
    Alert { workflow: event.workflow, run_id, step, problem }
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
        let desk = Arc::clone(&self.desk);
        let alert = alert(event, Problem::StillRuns { limit });
        let timer = spawn(async move {
            sleep(limit).await;
            desk.tell(&alert);
        });
        self.running().insert(place(event), timer.abort_handle());
    }

    fn limit_of(&self, event: &Event) -> Duration {
        let name = event.path.rsplit('.').next().unwrap_or(&event.path);
        self.limits.get(name).copied().unwrap_or(self.limit)
    }

    fn running(&self) -> MutexGuard<'_, HashMap<Place, AbortHandle>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Observer for Alerts {
    fn on_event(&self, event: &Event) {
        let tell = |problem| self.desk.tell(&alert(event, problem));
        if let EventKind::Completed { .. } | EventKind::Failed { .. } | EventKind::Cancelled =
            event.kind
            && let Some(timer) = self.running().remove(&place(event))
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
