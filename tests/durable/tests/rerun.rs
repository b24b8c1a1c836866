//! Runs that run again from a step: exactly what depends on it runs, and the result is that of a run
//! with the new code from the start.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use workflow_durable_tests::{Call, Pause, Watch, Watched};
use workflow_journal::{JournalStore, Kind, MemoryStore, StoredState};
use workflow_runtime::{
    Journal, JournalError, Recorder, RerunPlan, StepError, StoreError, idempotency_key, step,
    workflow,
};

/// What the steps do: each one returns its inputs plus what its version adds.
#[derive(Default)]
struct World {
    versions: Mutex<BTreeMap<&'static str, u32>>,
    ran: Mutex<Vec<String>>,
    fails: Mutex<Option<&'static str>>,
}

impl World {
    fn act(&self, name: &'static str, sum: u32) -> Result<u32, StepError> {
        let key = idempotency_key();
        self.ran.lock().unwrap().push(key.split_once('/').unwrap().1.to_owned());
        if *self.fails.lock().unwrap() == Some(name) {
            return Err(StepError::permanent(name));
        }
        Ok(sum + self.versions.lock().unwrap().get(name).copied().unwrap_or_default())
    }

    fn mend(&self, name: &'static str) {
        self.versions.lock().unwrap().insert(name, 1000);
    }

    fn fail(&self, name: Option<&'static str>) {
        *self.fails.lock().unwrap() = name;
    }

    /// What has run since the last call, in alphabetical order.
    fn ran(&self) -> Vec<String> {
        let mut ran = std::mem::take(&mut *self.ran.lock().unwrap());
        ran.sort();
        ran
    }
}

#[step]
async fn a(world: &World, number: u32) -> Result<u32, StepError> {
    world.act("a", number)
}

#[step]
async fn b(world: &World, a: &u32) -> Result<u32, StepError> {
    world.act("b", a + 1)
}

#[step]
async fn c(world: &World, a: &u32) -> Result<u32, StepError> {
    world.act("c", a + 2)
}

#[step]
async fn d(world: &World, x: u32, y: u32) -> Result<u32, StepError> {
    world.act("d", x + y)
}

#[step]
async fn item(world: &World, n: u32) -> Result<u32, StepError> {
    world.act("item", n)
}

#[step]
async fn seal(world: &World, n: &u32) -> Result<u32, StepError> {
    world.act("seal", *n)
}

#[step]
async fn undo(world: &World, name: &str) -> Result<(), StepError> {
    world.act("undo", 0)?;
    world.ran.lock().unwrap().push(format!("undo {name}"));
    Ok(())
}

workflow! {
    #[durable]
    async fn diamond(world: &World, number: u32) -> Result<u32, StepError> {
        let first = a(world, number).await?;
        let left = b(world, &first).await?;
        let right = c(world, &first).await?;
        let sum = left + right;
        let last = d(world, sum, 0).await?;
        let aside = c(world, &right).await?;
        Ok(last + aside)
    }

    #[durable]
    async fn boxes(world: &World, numbers: Vec<u32>) -> Result<u32, StepError> {
        let first = a(world, 1).await?;
        let packed = for n in numbers {
            let one = item(world, n).await?;
            let sealed = seal(world, &one).await?;
            sealed
        };
        let total: u32 = packed.iter().sum();
        let last = d(world, total, first).await?;
        Ok(last)
    }

    #[durable]
    async fn arms(world: &World, number: u32) -> Result<u32, StepError> {
        let first = a(world, number).await?;
        let high = first > 500;
        let found = if high {
            let up = b(world, &first).await?;
            up
        } else {
            let down = c(world, &first).await?;
            down
        };
        let last = d(world, found, 0).await?;
        Ok(last)
    }

    #[durable]
    async fn outer(world: &World, number: u32) -> Result<u32, StepError> {
        let first = a(world, number).await?;
        let inner = diamond(world, first).await?;
        let last = d(world, inner, first).await?;
        Ok(last)
    }

    #[durable]
    async fn blocks(world: &World, number: u32) -> Result<u32, StepError> {
        let left = {
            let one = a(world, number).await?;
            one
        };
        let right = {
            let two = b(world, &left).await?;
            let other = c(world, &number).await?;
            two + other
        };
        Ok(right)
    }

    #[durable]
    async fn saga(world: &World, number: u32) -> Result<u32, StepError> {
        #[compensate(undo(world, "first"))]
        let first = a(world, number).await?;
        let second = b(world, &first).await?;
        #[compensate(undo(world, "third"))]
        let third = c(world, &number).await?;
        let last = d(world, second, third).await?;
        Ok(last)
    }
}

