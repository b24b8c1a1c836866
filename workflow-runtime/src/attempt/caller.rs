//! What the caller of a step with options tells it, and what the step answers.
//!
//! If a declaration has options of its own, the caller has the loop of attempts, and each attempt
//! is one call of the function. The function's own code then makes a single attempt, and reports
//! what it knows: its own policy, and how it judges its failure. It communicates with the caller
//! through these thread-locals and not through an argument, so that a step to which nothing is said
//! needs no space for it.

use std::cell::Cell;
use std::task::Poll;

use tokio::time::Instant;

use crate::attempt::timed_out::What;
use crate::attempt::{Policy, Retry};
use crate::step::{Said, Verdict};

thread_local! {
    static SAID: Cell<Option<Said>> = const { Cell::new(None) };
    static HEARD: Cell<Heard> = const { Cell::new(Heard { policy: None, judged: None }) };
}

/// What a step answers in one poll.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Heard {
    /// Its own retry policy, and its own deadline, if that counts.
    pub(super) policy: Option<(Retry, Option<Overall>)>,
    /// How it judges its failure, and which limit it has reached.
    pub(super) judged: Option<(Verdict, Option<What>)>,
}

/// A limit on all attempts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Overall {
    pub(super) at: Instant,
    /// How long after the start that is.
    pub(super) limit: std::time::Duration,
}

/// Passes this to a step and polls it. Asking for it is the first thing that the step's code does.
pub(super) fn told<T>(said: Said, poll: impl FnOnce() -> Poll<T>) -> Poll<T> {
    struct Silence;
    impl Drop for Silence {
        fn drop(&mut self) {
            SAID.set(None);
        }
    }
    let _silence = Silence;
    SAID.set(Some(said));
    poll()
}

/// What the caller of the step that is starting has said; no other step receives it.
#[inline]
pub(super) fn said() -> Option<Said> {
    SAID.take()
}

#[cold]
pub(super) fn answer(say: impl FnOnce(&mut Heard)) {
    let mut heard = HEARD.take();
    say(&mut heard);
    HEARD.set(heard);
}

#[cold]
pub(super) fn answer_policy(policy: &Policy, deadline: Option<Instant>) {
    let overall = deadline.zip(policy.deadline).map(|(at, limit)| Overall { at, limit });
    answer(|heard| heard.policy = Some((policy.retry, overall)));
}

/// What has been answered since the last call of this.
pub(super) fn heard() -> Heard {
    HEARD.take()
}
