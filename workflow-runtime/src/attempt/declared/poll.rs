//! The attempts, one after another.

use core::future::Future;
use core::pin::{Pin, pin};
use core::task::{Context, Poll, ready};
use std::time::Duration;

use pin_project_lite::pin_project;
use tokio::task::{AbortHandle, unconstrained};
use tokio::time::{Instant, Sleep, sleep, sleep_until};

use super::{Call, SaysRetry, Turn};
use crate::attempt::attempts::{left, next_delay};
use crate::attempt::caller::{Heard, Overall, heard};
use crate::attempt::limit::after;
use crate::attempt::task::late_tasks;
use crate::attempt::timed_out::{TimedOut, What};
use crate::attempt::{HasPolicy, Retry};
use crate::graph::Graph;
use crate::run::{
    Entered, Place, begun_before, current_attempt, current_delay, current_step, may_report,
};
#[cfg(feature = "durable")]
use crate::step::Bounds;
use crate::step::{Failure, Info, Said, Step, StepKind, Verdict, poll_at};

pin_project! {
    /// A call whose declaration has options of its own.
    pub struct Declared<R, S, P, K, M, J, L> {
        // The attempt that is running.
        #[pin]
        step: Option<S>,
        call: Call<R, P, K, M, J, L>,
        state: State,
        // The end of the attempt's time, or of the wait before the next attempt.
        #[pin]
        timer: Option<Sleep>,
    }
}

/// How far the attempts have progressed.
struct State {
    name: &'static str,
    graph: Option<&'static Graph>,
    stage: Stage,
    /// The attempt that is running, counted from 1.
    number: u32,
    /// When the first attempt began.
    begun: Instant,
    /// The end of all attempts, if the declaration specifies it.
    deadline: Option<Overall>,
    /// What the function specifies about attempts.
    own: Option<(Retry, Option<Overall>)>,
    /// By how much a run slows down the attempt.
    delay: Option<Pin<Box<Sleep>>>,
    /// Tasks that were late and have not stopped yet.
    late: Vec<AbortHandle>,
    /// The error of an attempt that has been dropped.
    failed: Option<Failure>,
}

#[derive(Clone, Copy)]
enum Stage {
    /// Nothing has been polled.
    New,
    /// An attempt begins: its code has not been polled yet.
    Begins(Option<Limit>),
    Runs(Option<Limit>),
    /// The timer runs until the next attempt; with a limit, all attempts are over then.
    Waits(Option<Duration>),
}

/// A limit on an attempt.
#[derive(Clone, Copy)]
struct Limit {
    at: Instant,
    what: What,
    duration: Duration,
}

impl State {
    /// The nearer of the limits on all attempts.
    fn overall(&self) -> Option<Overall> {
        let own = self.own.and_then(|(_, overall)| overall);
        [self.deadline, own].into_iter().flatten().min_by_key(|overall| overall.at)
    }

    /// What bounds the attempt that begins now, according to the declaration.
    fn limit(&self, timeout: Option<Duration>) -> Option<Limit> {
        let timeout = timeout.map(|duration| {
            let at = after(Instant::now(), duration);
            Limit { at, what: What::Attempt, duration }
        });
        let overall = self.deadline.map(|Overall { at, limit }| Limit {
            at,
            what: What::Step,
            duration: limit,
        });
        match (timeout, overall) {
            (Some(timeout), Some(overall)) if timeout.at < overall.at => Some(timeout),
            (timeout, overall) => overall.or(timeout),
        }
    }

    /// Records what the function has answered.
    fn hear(&mut self, heard: Heard) -> Option<(Verdict, Option<What>)> {
        self.own = heard.policy.or(self.own);
        heard.judged
    }
}

impl<R, S: Step, P, K, M, J, L> Declared<R, S, P, K, M, J, L> {
    pub(super) fn new(step: S, call: Call<R, P, K, M, J, L>) -> Self {
        let info = step.info();
        let state = State {
            name: info.name,
            graph: info.graph,
            stage: Stage::New,
            number: 0,
            begun: Instant::now(),
            deadline: None,
            own: None,
            delay: None,
            late: Vec::new(),
            failed: None,
        };
        Self { step: Some(step), call, state, timer: None }
    }
}

