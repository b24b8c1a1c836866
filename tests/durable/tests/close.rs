//! A journal that is closed while its runs go on.

use std::future::{Future, pending};
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::task::{JoinHandle, yield_now};
use workflow_durable_tests::{Call, Method, Pause, Watch, Watched};
use workflow_journal::{Claim, Claimed, JournalStore, MemoryStore, NewRun, StoreError};
use workflow_runtime::{DurableError, Journal, JournalError, StepError, step, workflow};

/// No lease of a test ends by itself.
const LEASE: Duration = Duration::from_secs(3600);

#[derive(Default)]
struct World {
    done: Mutex<Vec<String>>,
    open: AtomicBool,
    begun: Notify,
    goes_on: Notify,
}

impl World {
    fn note(&self, what: impl Into<String>) {
        self.done.lock().unwrap().push(what.into());
    }

    fn taken(&self) -> Vec<String> {
        std::mem::take(&mut *self.done.lock().unwrap())
    }
}

#[step]
async fn charge(world: &Arc<World>, cart: u32) -> Result<u32, StepError> {
    world.note(format!("charge {cart}"));
    Ok(cart)
}

#[step]
async fn refund(world: &Arc<World>, payment: &u32) -> Result<(), StepError> {
    world.note(format!("refund {payment}"));
    Ok(())
}

/// Hangs while the shop is closed.
#[step]
async fn ship(world: &Arc<World>, cart: u32) -> Result<u32, StepError> {
    world.begun.notify_one();
    if !world.open.load(Ordering::Relaxed) {
        pending::<()>().await;
    }
    world.note(format!("ship {cart}"));
    Ok(cart)
}

/// Blocks its thread until it may go on.
#[step]
async fn block(world: &Arc<World>) -> Result<u32, StepError> {
    world.begun.notify_one();
    while !world.open.load(Ordering::Relaxed) {
        thread::sleep(Duration::from_millis(1));
    }
    world.note("blocked");
    Ok(1)
}

/// Notes that it is dropped.
struct Leaves(Arc<World>);

impl Drop for Leaves {
    fn drop(&mut self) {
        self.0.note("aborted");
    }
}

/// A task of its own, which hangs.
#[step(spawn)]
async fn elsewhere(world: Arc<World>) -> Result<u32, StepError> {
    let leaves = Leaves(world);
    leaves.0.begun.notify_one();
    if !leaves.0.open.load(Ordering::Relaxed) {
        pending::<()>().await;
    }
    Ok(1)
}

workflow! {
    #[durable]
    async fn checkout(world: &Arc<World>, cart: u32) -> Result<u32, StepError> {
        #[compensate(refund(world, &payment))]
        let payment = charge(world, cart).await?;
        let parcel = ship(world, payment).await?;
        Ok(parcel)
    }

    #[durable]
    async fn blocks(world: &Arc<World>) -> Result<u32, StepError> {
        let blocked = block(world).await?;
        let payment = charge(world, blocked).await?;
        Ok(payment)
    }

    #[durable]
    async fn spawns(world: &Arc<World>) -> Result<u32, StepError> {
        let done = elsewhere(Arc::clone(world)).await?;
        let payment = charge(world, done).await?;
        Ok(payment)
    }
}

type Came = Result<u32, DurableError<StepError>>;

fn is_closed(came: &Came) -> bool {
    matches!(came, Err(DurableError::Journal(JournalError::Closed { run })) if !run.is_empty())
}

/// Starts a run in a task, and waits until it hangs in its second step.
async fn started(journal: &Journal, world: &Arc<World>, id: &'static str) -> JoinHandle<Came> {
    let (journal, shared) = (journal.clone(), Arc::clone(world));
    let run = tokio::spawn(async move { journal.run(id, checkout(&shared, 1)).await });
    world.begun.notified().await;
    assert_eq!(world.taken(), ["charge 1"]);
    run
}

async fn is_free(store: &MemoryStore, id: &str) -> bool {
    store.run(id).await.unwrap().expect("it was claimed").held.is_none()
}

