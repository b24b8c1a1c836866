//! What a run reports, and that reporting changes nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::FutureExt;
use tokio::time::sleep;
use workflow_runtime::report::{RunState, StepState};
use workflow_runtime::{
    Event, EventKind, Observer, Recorder, Run, Step, Transient, step, workflow,
};

#[derive(Debug, PartialEq)]
struct Refused(&'static str);

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "refused: {}", self.0)
    }
}

#[step]
async fn wait(millis: u64) -> u64 {
    sleep(Duration::from_millis(millis)).await;
    millis
}

#[step]
async fn check(millis: u64, fails: bool) -> Result<u64, Refused> {
    sleep(Duration::from_millis(millis)).await;
    if fails { Err(Refused("too late")) } else { Ok(millis) }
}

workflow! {
    async fn inner(fails: bool) -> Result<u64, Refused> {
        let first = wait(1).await;
        let second = check(first, fails).await?;
        Ok(second)
    }

    async fn outer(fails: bool) -> Result<u64, Refused> {
        let sub = inner(fails).await?;
        let slow = wait(10).await;
        let last = wait(sub + slow).await;
        Ok(last)
    }

    async fn chosen(amount: u64) -> u64 {
        let decision = match amount {
            0 => 0,
            1..=9 => wait(amount).await,
            _ => {
                let review = wait(amount).await;
                let items = for item in [1, 2] { let checked = wait(item).await; checked };
                review + items.len() as u64
            }
        };
        if decision > 5 {
            wait(decision).await;
        }
        decision
    }

    async fn isolated() -> u64 {
        let failure = check(1, true).await;
        let value = if failure == Err(Refused("too late")) { 7 } else { 0 };
        value
    }

    async fn many(fails: u64) -> Result<usize, Refused> {
        let pages = for page in 0..4_u64 {
            let fetched = wait(page).await;
            let parsed = check(fetched * 10, page == fails).await?;
            parsed
        };
        Ok(pages.len())
    }
}

/// The events as lines, without their times.
fn lines(recorder: &Recorder) -> Vec<String> {
    let line = |event: Event| {
        let what = match event.kind {
            EventKind::WorkflowStarted => "workflow started".to_owned(),
            EventKind::WorkflowFinished { duration, error } => {
                format!("workflow finished in {duration:?}, {error:?}")
            }
            EventKind::WorkflowCancelled => "workflow cancelled".to_owned(),
            EventKind::Started => "started".to_owned(),
            EventKind::Completed { duration, attempts } => {
                format!("completed in {duration:?}, {attempts}")
            }
            EventKind::Failed { duration, attempts, error, retryable: false } => {
                format!("failed in {duration:?}, {attempts}, {error}")
            }
            EventKind::Skipped => "skipped".to_owned(),
            EventKind::Cancelled => "cancelled".to_owned(),
            _ => "something else".to_owned(),
        };
        format!("{}/{} {what}", event.workflow, event.path)
    };
    recorder.events().into_iter().map(line).collect()
}

#[tokio::test(start_paused = true)]
async fn every_step_is_reported_once() {
    let recorder = Recorder::new();
    let run = Run::new().observe(recorder.clone());
    assert_eq!(run.execute(outer(false)).await, Ok(11));
    assert_eq!(
        lines(&recorder),
        [
            "outer/ workflow started",
            "outer/sub started",
            "inner/sub workflow started",
            "inner/sub.first started",
            "outer/slow started",
            "inner/sub.first completed in 1ms, 1",
            "inner/sub.second started",
            "inner/sub.second completed in 1ms, 1",
            "inner/sub workflow finished in 2ms, None",
            "outer/sub completed in 2ms, 1",
            "outer/slow completed in 10ms, 1",
            "outer/last started",
            "outer/last completed in 11ms, 1",
            "outer/ workflow finished in 21ms, None",
        ]
    );
    let events = recorder.events();
    assert!(events.is_sorted_by_key(|event| event.at));
}

