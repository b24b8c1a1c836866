//! Runs as things: started, found, waited for, sent signals and stopped by their handles.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use workflow_durable_tests::{Call, Pause, Watch, Watched};
use workflow_journal::{JournalStore, MemoryStore, StoredState};
use workflow_runtime::{
    DurableError, Handle, Journal, JournalError, Recorder, StepError, StoreError, signal, step,
    workflow,
};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Cart {
    cents: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Approval {
    by: String,
}

#[derive(Default)]
struct Shop {
    charged: AtomicU32,
    refunded: AtomicU32,
    refuses_refunds: bool,
}

#[step]
async fn charge(shop: &Shop, cart: &Cart) -> Result<u32, StepError> {
    shop.charged.fetch_add(1, Ordering::Relaxed);
    Ok(cart.cents)
}

#[step]
async fn refund(shop: &Shop, cents: &u32) -> Result<(), StepError> {
    if shop.refuses_refunds {
        return Err(StepError::permanent("the bank is closed"));
    }
    shop.refunded.fetch_add(*cents, Ordering::Relaxed);
    Ok(())
}

#[step]
async fn ship(cents: u32, times: u32) -> Result<u32, StepError> {
    if cents == 0 { Err(StepError::permanent("nothing in the cart")) } else { Ok(cents * times) }
}

workflow! {
    #[durable]
    async fn checkout(shop: &Shop, cart: Cart, times: u32) -> Result<u32, StepError> {
        #[compensate(refund(shop, &payment))]
        let payment = charge(shop, &cart).await?;
        let shipped = ship(payment, times).await?;
        Ok(shipped)
    }

    #[durable]
    async fn approve(draft: u32) -> Result<String, StepError> {
        let approval = signal::<Approval>("approval").await?;
        let note = signal::<String>("side-note").await?;
        let rest = approve_more(draft).await?;
        Ok(format!("{} approves {draft} ({note}), {rest}", approval.by))
    }

    #[durable]
    async fn approve_more(draft: u32) -> Result<u32, StepError> {
        let number = signal::<u32>("type").await?;
        Ok(draft + number)
    }
}

mod elsewhere {
    use workflow_runtime::{StepError, workflow};

    workflow! {
        #[durable]
        pub(super) async fn checkout(times: u32) -> Result<u32, StepError> {
            let shipped = super::ship(1, times).await?;
            Ok(shipped)
        }
    }
}

fn cart() -> Cart {
    Cart { cents: 995 }
}

/// A journal and another one on the same store, as of two processes.
fn journals() -> (MemoryStore, Journal, Journal) {
    let store = MemoryStore::new();
    (store.clone(), Journal::new(store.clone()), Journal::new(store))
}

#[tokio::test(start_paused = true)]
async fn a_start_records_the_run_and_runs_nothing() {
    let (store, journal, other) = journals();
    let shop = Shop::default();
    let run = checkout::start(&journal, "cart-1", cart(), 2).await.unwrap();
    assert_eq!(run.id(), "cart-1");
    tokio::time::sleep(Duration::from_secs(3600)).await;
    let status = run.status().await.unwrap();
    assert_eq!((status.state, status.holder), (StoredState::Unfinished, None));
    assert!(store.records("cart-1").await.unwrap().is_empty());
    assert_eq!(
        store.run("cart-1").await.unwrap().unwrap().inputs,
        r#"{"cart":{"cents":995},"times":2}"#
    );

    // Any process takes it up, as a run that was cut off.
    let ended = checkout::resume_all(&other, &shop).await.unwrap();
    assert!(matches!(&ended[..], [(id, Ok(1990))] if id == "cart-1"), "{ended:?}");
    assert_eq!(run.result().await.unwrap(), 1990);
    assert_eq!(shop.charged.load(Ordering::Relaxed), 1);
}

#[tokio::test(start_paused = true)]
async fn a_start_with_the_same_inputs_is_the_same_run() {
    let (store, journal, other) = journals();
    let shop = Shop::default();
    checkout::start(&journal, "cart-1", cart(), 2).await.unwrap();
    let before = store.run("cart-1").await.unwrap();
    let again = checkout::start(&other, String::from("cart-1"), cart(), 2).await.unwrap();
    assert_eq!(store.run("cart-1").await.unwrap(), before, "it stays as it was");

    // So is a run that has ended, and one that `Journal::run` has begun.
    assert_eq!(journal.run("cart-1", checkout(&shop, cart(), 2)).await.unwrap(), 1990);
    let ended = store.run("cart-1").await.unwrap();
    checkout::start(&other, "cart-1", cart(), 2).await.unwrap();
    assert_eq!(store.run("cart-1").await.unwrap(), ended, "it stays as it was");
    assert_eq!(again.result().await.unwrap(), 1990);
    assert_eq!(shop.charged.load(Ordering::Relaxed), 1);
}

#[tokio::test(start_paused = true)]
async fn a_refused_start_changes_nothing() {
    let (store, journal, _) = journals();
    let shop = Shop::default();
    checkout::start(&journal, "cart-1", cart(), 2).await.unwrap();
    let before = store.run("cart-1").await.unwrap();

    let error = checkout::start(&journal, "cart-1", cart(), 3).await.unwrap_err();
    assert_eq!(error.to_string(), "run `cart-1` was started with another `times`");
    let error = elsewhere::checkout::start(&journal, "cart-1", 2).await.unwrap_err();
    assert!(matches!(error, JournalError::OtherWorkflow { .. }), "{error}");
    let error = checkout::start(&journal, "", cart(), 2).await.unwrap_err();
    assert!(matches!(error, JournalError::BadId { .. }), "{error}");
    let run = journal.run("cart-1", checkout(&shop, Cart { cents: 1 }, 2)).await;
    assert!(matches!(run, Err(DurableError::Journal(JournalError::InputChanged { .. }))));
    assert_eq!(store.run("cart-1").await.unwrap(), before);

    // Every use of a handle says whose run it is.
    let wrong = elsewhere::checkout::handle(&journal, "cart-1");
    for error in [
        wrong.status().await.map(drop).unwrap_err(),
        wrong.result().await.map(drop).unwrap_err(),
        wrong.cancel().await.unwrap_err(),
        wrong.retry().await.unwrap_err(),
    ] {
        assert!(matches!(error, JournalError::OtherWorkflow { .. }), "{error}");
    }
    assert_eq!(store.run("cart-1").await.unwrap(), before);
}

/// Of many that start a run at the same time, with one of two inputs, all with the inputs of the
/// first succeed and all others are told.
#[tokio::test]
async fn one_of_many_starts_decides_the_inputs() {
    for round in 0..50 {
        let (store, journal, _) = journals();
        let starts = (0..16).map(|number| {
            let journal = journal.clone();
            tokio::spawn(async move {
                let times = (number + round) % 2;
                (times, checkout::start(&journal, "cart-1", cart(), times).await)
            })
        });
        let mut won = [0, 0];
        for start in starts.collect::<Vec<_>>() {
            match start.await.unwrap() {
                (times, Ok(_)) => won[times as usize] += 1,
                (_, Err(error)) => {
                    assert!(matches!(error, JournalError::InputChanged { .. }), "{error}");
                }
            }
        }
        assert!(won == [8, 0] || won == [0, 8], "{won:?}");
        assert_eq!(store.run("cart-1").await.unwrap().unwrap().state, StoredState::Unfinished);
    }
}

#[tokio::test(start_paused = true)]
async fn a_result_is_waited_for_wherever_the_run_is() {
    let (_, journal, other) = journals();
    let here = approve_more::start(&journal, "draft-1", 7).await.unwrap();
    let there = approve_more::handle(&other, "draft-1");
    let begun = tokio::time::Instant::now();
    let works = async {
        tokio::time::sleep(Duration::from_secs(5000)).await;
        there.signal("type", &3).await.unwrap();
        approve_more::resume_all(&journal).await.unwrap();
        begun.elapsed()
    };
    let waits = async |run: Handle<_, u32>| {
        assert_eq!(run.result().await.unwrap(), 10);
        begun.elapsed()
    };
    let (ended, told, looked) = tokio::join!(works, waits(here), waits(there.clone()));
    assert_eq!(told, ended, "in the same process it is told at once");
    assert!(looked <= ended + Duration::from_secs(2), "another process looks: {looked:?}");
}

#[tokio::test(start_paused = true)]
async fn a_result_says_why_there_is_none() {
    let (_, journal, _) = journals();
    let unknown = checkout::handle(&journal, "unknown");
    assert_eq!(unknown.result().await.unwrap_err().to_string(), "there is no run `unknown`");
    assert_eq!(unknown.cancel().await.unwrap_err().to_string(), "there is no run `unknown`");

    let shop = Shop::default();
    let failed = checkout::start(&journal, "failed", Cart { cents: 0 }, 1).await.unwrap();
    let cancelled = checkout::start(&journal, "cancelled", cart(), 1).await.unwrap();
    cancelled.cancel().await.unwrap();
    checkout::resume_all(&journal, &shop).await.unwrap();
    let error = failed.result().await.unwrap_err();
    assert_eq!(error.to_string(), "run `failed` has failed: nothing in the cart");
    let error = cancelled.result().await.unwrap_err();
    assert_eq!(error.to_string(), "run `cancelled` was cancelled");
    assert!(cancelled.retry().await.is_err(), "it has ended");

    let closed = Shop { refuses_refunds: true, ..Shop::default() };
    let stuck = checkout::start(&journal, "stuck", Cart { cents: 0 }, 1).await.unwrap();
    checkout::resume(&journal, "stuck", &closed).await.unwrap_err();
    let error = stuck.result().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "run `stuck` is not undone: what undoes step `payment` has failed: the bank is closed"
    );
    let status = stuck.status().await.unwrap();
    assert_eq!(status.state, StoredState::UndoFailed);
    assert_eq!(status.error.as_deref(), Some("nothing in the cart"));

    // It is unfinished again, and can be waited for again.
    stuck.retry().await.unwrap();
    assert_eq!(stuck.status().await.unwrap().state, StoredState::Unfinished);
    checkout::resume_all(&journal, &shop).await.unwrap();
    let error = stuck.result().await.unwrap_err();
    assert_eq!(error.to_string(), "run `stuck` has failed: nothing in the cart");
}