#[tokio::test]
async fn the_next_journal_goes_on_at_once() {
    let (store, world) = (MemoryStore::new(), Arc::new(World::default()));
    let journal = Journal::new(store.clone()).lease(LEASE);
    let mut runs = Vec::new();
    for id in ["a", "b", "c"] {
        runs.push(started(&journal, &world, id).await);
    }
    journal.close().await;
    for (id, run) in ["a", "b", "c"].into_iter().zip(runs) {
        assert!(is_free(&store, id).await, "{id}");
        assert!(is_closed(&run.await.unwrap()), "{id}");
    }
    assert!(world.taken().is_empty(), "nothing is undone");

    world.open.store(true, Ordering::Relaxed);
    let next = Journal::new(store);
    for id in ["a", "b", "c"] {
        assert_eq!(next.run(id, checkout(&world, 1)).await.unwrap(), 1);
        assert_eq!(world.taken(), ["ship 1"], "what is recorded is not done again");
    }
}

#[tokio::test]
async fn a_closed_journal_takes_up_nothing() {
    let (store, world) = (MemoryStore::new(), Arc::new(World::default()));
    let journal = Journal::new(store.clone());
    let clone = journal.clone();
    started(&journal, &world, "old").await.abort();
    clone.close().await;
    for _ in 0..2 {
        let came = journal.run("new", checkout(&world, 1)).await;
        assert!(is_closed(&came), "{came:?}");
        let came = checkout::resume(&journal, "old", &world).await;
        assert!(is_closed(&came), "{came:?}");
        let all = checkout::resume_all(&journal, &world).await.unwrap();
        assert!(matches!(&all[..], [(id, came)] if id == "old" && is_closed(came)), "{all:?}");
        journal.close().await;
    }
    assert!(world.taken().is_empty());
    assert!(store.run("new").await.unwrap().is_none(), "a refused call changes nothing");
    // What is asked of the store goes on.
    journal.signal("later", "approval", "yes").await.unwrap();
    journal.cancel("old").await.unwrap();
    assert_eq!(store.signals("later").await.unwrap().len(), 1);
    // Others have nothing to do with it.
    world.open.store(true, Ordering::Relaxed);
    assert_eq!(Journal::new(store).run("new", checkout(&world, 1)).await.unwrap(), 1);
}

/// The future is kept, as by a `select!` that borrows it, and is not polled.
#[tokio::test(start_paused = true)]
async fn a_run_that_nobody_polls_is_given_up_too() {
    let (store, world) = (MemoryStore::new(), Arc::new(World::default()));
    let journal = Journal::new(store.clone()).lease(LEASE);
    {
        let mut run = pin!(journal.run("one", checkout(&world, 1)));
        tokio::select! {
            came = &mut run => panic!("{came:?}"),
            () = world.begun.notified() => journal.close().await,
        }
        assert!(is_free(&store, "one").await);
        assert_eq!(world.taken(), ["charge 1"]);
        world.open.store(true, Ordering::Relaxed);
        let next = Journal::new(store.clone());
        assert_eq!(next.run("one", checkout(&world, 1)).await.unwrap(), 1);
        assert_eq!(world.taken(), ["ship 1"]);
        // Polled late, it does nothing more.
        let came = run.await;
        assert!(is_closed(&came), "{came:?}");
    }
    assert!(world.taken().is_empty());
}

/// Another process must not do the same step at the same time.
#[tokio::test]
async fn a_step_that_blocks_its_thread_is_waited_for() {
    let (store, world) = (MemoryStore::new(), Arc::new(World::default()));
    let journal = Journal::new(store.clone()).lease(LEASE);
    let (shared, its) = (Arc::clone(&world), journal.clone());
    let blocked = thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.unwrap().block_on(its.run("one", blocks(&shared)))
    });
    world.begun.notified().await;
    let mut close = Box::pin(journal.close());
    // More than the second after which a run that is not polled is given up.
    let early = tokio::time::timeout(Duration::from_millis(1500), &mut close).await;
    assert!(early.is_err() && !is_free(&store, "one").await);
    world.open.store(true, Ordering::Relaxed);
    close.await;
    assert!(is_free(&store, "one").await);
    assert!(is_closed(&blocked.join().unwrap()));
    assert_eq!(world.taken(), ["blocked"], "nothing came after it");
}

#[tokio::test]
async fn the_task_of_a_step_is_aborted() {
    let (store, world) = (MemoryStore::new(), Arc::new(World::default()));
    let journal = Journal::new(store.clone()).lease(LEASE);
    let (shared, its) = (Arc::clone(&world), journal.clone());
    let run = tokio::spawn(async move { its.run("one", spawns(&shared)).await });
    world.begun.notified().await;
    journal.close().await;
    assert!(is_closed(&run.await.unwrap()));
    while world.done.lock().unwrap().is_empty() {
        yield_now().await;
    }
    assert_eq!(world.taken(), ["aborted"]);
    assert!(is_free(&store, "one").await);
}

