//! Attempts and deadlines go on where a process dies.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use tokio::time::timeout;
use workflow_durable_tests::{Call, Method, Pause, Watch, Watched};
use workflow_journal::{MemoryStore, StoreError};
use workflow_runtime::{
    DurableError, Journal, JournalError, Retry, StepError, TimedOut, Transient, step, workflow,
};

/// A process that dies cannot give its leases up.
struct Deadly(AtomicBool);

impl Watch for Deadly {
    fn before<'a>(&'a self, call: &'a Call) -> Pause<'a> {
        let dies = call.method == Method::Release && self.0.load(Ordering::Relaxed);
        Box::pin(async move {
            let lost = || StoreError::LeaseLost { run: "one".to_owned() };
            if dies { Err(lost()) } else { Ok(()) }
        })
    }

    fn after<'a>(&'a self, _: &'a Call) -> Pause<'a> {
        Box::pin(async { Ok(()) })
    }
}

/// A journal whose process dies when a run is dropped, or stops in good order.
fn journal(dies: bool) -> (Journal, Arc<Deadly>) {
    let deadly = Arc::new(Deadly(AtomicBool::new(dies)));
    (Journal::new(Watched::new(MemoryStore::new(), Arc::clone(&deadly) as _)), deadly)
}

/// How often the step has begun, and which of its beginnings hang or fail.
struct World {
    begun: AtomicU32,
    fails: fn(u32) -> bool,
    hangs: fn(u32) -> bool,
}

impl World {
    fn new(fails: fn(u32) -> bool, hangs: fn(u32) -> bool) -> Self {
        Self { begun: AtomicU32::new(0), fails, hangs }
    }

    fn begun(&self) -> u32 {
        self.begun.load(Ordering::Relaxed)
    }

    async fn act(&self) -> Result<u32, Trouble> {
        let number = self.begun.fetch_add(1, Ordering::Relaxed) + 1;
        if (self.hangs)(number) {
            std::future::pending::<()>().await;
        }
        if (self.fails)(number) { Err(Trouble) } else { Ok(1) }
    }
}

#[derive(Debug)]
struct Trouble;

impl std::fmt::Display for Trouble {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("trouble")
    }
}

impl Transient for Trouble {
    fn is_transient(&self) -> bool {
        true
    }
}

#[step(retry(max_attempts = 3, backoff = none))]
async fn charge(world: &World) -> Result<u32, Trouble> {
    world.act().await
}

/// Waits for very long after the second failure.
#[step(retry(max_attempts = 3, backoff = constant("10h")))]
async fn charge_slowly(world: &World) -> Result<u32, Trouble> {
    world.act().await
}

/// Three attempts, as the argument says.
#[step(retry = policy.without_delay())]
async fn charge_by(world: &World, policy: Retry) -> Result<u32, Trouble> {
    world.act().await
}

#[step]
async fn charge_once(world: &World) -> Result<u32, Trouble> {
    world.act().await
}

#[step]
async fn answer_once(world: &World) -> Result<u32, StepError> {
    tokio::time::sleep(Duration::from_millis(50)).await;
    world.act().await.map_err(|_| StepError::permanent("trouble"))
}

const THREE: Retry = Retry::attempts(3);

#[step(retry = THREE, deadline = within)]
async fn answer_by(world: &World, within: Duration) -> Result<u32, StepError> {
    tokio::time::sleep(within / 4).await;
    world.act().await.map_err(|_| StepError::permanent("trouble"))
}

#[step(deadline = "200ms")]
async fn answer(world: &World) -> Result<u32, Late> {
    tokio::time::sleep(Duration::from_millis(50)).await;
    Ok(world.act().await.expect("nothing fails here"))
}

/// It has passed its deadline.
#[derive(Debug)]
struct Late;

impl From<TimedOut> for Late {
    fn from(_: TimedOut) -> Self {
        Self
    }
}

impl std::fmt::Display for Late {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("late")
    }
}