/// What a called workflow waits for is sent to the run, too.
#[tokio::test(start_paused = true)]
async fn signals_have_the_names_and_types_of_the_declarations() {
    let (_, journal, other) = journals();
    let run = approve::start(&journal, "draft-1", 7).await.unwrap();
    let signals = approve::handle(&other, "draft-1").signals();
    signals.approval(Approval { by: "Ada".into() }).await.unwrap();
    signals.side_note("late".to_owned()).await.unwrap();
    signals.r#type(3).await.unwrap();
    approve::resume_all(&journal).await.unwrap();
    assert_eq!(run.result().await.unwrap(), "Ada approves 7 (late), 10");
    let error = signals.r#type(3).await.unwrap_err();
    assert_eq!(error.to_string(), "run `draft-1` has ended");
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_is_dropped_leaves_the_run_alone() {
    let (store, journal, _) = journals();
    let run = approve_more::start(&journal, "draft-1", 7).await.unwrap();
    let before = store.run("draft-1").await.unwrap();
    let waits = tokio::time::timeout(Duration::from_secs(60), run.result());
    waits.await.unwrap_err();
    assert_eq!(store.run("draft-1").await.unwrap(), before);
    run.signals().r#type(3).await.unwrap();
    approve_more::resume_all(&journal).await.unwrap();
    assert_eq!(run.result().await.unwrap(), 10);
}

/// A started run, resumed, is the run that `Journal::run` would have made.
#[tokio::test(start_paused = true)]
async fn a_started_run_is_like_any_other() {
    let (store, _, _) = journals();
    let (started, recorder) = (Shop::default(), Recorder::new());
    let journal = Journal::new(store.clone()).observe(recorder.clone());
    checkout::start(&journal, "started", cart(), 2).await.unwrap();
    checkout::resume(&journal, "started", &started).await.unwrap();
    let resumed = recorder.completed_steps();
    let (direct, recorder) = (Shop::default(), Recorder::new());
    let journal = Journal::new(store.clone()).observe(recorder.clone());
    journal.run("direct", checkout(&direct, cart(), 2)).await.unwrap();
    assert_eq!(resumed, recorder.completed_steps());

    let what = async |id: &str| {
        let run = store.run(id).await.unwrap().unwrap();
        let records = store.records(id).await.unwrap().into_iter();
        let records = records.map(|record| (record.path, record.output, record.fingerprint));
        (run.inputs, run.graph, run.outcome, run.state, records.collect::<Vec<_>>())
    };
    assert_eq!(what("started").await, what("direct").await);
}

/// A handle is `Send` and `Sync`, whatever the workflow returns, and so are its futures.
#[test]
fn handles_can_be_shared() {
    fn shared<T: Send + Sync>(_: &T) {}
    fn sent<T: Send>(_: T) {}
    let journal = Journal::memory();
    let run = checkout::handle(&journal, "cart-1");
    shared(&run);
    sent(run.result());
    sent(run.status());
    sent(checkout::start(&journal, "cart-1", cart(), 1));
    sent(approve::handle(&journal, "draft").signals().approval(Approval { by: String::new() }));
    assert_eq!(format!("{run:?}"), r#"Handle { id: "cart-1", .. }"#);
}

/// Workflows in a function's body, with types of their own, parameters, and names that the code
/// around them could mistake.
#[tokio::test(start_paused = true)]
async fn odd_workflows_can_be_started() {
    #[derive(Serialize, Deserialize)]
    struct Local(u32);

    #[step]
    async fn look<T: Serialize>(value: &T) -> Result<String, StepError> {
        serde_json::to_string(value).map_err(StepError::permanent)
    }

    workflow! {
        #[durable]
        async fn local(value: Local) -> Result<u32, StepError> {
            let told = signal::<Local>("local").await?;
            let _ = &value;
            Ok(told.0)
        }

        #[durable]
        async fn of_any<T: Serialize + serde::de::DeserializeOwned>(value: T) -> Result<String, StepError> {
            let told = signal::<T>("told").await?;
            let seen = look(&told).await?;
            let _ = &value;
            Ok(seen)
        }

        #[durable]
        async fn r#type(journal: u32, id: u32, start: u32, handle: u32) -> Result<u32, StepError> {
            Ok(journal + id + start + handle)
        }
    }

    let journal = Journal::memory();
    let run = local::start(&journal, "a", Local(1)).await.unwrap();
    run.signals().local(Local(2)).await.unwrap();
    local::resume_all(&journal).await.unwrap();
    assert_eq!(run.result().await.unwrap(), 2);

    let run = of_any::start(&journal, "b", 5_u8).await.unwrap();
    run.signals().told(vec![7]).await.unwrap();
    run.signals().told(7).await.unwrap();
    of_any::resume_all::<u8>(&journal).await.unwrap();
    assert_eq!(run.result().await.unwrap(), "7");

    let run = r#type::start(&journal, "c", 1, 2, 3, 4).await.unwrap();
    r#type::resume_all(&journal).await.unwrap();
    assert_eq!(run.result().await.unwrap(), 10);
}

/// Fails at one call of the store, before or after it is done.
struct FailsOnce {
    at: usize,
    after: bool,
}

impl FailsOnce {
    fn fails(&self, call: &Call, after: bool) -> Pause<'static> {
        let fails = call.number == self.at && self.after == after;
        Box::pin(async move {
            let source = "the connection is lost".into();
            let failed = StoreError::Failed { place: "the store".into(), source };
            if fails { Err(failed) } else { Ok(()) }
        })
    }
}

