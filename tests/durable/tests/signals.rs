//! Signals that a run cannot use: those whose value does not read, and those of a name that it
//! does not wait for.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use workflow_journal::{JournalStore, Kind, MemoryStore};
use workflow_runtime::{EventKind, Journal, Recorder, StepError, TimedOut, signal, step, workflow};

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Approval {
    by: String,
    amount: u32,
}

#[step]
async fn pay(approval: &Approval) -> Result<String, StepError> {
    Ok(format!("{} by {}", approval.amount, approval.by))
}

#[step]
async fn remind(late: &TimedOut) -> Result<String, StepError> {
    Ok(late.to_string())
}

workflow! {
    #[durable]
    async fn order(number: u32) -> Result<String, StepError> {
        #[timeout("1h")]
        let answer = signal::<Approval>("approval").await;
        let _ = number;
        let done = match answer {
            Ok(approval) => pay(&approval).await?,
            Err(late) => remind(&late).await?,
        };
        Ok(done)
    }
}

fn refusals(recorder: &Recorder) -> Vec<(String, String)> {
    let events = recorder.events();
    let refused = events.iter().filter_map(|event| match &event.kind {
        EventKind::SignalRefused { signal, error } => {
            assert_eq!(&*event.path, "answer");
            Some((signal.clone(), error.clone()))
        }
        _ => None,
    });
    refused.collect()
}

const NOT_A_STRUCT: &str =
    "invalid type: string \"yes\", expected struct Approval at line 1 column 5";
const NO_AMOUNT: &str = "missing field `amount` at line 1 column 12";

/// Waits, told of what it cannot read, until something that it can is sent.
#[tokio::test(start_paused = true)]
async fn a_value_that_does_not_read_is_refused_and_the_wait_goes_on() {
    let (store, recorder) = (MemoryStore::new(), Recorder::new());
    let journal = Journal::new(store.clone()).observe(recorder.clone());
    journal.signal("one", "approval", "yes").await.unwrap();
    let sends = async {
        tokio::time::sleep(Duration::from_secs(600)).await;
        journal.signal("one", "approval", &serde_json::json!({"by": "Ada"})).await.unwrap();
        tokio::time::sleep(Duration::from_secs(600)).await;
        let right = Approval { by: "Bob".into(), amount: 7 };
        journal.signal("one", "approval", &right).await.unwrap();
    };
    let (done, ()) = tokio::join!(journal.run("one", order(1)), sends);
    assert_eq!(done.unwrap(), "7 by Bob");
    let wanted = [NOT_A_STRUCT, NO_AMOUNT].map(|error| ("approval".to_owned(), error.to_owned()));
    assert_eq!(refusals(&recorder), wanted, "each is told once");

    let records = store.records("one").await.unwrap();
    let refusal = records.iter().find(|record| record.kind == Kind::Refusal).unwrap();
    assert_eq!(refusal.path, "answer");
    let text: String = serde_json::from_str(&refusal.output).unwrap();
    assert_eq!(text, format!("signal `approval` cannot be read: {NO_AMOUNT}"));
    assert_eq!(journal.run("one", order(1)).await.unwrap(), "7 by Bob");
}

/// What cannot be read takes nothing of the time that is left, and gives none.
#[tokio::test(start_paused = true)]
async fn the_limit_is_that_of_the_whole_wait() {
    let journal = Journal::memory();
    let begun = tokio::time::Instant::now();
    let sends = async {
        for _ in 0..10 {
            tokio::time::sleep(Duration::from_secs(359)).await;
            journal.signal("one", "approval", &7).await.unwrap();
        }
    };
    let (done, ()) = tokio::join!(journal.run("one", order(1)), sends);
    assert!(done.unwrap().contains("passed its deadline"));
    assert_eq!(begun.elapsed().as_secs(), 3600);
}

/// In the next process, the right one may have been sent long since.
#[tokio::test(start_paused = true)]
async fn a_run_that_goes_on_takes_the_first_one_that_reads() {
    let store = MemoryStore::new();
    let journal = Journal::new(store.clone());
    journal.signal("one", "approval", "yes").await.unwrap();
    let cut = tokio::time::timeout(Duration::from_secs(60), journal.run("one", order(1)));
    assert!(cut.await.is_err());
    for amount in [1, 2] {
        let right = Approval { by: "Ada".into(), amount };
        journal.signal("one", "approval", &right).await.unwrap();
    }
    let recorder = Recorder::new();
    let next = Journal::new(store).observe(recorder.clone());
    let ended = order::resume_all(&next).await.unwrap();
    assert_eq!(ended[0].1.as_ref().unwrap(), "1 by Ada");
    assert_eq!(refusals(&recorder).len(), 1);
}