impl<R, S, P, K, M, J, L> Declared<R, S, P, K, M, J, L>
where
    R: SaysRetry,
    S: Step,
    P: HasPolicy,
    M: FnMut(&mut K, Turn<S>) -> S,
    J: Fn(&S::Output) -> Option<Verdict>,
    L: Fn(TimedOut) -> S::Output,
{
    /// What bounds the attempts, according to the declaration and the function.
    #[cfg(feature = "durable")]
    fn bounds(&self) -> Bounds {
        let policy = self.call.policy.policy();
        let own = self.step.as_ref().map(|step| step.info().bounds);
        let own = own.unwrap_or(Bounds { max_attempts: 1, deadline: false });
        Bounds {
            max_attempts: if R::RETRY { policy.attempts() } else { own.max_attempts },
            deadline: own.deadline || policy.has_deadline(),
        }
    }

    fn poll_call(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        place: Option<Place<'_>>,
    ) -> Poll<S::Output> {
        loop {
            if let Stage::New = self.state.stage {
                self.as_mut().first();
            }
            if let Stage::Waits(cut_off) = self.state.stage {
                if let Some(limit) = ready!(self.as_mut().poll_wait(cx, cut_off)) {
                    if let Some(step) = current_step() {
                        step.stays_at_last();
                        step.judged(true);
                    }
                    let error = TimedOut::new(What::Step, self.state.name, limit);
                    return Poll::Ready((self.project().call.late)(error));
                }
                self.as_mut().next(place);
            }
            let (output, judged) = ready!(self.as_mut().poll_attempt(cx, place));
            if let Some(output) = self.as_mut().ended(output, judged) {
                return Poll::Ready(output);
            }
        }
    }

    fn first(mut self: Pin<&mut Self>) {
        let this = self.as_mut().project();
        let (state, policy) = (this.state, this.call.policy.policy());
        state.begun = Instant::now();
        state.number = current_attempt();
        let overall = |limit| Overall { at: after(state.begun, left(limit)), limit };
        state.deadline = policy.deadline.map(overall);
        self.begin();
    }

    /// Begins an attempt, which a run may slow down.
    fn begin(self: Pin<&mut Self>) {
        let mut this = self.project();
        let limit = this.state.limit(this.call.policy.policy().timeout);
        this.timer.set(limit.map(|limit| sleep_until(limit.at)));
        if !this.step.as_ref().get_ref().as_ref().is_some_and(|step| step.info().delays_itself) {
            this.state.delay = current_delay().map(|delay| Box::pin(sleep(delay)));
        }
        this.state.stage = Stage::Begins(limit);
    }

    /// Waits for the next attempt. Returns the limit, if all attempts are over before then.
    fn poll_wait(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        cut_off: Option<Duration>,
    ) -> Poll<Option<Duration>> {
        let mut this = self.project();
        loop {
            if let Some(timer) = this.timer.as_mut().as_pin_mut() {
                ready!(pin!(unconstrained(timer)).poll(cx));
                this.timer.set(None);
            }
            let passed = |overall: &Overall| overall.at <= Instant::now();
            let cut_off = cut_off
                .or_else(|| this.state.overall().filter(passed).map(|overall| overall.limit));
            this.state.late.retain(|task| !task.is_finished());
            if cut_off.is_some() || this.state.late.is_empty() {
                return Poll::Ready(cut_off);
            }
            // There are never two at once: a function on its own thread stops whenever it likes.
            this.timer.set(Some(sleep(Duration::from_millis(1))));
        }
    }

    /// Starts the next attempt.
    fn next(mut self: Pin<&mut Self>, place: Option<Place<'_>>) {
        let mut this = self.as_mut().project();
        let (state, call) = (this.state, this.call);
        let policy = call.policy.policy();
        let last = if R::RETRY { state.number >= policy.attempts() } else { !S::Kind::REPEATS };
        state.failed = None;
        if let Some(place) = place {
            place.begins_again();
        }
        this.step.set(Some((call.make)(&mut call.kept, Turn::new(last))));
        self.begin();
    }

    /// Polls an attempt, for as long as it may take. Also returns how the function judges it.
    #[allow(clippy::type_complexity, reason = "it is used once")]
    fn poll_attempt(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        place: Option<Place<'_>>,
    ) -> Poll<(S::Output, Option<(Verdict, Option<What>)>)> {
        let mut this = self.project();
        let (state, call) = (this.state, this.call);
        let mut step = this.step.as_mut().as_pin_mut().expect("an attempt runs");
        let (limit, begins) = match state.stage {
            Stage::Begins(limit) => (limit, true),
            Stage::Runs(limit) => (limit, false),
            Stage::New | Stage::Waits(_) => unreachable!("an attempt runs"),
        };
        // The time may have been up before the attempt: in a durable run, in another process.
        let over = |limit: Limit| limit.at <= Instant::now() && begun_before() > Duration::ZERO;
        let delayed =
            state.delay.as_mut().is_some_and(|delay| delay.as_mut().poll(cx).is_pending());
        let is_over = begins && limit.is_some_and(over);
        if !is_over && !delayed {
            state.delay = None;
            state.stage = Stage::Runs(limit);
            let polled = if begins {
                let policy = call.policy.policy();
                let said = Said {
                    bounds_attempt: policy.timeout.is_some(),
                    bounds_all: policy.deadline.is_some(),
                    begun: state.begun,
                };
                step.as_mut().poll_attempt(cx, place, said)
            } else {
                poll_at(step.as_mut(), cx, place)
            };
            let judged = state.hear(heard());
            if let Poll::Ready(output) = polled {
                return Poll::Ready((output, judged));
            }
        }
        let Some(limit) = limit else { return Poll::Pending };
        let timer = this.timer.as_mut().as_pin_mut().expect("it has a limit");
        // Even if other code has used up the task's budget, the attempt still has to end on time.
        ready!(pin!(unconstrained(timer)).poll(cx));
        let error = TimedOut::new(limit.what, state.name, limit.duration);
        let output = (call.late)(error);
        state.failed = place.and_then(|_| step.as_mut().failure(&output));
        state.late = late_tasks(|| this.step.set(None));
        let verdict = Verdict { retryable: true, after: None };
        Poll::Ready((output, Some((verdict, Some(limit.what)))))
    }

    /// An attempt has ended. Returns its output, if no other attempt follows.
    fn ended(
        self: Pin<&mut Self>,
        output: S::Output,
        judged: Option<(Verdict, Option<What>)>,
    ) -> Option<S::Output> {
        let mut this = self.project();
        let (state, call) = (this.state, this.call);
        this.timer.set(None);
        let policy = call.policy.policy();
        let own = state.own.map(|(retry, _)| retry);
        let retry = if R::RETRY { policy.retry } else { own.unwrap_or(policy.retry) };
        let judged = match judged {
            // A late attempt is worth another one, however its error is judged.
            Some((_, Some(_))) => judged,
            Some(_) if !R::JUDGES => judged,
            None if !R::RETRY => None,
            _ => (call.judge)(&output).map(|verdict| (verdict, None)),
        };
        // If nothing is retried, what the error says about itself is known elsewhere.
        let Some((verdict, late)) = judged else { return Some(output) };
        let text = || match this.step.as_mut().as_pin_mut() {
            Some(step) => step.failure(&output).map(|failure| failure.error),
            None => state.failed.as_ref().map(|failure| failure.error.clone()),
        };
        let Some(delay) = next_delay(&retry, state.number, late, verdict, text) else {
            return Some(output);
        };
        drop(output);
        this.step.set(None);
        state.number += 1;
        let (now, overall) = (Instant::now(), state.overall());
        let cut_off = overall.filter(|overall| overall.at <= after(now, delay));
        let end = cut_off.map_or_else(|| after(now, delay), |overall| overall.at);
        if end > now {
            this.timer.set(Some(sleep_until(end)));
        }
        state.stage = Stage::Waits(cut_off.map(|overall| overall.limit));
        None
    }
}

