//! What the code of a step can ask: its path and which attempt it is.

use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use tokio::time::timeout;
use workflow_runtime::{
    Event, Observer, Run, StepError, TimedOut, attempt, run_id, step, step_path, workflow,
};

/// What is known at some place: the path, and the attempt.
fn here() -> String {
    assert_eq!(run_id(), None, "no journal runs it");
    match (step_path(), attempt()) {
        (Some(path), Some(attempt)) => format!("{path} {attempt}"),
        (None, None) => "nothing".to_owned(),
        odd => panic!("{odd:?}"),
    }
}

#[derive(Clone, Default)]
struct Seen(Arc<Mutex<Vec<String>>>);

impl Seen {
    fn note(&self, place: String) {
        self.0.lock().unwrap().push(place);
    }

    fn taken(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

#[step]
async fn look() -> String {
    tokio::task::yield_now().await;
    here()
}

#[step(spawn)]
async fn look_in_task() -> String {
    tokio::task::yield_now().await;
    here()
}

#[step(blocking)]
fn look_on_thread() -> String {
    here()
}

/// What a step starts by itself is outside of it.
#[step]
async fn look_outside() -> [String; 3] {
    let task = tokio::spawn(async { here() }).await.unwrap();
    let thread = tokio::task::spawn_blocking(here).await.unwrap();
    [here(), task, thread]
}

workflow! {
    async fn inner(item: u32) -> (u32, String) {
        let deep = look_in_task().await;
        (item, deep)
    }

    async fn everywhere() -> Vec<String> {
        let a = look().await;
        let b = look_in_task().await;
        let c = look_on_thread().await;
        let pages = for page in [7, 8] {
            let (_, sub) = inner(page).await;
            let own = if page == 7 { look_on_thread().await } else { look().await };
            [sub, own]
        };
        let plain = here();
        [vec![a, b, c], pages.concat(), vec![plain]].concat()
    }
}

#[tokio::test]
async fn a_step_knows_its_path() {
    let seen = Run::new().execute(everywhere()).await;
    let wanted = [
        "a 1",
        "b 1",
        "c 1",
        "pages[0].inner.deep 1",
        "pages[0].own.look_on_thread 1",
        "pages[1].inner.deep 1",
        "pages[1].own.look 1",
        "nothing",
    ];
    assert_eq!(seen, wanted);
}

#[tokio::test]
async fn the_path_is_that_of_the_events() {
    struct Paths(Seen);
    impl Observer for Paths {
        fn on_event(&self, event: &Event) {
            assert_eq!(event.run_id, None);
            if matches!(event.kind, workflow_runtime::EventKind::Completed { .. }) {
                self.0.note(format!("{} 1", event.path));
            }
        }
    }
    let told = Seen::default();
    let seen = Run::new().observe(Paths(told.clone())).execute(everywhere()).await;
    let mut seen: Vec<_> = seen.into_iter().filter(|place| place != "nothing").collect();
    let mut told: Vec<_> = told.taken();
    told.retain(|path| !path.ends_with("inner 1"));
    seen.sort();
    told.sort();
    assert_eq!(seen, told);
}

#[tokio::test]
async fn a_call_without_a_run_knows_nothing_and_says_so() {
    assert_eq!(everywhere().await, ["nothing"; 8]);
    assert_eq!(look_in_task().await, "nothing");
    assert_eq!(here(), "nothing");
}

#[tokio::test]
async fn a_single_step_has_its_own_name() {
    assert_eq!(Run::new().execute(look()).await, "look 1");
    assert_eq!(Run::new().execute(look_on_thread()).await, "look_on_thread 1");
}

#[tokio::test]
async fn what_a_step_starts_by_itself_is_outside() {
    assert_eq!(Run::new().execute(look_outside()).await, ["look_outside 1", "nothing", "nothing"]);
}

#[step(retry(max_attempts = 3, backoff = none))]
async fn thrice(seen: &Seen) -> Result<u32, StepError> {
    seen.note(here());
    tokio::task::yield_now().await;
    seen.note(here());
    if attempt() == Some(3) { Ok(3) } else { Err(StepError::retryable("busy")) }
}

#[step(spawn, retry(max_attempts = 3, backoff = none))]
async fn thrice_in_task(seen: Seen) -> Result<u32, StepError> {
    seen.note(here());
    if attempt() == Some(3) { Ok(3) } else { Err(StepError::retryable("busy")) }
}

#[step(blocking, timeout = "10s", retry(max_attempts = 2, backoff = constant("1ms")))]
fn twice_on_thread(seen: Seen) -> Result<u32, StepError> {
    seen.note(here());
    if attempt() == Some(2) { Ok(2) } else { Err(StepError::retryable("busy")) }
}

workflow! {
    async fn again(seen: &Seen) -> Result<u32, StepError> {
        let first = thrice(seen).await?;
        #[after(first)]
        let second = thrice_in_task(seen.clone()).await?;
        #[after(second)]
        let third = twice_on_thread(seen.clone()).await?;
        Ok(first + second + third)
    }
}

#[tokio::test]
async fn each_attempt_has_its_number() {
    let seen = Seen::default();
    assert_eq!(Run::new().execute(again(&seen)).await.unwrap(), 8);
    let wanted = [
        "first 1", "first 1", "first 2", "first 2", "first 3", "first 3", "second 1", "second 2",
        "second 3", "third 1", "third 2",
    ];
    assert_eq!(seen.taken(), wanted);
}

#[derive(Debug)]
struct Trouble;

impl From<TimedOut> for Trouble {
    fn from(_: TimedOut) -> Self {
        Self
    }
}

/// The first attempt is given up while it runs, and looks when it is.
#[step(
    blocking,
    timeout = "20ms",
    deadline = "10s",
    retry(max_attempts = 2, backoff = none, when = |_| true),
)]
fn late(seen: Seen, goes_on: Arc<Mutex<mpsc::Receiver<()>>>) -> Result<(), Trouble> {
    if attempt() == Some(1) {
        goes_on.lock().unwrap().recv_timeout(Duration::from_secs(5)).expect("it is told to go on");
    }
    seen.note(here());
    Ok(())
}

