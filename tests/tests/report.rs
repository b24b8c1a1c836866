//! What a report says of a run: its numbers, its longest path, its text.

use std::time::Duration;

use proptest::prelude::*;
use tokio::time::sleep;
use workflow_runtime::report::{RunState, StepState};
use workflow_runtime::{Recorder, Report, Run, Step, TimedOut, Transient, step, workflow};
use workflow_tests::random::{for_each_workflow, run::run, tables};

#[derive(Debug, Clone, PartialEq)]
struct Refused(String);

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "refused: {}", self.0)
    }
}

impl From<TimedOut> for Refused {
    fn from(error: TimedOut) -> Self {
        Self(error.to_string())
    }
}

impl Transient for Refused {
    fn is_transient(&self) -> bool {
        true
    }
}

#[step]
async fn wait(millis: u64) -> u64 {
    sleep(Duration::from_millis(millis)).await;
    millis
}

#[step]
async fn fail(millis: u64) -> Result<u64, Refused> {
    sleep(Duration::from_millis(millis)).await;
    Err(Refused("no".to_owned()))
}

#[step]
async fn pass(millis: u64) -> Result<u64, Refused> {
    sleep(Duration::from_millis(millis)).await;
    Ok(millis)
}

async fn report_of<S: Step>(call: S) -> Report {
    let recorder = Recorder::new();
    Run::new().observe(recorder.clone()).execute(call).await;
    recorder.report()
}

/// The longest path: each step with how long it took, and what else is known of it.
fn path(report: &Report) -> Vec<String> {
    let steps = report.longest_path().steps.iter();
    let line = |at: &workflow_runtime::report::PathStep| {
        let undo = if at.compensation { "undo " } else { "" };
        let in_the_way = if at.in_the_way { " in the way" } else { "" };
        let millis = at.duration.as_millis();
        format!("{undo}{} {millis}{in_the_way}", report.steps()[at.step].path)
    };
    steps.map(line).collect()
}

fn millis(duration: Duration) -> u128 {
    duration.as_millis()
}

workflow! {
    async fn diamond() -> u64 {
        let first = wait(10).await;
        let left = wait(first + 10).await;
        let right = wait(first + 30).await;
        let last = wait(left + right).await;
        let other = wait(15).await;
        last + other
    }

    async fn by_values(go: bool) -> u64 {
        let slow = wait(100).await;
        let doubled = slow * 2;
        let quick = wait(10).await;
        let chosen = if go {
            let early = wait(quick).await;
            let late = wait(doubled).await;
            early + late
        } else {
            wait(1).await
        };
        #[after(chosen)]
        let last = wait(5).await;
        last
    }

    async fn arm_with_a_value(go: bool) -> u64 {
        let slow = wait(100).await;
        let quick = wait(10).await;
        let chosen = if go { slow + 1 } else { wait(quick).await };
        let last = wait(chosen).await;
        last
    }

    async fn limited(width: usize) -> usize {
        let first = wait(5).await;
        #[concurrency(width)]
        let items = for item in 0..4_u64 {
            let fetched = wait(first + item).await;
            let stored = wait(fetched).await;
            stored
        };
        let last = wait(7).await;
        items.len() + usize::try_from(last).unwrap_or(0)
    }

    async fn inner(millis: u64) -> u64 {
        let first = wait(millis).await;
        let second = wait(millis).await;
        let both = wait(first + second).await;
        both
    }

    async fn outer() -> u64 {
        let before = wait(3).await;
        let sub = inner(before * 10).await;
        let beside = wait(50).await;
        let after = wait(sub / 10).await;
        after + beside
    }
}

