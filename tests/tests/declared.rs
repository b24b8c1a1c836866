//! What a declaration says of the attempts of its call goes before what the function says.

use std::pin::Pin;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::time::{Instant, sleep};
use workflow_runtime::{
    EventKind, Recorder, Retry, Run, Step, StepError, TimedOut, Transient, step, workflow,
};

const TWICE: Retry = Retry::attempts(2).constant("1s");
const SHORT: Duration = Duration::from_secs(2);

/// Counts the calls of a step, and says after which of them it succeeds.
#[derive(Default)]
struct Bank {
    calls: AtomicU32,
    good_from: u32,
    takes: Duration,
    patience: Duration,
    given: Mutex<Vec<String>>,
}

impl Bank {
    fn bad() -> Self {
        Self { good_from: u32::MAX, ..Self::default() }
    }

    fn good_from(good_from: u32) -> Self {
        Self { good_from, ..Self::default() }
    }

    fn slow(seconds: u64) -> Self {
        Self { takes: Duration::from_secs(seconds), ..Self::default() }
    }

    fn count(&self) -> u32 {
        self.calls.load(Ordering::Relaxed)
    }

    async fn act(&self) -> Result<u32, StepError> {
        let call = self.calls.fetch_add(1, Ordering::Relaxed) + 1;
        sleep(self.takes).await;
        if call >= self.good_from { Ok(call) } else { Err(StepError::retryable("busy")) }
    }

    /// A method that is a step, without options.
    #[step]
    async fn pay(&self, order: String) -> Result<u32, StepError> {
        self.given.lock().unwrap().push(order);
        self.act().await
    }
}

#[step]
async fn once(bank: &Bank, order: String) -> Result<u32, StepError> {
    bank.given.lock().unwrap().push(order);
    bank.act().await
}

#[step(retry(max_attempts = 5, backoff = constant("10s")))]
async fn patient(bank: &Bank) -> Result<u32, StepError> {
    bank.act().await
}

#[step(retry(max_attempts = 5, backoff = constant("10s")), timeout = "10s", deadline = "1m")]
async fn careful(bank: &Bank) -> Result<u32, StepError> {
    bank.act().await
}

#[step(timeout = "10s")]
async fn bounded(bank: &Bank) -> Result<u32, StepError> {
    bank.act().await
}

#[step(spawn)]
async fn elsewhere(bank: Arc<Bank>) -> Result<u32, StepError> {
    bank.act().await
}

/// Says that it ends only when it has.
#[step(blocking)]
fn slowly(bank: Arc<Bank>, running: Arc<AtomicU32>) -> Result<u32, StepError> {
    assert_eq!(running.fetch_add(1, Ordering::SeqCst), 0, "two at once");
    std::thread::sleep(Duration::from_millis(60));
    running.fetch_sub(1, Ordering::SeqCst);
    bank.calls.fetch_add(1, Ordering::Relaxed);
    Err(StepError::retryable("slow"))
}

