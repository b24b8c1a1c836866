//! A single step of a run, for engines that run each step wherever they like.

use std::collections::HashMap;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use workflow_journal::{Record, StoreFuture, Timestamp};

use crate::durable::error::stopped;
use crate::durable::fingerprint::Fingerprint;
use crate::durable::{DurableStep, JournalError};
use crate::execute::Execute;
use crate::run::{Before, Identity, Items, LookUp, Note, Recording, Site, Stop, Takes};

/// Runs the step with this path, given the outputs of the steps before it as JSON, and returns its
/// output. Nothing else of the workflow runs, and the step's arguments are never written down: the
/// body computes them again from the recorded outputs.
///
/// `None` if the step cannot start: because something that it depends on is not recorded, because
/// its branch is not chosen, or because there is no such step. A step that fails returns `None`,
/// too.
///
/// # Errors
///
/// If what is recorded cannot be read, or the output cannot be written.
#[allow(clippy::implicit_hasher)]
pub async fn run_one_step<S: DurableStep>(
    call: S,
    run: &str,
    recorded: HashMap<String, String>,
    path: &str,
) -> Result<Option<Record>, JournalError> {
    let recorded = recorded.into_iter().map(|(path, json)| (path, json.into())).collect();
    let step = Arc::new(OneStep {
        run: run.to_owned(),
        recorded,
        wanted: path.to_owned(),
        state: Mutex::default(),
    });
    let recording: Arc<dyn Recording> = Arc::<OneStep>::clone(&step);
    let mut execute = pin!(Execute::recorded(call, Vec::new(), recording));
    poll_fn(|cx| {
        let ended = execute.as_mut().poll(cx).is_ready();
        let mut state = step.state();
        if let Some(error) = state.stopped.take() {
            return Poll::Ready(Err(error));
        }
        if state.result.is_some() || ended || !state.starts || state.blocked {
            return Poll::Ready(Ok(state.result.take()));
        }
        Poll::Pending
    })
    .await
}

/// Lets one step run and nothing else.
struct OneStep {
    run: String,
    recorded: HashMap<String, Arc<str>>,
    wanted: String,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    starts: bool,
    /// Something in it does not run.
    blocked: bool,
    result: Option<Record>,
    stopped: Option<JournalError>,
}

impl OneStep {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Recording for OneStep {
    fn look_up(&self, step: &Site<'_>) -> LookUp {
        if **step.path == *self.wanted {
            self.state().starts = true;
            return LookUp::Run;
        }
        // A workflow that contains the step runs, but only as far as the step.
        let is_above =
            self.wanted.strip_prefix(&**step.path).is_some_and(|rest| rest.starts_with('.'));
        match self.recorded.get(&**step.path) {
            Some(json) => LookUp::Recorded(Arc::clone(json)),
            None if is_above => LookUp::Run,
            None => {
                // A workflow that is wanted as a whole cannot end in this way.
                let inside = step.path.strip_prefix(&*self.wanted);
                if inside.is_some_and(|rest| rest.starts_with('.')) {
                    self.state().blocked = true;
                }
                LookUp::Wait
            }
        }
    }

    fn begins(&self, _: Record) -> StoreFuture<'static, ()> {
        Box::pin(std::future::ready(Ok(())))
    }

    fn completed(&self, step: &Site<'_>, mut completion: Record) -> StoreFuture<'static, ()> {
        if completion.path == self.wanted {
            completion.fingerprint = Fingerprint::of(step).to_json();
            self.state().result = Some(completion);
        }
        // Nothing sees the output here.
        Box::pin(std::future::pending())
    }

    fn lost(&self, _: &Site<'_>, _: Record) -> StoreFuture<'static, ()> {
        Box::pin(std::future::ready(Ok(())))
    }

    fn poll_held(&self, _: &Context<'_>) -> Poll<()> {
        Poll::Ready(())
    }

    fn attempts_before(&self, _: &Site<'_>) -> Before {
        Before::default()
    }

    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn timer(&self, _: &Site<'_>, duration: Duration) -> StoreFuture<'static, ()> {
        let sleep = tokio::time::sleep(duration);
        Box::pin(async move {
            sleep.await;
            Ok(())
        })
    }

    fn signal(
        &self,
        _: &str,
        _: Takes,
        _: StoreFuture<'static, ()>,
    ) -> StoreFuture<'static, Option<String>> {
        Box::pin(std::future::pending())
    }

    fn refused(&self, _: Record) {}

    fn items(&self, _: &Site<'_>, items: &[Option<Identity>]) -> Items {
        Items { places: (0..items.len()).collect(), write: None, replays_only: false }
    }

    fn note(&self, _: String, _: Note) {}

    fn chose(&self, _: &Site<'_>, _: usize) {}

    fn failed(&self, _: Record) {}

    fn panicked(&self, _: Record) {}

    fn undoing(&self) -> Option<StoreFuture<'static, ()>> {
        None
    }

    fn undone(&self, _: Record) -> StoreFuture<'static, ()> {
        Box::pin(std::future::ready(Ok(())))
    }

    fn is_undone(&self, _: &str) -> bool {
        false
    }

    fn times_undone(&self, _: &str) -> u32 {
        0
    }

    fn stop(&self, step: Option<&str>, why: Stop) {
        self.state().stopped.get_or_insert_with(|| stopped(&self.run, step, why));
    }

    fn id(&self) -> &str {
        &self.run
    }
}