impl Watch for FailsOnce {
    fn before<'a>(&'a self, call: &'a Call) -> Pause<'a> {
        self.fails(call, false)
    }

    fn after<'a>(&'a self, call: &'a Call) -> Pause<'a> {
        self.fails(call, true)
    }
}

/// Wherever a request or its answer is lost, a start is tried again and makes one run.
#[tokio::test(start_paused = true)]
async fn a_start_survives_a_store_that_fails_once() {
    for (at, after) in (0..4).flat_map(|at| [(at, false), (at, true)]) {
        let store = MemoryStore::new();
        let watched = Watched::new(store.clone(), Arc::new(FailsOnce { at, after }));
        let (journal, shop) = (Journal::new(watched), Shop::default());
        let run = checkout::start(&journal, "cart-1", cart(), 2).await.unwrap();
        let error = checkout::start(&journal, "cart-1", cart(), 3).await.unwrap_err();
        assert!(matches!(error, JournalError::InputChanged { .. }), "{error}");
        assert_eq!(store.run("cart-1").await.unwrap().unwrap().held, None);
        checkout::resume_all(&journal, &shop).await.unwrap();
        assert_eq!(run.result().await.unwrap(), 1990);
        assert_eq!(shop.charged.load(Ordering::Relaxed), 1);
    }
}