workflow! {
    async fn literal(bank: &Bank, order: String) -> Result<u32, StepError> {
        #[retry(max_attempts = 3, backoff = constant("2s"))]
        let paid = once(bank, order).await?;
        Ok(paid)
    }

    async fn method(bank: &Bank, order: &str) -> Result<u32, StepError> {
        #[retry(max_attempts = 3, backoff = none)]
        let paid = bank.pay(order.to_owned()).await?;
        Ok(paid)
    }

    async fn constant(bank: &Bank) -> Result<u32, StepError> {
        #[retry(TWICE)]
        let paid = patient(bank).await?;
        Ok(paid)
    }

    async fn by_equals(bank: &Bank) -> Result<u32, StepError> {
        #[retry = TWICE.without_delay()]
        let paid = careful(bank).await?;
        Ok(paid)
    }

    async fn by_input(bank: &Bank, tries: u32) -> Result<u32, StepError> {
        let policy = Retry::attempts(tries).constant("1s");
        #[retry(policy)]
        #[timeout(bank.patience)]
        let paid = once(bank, "one".to_owned()).await?;
        Ok(paid)
    }

    async fn last_line(bank: &Bank) -> Result<u32, StepError> {
        #[retry(TWICE)]
        patient(bank).await
    }

    async fn unbound(bank: &Bank) -> Result<(), StepError> {
        #[retry(TWICE)]
        patient(bank).await?;
        Ok(())
    }

    async fn isolated(bank: &Bank) -> u32 {
        #[retry(max_attempts = 4, backoff = none)]
        let paid = patient(bank).await;
        paid.unwrap_or(100)
    }

    async fn in_arm_and_for(banks: &[Bank]) -> Result<Vec<u32>, StepError> {
        let paid = for bank in banks {
            let here = if bank.good_from > 1 {
                #[retry(max_attempts = 3, backoff = constant("1s"))]
                let late = once(bank, format!("{}", bank.good_from)).await?;
                late
            } else {
                #[timeout("1s")]
                let quick = once(bank, String::new()).await?;
                quick
            };
            here
        };
        Ok(paid)
    }

    async fn shorter(bank: &Bank) -> Result<u32, StepError> {
        #[timeout("2s")]
        let paid = bounded(bank).await?;
        Ok(paid)
    }

    async fn longer(bank: &Bank) -> Result<u32, StepError> {
        #[timeout("30s")]
        let paid = bounded(bank).await?;
        Ok(paid)
    }

    /// The function's own attempts, each with the limit of the declaration.
    async fn timed_attempts(bank: &Bank) -> Result<u32, StepError> {
        #[timeout(SHORT)]
        let paid = patient(bank).await?;
        Ok(paid)
    }

    /// The declaration's attempts, each with the limit of the function.
    async fn own_timeout(bank: &Bank) -> Result<u32, StepError> {
        #[retry(max_attempts = 2, backoff = none)]
        let paid = bounded(bank).await?;
        Ok(paid)
    }

    async fn overall(bank: &Bank) -> Result<u32, StepError> {
        #[deadline("25s")]
        let paid = patient(bank).await?;
        Ok(paid)
    }

    /// The function's own deadline holds, whatever the declaration says of attempts.
    async fn own_deadline(bank: &Bank) -> Result<u32, StepError> {
        #[retry(max_attempts = 100, backoff = constant("7s"))]
        let paid = careful(bank).await?;
        Ok(paid)
    }

    async fn spawned(bank: &Arc<Bank>) -> Result<u32, StepError> {
        #[retry(max_attempts = 3, backoff = none)]
        let paid = elsewhere(bank.clone()).await?;
        Ok(paid)
    }

    async fn never_two(bank: Arc<Bank>, running: Arc<AtomicU32>) -> Result<u32, StepError> {
        #[retry(max_attempts = 3, backoff = none)]
        #[timeout("20ms")]
        let paid = slowly(bank, running).await?;
        Ok(paid)
    }

    async fn beside(bank: &Bank, other: &Bank) -> Result<u32, StepError> {
        #[retry(TWICE)]
        let one = patient(bank).await?;
        #[timeout("5s")]
        let two = once(other, "two".to_owned()).await?;
        Ok(one + two)
    }

    /// A region: `d` needs `a` and `b`, `c` needs `a` alone.
    async fn region(bank: &Bank, other: &Bank) -> Result<u32, StepError> {
        #[retry(max_attempts = 3, backoff = none)]
        let a = once(bank, "a".to_owned()).await?;
        let b = once(other, "b".to_owned()).await?;
        #[retry(max_attempts = 3, backoff = none)]
        let c = once(other, format!("c{a}")).await?;
        #[timeout("9s")]
        let d = once(other, format!("d{a}{b}")).await?;
        Ok(a + b + c + d)
    }
}

async fn timed<T>(call: impl Future<Output = T>) -> (T, u128) {
    let start = Instant::now();
    (call.await, start.elapsed().as_millis())
}

fn text<T: std::fmt::Debug>(result: Result<T, StepError>) -> String {
    result.unwrap_err().to_string()
}

#[tokio::test(start_paused = true)]
async fn a_declaration_says_how_often() {
    let bank = Bank::good_from(3);
    assert_eq!(timed(literal(&bank, "x".to_owned())).await.0.unwrap(), 3);
    assert_eq!(*bank.given.lock().unwrap(), ["x", "x", "x"]);
    let (failed, took) = timed(literal(&Bank::bad(), String::new())).await;
    assert_eq!((text(failed), took), ("busy".to_owned(), 4000));
    let bank = Bank::bad();
    assert!(method(&bank, "y").await.is_err());
    assert_eq!(*bank.given.lock().unwrap(), ["y", "y", "y"]);
}