impl<R, S, P, K, M, J, L> Future for Declared<R, S, P, K, M, J, L>
where
    R: SaysRetry,
    S: Step,
    P: HasPolicy,
    M: FnMut(&mut K, Turn<S>) -> S,
    J: Fn(&S::Output) -> Option<Verdict>,
    L: Fn(TimedOut) -> S::Output,
{
    type Output = S::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<S::Output> {
        // It must not report as the step whose code called the workflow.
        let _entered = may_report().then(Entered::detached);
        self.poll_call(cx, None)
    }
}

#[diagnostic::do_not_recommend]
impl<R, S, P, K, M, J, L> Step for Declared<R, S, P, K, M, J, L>
where
    R: SaysRetry,
    S: Step,
    P: HasPolicy,
    M: FnMut(&mut K, Turn<S>) -> S,
    J: Fn(&S::Output) -> Option<Verdict>,
    L: Fn(TimedOut) -> S::Output,
{
    type Undo = S::Undo;
    type Kind = S::Kind;

    fn poll_in(self: Pin<&mut Self>, cx: &mut Context<'_>, place: Place<'_>) -> Poll<S::Output> {
        self.poll_call(cx, Some(place))
    }

    fn failure(self: Pin<&mut Self>, output: &S::Output) -> Option<Failure> {
        let this = self.project();
        match this.step.as_pin_mut() {
            Some(step) => step.failure(output),
            None => this.state.failed.take(),
        }
    }

    fn info(&self) -> Info {
        Info {
            graph: self.state.graph,
            delays_itself: true,
            #[cfg(feature = "durable")]
            bounds: self.bounds(),
            ..Info::step(self.state.name)
        }
    }
}