#[tokio::test(start_paused = true)]
async fn the_longest_path_of_a_diamond() {
    let report = report_of(diamond()).await;
    assert_eq!(path(&report), ["first 10", "right 40", "last 60"]);
    let totals = report.totals();
    assert_eq!(millis(totals.wall), 110);
    assert_eq!(millis(totals.busy), 10 + 20 + 40 + 60 + 15);
    assert!((totals.concurrency - 145.0 / 110.0).abs() < 1e-9);
    assert_eq!((totals.completed, totals.attempts), (5, 5));
    assert_eq!(report.state(), RunState::Completed);
    assert_eq!(millis(report.step("right").unwrap().start.unwrap()), 10);
    assert_eq!(millis(report.step("right").unwrap().end.unwrap()), 50);
}

#[tokio::test(start_paused = true)]
async fn the_longest_path_leads_through_values_and_arms() {
    let report = report_of(by_values(true)).await;
    assert_eq!(path(&report), ["slow 100", "chosen.late 200", "last 5"]);
    // What only the other arm needs is not in the way.
    let report = report_of(by_values(false)).await;
    assert_eq!(path(&report), ["slow 100"]);
    assert_eq!(millis(report.totals().wall), 100);
    let report = report_of(arm_with_a_value(true)).await;
    assert_eq!(path(&report), ["slow 100", "last 101"]);
    let report = report_of(arm_with_a_value(false)).await;
    assert_eq!(path(&report), ["slow 100"]);
}

#[tokio::test(start_paused = true)]
async fn the_longest_path_leads_through_items_that_were_waited_for() {
    let report = report_of(limited(1)).await;
    assert_eq!(
        path(&report),
        [
            "first 5",
            "items[0].fetched 5 in the way",
            "items[0].stored 5 in the way",
            "items[1].fetched 6 in the way",
            "items[1].stored 6 in the way",
            "items[2].fetched 7 in the way",
            "items[2].stored 7 in the way",
            "items[3].fetched 8",
            "items[3].stored 8",
        ]
    );
    assert_eq!(millis(report.longest_path().limited), 36);
    let report = report_of(limited(2)).await;
    assert_eq!(
        path(&report),
        [
            "first 5",
            "items[1].fetched 6 in the way",
            "items[1].stored 6 in the way",
            "items[3].fetched 8",
            "items[3].stored 8",
        ]
    );
    let report = report_of(limited(9)).await;
    assert_eq!(path(&report), ["first 5", "items[3].fetched 8", "items[3].stored 8"]);
    assert_eq!(millis(report.longest_path().limited), 0);
}

#[tokio::test(start_paused = true)]
async fn the_longest_path_leads_through_the_steps_of_sub_workflows() {
    let report = report_of(outer()).await;
    assert_eq!(path(&report), ["before 3", "sub.second 30", "sub.both 60", "after 6"]);
    assert!(report.step("sub").unwrap().calls_workflow);
    // The call is a step, but its time and its attempt are those of the steps inside.
    assert_eq!((report.totals().completed, report.totals().attempts), (7, 6));
}

#[step(retry(max_attempts = 3, backoff = exponential("20ms"), when = always))]
async fn flaky(fails: &std::sync::atomic::AtomicU32, millis: u64) -> Result<u64, Refused> {
    sleep(Duration::from_millis(millis)).await;
    let left = fails.load(std::sync::atomic::Ordering::Relaxed);
    if left == 0 {
        return Ok(millis);
    }
    fails.store(left - 1, std::sync::atomic::Ordering::Relaxed);
    Err(Refused(format!("{left} to go")))
}

fn always(_: &Refused) -> bool {
    true
}

workflow! {
    async fn retried(times: u32) -> Result<u64, Refused> {
        let fails = std::sync::atomic::AtomicU32::new(times);
        let first = flaky(&fails, 10).await?;
        let last = wait(first).await;
        Ok(last)
    }
}