#[tokio::test(start_paused = true)]
async fn a_failure_cancels_what_runs_and_skips_the_rest() {
    let recorder = Recorder::new();
    let run = Run::new().observe(recorder.clone());
    assert_eq!(run.execute(outer(true)).await, Err(Refused("too late")));
    assert_eq!(recorder.failed_steps(), ["sub.second", "sub"]);
    assert_eq!(recorder.cancelled_steps(), ["slow"]);
    assert_eq!(recorder.skipped_steps(), ["last"]);
    assert_eq!(recorder.completed_steps(), ["sub.first"]);
    assert!(
        lines(&recorder)
            .contains(&"inner/sub.second failed in 1ms, 1, refused: too late".to_owned())
    );
    assert!(
        lines(&recorder)
            .contains(&"outer/ workflow finished in 2ms, Some(\"refused: too late\")".to_owned())
    );
    assert_eq!(recorder.attempts("sub.second"), 1);
    assert_eq!(recorder.attempts("last"), 0);
}

#[tokio::test(start_paused = true)]
async fn only_the_chosen_arm_is_reported_as_run() {
    for (amount, completed, skipped) in [
        (0, vec![], vec!["decision.wait", "decision.review", "decision.items.checked", "if.wait"]),
        (3, vec!["decision.wait"], vec!["decision.review", "decision.items.checked", "if.wait"]),
        (
            20,
            vec![
                "decision.items[0].checked",
                "decision.items[1].checked",
                "decision.review",
                "if.wait",
            ],
            vec!["decision.wait"],
        ),
    ] {
        let recorder = Recorder::new();
        Run::new().observe(recorder.clone()).execute(chosen(amount)).await;
        assert_eq!(recorder.completed_steps(), completed, "{amount}");
        assert_eq!(recorder.skipped_steps(), skipped, "{amount}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_failed_item_cancels_its_siblings() {
    let recorder = Recorder::new();
    let run = Run::new().observe(recorder.clone());
    assert_eq!(run.execute(many(1)).await, Err(Refused("too late")));
    assert_eq!(recorder.failed_steps(), ["pages[1].parsed"]);
    assert_eq!(recorder.cancelled_steps(), ["pages[2].parsed", "pages[3].parsed"]);
    assert!(recorder.completed("pages[0].parsed"));
}

#[tokio::test(start_paused = true)]
async fn an_isolated_failure_is_reported_and_nothing_else() {
    let recorder = Recorder::new();
    assert_eq!(Run::new().observe(recorder.clone()).execute(isolated()).await, 7);
    assert_eq!(recorder.failed_steps(), ["failure"]);
    assert!(recorder.cancelled_steps().is_empty());
}

#[tokio::test(start_paused = true)]
async fn dropping_a_run_reports_what_was_cut_off() {
    let recorder = Recorder::new();
    {
        let run = Run::new().observe(recorder.clone()).execute(outer(false));
        tokio::select! {
            _ = run => unreachable!("it takes longer"),
            () = sleep(Duration::from_millis(5)) => {}
        }
    }
    assert_eq!(recorder.cancelled_steps(), ["slow"]);
    assert!(lines(&recorder).ends_with(&["outer/ workflow cancelled".to_owned()]));
    let recorder = Recorder::new();
    drop(Run::new().observe(recorder.clone()).execute(outer(false)));
    assert!(recorder.events().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_single_step_can_be_run() {
    let recorder = Recorder::new();
    let run = Run::new().observe(recorder.clone());
    assert_eq!(run.clone().execute(wait(3)).await, 3);
    assert_eq!(lines(&recorder), ["wait/wait started", "wait/wait completed in 3ms, 1"]);
    assert!(run.clone().execute(check(1, true)).await.is_err());
    assert_eq!(recorder.failed_steps(), ["check"]);
    assert!(run.execute(wait(1_000)).now_or_never().is_none());
    assert_eq!(recorder.cancelled_steps(), ["wait"]);
}

struct Passing(bool);

impl Transient for Passing {
    fn is_transient(&self) -> bool {
        self.0
    }
}

#[tokio::test(start_paused = true)]
async fn a_failure_says_whether_it_may_pass() {
    #[step]
    async fn fail(passing: bool) -> Result<(), Passing> {
        Err(Passing(passing))
    }
    for passing in [true, false] {
        let recorder = Recorder::new();
        assert!(Run::new().observe(recorder.clone()).execute(fail(passing)).await.is_err());
        let last = recorder.events().pop().unwrap().kind;
        assert!(matches!(last, EventKind::Failed { retryable, .. } if retryable == passing));
    }
}

#[derive(Clone, Default)]
struct Panics(Arc<AtomicUsize>);

impl Observer for Panics {
    fn on_event(&self, event: &Event) {
        self.0.fetch_add(1, Ordering::Relaxed);
        // Without the hook's noise, as `panic!` would make it.
        std::panic::resume_unwind(Box::new(event.path.to_string()));
    }
}

#[tokio::test(start_paused = true)]
async fn a_panicking_observer_changes_nothing() {
    let panics = Panics::default();
    let (before, after) = (Recorder::new(), Recorder::new());
    let run = Run::new().observe(before.clone()).observe(panics.clone()).observe(after.clone());
    assert_eq!(run.clone().execute(outer(false)).await, Ok(11));
    assert_eq!(run.execute(outer(true)).await, Err(Refused("too late")));
    assert_eq!(before.events(), after.events());
    assert_eq!(panics.0.load(Ordering::Relaxed), before.events().len());
}

#[tokio::test(start_paused = true)]
async fn a_panicking_step_panics_in_the_caller() {
    #[step]
    async fn explode() -> u64 {
        sleep(Duration::from_millis(1)).await;
        std::panic::resume_unwind(Box::new("boom"))
    }
    workflow! {
        async fn explosive() -> u64 {
            let slow = wait(50).await;
            let never = explode().await;
            slow + never
        }
    }
    let recorder = Recorder::new();
    let run = Run::new().observe(recorder.clone()).execute(explosive());
    let panic = std::panic::AssertUnwindSafe(run).catch_unwind().await.unwrap_err();
    assert_eq!(panic.downcast_ref(), Some(&"boom"));
    assert_eq!(recorder.panicked_steps(), ["never"]);
    assert_eq!(recorder.cancelled_steps(), ["slow"]);
}

#[tokio::test(start_paused = true)]
async fn a_fan_out_tells_of_its_items() {
    let recorder = Recorder::new();
    let run = Run::new().observe(recorder.clone());
    assert_eq!(run.execute(many(4)).await, Ok(4));
    let events = recorder.events();
    let start = events.iter().position(|event| &*event.path == "pages").unwrap();
    assert_eq!(events[start].kind, EventKind::FanOutStarted { items: Some(4) });
    assert!(events[..start].iter().all(|event| event.kind == EventKind::WorkflowStarted));
    let finished = events.iter().filter_map(|event| match event.kind {
        EventKind::ItemFinished { duration } => Some((&*event.path, duration.as_millis())),
        _ => None,
    });
    let expected = [("pages[0]", 0), ("pages[1]", 11), ("pages[2]", 22), ("pages[3]", 33)];
    assert!(finished.eq(expected), "{events:?}");
}

#[tokio::test(start_paused = true)]
async fn events_know_their_declaration() {
    let recorder = Recorder::new();
    let run = Run::new().observe(recorder.clone());
    assert_eq!(run.execute(outer(false)).await, Ok(11));
    run_single(&recorder).await;
    for event in recorder.events() {
        let declared = event.declaration().map(workflow_runtime::Node::path);
        let expected = match &*event.path {
            "sub" if event.workflow == "outer" => Some("sub"),
            "sub" | "" | "check" => None,
            path => Some(path.trim_start_matches("sub.")),
        };
        assert_eq!(declared, expected, "{event:?}");
        assert_eq!(event.graph.map_or("check", workflow_runtime::Graph::name), event.workflow);
    }
}

async fn run_single(recorder: &Recorder) {
    let run = Run::new().observe(recorder.clone());
    assert_eq!(run.execute(check(0, false)).await, Ok(0));
}

/// An error whose text cannot be made.
struct Unspeakable {
    panics: bool,
}

impl std::fmt::Display for Unspeakable {
    fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        assert!(!self.panics, "no text");
        Err(std::fmt::Error)
    }
}

impl Transient for Unspeakable {
    fn is_transient(&self) -> bool {
        true
    }
}

/// An error that cannot say whether it is worth a retry.
#[derive(Debug)]
struct Unjudged;

impl Transient for Unjudged {
    fn is_transient(&self) -> bool {
        panic!("no verdict")
    }
}

#[step]
async fn unjudged() -> Result<u32, Unjudged> {
    Err(Unjudged)
}

#[derive(Clone)]
struct Undebuggable;

impl std::fmt::Debug for Undebuggable {
    fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        Err(std::fmt::Error)
    }
}

#[step]
async fn unspeakable(panics: bool) -> Result<u32, Unspeakable> {
    Err(Unspeakable { panics })
}

#[step(retry(max_attempts = 2, when = |_| true))]
async fn unspeakable_twice(panics: bool) -> Result<u32, Unspeakable> {
    Err(Unspeakable { panics })
}

#[step]
async fn undebuggable() -> Result<u32, Undebuggable> {
    Err(Undebuggable)
}

workflow! {
    async fn looks_at_errors(panics: bool) -> Result<u32, Undebuggable> {
        let first = unspeakable(panics).await;
        let twice = unspeakable_twice(panics).await;
        let third = undebuggable().await;
        let fine = first.is_err() && twice.is_err() && third.is_err();
        if fine { Ok(7) } else { Err(Undebuggable) }
    }
}

#[tokio::test(start_paused = true)]
async fn an_error_without_a_text_changes_no_result() {
    for panics in [false, true] {
        let recorder = Recorder::new();
        let call = looks_at_errors(panics);
        let outcome = Run::new().observe(recorder.clone()).execute(call).await;
        assert_eq!(outcome.unwrap(), 7);
        assert_eq!(recorder.failed_steps().len(), 3);
        assert_eq!(recorder.attempts("twice"), 2);
        let texts: Vec<String> = recorder
            .events()
            .into_iter()
            .filter_map(|event| match event.kind {
                EventKind::Failed { error, .. } => Some(error),
                _ => None,
            })
            .collect();
        assert!(texts.iter().all(|text| text.ends_with("cannot be shown as text")), "{texts:?}");
        assert!(texts[0].contains("Unspeakable"), "{texts:?}");
        // The same for a step without a workflow.
        let recorder = Recorder::new();
        let outcome = Run::new().observe(recorder.clone()).execute(unspeakable(panics)).await;
        assert!(outcome.is_err());
        assert_eq!(recorder.failed_steps(), ["unspeakable"]);
        let recorder = Recorder::new();
        assert!(Run::new().observe(recorder.clone()).execute(unjudged()).await.is_err());
        assert_eq!(recorder.failed_steps(), ["unjudged"]);
    }
}

/// What it throws panics again when it is dropped.
struct Grenade;

impl Drop for Grenade {
    fn drop(&mut self) {
        assert!(std::thread::panicking(), "once more");
    }
}

#[tokio::test]
async fn an_observer_that_throws_what_panics_changes_no_result() {
    struct Throws;
    impl Observer for Throws {
        fn on_event(&self, _: &Event) {
            std::panic::panic_any(Grenade);
        }
    }
    let outcome = Run::new().observe(Throws).execute(looks_at_errors(false)).await;
    assert_eq!(outcome.unwrap(), 7);
}

#[step]
async fn explode() -> u32 {
    tokio::task::yield_now().await;
    panic!("boom")
}

#[step(spawn)]
async fn explode_apart() -> u32 {
    panic!("boom, elsewhere")
}

#[step(blocking)]
fn explode_and_block() -> u32 {
    panic!("boom, on a thread")
}

#[step]
async fn never() -> u32 {
    std::future::pending().await
}

#[step]
async fn explode_undoing(_: &u32) {
    panic!("boom, backwards")
}

workflow! {
    async fn explodes(how: u32) -> u32 {
        let slow = never().await;
        let boom = match how {
            0 => explode().await,
            1 => explode_apart().await,
            _ => explode_and_block().await,
        };
        let next = never().await;
        slow + boom + next
    }

    async fn calls_what_explodes() -> u32 {
        let inner = explodes(0).await;
        inner
    }

    async fn explodes_undoing() -> Result<u32, Undebuggable> {
        #[compensate(explode_undoing(&one))]
        let one = looks_at_errors(false).await?;
        #[after(one)]
        let other = undebuggable().await?;
        Ok(other)
    }
}

async fn panics(recorder: &Recorder, call: impl Step) {
    let run = Run::new().observe(recorder.clone()).execute(call);
    let outcome = std::panic::AssertUnwindSafe(run).catch_unwind().await;
    assert!(outcome.is_err(), "it does not panic");
}

#[tokio::test]
async fn a_panic_has_an_event_of_its_own() {
    for (how, path) in (0..).zip(["boom.explode", "boom.explode_apart", "boom.explode_and_block"]) {
        let recorder = Recorder::new();
        panics(&recorder, explodes(how)).await;
        assert_eq!(recorder.panicked_steps(), [path]);
        assert_eq!(recorder.cancelled_steps(), ["slow", "next"]);
        assert_eq!(recorder.attempts(path), 1);
        let report = recorder.report();
        assert_eq!(report.state(), RunState::Failed);
        let step = report.steps().iter().find(|step| &*step.path == path).unwrap();
        assert_eq!(step.state, StepState::Failed);
        assert_eq!(step.error.as_deref(), Some("panicked"));
    }
    let recorder = Recorder::new();
    panics(&recorder, calls_what_explodes()).await;
    assert_eq!(recorder.panicked_steps(), ["inner.boom.explode", "inner"]);
    assert_eq!(recorder.cancelled_steps(), ["inner.slow", "inner.next"]);
    let recorder = Recorder::new();
    panics(&recorder, explode()).await;
    assert_eq!(recorder.panicked_steps(), ["explode"]);
    assert_eq!(recorder.cancelled_steps(), [""; 0]);
    let recorder = Recorder::new();
    panics(&recorder, explodes_undoing()).await;
    assert_eq!(recorder.failed_compensations(), ["one"]);
    assert_eq!(recorder.panicked_steps(), [""; 0]);
}

workflow! {
    async fn in_turn() -> u32 {
        let first = once(1).await;
        let second = once(first + 1).await;
        second
    }

    async fn at_once() -> u32 {
        let first = once(1).await;
        let second = once(2).await;
        let third = once(first + second).await;
        third
    }

    async fn undone() -> Result<u32, Undebuggable> {
        #[compensate(explode_undoing(&first))]
        let first = once(1).await;
        let second = once(first + 1).await;
        Ok(second)
    }
}

#[step]
async fn once(number: u32) -> u32 {
    tokio::task::yield_now().await;
    number
}

/// What the run says of a call that was polled so often before it got it.
async fn polled_before<S: Step>(polls: usize, call: S) -> Result<Recorder, String> {
    let mut call = Box::pin(call);
    for _ in 0..polls {
        assert!(futures_util::poll!(call.as_mut()).is_pending());
    }
    let recorder = Recorder::new();
    let run = Run::new().observe(recorder.clone()).execute(call);
    match std::panic::AssertUnwindSafe(run).catch_unwind().await {
        Ok(_) => Ok(recorder),
        Err(panic) => Err(*panic.downcast::<String>().unwrap()),
    }
}

#[tokio::test]
async fn a_call_that_was_polled_before_is_refused() {
    let refused = |outcome: Result<Recorder, String>, name: &str, step: &str| {
        let problem = outcome.map(drop).expect_err("the run does not know what has run");
        let text = format!("workflow `{name}` after it had been polled: step `{step}`");
        assert!(problem.contains(&text), "{problem}");
    };
    // The first step has ended already.
    refused(polled_before(2, in_turn()).await, "in_turn", "first");
    refused(polled_before(2, at_once()).await, "at_once", "first");
    refused(polled_before(2, undone()).await, "undone", "first");
    // Nothing has been polled.
    let recorder = polled_before(0, in_turn()).await.unwrap();
    assert_eq!(recorder.completed_steps(), ["first", "second"]);
    // Steps that have not ended may tell of themselves, if late; then all of it is told.
    for outcome in [polled_before(1, at_once()).await, polled_before(1, in_turn()).await] {
        match outcome {
            Ok(recorder) => assert_eq!(recorder.skipped_steps(), [""; 0]),
            Err(problem) => assert!(problem.contains("after it had been polled"), "{problem}"),
        }
    }
}

/// Gives more after it has said that there is no more.
struct Unfused(u32);

impl Iterator for Unfused {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        self.0 += 1;
        (self.0 % 3 != 0 && self.0 < 9).then_some(self.0)
    }
}

workflow! {
    async fn unfused(limit: usize) -> (usize, usize) {
        #[concurrency(limit)]
        let some = for number in Unfused(0) { once(number).await };
        let all = for number in Unfused(0) { once(number).await };
        (some.len(), all.len())
    }
}

#[tokio::test]
async fn the_end_of_the_items_is_the_end() {
    for limit in [1, 2, 3, 10] {
        assert_eq!(unfused(limit).await, (2, 2));
        assert_eq!(Run::new().execute(unfused(limit)).await, (2, 2));
    }
}