fn journal() -> (MemoryStore, Journal) {
    let store = MemoryStore::new();
    (store.clone(), Journal::new(store))
}

fn paths(plan: &RerunPlan) -> Vec<&str> {
    plan.runs.iter().map(|step| &*step.path).collect()
}

/// What a run with the code as it is now comes to, from the start.
macro_rules! from_the_start {
    ($workflow:ident, $world:expr, $input:expr) => {{
        let result = Journal::memory().run("new", $workflow($world, $input)).await.unwrap();
        $world.ran();
        result
    }};
}

#[tokio::test(start_paused = true)]
async fn exactly_what_depends_on_it_runs_again() {
    for (from, mended, again) in [
        ("first", "a", &["aside", "first", "last", "left", "right"][..]),
        ("left", "b", &["last", "left"]),
        ("right", "c", &["aside", "last", "right"]),
        ("last", "d", &["last"]),
    ] {
        let ((_, journal), world) = (journal(), World::default());
        journal.run("run", diamond(&world, 7)).await.unwrap();
        world.ran();
        world.mend(mended);
        let run = diamond::handle(&journal, "run");
        let plan = run.rerun_from(from).plan().await.unwrap();
        let mut planned = paths(&plan);
        planned.sort_unstable();
        assert_eq!(planned, again);
        assert_eq!(plan.kept.len(), 5 - again.len());
        assert_eq!(run.result().await.unwrap(), 7 + 7 + 1 + 2 + 7 + 4, "a plan changes nothing");

        let recorder = Recorder::new();
        let observed = journal.clone().observe(recorder.clone());
        assert_eq!(run.rerun_from(from).start().await.unwrap(), plan);
        assert_eq!(world.ran(), [""; 0], "nothing runs here");
        let ended = diamond::resume_all(&observed, &world).await.unwrap();
        assert_eq!(world.ran(), again);
        // `c` is called by two steps, of which the one that was not named keeps its output.
        if from != "right" {
            let whole = from_the_start!(diamond, &world, 7);
            assert!(matches!(&ended[..], [(_, Ok(result))] if *result == whole), "{ended:?}");
        }
        assert_eq!(recorder.completed_steps().len(), again.len());

        // It has run, and does not run once more.
        run.retry().await.unwrap_err();
        diamond::resume_all(&journal, &world).await.unwrap();
        journal.run("run", diamond(&world, 7)).await.unwrap();
        assert_eq!(world.ran(), [""; 0]);
    }
}

#[tokio::test(start_paused = true)]
async fn items_run_again_one_by_one_or_all() {
    for (from, again) in [
        ("packed[1].one", &["last", "packed[1].one", "packed[1].sealed"][..]),
        ("packed[1]", &["last", "packed[1].one", "packed[1].sealed"]),
        ("packed.sealed", &["last", "packed[0].sealed", "packed[1].sealed", "packed[2].sealed"]),
        (
            "packed",
            &[
                "last",
                "packed[0].one",
                "packed[0].sealed",
                "packed[1].one",
                "packed[1].sealed",
                "packed[2].one",
                "packed[2].sealed",
            ],
        ),
        ("first", &["first", "last"]),
    ] {
        let ((_, journal), world) = (journal(), World::default());
        journal.run("run", boxes(&world, vec![1, 2, 3])).await.unwrap();
        world.ran();
        let run = boxes::handle(&journal, "run");
        let plan = run.rerun_from(from).start().await.unwrap();
        let mut planned = paths(&plan);
        planned.sort_unstable();
        assert_eq!(planned, again);
        boxes::resume(&journal, "run", &world).await.unwrap();
        assert_eq!(world.ran(), again, "from {from}");
        assert_eq!(run.result().await.unwrap(), 7);
    }
}