#[tokio::test(start_paused = true)]
async fn waits_between_attempts_are_told_from_attempts() {
    let report = report_of(retried(2)).await;
    assert_eq!(path(&report), ["first 90", "last 10"]);
    let longest = report.longest_path();
    assert_eq!((millis(longest.running), millis(longest.backoff)), (40, 60));
    assert_eq!(millis(report.totals().busy), 40);
    assert_eq!((report.totals().attempts, report.totals().retried), (4, 1));
    let first = report.step("first").unwrap();
    let times: Vec<_> = first
        .attempts
        .iter()
        .map(|at| (millis(at.start), millis(at.end.unwrap()), millis(at.wait), at.error.clone()))
        .collect();
    let error = |text: &str| Some(format!("refused: {text}"));
    assert_eq!(
        times,
        [(0, 10, 20, error("2 to go")), (30, 40, 40, error("1 to go")), (80, 90, 0, None)]
    );

    let report = report_of(retried(9)).await;
    assert_eq!(report.state(), RunState::Failed);
    let first = report.step("first").unwrap();
    assert_eq!(first.state, StepState::Failed);
    assert_eq!(first.attempts.len(), 3);
    assert_eq!(first.attempts[2].error.as_deref(), Some("refused: 7 to go"));
    assert_eq!(millis(first.waited()), 60);
}

#[step]
async fn undo(millis: u64, fails: bool) -> Result<(), Refused> {
    sleep(Duration::from_millis(millis)).await;
    if fails { Err(Refused("it is gone".to_owned())) } else { Ok(()) }
}

workflow! {
    async fn sale(lost: bool) -> Result<u64, Refused> {
        #[compensate(undo(4, false))]
        let stock = pass(10).await?;
        #[compensate(undo(6, lost))]
        let payment = pass(stock + 10).await?;
        let slow = pass(500).await?;
        let order = fail(payment).await?;
        Ok(slow + order)
    }

    async fn shop() -> u64 {
        let sold = sale(false).await;
        let after = wait(if sold.is_ok() { 1 } else { 2 }).await;
        after
    }
}

#[tokio::test(start_paused = true)]
async fn compensations_end_the_path_of_a_failed_run() {
    let report = report_of(sale(false)).await;
    assert_eq!(
        path(&report),
        ["stock 10", "payment 20", "order 20", "undo payment 6", "undo stock 4"]
    );
    let longest = report.longest_path();
    assert_eq!((millis(longest.running), millis(longest.compensating)), (50, 10));
    assert_eq!(millis(longest.idle), 0);
    let totals = report.totals();
    assert_eq!((totals.failed, totals.cancelled, totals.compensated), (1, 1, 2));
    let undo = report.step("payment").unwrap().compensation.clone().unwrap();
    assert_eq!((millis(undo.start), undo.end.map(millis)), (50, Some(56)));

    // In a workflow that calls it they are a part of the call.
    let report = report_of(shop()).await;
    assert_eq!(
        path(&report),
        [
            "sold.stock 10",
            "sold.payment 20",
            "sold.order 20",
            "undo sold.payment 6",
            "undo sold.stock 4",
            "after 2"
        ]
    );
    assert_eq!(report.state(), RunState::Completed);
    assert_eq!(
        report.failures().map(|step| step.path.to_string()).collect::<Vec<_>>(),
        ["sold.order"]
    );
}

#[tokio::test(start_paused = true)]
async fn a_deadline_comes_before_the_compensations() {
    let recorder = Recorder::new();
    let run = Run::new().observe(recorder.clone()).deadline(Duration::from_millis(35));
    run.execute(sale(false)).await.unwrap_err();
    let report = recorder.report();
    assert_eq!(path(&report).last().unwrap(), "undo stock 4");
    assert_eq!(path(&report)[0], "slow 35");
    assert_eq!(millis(report.longest_path().idle), 0);
    assert_eq!(millis(report.totals().wall), 45);
}

#[tokio::test(start_paused = true)]
async fn a_run_that_is_cut_off_was_waiting_for_what_ran() {
    let recorder = Recorder::new();
    {
        let call = Run::new().observe(recorder.clone()).execute(diamond());
        tokio::time::timeout(Duration::from_millis(70), call).await.unwrap_err();
    }
    let report = recorder.report();
    assert_eq!(report.state(), RunState::Cancelled);
    assert_eq!(path(&report), ["first 10", "right 40", "last 20"]);
    assert_eq!(millis(report.totals().wall), 70);
    assert_eq!(report.totals().cancelled, 1);
}

