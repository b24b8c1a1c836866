//! Signals that a run cannot use: those whose value does not read, and those of a name that it
//! does not wait for.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use workflow_journal::{JournalStore, Kind, MemoryStore};
use workflow_runtime::{
    EventKind, Journal, JournalError, Recorder, StepError, TimedOut, signal, step, workflow,
};

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
async fn tell(number: u32) -> Result<String, StepError> {
    Ok(number.to_string())
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
    assert!(done.unwrap().contains("timed out after"));
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

workflow! {
    /// Waits in several places, also in a workflow that it calls.
    #[durable]
    async fn contract(items: Vec<u32>) -> Result<u32, StepError> {
        let first = signal::<u32>("seller").await?;
        let signed = if first > 0 { signal::<u32>("buyer").await? } else { 0 };
        let seen = for item in items {
            let one = witness(item).await?;
            one
        };
        Ok(signed + seen.iter().sum::<u32>())
    }

    #[durable]
    async fn witness(item: u32) -> Result<u32, StepError> {
        let came = signal::<u32>("witness").await?;
        Ok(came + item)
    }

    #[durable]
    async fn silent(number: u32) -> Result<String, StepError> {
        let text = tell(number).await?;
        Ok(text)
    }

    /// Its names are known only when it runs.
    #[durable]
    async fn computed(number: u32) -> Result<u32, StepError> {
        let first = signal::<u32>("first").await?;
        let second = signal::<u32>(format!("item-{number}")).await?;
        Ok(first + second)
    }
}

/// What is said of a signal `name` to a run that waits.
async fn said<T>(run: impl Future<Output = T>, journal: &Journal, name: &str) -> Option<String> {
    let cut = tokio::time::timeout(Duration::from_secs(1), run).await;
    assert!(cut.is_err(), "it waits");
    match journal.signal("one", name, &1).await {
        Ok(()) => None,
        Err(error @ JournalError::NoSuchSignal { .. }) => Some(error.to_string()),
        Err(error) => panic!("{error}"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_name_that_no_wait_has_is_refused() {
    let journal = Journal::memory();
    let wait = || journal.run("one", contract(vec![1]));
    let no = "run `one` waits for no signal";
    assert_eq!(
        said(wait(), &journal, "selller").await.unwrap(),
        format!("{no} `selller`: one with a similar name exists: `seller`")
    );
    assert_eq!(
        said(wait(), &journal, "judge").await.unwrap(),
        format!("{no} `judge`: it waits for `buyer`, `seller`, `witness`")
    );
    // Each wait is known before the run gets there, also in what is called.
    for name in ["witness", "buyer", "seller"] {
        journal.signal("one", name, &1).await.unwrap();
    }
    assert_eq!(journal.run("one", contract(vec![1])).await.unwrap(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_run_without_waits_takes_no_signal() {
    let journal = Journal::memory();
    let waits = Journal::memory();
    assert_eq!(journal.run("one", silent(1)).await.unwrap(), "1");
    // It has ended; before that, any name is wrong.
    assert!(journal.signal("one", "any", &1).await.is_err());
    let said = said(waits.run("one", order(1)), &waits, "approvals").await.unwrap();
    assert!(said.ends_with("one with a similar name exists: `approval`"), "{said}");
}

#[tokio::test(start_paused = true)]
async fn a_run_that_is_not_there_yet_takes_any_signal() {
    let journal = Journal::memory();
    journal.signal("one", "selller", &1).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn names_that_are_computed_may_be_any() {
    let journal = Journal::memory();
    assert_eq!(said(journal.run("one", computed(7)), &journal, "item-7").await, None);
    journal.signal("one", "first", &1).await.unwrap();
    assert_eq!(journal.run("one", computed(7)).await.unwrap(), 2);
}

/// What the macro cannot see is known when the run gets there.
mod by_another_name {
    use workflow_runtime::signal as ask;

    use super::*;

    workflow! {
        #[durable]
        pub(super) async fn renamed(number: u32) -> Result<u32, StepError> {
            let answer = ask::<u32>("answer").await?;
            Ok(answer + number)
        }
    }

    workflow! {
        /// Calls a workflow of another macro, which waits.
        #[durable]
        pub(super) async fn outer(number: u32) -> Result<u32, StepError> {
            let first = signal::<u32>("first").await?;
            let answer = renamed(number + first).await?;
            Ok(answer)
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_the_macro_cannot_see_is_known_when_the_run_gets_there() {
    let journal = Journal::memory();
    let run = || journal.run("one", by_another_name::renamed(1));
    let error = said(run(), &journal, "answr").await.unwrap();
    assert!(error.ends_with("`answer`"), "{error}");
    assert_eq!(said(run(), &journal, "answer").await, None);

    let journal = Journal::memory();
    let run = || journal.run("one", by_another_name::outer(1));
    let error = said(run(), &journal, "answer").await.unwrap();
    assert!(error.ends_with("it waits for `first`"), "{error}");
    journal.signal("one", "first", &1).await.unwrap();
    assert_eq!(said(run(), &journal, "answer").await, None);
    assert_eq!(run().await.unwrap(), 3);
}

/// The next version of `order`, which waits for more.
mod next {
    use super::*;

    workflow! {
        #[durable]
        #[was(crate::order)]
        pub(super) async fn order(number: u32) -> Result<String, StepError> {
            #[timeout("1h")]
            let answer = signal::<Approval>("approval").await;
            let second = signal::<u32>("second").await?;
            let _ = (number, second);
            let done = match answer {
                Ok(approval) => pay(&approval).await?,
                Err(late) => remind(&late).await?,
            };
            Ok(done)
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_later_version_waits_for_other_signals() {
    let journal = Journal::memory();
    let old = "it waits for `approval`";
    let error = said(journal.run("one", order(1)), &journal, "other").await.unwrap();
    assert!(error.ends_with(old), "{error}");
    let error = said(next::order::resume(&journal, "one"), &journal, "other").await.unwrap();
    assert!(error.ends_with("it waits for `approval`, `second`"), "{error}");
    journal.signal("one", "second", &1).await.unwrap();
    let right = Approval { by: "Ada".into(), amount: 7 };
    journal.signal("one", "approval", &right).await.unwrap();
    assert_eq!(next::order::resume(&journal, "one").await.unwrap(), "7 by Ada");
}