/// The choice may come out differently, and then the other arm runs.
#[tokio::test(start_paused = true)]
async fn another_arm_can_be_chosen() {
    let ((_, journal), world) = (journal(), World::default());
    journal.run("run", arms(&world, 7)).await.unwrap();
    assert_eq!(world.ran(), ["first", "found.down", "last"]);
    world.mend("a");
    let run = arms::handle(&journal, "run");
    run.rerun_from("first").start().await.unwrap();
    arms::resume(&journal, "run", &world).await.unwrap();
    assert_eq!(world.ran(), ["first", "found.up", "last"]);
    let whole = from_the_start!(arms, &world, 7);
    assert_eq!(run.result().await.unwrap(), whole);

    // Everything in a branch, by the name of the branch.
    let plan = run.rerun_from("found").start().await.unwrap();
    assert_eq!(paths(&plan), ["found.down", "found.up", "last"]);
    arms::resume(&journal, "run", &world).await.unwrap();
    assert_eq!(world.ran(), ["found.up", "last"]);
}

/// A step depends on what is in the block beside its own, and not on what only the result of its own
/// block is made of.
#[tokio::test(start_paused = true)]
async fn blocks_depend_on_each_other() {
    let ((_, journal), world) = (journal(), World::default());
    journal.run("run", blocks(&world, 7)).await.unwrap();
    world.ran();
    world.mend("a");
    let run = blocks::handle(&journal, "run");
    let plan = run.rerun_from("left.one").start().await.unwrap();
    assert_eq!(paths(&plan), ["left.one", "right.two"]);
    blocks::resume(&journal, "run", &world).await.unwrap();
    assert_eq!(world.ran(), ["left.one", "right.two"]);
    let whole = from_the_start!(blocks, &world, 7);
    assert_eq!(run.result().await.unwrap(), whole);
}

#[tokio::test(start_paused = true)]
async fn a_called_workflow_runs_again_as_a_whole() {
    let ((_, journal), world) = (journal(), World::default());
    journal.run("run", outer(&world, 7)).await.unwrap();
    world.ran();
    let run = outer::handle(&journal, "run");
    let error = run.rerun_from("inner.left").plan().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "run `run` cannot run again from `inner.left`: it is inside the call of a workflow: run \
         again from `inner`"
    );
    run.rerun_from("inner").start().await.unwrap();
    outer::resume(&journal, "run", &world).await.unwrap();
    let inner = ["inner.aside", "inner.first", "inner.last", "inner.left", "inner.right", "last"];
    assert_eq!(world.ran(), inner);

    // What it is given can be different.
    world.mend("a");
    let plan = run.rerun_from("first").start().await.unwrap();
    assert_eq!(plan.kept, [""; 0]);
    outer::resume(&journal, "run", &world).await.unwrap();
    assert_eq!(world.ran().len(), 7);
    let whole = from_the_start!(outer, &world, 7);
    assert_eq!(run.result().await.unwrap(), whole);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_run_again_changes_nothing() {
    let ((store, journal), world) = (journal(), World::default());
    journal.run("run", diamond(&world, 7)).await.unwrap();
    let before = (store.run("run").await.unwrap(), store.records("run").await.unwrap());
    let run = diamond::handle(&journal, "run");
    for (from, problem) in [
        ("lft", "the workflow has no such step: did you mean `left`?"),
        ("", "the workflow has no such step"),
        ("entirely", "the workflow has no such step"),
        ("left.inner", "it is inside the call of a workflow: run again from `left`"),
        ("sum", "it is a plain value, which is not recorded"),
    ] {
        let rerun = run.rerun_from(from);
        let wanted = format!("run `run` cannot run again from `{from}`: {problem}");
        assert_eq!(rerun.plan().await.unwrap_err().to_string(), wanted);
        assert_eq!(rerun.start().await.unwrap_err().to_string(), wanted);
    }
    let unknown = diamond::handle(&journal, "unknown").rerun_from("left").start().await;
    assert_eq!(unknown.unwrap_err().to_string(), "there is no run `unknown`");
    let other = outer::handle(&journal, "run").rerun_from("inner").start().await.unwrap_err();
    assert!(matches!(other, JournalError::OtherWorkflow { .. }), "{other}");
    assert_eq!((store.run("run").await.unwrap(), store.records("run").await.unwrap()), before);

    world.fail(Some("c"));
    journal.run("failed", diamond(&world, 7)).await.unwrap_err();
    let error = diamond::handle(&journal, "failed").rerun_from("last").start().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "run `failed` cannot run again from `last`: the step has not completed, so nothing has to \
         run again"
    );

    // A run that a process works on.
    let other = Journal::new(store.clone());
    world.fail(None);
    let waits = workflow_runtime::store::Claim::new("host-7", Duration::from_secs(60));
    store.reopen("run", &waits).await.unwrap();
    let error = diamond::handle(&other, "run").rerun_from("left").start().await.unwrap_err();
    assert!(matches!(error, JournalError::Busy { .. }), "{error}");
}