/// Makes each claim wait until it is told, before or after it has claimed.
struct Slow {
    world: Arc<World>,
    claims_first: bool,
}

impl Slow {
    async fn pause(&self, call: &Call, here: bool) -> Result<(), StoreError> {
        if call.method == Method::Claim && here {
            self.world.begun.notify_one();
            self.world.goes_on.notified().await;
        }
        Ok(())
    }
}

impl Watch for Slow {
    fn before<'a>(&'a self, call: &'a Call) -> Pause<'a> {
        Box::pin(self.pause(call, !self.claims_first))
    }

    fn after<'a>(&'a self, call: &'a Call) -> Pause<'a> {
        Box::pin(self.pause(call, self.claims_first))
    }
}

fn slow(claims_first: bool) -> (Journal, MemoryStore, Arc<World>) {
    let (store, world) = (MemoryStore::new(), Arc::new(World::default()));
    let slow = Slow { world: Arc::clone(&world), claims_first };
    (Journal::new(Watched::new(store.clone(), Arc::new(slow))).lease(LEASE), store, world)
}

#[tokio::test]
async fn a_run_that_is_being_claimed_does_not_begin() {
    for claims_first in [false, true] {
        let (journal, store, world) = slow(claims_first);
        let (shared, its) = (Arc::clone(&world), journal.clone());
        let run = tokio::spawn(async move { its.run("one", checkout(&shared, 1)).await });
        world.begun.notified().await;
        let ((), ()) = tokio::join!(journal.close(), async { world.goes_on.notify_one() });
        assert!(is_closed(&run.await.unwrap()));
        assert!(is_free(&store, "one").await);
        assert!(world.taken().is_empty());
    }
}

/// Most stores do what they were asked for, also where the answer is not waited for any longer.
#[tokio::test]
async fn a_claim_that_nobody_waits_for_is_given_up() {
    for claims_first in [false, true] {
        let (journal, store, world) = slow(claims_first);
        {
            let mut run = pin!(journal.run("one", checkout(&world, 1)));
            let claiming = world.begun.notified();
            tokio::select! {
                came = &mut run => panic!("{came:?}"),
                () = claiming => {}
            }
        }
        world.goes_on.notify_one();
        journal.close().await;
        assert!(is_free(&store, "one").await);
        assert!(world.taken().is_empty());
    }
}

/// `resume_all` waits for the lease of a process that has died, and no longer than until its journal is closed.
#[tokio::test]
async fn who_waits_for_a_lease_waits_no_longer() {
    let (store, world) = (MemoryStore::new(), Arc::new(World::default()));
    let before = Journal::new(store.clone());
    started(&before, &world, "one").await.abort();
    drop(before);
    while !is_free(&store, "one").await {
        yield_now().await;
    }
    let stored = store.run("one").await.unwrap().unwrap();
    let run = NewRun::new(stored.id, stored.workflow, stored.inputs, stored.graph);
    let claim = Claim::new("dead", LEASE);
    let claimed = store.claim(&run, &claim).await.unwrap();
    assert!(matches!(claimed, Claimed::Held { .. }));

    let journal = Journal::new(store);
    let mut all = pin!(checkout::resume_all(&journal, &world));
    for _ in 0..100 {
        let polled = poll_once(all.as_mut());
        assert!(polled.is_pending());
        yield_now().await;
    }
    journal.close().await;
    let all = all.await.unwrap();
    assert!(matches!(&all[..], [(_, came)] if is_closed(came)), "{all:?}");
}

fn poll_once<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

/// Never answers when a lease is given up.
struct Silent;

impl Watch for Silent {
    fn before<'a>(&'a self, call: &'a Call) -> Pause<'a> {
        Box::pin(async { if call.method == Method::Release { pending().await } else { Ok(()) } })
    }

    fn after<'a>(&'a self, _: &'a Call) -> Pause<'a> {
        Box::pin(async { Ok(()) })
    }
}

#[tokio::test(start_paused = true)]
async fn a_store_that_does_not_answer_is_not_waited_for_for_ever() {
    let (store, world) = (MemoryStore::new(), Arc::new(World::default()));
    let journal = Journal::new(Watched::new(store, Arc::new(Silent)));
    let run = started(&journal, &world, "one").await;
    journal.close().await;
    assert!(is_closed(&run.await.unwrap()));
}