#[tokio::test(start_paused = true)]
async fn a_run_that_goes_on_is_reported_until_now() {
    let recorder = Recorder::new();
    let mut call = std::pin::pin!(Run::new().observe(recorder.clone()).execute(diamond()));
    let in_time = tokio::time::timeout(Duration::from_millis(30), call.as_mut()).await;
    assert!(in_time.is_err());
    let report = recorder.report();
    assert_eq!(report.state(), RunState::Running);
    assert_eq!(path(&report), ["first 10", "right 20"]);
    assert_eq!((report.totals().running, millis(report.totals().wall)), (1, 30));
    call.await;
    assert_eq!(recorder.report().state(), RunState::Completed);
}

#[tokio::test(start_paused = true)]
async fn the_report_is_of_the_last_run() {
    let recorder = Recorder::new();
    Run::new().observe(recorder.clone()).execute(diamond()).await;
    Run::new().observe(recorder.clone()).execute(wait(9)).await;
    let report = recorder.report();
    assert_eq!((report.workflow(), millis(report.totals().wall)), ("wait", 9));
    assert_eq!(path(&report), ["wait 9"]);
    assert_eq!(report.state(), RunState::Completed);
    assert_eq!(recorder.completed_steps().len(), 6);

    let nothing = Recorder::new().report();
    assert_eq!(nothing.to_string(), "nothing has been recorded");
    assert!(nothing.started().is_none());
}

workflow! {
    async fn many(count: u64) -> usize {
        #[concurrency(3)]
        let pages = for page in 0..count {
            let fetched = pass(page % 3).await;
            let checked = if page == 7 { fail(1).await } else { pass(1).await };
            let _ = fetched;
            checked.is_ok()
        };
        pages.len()
    }
}

#[tokio::test(start_paused = true)]
async fn the_items_of_a_large_fan_out_are_put_together() {
    let report = report_of(many(100)).await;
    let group = report.groups().iter().find(|group| group.path == "pages[*].fetched").unwrap();
    assert_eq!((group.count, group.completed, group.function), (100, 100, Some("pass")));
    assert_eq!((millis(group.min), millis(group.median), millis(group.max)), (0, 1, 2));
    let text = report.to_string();
    assert!(text.contains("pages[*].fetched  100 steps; 0 ms to 2 ms, median 1 ms"), "{text}");
    assert!(text.contains("✗ pages[7].checked.fail (fail) failed after 1 ms"), "{text}");
}

/// A hundred thousand items do not take for ever.
#[tokio::test(start_paused = true)]
async fn a_hundred_thousand_items_can_be_reported() {
    let report = report_of(many(100_000)).await;
    assert_eq!(report.totals().completed + report.totals().skipped, 299_999);
    let longest = report.longest_path();
    let sum: Duration = longest.steps.iter().map(|step| step.duration).sum();
    assert_eq!(sum, report.totals().wall);
    assert!(report.to_string().lines().count() < 60, "{report}");
}

#[test]
fn the_longest_path_of_a_random_workflow_lasts_as_long_as_the_run() {
    let inputs = (any::<u64>(), any::<u64>(), tables());
    for_each_workflow(30, &inputs, |workflow, (number, text, table)| {
        let observed = run(workflow, number, text, &table, None);
        let longest = observed.report.longest_path();
        let sum: Duration = longest.steps.iter().map(|step| step.duration).sum();
        let wall = observed.report.totals().wall;
        if sum == wall && longest.idle.is_zero() {
            return Ok(());
        }
        Err(format!(
            "{} of {wall:?}: {:#?}\n{}",
            sum.as_millis(),
            path(&observed.report),
            observed.report
        ))
    });
}