/// What would have to be undone first is not run again; what depends on nothing undone is.
#[tokio::test(start_paused = true)]
async fn a_step_with_a_compensation_does_not_run_again() {
    let ((store, journal), world) = (journal(), World::default());
    journal.run("run", saga(&world, 7)).await.unwrap();
    world.ran();
    let run = saga::handle(&journal, "run");
    let error = run.rerun_from("first").start().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "run `run` cannot run again from `first`: step `first` would run again and has to be undone \
         first, and a run can only be undone as a whole: `cancel` does that"
    );
    world.mend("b");
    run.rerun_from("second").start().await.unwrap();
    saga::resume(&journal, "run", &world).await.unwrap();
    assert_eq!(world.ran(), ["last", "second"]);

    // If it fails now, everything is undone, what was kept as well.
    run.rerun_from("second").start().await.unwrap();
    world.fail(Some("d"));
    saga::resume(&journal, "run", &world).await.unwrap_err();
    let undone = world.ran();
    assert!(undone.contains(&"undo first".to_owned()), "{undone:?}");
    assert!(undone.contains(&"undo third".to_owned()), "{undone:?}");
    assert_eq!(run.status().await.unwrap().state, StoredState::Failed);

    // After it was undone, everything runs again anyway.
    world.fail(None);
    run.retry().await.unwrap();
    saga::resume(&journal, "run", &world).await.unwrap();
    assert_eq!(world.ran(), ["first/2", "last", "second", "third/2"]);
    let whole = from_the_start!(saga, &world, 7);
    assert_eq!(run.result().await.unwrap(), whole);
    assert!(store.records("run").await.unwrap().iter().any(|record| record.kind == Kind::Rerun));
}

/// A failed run that had undone something goes forward, and not on undoing.
#[tokio::test(start_paused = true)]
async fn a_failed_run_runs_again_from_an_earlier_step() {
    let ((_, journal), world) = (journal(), World::default());
    world.fail(Some("d"));
    journal.run("run", saga(&world, 7)).await.unwrap_err();
    world.ran();
    world.fail(None);
    world.mend("b");
    let run = saga::handle(&journal, "run");
    run.rerun_from("second").start().await.unwrap();
    saga::resume(&journal, "run", &world).await.unwrap();
    assert_eq!(world.ran(), ["first/2", "last", "second", "third/2"]);
    let whole = from_the_start!(saga, &world, 7);
    assert_eq!(run.result().await.unwrap(), whole);
}

/// A cancelled run, too.
#[tokio::test(start_paused = true)]
async fn a_cancelled_run_runs_again() {
    let ((_, journal), world) = (journal(), World::default());
    world.fail(Some("d"));
    journal.run("run", diamond(&world, 7)).await.unwrap_err();
    let run = diamond::handle(&journal, "run");
    run.retry().await.unwrap();
    run.cancel().await.unwrap();
    diamond::resume_all(&journal, &world).await.unwrap();
    assert_eq!(run.status().await.unwrap().state, StoredState::Cancelled);
    world.ran();
    world.fail(None);
    run.rerun_from("left").start().await.unwrap();
    let status = run.status().await.unwrap();
    assert_eq!((status.state, status.cancel_requested), (StoredState::Unfinished, false));
    diamond::resume_all(&journal, &world).await.unwrap();
    assert_eq!(world.ran(), ["aside", "last", "left"], "two of them had not run");
}