workflow! {
    #[durable]
    async fn pay(world: &World) -> Result<u32, Trouble> {
        let payment = charge(world).await?;
        Ok(payment)
    }

    #[durable]
    async fn pay_by(world: &World, attempts: u32) -> Result<u32, Trouble> {
        let payment = charge_by(world, Retry::attempts(attempts)).await?;
        Ok(payment)
    }

    #[durable]
    async fn ask_by(world: &World) -> Result<u32, StepError> {
        let said = answer_by(world, Duration::from_millis(200)).await?;
        Ok(said)
    }

    #[durable]
    async fn pay_slowly(world: &World) -> Result<u32, Trouble> {
        let payment = charge_slowly(world).await?;
        Ok(payment)
    }

    /// The attempts are those of the declaration: the function has none of its own.
    #[durable]
    async fn pay_once(world: &World) -> Result<u32, Trouble> {
        #[retry(max_attempts = 3, backoff = none)]
        let payment = charge_once(world).await?;
        Ok(payment)
    }

    #[durable]
    async fn ask_once(world: &World) -> Result<u32, StepError> {
        #[deadline("200ms")]
        let said = answer_once(world).await?;
        Ok(said)
    }

    #[durable]
    async fn ask(world: &World) -> Result<u32, Late> {
        let said = answer(world).await?;
        Ok(said)
    }
}

const SOON: Duration = Duration::from_millis(50);
/// A limit against hangs.
const LONG: Duration = Duration::from_secs(20);

#[tokio::test]
async fn a_step_that_kills_its_process_has_no_more_than_its_attempts() {
    let (journal, _) = journal(true);
    let world = World::new(|_| false, |_| true);
    let mut exhausted = 0;
    for _ in 0..6 {
        match timeout(SOON, journal.run("one", pay(&world))).await {
            Err(_) => assert_eq!(exhausted, 0),
            Ok(Err(DurableError::Journal(JournalError::Exhausted { step, attempts, .. }))) => {
                assert_eq!((&*step, attempts), ("payment", 3));
                exhausted += 1;
            }
            Ok(other) => panic!("{other:?}"),
        }
    }
    assert_eq!((world.begun(), exhausted), (3, 3));
    // It can be cancelled.
    journal.cancel("one").await.unwrap();
    let error = pay::resume(&journal, "one", &world).await.unwrap_err();
    assert!(matches!(error, DurableError::Journal(JournalError::Cancelled { .. })), "{error}");
    assert_eq!(world.begun(), 3);
}

/// A policy that is computed when the step is called bounds its attempts like any other.
#[tokio::test]
async fn attempts_of_a_computed_policy_are_counted_across_crashes() {
    let (journal, _) = journal(true);
    let world = World::new(|_| false, |_| true);
    for _ in 0..3 {
        timeout(SOON, journal.run("one", pay_by(&world, 3))).await.unwrap_err();
    }
    let come_to = journal.run("one", pay_by(&world, 3)).await;
    let Err(DurableError::Journal(JournalError::Exhausted { attempts: 3, .. })) = come_to else {
        panic!("{come_to:?}")
    };
    assert_eq!(world.begun(), 3);

    // So it does those that have failed.
    let world = World::new(|_| true, |number| number == 2);
    timeout(SOON, journal.run("two", pay_by(&world, 3))).await.unwrap_err();
    let error = pay_by::resume(&journal, "two", &world).await.unwrap_err();
    assert!(matches!(error, DurableError::Workflow(Trouble)), "{error}");
    assert_eq!(world.begun(), 4);
}

#[tokio::test]
async fn a_computed_deadline_goes_on_after_a_crash() {
    let (journal, _) = journal(true);
    let world = World::new(|_| false, |_| true);
    timeout(Duration::from_millis(120), journal.run("one", ask_by(&world))).await.unwrap_err();
    tokio::time::sleep(Duration::from_millis(120)).await;
    let error = ask_by::resume(&journal, "one", &world).await.unwrap_err();
    assert!(error.to_string().contains("passed its deadline of 200ms"), "{error}");
    assert_eq!(world.begun(), 1);
}

#[tokio::test]
async fn attempts_of_a_declaration_are_counted_across_crashes() {
    let (journal, _) = journal(true);
    let world = World::new(|_| false, |_| true);
    for _ in 0..3 {
        timeout(SOON, journal.run("one", pay_once(&world))).await.unwrap_err();
    }
    let come_to = journal.run("one", pay_once(&world)).await;
    let Err(DurableError::Journal(JournalError::Exhausted { attempts: 3, .. })) = come_to else {
        panic!("{come_to:?}")
    };
    assert_eq!(world.begun(), 3);

    // So it does those that have failed.
    let world = World::new(|_| true, |number| number == 2);
    timeout(SOON, journal.run("two", pay_once(&world))).await.unwrap_err();
    let error = pay_once::resume(&journal, "two", &world).await.unwrap_err();
    assert!(matches!(error, DurableError::Workflow(Trouble)), "{error}");
    assert_eq!(world.begun(), 4);
}

