//! How a run that is held here continues until it ends.

use std::any::Any;
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker, ready};

use tokio::task::coop::unconstrained;
use tokio::time::{Sleep, sleep};
use workflow_journal::{Claim, StoreError};

use crate::budget::{settled, watch};
use crate::durable::background::Background;
use crate::durable::heartbeat::Heartbeat;
use crate::durable::journal_recording::JournalRecording;
use crate::durable::{DurableStep, JournalError, at_run};
use crate::execute::Execute;

/// How far a run has progressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// The body is running.
    Forward,
    /// The run was cancelled: nothing new starts, and records that are being written are finished.
    Settles,
    /// The run was cut off: the body is replayed as far as it had got, before anything new starts.
    /// That way it is known again what there is to undo, whatever comes next.
    Replays,
    /// Completed steps are undone.
    Undoes,
}

/// What decides the next phase of a run.
#[derive(Debug, Clone, Copy)]
struct Situation {
    /// The run was cancelled.
    cancelled: bool,
    /// No record is being written.
    settled: bool,
    /// Completed steps are to be undone.
    undoes: bool,
}

impl Phase {
    /// The phase that a run begins with.
    fn first(has_records: bool, cancelled: bool) -> Self {
        if has_records || cancelled { Self::Replays } else { Self::Forward }
    }

    /// The phase after this one, in this situation.
    fn next(self, now: Situation) -> Self {
        match self {
            Self::Forward if now.cancelled && now.settled => Self::Undoes,
            Self::Forward if now.cancelled => Self::Settles,
            Self::Settles if now.settled => Self::Undoes,
            // Replaying lasts until nothing moves.
            Self::Replays if now.undoes || now.cancelled => Self::Undoes,
            Self::Replays => Self::Forward,
            same => same,
        }
    }
}

/// How a run has ended.
pub(super) enum Ended<O> {
    /// The body has returned.
    Returned(O),
    /// It was ended from outside, and has been undone.
    Undone,
}

/// Runs a call, together with the background work of its journal.
pub(super) struct Drive<'a, S: DurableStep> {
    execute: Option<Pin<Box<Execute<S>>>>,
    recording: &'a JournalRecording,
    heartbeat: &'a Heartbeat,
    background: Background<'a>,
    phase: Phase,
    /// The time limit for a run that is not certainly held, which must not last forever.
    unsure: Option<Pin<Box<Sleep>>>,
}

impl<'a, S: DurableStep> Drive<'a, S> {
    pub(super) fn new(
        execute: Pin<Box<Execute<S>>>,
        recording: &'a JournalRecording,
        heartbeat: &'a Heartbeat,
        claim: Claim,
    ) -> Self {
        let cancelled = recording.asked().held().is_cancelled();
        let phase = Phase::first(recording.has_records(), cancelled);
        execute.in_flight().replay(phase == Phase::Replays);
        if cancelled {
            recording.undo();
        }
        let background = Background::new(recording, claim);
        Self { execute: Some(execute), recording, heartbeat, background, phase, unsure: None }
    }

    /// Runs the call to its end, and writes what the body did not wait for.
    pub(super) async fn run(&mut self) -> Result<Ended<S::Output>, JournalError> {
        let ended = poll_fn(|cx| self.poll(cx)).await;
        if ended.is_err() {
            // Anything that is no longer polled must not block anything else.
            self.execute = None;
            self.background.stop();
            return ended;
        }
        self.background.write_the_rest().await?;
        ended
    }

