//! What can be wrong with a store.

use std::future::{pending, poll_fn};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;
use std::time::Duration;

use tokio::time::{Instant, sleep};
use workflow_durable_tests::{Call, Ledger, Method, Pause, Watch};
use workflow_journal::StoreError;

/// What goes wrong at a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It fails, and nothing is done.
    FailsBefore,
    /// It is done, and fails nevertheless.
    FailsAfter,
    /// It and all others fail for so long.
    FailsFor(Duration),
    /// It is done so much later.
    LateBefore(Duration),
    /// It is done at once, and answers so much later.
    LateAfter(Duration),
    /// It is never done, and never answers.
    NeverBefore,
    /// It is done, and never answers.
    NeverAfter,
    /// It and all that follow answer so much later.
    AllLate(Duration),
    /// It and all others never answer, for so long: they are not done, nor will they be.
    SilentFor(Duration),
}

/// At which call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum At {
    /// No call.
    Nowhere,
    /// The one with this number.
    Number(usize),
    /// The first one of this method.
    First(Method),
}

/// A store's faults.
#[derive(Debug)]
pub(crate) struct Faulty {
    at: At,
    fault: Fault,
    ledger: Arc<Ledger>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    calls: Vec<(Method, String)>,
    /// The number of the call at which the fault was, and when.
    began: Option<(usize, Instant)>,
}

impl Faulty {
    pub(crate) fn new(at: At, fault: Fault, ledger: &Arc<Ledger>) -> Self {
        Self { at, fault, ledger: Arc::clone(ledger), state: Mutex::default() }
    }

    /// All calls so far.
    pub(crate) fn calls(&self) -> Vec<(Method, String)> {
        self.state().calls.clone()
    }

    /// The name of the call at which the fault was.
    pub(crate) fn hit(&self) -> Option<String> {
        let state = self.state();
        let (number, _) = state.began?;
        state.calls.get(number).map(|(_, name)| name.clone())
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether this call is the one, and for how long the fault has lasted.
    fn reached(&self, call: &Call) -> (bool, Option<Duration>) {
        let mut state = self.state();
        let is_first = state.began.is_none();
        let reached = match self.at {
            At::Nowhere => false,
            At::Number(number) => number == call.number,
            At::First(method) => method == call.method && is_first,
        };
        if reached && is_first {
            state.began = Some((call.number, Instant::now()));
        }
        let is_the_one = state.began.is_some_and(|(number, _)| number == call.number);
        (is_the_one, state.began.map(|(_, began)| began.elapsed()))
    }
}

/// A failure, of which the waiting task is woken once more than it need be: a store may do that.
async fn fails() -> Result<(), StoreError> {
    poll_fn(|cx| {
        cx.waker().wake_by_ref();
        Poll::Ready(())
    })
    .await;
    Err(StoreError::Failed { place: "memory".to_owned(), source: "it is down".into() })
}

impl Watch for Faulty {
    fn before<'a>(&'a self, call: &'a Call) -> Pause<'a> {
        self.state().calls.push((call.method, call.name()));
        let (reached, lasted) = self.reached(call);
        Box::pin(async move {
            match self.fault {
                Fault::FailsBefore if reached => return fails().await,
                Fault::FailsFor(time) if lasted.is_some_and(|lasted| lasted < time) => {
                    return fails().await;
                }
                Fault::SilentFor(time) if lasted.is_some_and(|lasted| lasted < time) => {
                    pending::<()>().await;
                }
                Fault::NeverBefore if reached => pending::<()>().await,
                Fault::LateBefore(time) if reached => sleep(time).await,
                Fault::AllLate(time) if lasted.is_some() => sleep(time).await,
                _ => {}
            }
            Ok(())
        })
    }

    fn applied(&self, call: &Call) {
        if let Some(record) = &call.record {
            self.ledger.recorded(record);
        }
    }

    fn after<'a>(&'a self, call: &'a Call) -> Pause<'a> {
        let began = self.state().began.map(|(number, _)| number);
        let reached = began == Some(call.number);
        Box::pin(async move {
            match self.fault {
                Fault::FailsAfter if reached => return fails().await,
                Fault::NeverAfter if reached => pending::<()>().await,
                Fault::LateAfter(time) if reached => sleep(time).await,
                _ => {}
            }
            Ok(())
        })
    }
}