#[tokio::test]
async fn a_deadline_of_a_declaration_goes_on_after_a_crash() {
    let (journal, _) = journal(true);
    let world = World::new(|_| false, |_| true);
    timeout(Duration::from_millis(120), journal.run("one", ask_once(&world))).await.unwrap_err();
    tokio::time::sleep(Duration::from_millis(120)).await;
    let error = ask_once::resume(&journal, "one", &world).await.unwrap_err();
    assert!(error.to_string().contains("passed its deadline of 200ms"), "{error}");
    assert_eq!(world.begun(), 1);
}

#[tokio::test]
async fn attempts_that_failed_before_a_crash_count() {
    let (journal, _) = journal(true);
    // It fails, and dies in the second attempt.
    let world = World::new(|_| true, |number| number == 2);
    timeout(SOON, journal.run("one", pay(&world))).await.unwrap_err();
    assert_eq!(world.begun(), 2);
    // The one that was cut off runs again, and one more is left.
    let error = pay::resume(&journal, "one", &world).await.unwrap_err();
    assert!(matches!(error, DurableError::Workflow(Trouble)), "{error}");
    assert_eq!(world.begun(), 4);
}

#[tokio::test]
async fn what_is_cut_off_costs_none_of_the_attempts_that_may_fail() {
    let (journal, _) = journal(true);
    let world = World::new(|_| true, |number| number <= 2);
    for _ in 0..2 {
        timeout(SOON, journal.run("one", pay(&world))).await.unwrap_err();
    }
    let error = pay::resume(&journal, "one", &world).await.unwrap_err();
    assert!(matches!(error, DurableError::Workflow(Trouble)), "{error}");
    assert_eq!(world.begun(), 2 + 3);
}

#[tokio::test]
async fn crashes_after_failures_count() {
    let (journal, _) = journal(true);
    let world = World::new(|_| true, |number| number > 2);
    for _ in 0..3 {
        timeout(SOON, journal.run("one", pay(&world))).await.unwrap_err();
    }
    let come_to = timeout(LONG, pay::resume(&journal, "one", &world)).await.unwrap();
    let Err(DurableError::Journal(JournalError::Exhausted { attempts: 3, .. })) = come_to else {
        panic!("{come_to:?}")
    };
    assert_eq!(world.begun(), 2 + 3);
}

#[tokio::test(start_paused = true)]
async fn one_attempt_is_left_after_a_crash_in_the_last_wait() {
    let (journal, _) = journal(true);
    let world = World::new(|_| true, |_| false);
    let wait = Duration::from_secs(15 * 3600);
    timeout(wait, journal.run("one", pay_slowly(&world))).await.unwrap_err();
    assert_eq!(world.begun(), 2);
    let error = pay_slowly::resume(&journal, "one", &world).await.unwrap_err();
    assert!(matches!(error, DurableError::Workflow(Trouble)), "{error}");
    assert_eq!(world.begun(), 3);
}

#[tokio::test]
async fn a_stop_in_good_order_does_not_count() {
    let (journal, _) = journal(false);
    let world = World::new(|_| false, |number| number <= 5);
    for _ in 0..5 {
        timeout(SOON, journal.run("one", pay(&world))).await.unwrap_err();
    }
    assert_eq!(pay::resume(&journal, "one", &world).await.unwrap(), 1);
    assert_eq!(world.begun(), 6);
}

#[tokio::test]
async fn a_failed_run_has_all_attempts_anew() {
    let (journal, deadly) = journal(true);
    let world = World::new(|number| number > 1, |number| number == 1 || number == 5);
    timeout(SOON, journal.run("one", pay(&world))).await.unwrap_err();
    deadly.0.store(false, Ordering::Relaxed);
    timeout(LONG, pay::resume(&journal, "one", &world)).await.unwrap().unwrap_err();
    assert_eq!(world.begun(), 1 + 3);
    // All three, and a crash takes none of them.
    deadly.0.store(true, Ordering::Relaxed);
    timeout(SOON, pay::resume(&journal, "one", &world)).await.unwrap_err();
    let error = pay::resume(&journal, "one", &world).await.unwrap_err();
    assert!(matches!(error, DurableError::Workflow(Trouble)), "{error}");
    assert_eq!(world.begun(), 4 + 1 + 3);
}

#[tokio::test]
async fn a_deadline_goes_on_across_a_crash() {
    let (journal, _) = journal(true);
    let world = World::new(|_| false, |_| false);
    timeout(Duration::from_millis(10), journal.run("one", ask(&world))).await.unwrap_err();
    tokio::time::sleep(Duration::from_millis(250)).await;
    let error = ask::resume(&journal, "one", &world).await.unwrap_err();
    assert!(matches!(error, DurableError::Workflow(Late)), "{error}");
    assert_eq!(world.begun(), 0);
}
