use std::{
    collections::HashMap,
    fmt,
    mem::{Discriminant, discriminant},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

use super::{Alert, Problem};

/// Of one kind of problem so many alerts are told in a [`WINDOW`].
const MOST: u64 = 5;
const WINDOW: Duration = Duration::from_secs(60);

/// Who is told.
pub type Sink = Box<dyn Fn(&Alert) + Send + Sync>;

/// Passes alerts on, but no storm of them.
pub(super) struct Desk {
    sink: Sink,
    kinds: Mutex<HashMap<Discriminant<Problem>, Window>>,
}

/// What there was of one kind lately.
struct Window {
    since: Instant,
    alerts: u64,
}

impl Desk {
    pub(super) fn new(sink: Sink) -> Self {
        Self { sink, kinds: Mutex::default() }
    }

    pub(super) fn tell(&self, alert: &Alert) {
        if let Problem::NotUndone { .. } = alert.problem {
            // Each of them needs a person.
            return (self.sink)(alert);
        }
        let (tells, left_out) = self.count(&alert.problem);
        if left_out > 0 {
            let problem = Problem::More { alerts: left_out };
            (self.sink)(&Alert { problem, ..alert.clone() });
        }
        if tells {
            (self.sink)(alert);
        }
    }

    /// Whether the sink is told, and how many it was not told of before.
    fn count(&self, problem: &Problem) -> (bool, u64) {
        let now = Instant::now();
        let mut kinds = self.kinds.lock().unwrap_or_else(PoisonError::into_inner);
        let window = kinds.entry(discriminant(problem)).or_insert(Window { since: now, alerts: 0 });
        let mut left_out = 0;
        if now - window.since >= WINDOW {
            left_out = window.alerts.saturating_sub(MOST);
            *window = Window { since: now, alerts: 0 };
        }
        window.alerts += 1;
        (window.alerts <= MOST, left_out)
    }
}

impl fmt::Debug for Desk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Desk").finish_non_exhaustive()
    }
}
