//! Runs a random workflow and notes what happens.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use tokio::runtime::Builder;
use tokio::time::{Instant, timeout};
use workflow_runtime::{Event, Recorder, Report, Run};

use super::Compiled;
use super::context::{Cx, Entry, Fault, Key, Pacing};

/// What has happened in one run.
#[derive(Debug)]
pub struct Observed {
    /// What the workflow returned.
    pub result: Result<u64, Fault>,
    /// When it returned.
    pub end: u64,
    /// What its steps have told.
    pub log: Vec<Entry>,
    /// What the recorder was told, with when.
    pub events: Vec<(u64, Event)>,
    /// The recorder's report.
    pub report: Report,
    /// How many steps were not dropped.
    pub live: usize,
}

/// Runs a workflow in virtual time, with a recorder.
///
/// # Panics
///
/// If it gets stuck.
#[must_use]
pub fn run(
    workflow: &Compiled,
    number: u64,
    text: u64,
    pacing: &dyn Pacing,
    failing: Option<Key>,
) -> Observed {
    in_virtual_time(async {
        let cx = Cx::new(pacing, failing);
        let recorder = Recorder::new();
        let call = (workflow.call)(&cx, number, text.to_string());
        let call = Run::new().observe(recorder.clone()).execute(call);
        let result = timeout(STUCK, call).await.expect("the workflow is stuck");
        Observed {
            result,
            end: cx.since_start(Instant::now()),
            log: cx.log(),
            events: timed(&recorder, &cx),
            report: recorder.report(),
            live: cx.live(),
        }
    })
}

/// Polls so many times. `None` if the future is not done by then.
pub async fn polled<F: Future>(future: F, polls: usize) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut left = polls;
    poll_fn(|cx| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        match future.as_mut().poll(cx) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            // The last poll is not followed by a wait.
            Poll::Pending if left == 0 => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

/// Virtual time in which any workflow is done.
pub const STUCK: Duration = Duration::from_secs(3600);

/// What the recorder was told, with when.
#[must_use]
pub fn timed(recorder: &Recorder, cx: &Cx<'_>) -> Vec<(u64, Event)> {
    recorder.events().into_iter().map(|event| (cx.since_start(event.at), event)).collect()
}

/// Runs a future on a runtime whose clock goes on only when nothing else can.
///
/// # Panics
///
/// If the runtime can't be made.
pub fn in_virtual_time<T>(future: impl Future<Output = T>) -> T {
    let mut builder = Builder::new_current_thread();
    let runtime = builder.enable_time().start_paused(true).build();
    runtime.expect("a runtime can be made").block_on(future)
}