#[tokio::test]
async fn a_late_attempt_keeps_its_number_while_the_next_one_is_awaited() {
    struct GoOn(Mutex<mpsc::Sender<()>>);
    impl Observer for GoOn {
        fn on_event(&self, event: &Event) {
            if matches!(event.kind, workflow_runtime::EventKind::Retrying { .. }) {
                self.0.lock().unwrap().send(()).unwrap();
            }
        }
    }
    let (seen, (go_on, goes_on)) = (Seen::default(), mpsc::channel());
    let run = Run::new().observe(GoOn(Mutex::new(go_on)));
    run.execute(late(seen.clone(), Arc::new(Mutex::new(goes_on)))).await.unwrap();
    assert_eq!(seen.taken(), ["late 1", "late 2"]);
}

#[step]
async fn reserve() -> Result<u32, StepError> {
    Ok(1)
}

#[step(retry(max_attempts = 2, backoff = none))]
async fn release(seen: &Seen, _stock: &u32) -> Result<(), StepError> {
    seen.note(here());
    if attempt() == Some(2) { Ok(()) } else { Err(StepError::retryable("busy")) }
}

#[step(spawn)]
async fn forget(seen: Seen) -> Result<(), StepError> {
    seen.note(here());
    Ok(())
}

#[step]
async fn refuse() -> Result<u32, StepError> {
    Err(StepError::permanent("no"))
}

workflow! {
    async fn buy(seen: &Seen) -> Result<u32, StepError> {
        #[compensate(release(seen, &stock))]
        let stock = reserve().await?;
        #[after(stock)]
        #[compensate(forget(seen.clone()))]
        let note = reserve().await?;
        #[after(note)]
        let refused = refuse().await?;
        Ok(stock + note + refused)
    }
}

#[tokio::test]
async fn what_undoes_a_step_has_its_path_and_attempts_of_its_own() {
    let seen = Seen::default();
    Run::new().execute(buy(&seen)).await.unwrap_err();
    assert_eq!(seen.taken(), ["note 1", "stock 1", "stock 2"]);
}

/// A step that is awaited in another one's code is a part of that, unless it has attempts.
#[step(retry(max_attempts = 2, backoff = none))]
async fn awaits_others(seen: &Seen) -> Result<(), StepError> {
    seen.note(look().await);
    seen.note(inner(1).await.1);
    let _ = thrice(seen).await;
    if attempt() == Some(1) { Err(StepError::retryable("busy")) } else { Ok(()) }
}

#[tokio::test]
async fn what_a_step_awaits_is_a_part_of_it() {
    let seen = Seen::default();
    Run::new().execute(awaits_others(&seen)).await.unwrap();
    let mut wanted = vec!["awaits_others 1"; 2];
    wanted.extend(["nothing"; 6]);
    wanted.extend(["awaits_others 2"; 2]);
    wanted.extend(["nothing"; 6]);
    assert_eq!(seen.taken(), wanted);
}

/// Looks when it is dropped.
struct OnDrop(Seen);

impl Drop for OnDrop {
    fn drop(&mut self) {
        self.0.note(here());
    }
}

#[step(spawn)]
async fn hang_in_task(seen: Seen) {
    let _held = OnDrop(seen);
    std::future::pending::<()>().await;
}

#[tokio::test(start_paused = true)]
async fn a_task_that_is_aborted_is_dropped_as_its_step() {
    let seen = Seen::default();
    let run = Run::new().execute(hang_in_task(seen.clone()));
    timeout(Duration::from_secs(1), run).await.unwrap_err();
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(seen.taken(), ["hang_in_task 1"]);
}
