//! What the code of a step, events and reports know of the durable run.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::time::timeout;
use workflow_durable_tests::{Call, Method, Pause, Watch, Watched};
use workflow_journal::{MemoryStore, StoreError};
use workflow_runtime::{
    Event, EventKind, Journal, Observer, Recorder, Run, StepError, attempt, idempotency_key,
    run_id, step, step_path, workflow,
};

/// What is known at some place: the run's id, the path, and the attempt.
fn here() -> String {
    let or_nothing =
        |text: Option<Arc<str>>| text.map_or_else(|| "-".to_owned(), |text| text.to_string());
    let attempt = attempt().map_or_else(|| "-".to_owned(), |number| number.to_string());
    format!("{} {} {attempt}", or_nothing(run_id()), or_nothing(step_path()))
}

#[step]
async fn look() -> String {
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

#[step]
async fn look_outside() -> Vec<String> {
    let task = tokio::spawn(async { here() }).await.unwrap();
    let thread = tokio::task::spawn_blocking(here).await.unwrap();
    vec![here(), task, thread]
}

/// A step that awaits others is one step; one that has attempts does not take its caller's.
#[step]
async fn look_deeper() -> Vec<String> {
    let once = look_again().await.unwrap_or_else(|error| error.to_string());
    vec![look().await, inner().await, look_in_task().await, once]
}

#[step(spawn, retry(max_attempts = 2, backoff = none))]
async fn look_again() -> Result<String, StepError> {
    Ok(here())
}

workflow! {
    async fn inner() -> String {
        let deep = look_in_task().await;
        deep
    }

    #[durable]
    async fn everywhere() -> Result<Vec<String>, StepError> {
        let a = look().await;
        let b = look_in_task().await;
        let c = look_on_thread().await;
        let d = look_again().await?;
        let sub = inner().await;
        let pages = for page in [7_u32, 8] {
            let own = if page == 7 { look_on_thread().await } else { look().await };
            own
        };
        let outside = look_outside().await;
        let deeper = look_deeper().await;
        Ok([vec![a, b, c, d, sub], pages, outside, deeper].concat())
    }
}

#[tokio::test]
async fn a_step_knows_its_run() {
    let seen = Journal::memory().run("one", everywhere()).await.unwrap();
    let wanted = [
        "one a 1",
        "one b 1",
        "one c 1",
        "one d 1",
        "one sub.deep 1",
        "one pages[0].own.look_on_thread 1",
        "one pages[1].own.look 1",
        "one outside 1",
        "- - -",
        "- - -",
        "one deeper 1",
        "one deeper 1",
        "one deeper 1",
        "one - -",
    ];
    assert_eq!(seen, wanted);
}

#[tokio::test]
async fn without_a_journal_there_is_no_id() {
    assert!(everywhere().await.unwrap().iter().all(|seen| seen == "- - -"));
    let seen = Run::new().execute(everywhere()).await.unwrap();
    assert_eq!(seen[0], "- a 1");
    assert!(seen.iter().all(|seen| seen.starts_with("- ")), "{seen:?}");
    assert_eq!(here(), "- - -");
}

workflow! {
    /// The run's id is the same at each start, so that a plain value may name it.
    #[durable]
    async fn named() -> Result<String, StepError> {
        let name = run_id().map(|id| id.to_string()).unwrap_or_default();
        let greeting = greet(&name).await;
        Ok(greeting)
    }
}

#[step]
async fn greet(name: &str) -> String {
    format!("hello {name}")
}

#[tokio::test]
async fn a_plain_value_knows_the_run_and_no_step() {
    assert_eq!(Journal::memory().run("one", named()).await.unwrap(), "hello one");
    assert_eq!(named().await.unwrap(), "hello ");
}

#[derive(Default)]
struct Seen(Mutex<Vec<String>>);

impl Seen {
    fn note(&self) {
        self.0.lock().unwrap().push(here());
    }

    fn taken(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

#[step]
async fn reserve() -> Result<u32, StepError> {
    Ok(1)
}

#[step(retry(max_attempts = 2, backoff = none))]
async fn release(seen: &Seen, stock: &u32) -> Result<(), StepError> {
    let _ = stock;
    seen.note();
    if attempt() == Some(2) { Ok(()) } else { Err(StepError::retryable("busy")) }
}

#[step]
async fn refuse() -> Result<u32, StepError> {
    Err(StepError::permanent("no"))
}

workflow! {
    #[durable]
    async fn buy(seen: &Seen) -> Result<u32, StepError> {
        let items = for item in [1_u32, 2] {
            #[compensate(release(seen, &stock))]
            let stock = reserve().await?;
            item + stock
        };
        #[after(items)]
        let refused = refuse().await?;
        Ok(refused)
    }
}

#[tokio::test]
async fn what_undoes_a_step_knows_it() {
    let seen = Seen::default();
    Journal::memory().run("one", buy(&seen)).await.unwrap_err();
    let mut seen = seen.taken();
    seen.sort();
    assert_eq!(
        seen,
        [
            "one items[0].stock 1",
            "one items[0].stock 2",
            "one items[1].stock 1",
            "one items[1].stock 2"
        ]
    );
}

/// A process that dies cannot give its leases up.
struct Deadly;

impl Watch for Deadly {
    fn before<'a>(&'a self, call: &'a Call) -> Pause<'a> {
        let dies = call.method == Method::Release;
        Box::pin(async move {
            if dies { Err(StoreError::LeaseLost { run: "one".to_owned() }) } else { Ok(()) }
        })
    }

    fn after<'a>(&'a self, _: &'a Call) -> Pause<'a> {
        Box::pin(async { Ok(()) })
    }
}

/// Fails twice, and hangs in the third attempt of the first process.
#[step(retry(max_attempts = 4, backoff = none))]
async fn charge(seen: &Seen, begun: &AtomicU32) -> Result<String, StepError> {
    seen.note();
    match begun.fetch_add(1, Ordering::Relaxed) {
        0 | 1 => Err(StepError::retryable("busy")),
        2 => std::future::pending().await,
        3 => Err(StepError::retryable("busy again")),
        _ => Ok(idempotency_key()),
    }
}

workflow! {
    #[durable]
    async fn pay(seen: &Seen, begun: &AtomicU32) -> Result<String, StepError> {
        let first = look().await;
        let payment = charge(seen, begun).await?;
        Ok(format!("{payment}, {first}"))
    }
}

/// The events that a recorder has, with the run's id.
fn told(recorder: &Recorder) -> Vec<String> {
    let events = recorder.events();
    let told = events.iter().map(|Event { run_id, path, kind, .. }| {
        let kind = match kind {
            EventKind::Completed { attempts, .. } => format!("Completed after {attempts}"),
            EventKind::Retrying { attempt, .. } => format!("Retrying after {attempt}"),
            kind => {
                let kind = format!("{kind:?}");
                kind.split([' ', '{']).next().unwrap_or_default().to_owned()
            }
        };
        format!("{} {path} {kind}", run_id.as_deref().unwrap_or("-"))
    });
    told.collect()
}

#[tokio::test]
async fn attempts_go_on_after_a_crash_and_so_does_the_id() {
    let journal = Journal::new(Watched::new(MemoryStore::new(), Arc::new(Deadly)));
    let (seen, begun) = (Seen::default(), AtomicU32::new(0));
    let process = || {
        let recorder = Recorder::new();
        (journal.clone().observe(recorder.clone()), recorder)
    };
    let (journal, recorder) = process();
    timeout(Duration::from_millis(50), journal.run("one", pay(&seen, &begun))).await.unwrap_err();
    assert_eq!(seen.taken(), ["one payment 1", "one payment 2", "one payment 3"]);
    let first = told(&recorder);
    assert!(first.iter().all(|event| event.starts_with("one ")), "{first:?}");
    assert!(first.contains(&"one payment Retrying after 2".to_owned()), "{first:?}");

    let (journal, recorder) = process();
    let paid = journal.run("one", pay(&seen, &begun)).await.unwrap();
    assert_eq!(paid, "one/payment, one first 1");
    // The attempt that was cut off has been taken up again, under its own number.
    assert_eq!(seen.taken(), ["one payment 3", "one payment 4"]);
    assert_eq!(
        told(&recorder),
        [
            "one  WorkflowStarted",
            "one first Replayed",
            "one payment Started",
            "one payment Retrying after 3",
            "one payment Completed after 4",
            "one  WorkflowFinished",
        ]
    );
}

#[tokio::test]
async fn a_report_says_which_run_it_is_of() {
    let recorder = Recorder::new();
    let journal = Journal::memory().observe(recorder.clone());
    let (one, two) =
        tokio::join!(journal.run("cart-1", everywhere()), journal.run("cart-2", everywhere()));
    one.unwrap();
    two.unwrap();
    for id in ["cart-1", "cart-2"] {
        let report = recorder.report_of(id);
        assert_eq!(report.run_id(), Some(id));
        // Those of one run, though both were going on.
        assert_eq!(report.steps().iter().filter(|step| &*step.path == "a").count(), 1);
        assert_eq!(report.totals().completed, 10);
        assert!(report.to_string().starts_with(&format!("everywhere (run {id}) completed in ")));
        let page = report.to_html();
        assert!(page.contains(&format!("<title>everywhere (run {id}) completed in ")), "{page}");
    }
    assert_eq!(recorder.report().run_id(), Some("cart-2"), "it has started last");
    assert_eq!(recorder.report().totals().completed, 10);
    recorder.assert_ran(["a", "sub.deep"]);
    assert_eq!(recorder.report_of("cart-3").run_id(), None);

    let recorder = Recorder::new();
    Run::new().observe(recorder.clone()).execute(everywhere()).await.unwrap();
    assert_eq!(recorder.report().run_id(), None);
    assert!(recorder.report().to_string().starts_with("everywhere completed in "));
}

#[tokio::test]
async fn an_id_can_do_nothing_to_the_reader_of_a_report() {
    let recorder = Recorder::new();
    let id = "<b>\u{202e}";
    Journal::memory().observe(recorder.clone()).run(id, named()).await.unwrap();
    assert_eq!(recorder.report().run_id(), Some(id));
    let (text, page) = (recorder.report().to_string(), recorder.report().to_html());
    assert!(text.starts_with(r"named (run <b>\u{202e}) completed"), "{text}");
    assert!(!page.contains("<b>") && !page.contains('\u{202e}'), "{page}");
}

/// Each event of one run, whoever tells it, has the id.
#[tokio::test]
async fn no_event_of_a_durable_run_is_without_its_id() {
    struct Ids(Mutex<Vec<Option<Arc<str>>>>);
    impl Observer for Ids {
        fn on_event(&self, event: &Event) {
            self.0.lock().unwrap().push(event.run_id.clone());
        }
    }
    let ids = Arc::new(Ids(Mutex::default()));
    let journal = Journal::memory().observe(Arc::clone(&ids));
    journal.run("one", buy(&Seen::default())).await.unwrap_err();
    let ids = ids.0.lock().unwrap();
    assert!(ids.len() > 10);
    assert!(ids.iter().all(|id| id.as_deref() == Some("one")), "{ids:?}");
}