#[tokio::test(start_paused = true)]
async fn it_goes_before_the_function() {
    let bank = Bank::bad();
    assert_eq!(timed(constant(&bank)).await.1, 1000);
    assert_eq!(bank.count(), 2);
    let bank = Bank::bad();
    assert_eq!(timed(by_equals(&bank)).await.1, 0);
    assert_eq!(bank.count(), 2);
    let bank = Bank::bad();
    assert_eq!(timed(last_line(&bank)).await.1, 1000);
    let (failed, took) = timed(unbound(&bank)).await;
    assert_eq!((text(failed), took, bank.count()), ("busy".to_owned(), 1000, 4));
    let bank = Bank::bad();
    assert_eq!(isolated(&bank).await, 100);
    assert_eq!(bank.count(), 4);
    // Others are as they were.
    let bank = Bank::bad();
    assert_eq!(timed(patient(&bank)).await.1, 40_000);
    assert_eq!(bank.count(), 5);
}

#[tokio::test(start_paused = true)]
async fn it_names_values_in_scope() {
    let bank = Bank { takes: Duration::from_secs(9), patience: SHORT, ..Bank::default() };
    let (failed, took) = timed(by_input(&bank, 3)).await;
    assert_eq!((text(failed), took), ("step `once` timed out after 2s".to_owned(), 8000));
    assert_eq!(bank.count(), 3);
}

#[tokio::test(start_paused = true)]
async fn it_holds_in_arms_and_items() {
    let banks = [Bank::good_from(3), Bank::default(), Bank::good_from(2)];
    assert_eq!(in_arm_and_for(&banks).await.unwrap(), [3, 1, 2]);
    assert_eq!(*banks[0].given.lock().unwrap(), ["3", "3", "3"]);
    let failed = in_arm_and_for(&[Bank::slow(5)]).await;
    assert_eq!(text(failed), "step `once` timed out after 1s");
}

#[tokio::test(start_paused = true)]
async fn a_limit_goes_before_the_functions() {
    let (failed, took) = timed(shorter(&Bank::slow(5))).await;
    assert_eq!((text(failed), took), ("step `bounded` timed out after 2s".to_owned(), 2000));
    let (done, took) = timed(longer(&Bank::slow(20))).await;
    assert_eq!((done.unwrap(), took), (1, 20_000));
    let (failed, took) = timed(longer(&Bank::slow(60))).await;
    assert_eq!((text(failed), took), ("step `bounded` timed out after 30s".to_owned(), 30_000));
}

#[tokio::test(start_paused = true)]
async fn what_it_does_not_say_the_function_says() {
    let bank = Bank::slow(5);
    let (failed, took) = timed(timed_attempts(&bank)).await;
    assert_eq!((text(failed), took), ("step `patient` timed out after 2s".to_owned(), 50_000));
    assert_eq!(bank.count(), 5);
    let bank = Bank::slow(15);
    let (failed, took) = timed(own_timeout(&bank)).await;
    assert_eq!((text(failed), took), ("step `bounded` timed out after 10s".to_owned(), 20_000));
    assert_eq!(bank.count(), 2);
    let bank = Bank::bad();
    let (failed, took) = timed(overall(&bank)).await;
    let late = "step `patient` passed its deadline of 25s".to_owned();
    assert_eq!((text(failed), took, bank.count()), (late, 25_000, 3));
    let bank = Bank::bad();
    let (failed, took) = timed(own_deadline(&bank)).await;
    let late = "step `careful` passed its deadline of 1m".to_owned();
    assert_eq!((text(failed), took, bank.count()), (late, 60_000, 9));
}

#[tokio::test]
async fn tasks_are_tried_again_one_after_the_other() {
    let bank = Arc::new(Bank::good_from(3));
    assert_eq!(spawned(&bank).await.unwrap(), 3);
    let (bank, running) = (Arc::new(Bank::default()), Arc::new(AtomicU32::new(0)));
    let failed = never_two(bank.clone(), running).await;
    assert_eq!(text(failed), "step `slowly` timed out after 20ms");
}

#[tokio::test(start_paused = true)]
async fn neighbours_do_not_wait() {
    let (one, two) = (Bank::good_from(2), Bank::slow(3));
    let (done, took) = timed(beside(&one, &two)).await;
    assert_eq!((done.unwrap(), took), (3, 3000));
    let (one, two) = (Bank::good_from(2), Bank::slow(1));
    let (done, took) = timed(region(&one, &two)).await;
    assert_eq!((done.unwrap(), took), (8, 2000));
}

