//! Errors that are looked at and not passed on are recorded as any other output.

use std::error::Error;
use std::iter::successors;
use std::sync::Mutex;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::sync::Notify;
use workflow_runtime::{
    DurableError, Journal, Recorder, StepError, TimedOut, Transient, signal, step, workflow,
};

/// What steps find outside, and what they leave there.
#[derive(Default)]
struct Desk {
    done: Mutex<Vec<String>>,
    /// Told by steps that then stand still, so that a test can drop the run there.
    stands: Notify,
    /// Whether such a step does not stand still.
    goes_on: bool,
}

impl Desk {
    /// The desk in the next process.
    fn after_crash() -> Self {
        Self { goes_on: true, ..Self::default() }
    }

    fn note(&self, what: impl Into<String>) {
        self.done.lock().unwrap().push(what.into());
    }

    async fn stand(&self) {
        if !self.goes_on {
            self.stands.notify_one();
            std::future::pending::<()>().await;
        }
    }

    fn taken(&self) -> Vec<String> {
        std::mem::take(&mut *self.done.lock().unwrap())
    }
}

/// Runs until a step stands still, and then drops the run.
async fn crash<T, E>(desk: &Desk, run: impl Future<Output = Result<T, DurableError<E>>>) {
    tokio::select! {
        biased;
        ended = run => panic!("the run came to an end: {}", ended.is_ok()),
        () = desk.stands.notified() => {}
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Approval {
    by: String,
}

#[step]
async fn print(desk: &Desk, draft: &str, by: &str) -> String {
    desk.note(format!("{draft} by {by}"));
    desk.stand().await;
    "printed".to_owned()
}

#[step]
async fn remind(desk: &Desk, late: &TimedOut) -> String {
    desk.note(format!("{late}, {:?}, {}", late.duration(), late.step()));
    desk.stand().await;
    "reminded".to_owned()
}

workflow! {
    /// Prints a draft if somebody agrees in time.
    #[durable]
    async fn publish(desk: &Desk, draft: String) -> Result<String, StepError> {
        #[timeout("3d")]
        let answer = signal::<Approval>("approval").await;
        let done = match answer {
            Ok(approval) => {
                let printed = print(desk, &draft, &approval.by).await;
                printed
            }
            Err(late) => {
                let reminded = remind(desk, &late).await;
                reminded
            }
        };
        Ok(done)
    }
}

const LATE: &str = "signal `approval` timed out after 3d, 259200s, approval";

#[tokio::test(start_paused = true)]
async fn a_time_out_is_the_same_after_a_crash() {
    let journal = Journal::memory();
    let desk = Desk::default();
    crash(&desk, journal.run("one", publish(&desk, "News".to_owned()))).await;
    assert_eq!(desk.taken(), [LATE]);

    // Too late: what the run has seen stays.
    journal.signal("one", "approval", &Approval { by: "Ada".to_owned() }).await.unwrap();
    let (desk, recorder) = (Desk::after_crash(), Recorder::new());
    let journal = journal.observe(recorder.clone());
    let start = tokio::time::Instant::now();
    assert_eq!(publish::resume(&journal, "one", &desk).await.unwrap(), "reminded");
    assert_eq!(desk.taken(), [LATE]);
    assert!(start.elapsed() < Duration::from_secs(60), "it waited once more");
    assert_eq!(recorder.skipped_steps(), ["done.printed"]);
}

#[tokio::test(start_paused = true)]
async fn an_answer_in_time_is_the_same_after_a_crash() {
    let journal = Journal::memory();
    journal.signal("one", "approval", &Approval { by: "Ada".to_owned() }).await.unwrap();
    let desk = Desk::default();
    crash(&desk, journal.run("one", publish(&desk, "News".to_owned()))).await;
    assert_eq!(desk.taken(), ["News by Ada"]);

    let desk = Desk::after_crash();
    assert_eq!(publish::resume(&journal, "one", &desk).await.unwrap(), "printed");
    assert_eq!(desk.taken(), ["News by Ada"]);
}

/// An error with a source, which has one, too.
fn refusal() -> Box<dyn Error + Send + Sync> {
    #[derive(Debug)]
    struct Load(std::num::ParseIntError);
    impl std::fmt::Display for Load {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("cannot load \"rates\"\nof today")
        }
    }
    impl Error for Load {
        fn source(&self) -> Option<&(dyn Error + 'static)> {
            Some(&self.0)
        }
    }
    Box::new(Load("seven".parse::<u8>().unwrap_err()))
}

/// What can be seen of an error.
fn seen(error: &StepError) -> String {
    let chain = successors(Some(error as &dyn Error), |&error| error.source());
    let texts: Vec<_> = chain.map(ToString::to_string).collect();
    format!("{}{texts:?}", if error.is_transient() { "transient " } else { "" })
}

#[step]
async fn work(desk: &Desk, kind: &str) -> Result<u32, StepError> {
    desk.note(format!("work {kind}"));
    match kind {
        "passes" => Err(StepError::retryable(refusal())),
        "stays" => Err(StepError::permanent(refusal())),
        "text" => Err(StepError::permanent("no paper")),
        _ => Ok(7),
    }
}

#[step(timeout = "10s")]
async fn ask(desk: &Desk) -> Result<u32, TimedOut> {
    desk.note("ask");
    std::future::pending().await
}

#[step]
async fn look(desk: &Desk, work: &Result<u32, StepError>, asked: &Result<u32, TimedOut>) -> String {
    let work = work.as_ref().map_err(seen);
    let seen = format!("{work:?}, {asked:?}");
    desk.note(seen.clone());
    desk.stand().await;
    seen
}

workflow! {
    /// Looks at what came of two steps, which may have failed.
    #[durable]
    async fn inspect(desk: &Desk, kind: String) -> Result<String, StepError> {
        let result = work(desk, &kind).await;
        let asked = ask(desk).await;
        let looked = look(desk, &result, &asked).await;
        Ok(looked)
    }
}

#[tokio::test(start_paused = true)]
async fn an_error_of_a_step_is_the_same_after_a_crash() {
    let chain = r#"["cannot load \"rates\"\nof today", "cannot load \"rates\"\nof today", "invalid digit found in string"]"#;
    for (kind, wanted) in [
        ("passes", format!("Err({:?})", format!("transient {chain}"))),
        ("stays", format!("Err({chain:?})")),
        ("text", format!("Err({:?})", r#"["no paper", "no paper"]"#)),
        ("works", "Ok(7)".to_owned()),
    ] {
        let journal = Journal::memory();
        let desk = Desk::default();
        crash(&desk, journal.run("one", inspect(&desk, kind.to_owned()))).await;
        let [work, ask, first] = desk.taken().try_into().expect("three steps ran");
        assert_eq!([&*work, &*ask], [&*format!("work {kind}"), "ask"]);
        assert!(first.starts_with(&wanted), "{first}\n{wanted}");

        let desk = Desk::after_crash();
        assert_eq!(inspect::resume(&journal, "one", &desk).await.unwrap(), first);
        assert_eq!(desk.taken(), [&*first], "what has come to an error does not run again");
    }
}

#[step]
async fn reserve(desk: &Desk, room: &str) -> Result<String, StepError> {
    desk.note(format!("reserve {room}"));
    Ok(room.to_owned())
}

#[step]
async fn free(desk: &Desk, room: &str) -> Result<(), StepError> {
    desk.note(format!("free {room}"));
    Ok(())
}

/// Fails the first time, and would not another time.
#[step]
async fn confirm(desk: &Desk, room: &str) -> Result<u32, StepError> {
    desk.note(format!("confirm {room}"));
    if desk.goes_on || room == "attic" { Ok(7) } else { Err(StepError::permanent("taken")) }
}

#[step]
async fn tell(desk: &Desk, booked: &Result<u32, StepError>) -> String {
    let told = format!("{:?}", booked.as_ref().map_err(ToString::to_string));
    desk.note(told.clone());
    desk.stand().await;
    told
}

#[step]
async fn close(_desk: &Desk, told: &str) -> Result<String, StepError> {
    if told.contains("Ok") { Err(StepError::permanent("nobody is there")) } else { Ok(told.into()) }
}

workflow! {
    /// Books a room, and undoes that itself if it fails.
    #[durable]
    async fn book(desk: &Desk, room: String) -> Result<u32, StepError> {
        #[compensate(free(desk, &reserved))]
        let reserved = reserve(desk, &room).await?;
        let number = confirm(desk, &reserved).await?;
        Ok(number)
    }

    /// Tells what came of a booking, and fails if one was made.
    #[durable]
    async fn try_to_book(desk: &Desk, room: String) -> Result<String, StepError> {
        let booked = book(desk, room).await;
        let told = tell(desk, &booked).await;
        let closed = close(desk, &told).await?;
        Ok(closed)
    }

    /// The same for many.
    #[durable]
    async fn try_all(desk: &Desk, rooms: Vec<String>) -> Result<Vec<String>, StepError> {
        let told = for room in rooms {
            let booked = book(desk, room).await;
            let told = tell(desk, &booked).await;
            told
        };
        Ok(told)
    }
}

#[tokio::test(start_paused = true)]
async fn a_workflow_that_has_failed_and_undone_its_steps_does_not_run_again() {
    let journal = Journal::memory();
    let desk = Desk::default();
    crash(&desk, journal.run("one", try_to_book(&desk, "hall".to_owned()))).await;
    let told = r#"Err("taken")"#;
    assert_eq!(desk.taken(), ["reserve hall", "confirm hall", "free hall", told]);

    let desk = Desk::after_crash();
    assert_eq!(try_to_book::resume(&journal, "one", &desk).await.unwrap(), told);
    assert_eq!(desk.taken(), [told], "only the step that was cut off runs again");
}

#[tokio::test(start_paused = true)]
async fn a_workflow_that_has_completed_is_undone_by_its_own_steps() {
    let journal = Journal::memory();
    let desk = Desk::default();
    crash(&desk, journal.run("one", try_to_book(&desk, "attic".to_owned()))).await;
    assert_eq!(desk.taken(), ["reserve attic", "confirm attic", "Ok(7)"]);

    let desk = Desk::after_crash();
    let error = try_to_book::resume(&journal, "one", &desk).await.unwrap_err();
    assert_eq!(error.to_string(), "nobody is there");
    assert_eq!(desk.taken(), ["Ok(7)", "free attic"]);
}

#[tokio::test(start_paused = true)]
async fn each_item_keeps_the_failure_of_its_workflow() {
    let journal = Journal::memory();
    let desk = Desk::default();
    let rooms = ["hall", "attic", "cellar"].map(str::to_owned);
    crash(&desk, journal.run("one", try_all(&desk, rooms.into()))).await;
    let failed = r#"Err("taken")"#;
    let mut first = desk.taken();
    first.sort();
    let wanted = [
        failed,
        failed,
        "Ok(7)",
        "confirm attic",
        "confirm cellar",
        "confirm hall",
        "free cellar",
        "free hall",
        "reserve attic",
        "reserve cellar",
        "reserve hall",
    ];
    assert_eq!(first, wanted);

    let desk = Desk::after_crash();
    let told = try_all::resume(&journal, "one", &desk).await.unwrap();
    assert_eq!(told, [failed, "Ok(7)", failed]);
    let mut again = desk.taken();
    again.sort();
    assert_eq!(again, [failed, failed, "Ok(7)"]);
}

/// Without a record, it is the same.
#[tokio::test]
async fn a_plain_call_fails_as_well() {
    let desk = Desk::default();
    assert_eq!(book(&desk, "hall".to_owned()).await.unwrap_err().to_string(), "taken");
}