/// Two requests before anything runs, and a failure after the first of them is carried out.
#[tokio::test(start_paused = true)]
async fn requests_add_up() {
    let ((_, journal), world) = (journal(), World::default());
    journal.run("run", diamond(&world, 7)).await.unwrap();
    world.ran();
    let run = diamond::handle(&journal, "run");
    run.rerun_from("left").start().await.unwrap();
    run.rerun_from("aside").start().await.unwrap();
    world.fail(Some("d"));
    diamond::resume(&journal, "run", &world).await.unwrap_err();
    assert_eq!(world.ran(), ["last", "left"], "it failed before it got to the second one");
    world.fail(None);
    diamond::resume(&journal, "run", &world).await.unwrap();
    assert_eq!(world.ran(), ["aside", "last"]);
}

/// Fails from one call of the store on, before or after the call is done, as if the process had died
/// there.
struct DiesAt {
    at: usize,
    after: bool,
}

impl DiesAt {
    fn fails(&self, call: &Call, after: bool) -> Pause<'static> {
        let dead = call.number > self.at || (call.number == self.at && self.after <= after);
        Box::pin(async move {
            let refused = || StoreError::Refused {
                place: "the store".to_owned(),
                source: "the process is dead".into(),
            };
            if dead { Err(refused()) } else { Ok(()) }
        })
    }
}

impl Watch for DiesAt {
    fn before<'a>(&'a self, call: &'a Call) -> Pause<'a> {
        self.fails(call, false)
    }

    fn after<'a>(&'a self, call: &'a Call) -> Pause<'a> {
        self.fails(call, true)
    }
}

/// Wherever the request or the run after it is cut off: in the end either all of it has run again or,
/// if the request was not written, nothing; and each step that ran to its record ran once.
#[tokio::test(start_paused = true)]
async fn a_rerun_that_is_cut_off_anywhere_ends_right() {
    let (mut not_asked, mut asked) = (0, 0);
    for (at, after) in (0..60).flat_map(|at| [(at, false), (at, true)]) {
        let (store, world) = (MemoryStore::new(), World::default());
        let calm = Journal::new(store.clone());
        let old = calm.run("run", boxes(&world, vec![1, 2])).await.unwrap();
        world.ran();
        world.mend("item");
        let watched = Watched::new(store.clone(), Arc::new(DiesAt { at, after }));
        let dies = Journal::new(watched).lease(Duration::from_secs(1));
        let run = boxes::handle(&dies, "run");
        if run.rerun_from("packed.one").start().await.is_ok() {
            let _ = boxes::resume(&dies, "run", &world).await;
        }
        // Its lease is over.
        tokio::time::sleep(Duration::from_secs(2)).await;
        std::thread::sleep(Duration::from_millis(2));
        let requested = store.records("run").await.unwrap();
        let requested = requested.iter().any(|record| record.kind == Kind::Rerun);
        store_is_free(&store).await;
        boxes::resume(&calm, "run", &world).await.unwrap();
        let result = boxes::handle(&calm, "run").result().await.unwrap();
        let ran = world.ran();
        if requested {
            asked += 1;
            assert_eq!(result, old + 2000, "{at} {after}");
            let mut once = ran.clone();
            once.dedup();
            let all =
                ["last", "packed[0].one", "packed[0].sealed", "packed[1].one", "packed[1].sealed"];
            assert_eq!(once, all, "{at} {after}");
            assert!(ran.len() <= all.len() + 2, "only what was in flight ran twice: {ran:?}");
        } else {
            not_asked += 1;
            assert_eq!((result, &ran[..]), (old, &[][..]), "{at} {after}");
        }
    }
    assert!(not_asked > 5 && asked > 40, "{not_asked} {asked}");
}

/// Frees the run of a process that has died, whatever its lease says.
async fn store_is_free(store: &MemoryStore) {
    let Some((holder, _)) = store.run("run").await.unwrap().unwrap().held else { return };
    let claim = workflow_runtime::store::Claim::new(holder, Duration::ZERO);
    let claimed = store.reopen("run", &claim).await.unwrap();
    let workflow_runtime::store::Claimed::Held { epoch, .. } = claimed else { panic!() };
    store.release("run", epoch).await.unwrap();
}