    /// The call, for questions about its output.
    pub(super) fn execute(&mut self) -> Pin<&mut Execute<S>> {
        self.execute.as_mut().expect("it is there while the run has not failed").as_mut()
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<Ended<S::Output>, JournalError>> {
        let recording = self.recording;
        let _at_work = recording.asked().held().at_work();
        loop {
            self.background.poll(cx)?;
            ready!(self.poll_held(cx))?;
            let polled = match self.phase {
                Phase::Forward | Phase::Settles => self.poll_body(cx).map(Ended::Returned),
                Phase::Replays => match self.replay() {
                    Some(output) => Poll::Ready(Ended::Returned(output)),
                    None => Poll::Pending,
                },
                Phase::Undoes => self.execute().poll_undo(cx).map(|output| match output {
                    // It had failed by itself, and that failure is the one that counts.
                    Some(output) => Ended::Returned(output),
                    None => Ended::Undone,
                }),
            };
            if let Some(error) = self.recording.stopped() {
                return Poll::Ready(Err(error));
            }
            if let Poll::Ready(ended) = polled {
                return Poll::Ready(Ok(ended));
            }
            // The body may have left something to write.
            self.background.poll(cx)?;
            let next = self.phase.next(self.situation(cx));
            if next != self.phase {
                self.enter(next);
            } else if !recording.asked().held().is_stopped() {
                return Poll::Pending;
            }
        }
    }

    fn situation(&mut self, cx: &Context<'_>) -> Situation {
        let held = Arc::clone(self.recording.asked().held());
        held.watch(cx);
        let cancelled = held.is_cancelled();
        let in_flight = self.execute().in_flight();
        let mut settled = true;
        // Only a run that is ending waits for that.
        if cancelled && self.phase != Phase::Replays {
            in_flight.end();
            settled = in_flight.poll_settled(cx).is_ready();
        }
        Situation { cancelled, settled, undoes: self.recording.undoes() }
    }

    fn enter(&mut self, phase: Phase) {
        match phase {
            Phase::Undoes => self.recording.undo(),
            Phase::Forward => self.execute().in_flight().replay(false),
            Phase::Settles | Phase::Replays => {}
        }
        self.phase = phase;
    }

    /// Polls the body. If it panics, the panic is recorded in the journal first.
    fn poll_body(&mut self, cx: &mut Context<'_>) -> Poll<S::Output> {
        let execute = self.execute();
        let poll = || settled(execute.poll(cx));
        match catch_unwind(AssertUnwindSafe(poll)) {
            Ok(polled) => {
                if polled.is_pending() {
                    watch();
                }
                polled
            }
            Err(panic) => {
                if let Some(write) = self.recording.panicked_with(&text_of(&*panic)) {
                    self.heartbeat.finish(write);
                }
                self.execute = None;
                resume_unwind(panic)
            }
        }
    }

    /// Replays the body as far as the records go, until nothing in it moves. Nothing is left for
    /// the next poll, as tokio's budget would require: the records are finite.
    fn replay(&mut self) -> Option<S::Output> {
        let moved = Arc::new(Moved::default());
        let waker = Waker::from(Arc::clone(&moved));
        loop {
            let body = poll_fn(|cx| self.poll_body(cx));
            let polled = pin!(unconstrained(body)).poll(&mut Context::from_waker(&waker));
            match polled {
                Poll::Ready(output) => return Some(output),
                Poll::Pending if self.recording.has_stopped() => return None,
                Poll::Pending if moved.0.swap(false, Ordering::Relaxed) => {}
                Poll::Pending => return None,
            }
        }
    }

    /// Waits until the run is certainly held, so that nothing continues that another process may
    /// also be doing; but not forever.
    fn poll_held(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), JournalError>> {
        let asked = self.recording.asked();
        let held = asked.held();
        if let Some(lost) = held.take_lost() {
            return Poll::Ready(Err(at_run(asked.run(), None, lost)));
        }
        let certain = held.poll(cx).is_ready();
        // Checked once the task is sure to be woken by it, here or after its turn.
        if held.is_stopped() {
            return Poll::Ready(Err(JournalError::Closed { run: asked.run().to_owned() }));
        }
        if certain {
            self.unsure = None;
            return Poll::Ready(Ok(()));
        }
        let limit = held.lease();
        let unsure = self.unsure.get_or_insert_with(|| Box::pin(sleep(limit)));
        ready!(pin!(unconstrained(unsure.as_mut())).poll(cx));
        let lost = || StoreError::LeaseLost { run: asked.run().to_owned() };
        let failure = held.take_failure().unwrap_or_else(lost);
        Poll::Ready(Err(at_run(asked.run(), None, failure)))
    }
}

/// The text of a panic.
fn text_of(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
    format!("panicked: {}", text.unwrap_or("no text"))
}

/// Whether anything asked to be polled again.
#[derive(Default)]
struct Moved(AtomicBool);

impl Wake for Moved {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(phase: Phase, cancelled: bool, settled: bool) -> Phase {
        phase.next(Situation { cancelled, settled, undoes: false })
    }

    #[test]
    fn a_run_goes_forward_until_it_is_cancelled() {
        assert_eq!(Phase::first(false, false), Phase::Forward);
        assert_eq!(next(Phase::Forward, false, true), Phase::Forward);
        assert_eq!(next(Phase::Forward, true, true), Phase::Undoes);
        assert_eq!(next(Phase::Forward, true, false), Phase::Settles);
    }

    #[test]
    fn what_is_being_written_settles_before_anything_is_undone() {
        assert_eq!(next(Phase::Settles, true, false), Phase::Settles);
        assert_eq!(next(Phase::Settles, true, true), Phase::Undoes);
    }

    #[test]
    fn what_is_recorded_is_replayed_first() {
        for (has_records, cancelled) in [(true, false), (false, true), (true, true)] {
            assert_eq!(Phase::first(has_records, cancelled), Phase::Replays);
        }
        let after =
            |undoes, cancelled| Phase::Replays.next(Situation { cancelled, settled: true, undoes });
        assert_eq!(after(false, false), Phase::Forward);
        assert_eq!(after(true, false), Phase::Undoes);
        assert_eq!(after(false, true), Phase::Undoes);
        assert_eq!(next(Phase::Undoes, true, true), Phase::Undoes);
    }
}