#[tokio::test(start_paused = true)]
async fn a_run_reports_each_attempt() {
    let recorder = Recorder::new();
    let bank = Bank::good_from(3);
    let run = Run::new().observe(recorder.clone());
    assert_eq!(run.execute(literal(&bank, String::new())).await.unwrap(), 3);
    assert_eq!(recorder.attempts("paid"), 3);
    assert_eq!(recorder.completed_steps(), ["paid"]);
    let delays: Vec<_> = recorder
        .events()
        .into_iter()
        .filter_map(|event| match event.kind {
            EventKind::Retrying { attempt, delay, error } => {
                Some((attempt, delay.as_secs(), error))
            }
            _ => None,
        })
        .collect();
    assert_eq!(delays, [(1, 2, "busy".to_owned()), (2, 2, "busy".to_owned())]);

    let recorder = Recorder::new();
    let run = Run::new().observe(recorder.clone());
    assert!(run.execute(shorter(&Bank::slow(5))).await.is_err());
    assert_eq!(recorder.failed_steps(), ["paid"]);

    // A run makes each attempt slower, within its limit.
    let run = Run::new().delay("paid", Duration::from_secs(3));
    let failed = run.execute(shorter(&Bank::default())).await;
    assert_eq!(text(failed), "step `bounded` timed out after 2s");
    let run = Run::new().delay("paid", Duration::from_secs(3));
    let (done, took) = timed(run.execute(literal(&Bank::good_from(3), String::new()))).await;
    assert_eq!((done.unwrap(), took), (3, 13_000));
}

/// An error that says nothing of retries.
#[derive(Debug, PartialEq)]
enum Refused {
    Idle,
    Closed,
    Late(TimedOut),
}

impl From<TimedOut> for Refused {
    fn from(error: TimedOut) -> Self {
        Self::Late(error)
    }
}

#[step]
async fn ask(calls: &AtomicU32) -> Result<u32, Refused> {
    match calls.fetch_add(1, Ordering::Relaxed) {
        0 => Err(Refused::Idle),
        _ => Err(Refused::Closed),
    }
}

workflow! {
    async fn only_idle(calls: &AtomicU32, idle: Refused) -> Result<u32, Refused> {
        #[retry(max_attempts = 5, backoff = none, when = |error| *error == idle)]
        let answer = ask(calls).await?;
        Ok(answer)
    }
}

#[tokio::test]
async fn when_says_which_errors() {
    let calls = AtomicU32::new(0);
    assert_eq!(only_idle(&calls, Refused::Idle).await, Err(Refused::Closed));
    assert_eq!(calls.load(Ordering::Relaxed), 2);
}

/// The function knows which of its errors are worth another attempt.
#[step(retry(max_attempts = 9, backoff = none, when = |error| error.to_string() == "first"))]
async fn judges(calls: &AtomicU32) -> Result<u32, StepError> {
    match calls.fetch_add(1, Ordering::Relaxed) {
        0 => Err(StepError::permanent("first")),
        _ => Err(StepError::retryable("second")),
    }
}

workflow! {
    async fn judged_by_function(calls: &AtomicU32) -> Result<u32, StepError> {
        #[retry(max_attempts = 5, backoff = none)]
        let answer = judges(calls).await?;
        Ok(answer)
    }

    async fn judged_here(calls: &AtomicU32) -> Result<u32, StepError> {
        #[retry(max_attempts = 5, backoff = none, when = Transient::is_transient)]
        let answer = judges(calls).await?;
        Ok(answer)
    }
}

#[tokio::test]
async fn the_function_judges_its_errors_unless_the_declaration_does() {
    let calls = AtomicU32::new(0);
    assert_eq!(text(judged_by_function(&calls).await), "second");
    assert_eq!(calls.load(Ordering::Relaxed), 2);
    let calls = AtomicU32::new(0);
    assert_eq!(text(judged_here(&calls).await), "first");
    assert_eq!(calls.load(Ordering::Relaxed), 1);
}

/// A double of a step.
trait Shop {
    fn charge(&self, cents: u32) -> impl Step<Output = Result<u32, StepError>> + '_;
    fn boxed(&self) -> Pin<Box<impl Step<Output = Result<u32, StepError>> + '_>>;
}

impl Shop for Bank {
    fn charge(&self, cents: u32) -> impl Step<Output = Result<u32, StepError>> + '_ {
        once(self, cents.to_string())
    }

    fn boxed(&self) -> Pin<Box<impl Step<Output = Result<u32, StepError>> + '_>> {
        Box::pin(patient(self))
    }
}

workflow! {
    async fn doubles(shop: &impl Shop) -> Result<(u32, u32), StepError> {
        #[retry(max_attempts = 3, backoff = none)]
        let charged = shop.charge(5).await?;
        #[after(charged)]
        #[timeout("1s")]
        let boxed = shop.boxed().await?;
        Ok((charged, boxed))
    }
}

#[tokio::test(start_paused = true)]
async fn doubles_are_tried_again_too() {
    assert_eq!(doubles(&Bank::good_from(3)).await.unwrap(), (3, 4));
}

