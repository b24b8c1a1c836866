//! What waits until the test lets it go on.

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};

/// Gates of which each is passed once.
#[derive(Debug, Clone, Default)]
pub(crate) struct Gates(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    next: usize,
    /// All gates are open.
    open: bool,
    waiting: BTreeMap<(String, usize), Option<Waker>>,
}

impl Gates {
    /// Waits until the gate of this name is opened.
    pub(crate) async fn pass(&self, name: String) {
        let Some(gate) = self.arrive(name) else { return };
        // A future that is dropped does not wait any more.
        let _waits = Waits { gates: self, gate: gate.clone() };
        poll_fn(|cx| match self.state().waiting.get_mut(&gate) {
            None => Poll::Ready(()),
            Some(waker) => {
                *waker = Some(cx.waker().clone());
                Poll::Pending
            }
        })
        .await;
    }

    /// `None` if it is open.
    fn arrive(&self, name: String) -> Option<(String, usize)> {
        let mut state = self.state();
        if state.open {
            return None;
        }
        state.next += 1;
        let gate = (name, state.next);
        state.waiting.insert(gate.clone(), None);
        Some(gate)
    }

    /// The names of the closed gates that are waited at, in an order that is always the same.
    pub(crate) fn waiting(&self) -> Vec<String> {
        self.state().waiting.keys().map(|(name, _)| name.clone()).collect()
    }

    /// Opens the gate at this position in [`waiting`](Self::waiting).
    pub(crate) fn open(&self, at: usize) {
        let mut state = self.state();
        let gate = state.waiting.keys().nth(at).expect("it is a position in the list").clone();
        let waker = state.waiting.remove(&gate).flatten();
        drop(state);
        waker.into_iter().for_each(Waker::wake);
    }

    /// Opens all gates, for ever.
    pub(crate) fn open_all(&self) {
        let mut state = self.state();
        state.open = true;
        let waiting = std::mem::take(&mut state.waiting);
        drop(state);
        waiting.into_values().flatten().for_each(Waker::wake);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Waits<'g> {
    gates: &'g Gates,
    gate: (String, usize),
}

impl Drop for Waits<'_> {
    fn drop(&mut self) {
        self.gates.state().waiting.remove(&self.gate);
    }
}