/// What is given away once can be, where there is one attempt.
struct Letter(u32);

#[step]
async fn send(letter: Letter, takes: Duration) -> Result<u32, StepError> {
    sleep(takes).await;
    Ok(letter.0)
}

#[step]
async fn change(number: &mut u32) -> Result<(), StepError> {
    *number += 1;
    Ok(())
}

workflow! {
    async fn sends(letter: Letter, takes: Duration) -> Result<u32, StepError> {
        let mut number = 1;
        #[timeout("1s")]
        let sent = send(letter, takes).await?;
        #[timeout("1s")]
        let changed = change(&mut number).await?;
        #[after(changed)]
        let sum = number + sent;
        Ok(sum)
    }

    async fn child(letter: u32, takes: Duration) -> Result<u32, StepError> {
        let one = send(Letter(letter), takes).await?;
        let two = send(Letter(one), takes).await?;
        Ok(two)
    }

    async fn parent(takes: Duration) -> Result<u32, StepError> {
        #[timeout("5s")]
        let all = child(7, takes).await?;
        Ok(all)
    }
}

#[tokio::test(start_paused = true)]
async fn one_attempt_needs_no_clones() {
    assert_eq!(sends(Letter(4), Duration::ZERO).await.unwrap(), 6);
    assert_eq!(
        text(sends(Letter(4), Duration::from_secs(2)).await),
        "step `send` timed out after 1s"
    );
}

#[tokio::test(start_paused = true)]
async fn the_whole_call_of_a_workflow_is_bounded() {
    assert_eq!(parent(Duration::from_secs(2)).await.unwrap(), 7);
    let recorder = Recorder::new();
    let run = Run::new().observe(recorder.clone());
    let (failed, took) = timed(run.execute(parent(Duration::from_secs(3)))).await;
    assert_eq!((text(failed), took), ("step `child` timed out after 5s".to_owned(), 5000));
    assert_eq!(recorder.completed_steps(), ["all.one"]);
    assert_eq!(recorder.failed_steps(), ["all"]);
}

#[derive(Default)]
struct Ledger(Mutex<Vec<u32>>);

#[step]
async fn book(bank: &Bank, ledger: &Ledger) -> Result<u32, StepError> {
    let number = bank.act().await?;
    ledger.0.lock().unwrap().push(number);
    Ok(number)
}

#[step]
async fn unbook(ledger: &Ledger, number: &u32) {
    ledger.0.lock().unwrap().retain(|booked| booked != number);
}

workflow! {
    async fn undone(bank: &Bank, other: &Bank, ledger: &Ledger) -> Result<u32, StepError> {
        #[retry(max_attempts = 3, backoff = none)]
        #[compensate(unbook(ledger, &booked))]
        let booked = book(bank, ledger).await?;
        #[after(booked)]
        let paid = once(other, String::new()).await?;
        Ok(booked + paid)
    }
}

#[tokio::test]
async fn what_is_tried_again_is_undone() {
    let ledger = Ledger::default();
    assert!(undone(&Bank::good_from(3), &Bank::bad(), &ledger).await.is_err());
    assert!(ledger.0.lock().unwrap().is_empty());
    assert_eq!(undone(&Bank::good_from(3), &Bank::default(), &ledger).await.unwrap(), 4);
    assert_eq!(*ledger.0.lock().unwrap(), [3]);
}

/// A step whose code calls a workflow with such a declaration: it is no attempt of the step.
#[step]
async fn around(bank: &Bank) -> Result<u32, StepError> {
    literal(bank, String::new()).await
}

/// Its code calls a step with options of its own, which nobody has said anything to.
#[step]
async fn inside(bank: &Bank) -> Result<u32, StepError> {
    patient(bank).await
}

workflow! {
    async fn outer(bank: &Bank) -> Result<u32, StepError> {
        let done = around(bank).await?;
        Ok(done)
    }

    async fn inner(bank: &Bank) -> Result<u32, StepError> {
        #[timeout("1h")]
        let done = inside(bank).await?;
        Ok(done)
    }
}

#[tokio::test(start_paused = true)]
async fn what_a_steps_own_code_calls_is_its_own_affair() {
    let recorder = Recorder::new();
    let run = Run::new().observe(recorder.clone());
    assert_eq!(run.execute(outer(&Bank::good_from(3))).await.unwrap(), 3);
    assert_eq!(recorder.attempts("done"), 1);
    let bank = Bank::bad();
    assert_eq!(timed(inner(&bank)).await.1, 40_000);
    assert_eq!(bank.count(), 5);
}
