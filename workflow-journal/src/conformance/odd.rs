//! Unusual names.

use std::sync::Arc;

use super::support::{by, hold, new_run, record, signal};
use crate::{End, JournalStore, StoreError};

/// This many characters, which compression cannot shorten.
fn long(length: usize) -> String {
    let mut number: u32 = 1;
    let next = || {
        number = number.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        char::from(b'!' + u8::try_from((number >> 16) % 90).unwrap_or_default())
    };
    std::iter::repeat_with(next).take(length).collect()
}

pub(super) async fn ids_may_be_anything<S: JournalStore>(store: Arc<S>) {
    let long = long(10_000);
    let longer = format!("{long}!");
    let ids = [
        "",
        " ",
        "a",
        "A",
        "a ",
        "á",
        "a\u{301}",
        "%",
        "_",
        "🦀👩‍👩‍👧",
        "'",
        "\"",
        "`",
        "\\",
        "$1",
        "?1",
        "'; DROP TABLE run; --",
        "line\nbreak",
        "\t",
        "\u{202e}right",
        "null",
        "\u{fffd}",
        &long,
        &longer,
    ];
    for id in ids {
        let epoch = hold(&*store, id, &by(id)).await;
        store.write(id, epoch, record(id, "1")).await.unwrap();
        store.send(id, signal(id, "1")).await.unwrap();
    }
    for id in ids {
        let run = store.run(id).await.unwrap().expect("the run is there");
        assert_eq!((&*run.id, run.inputs), (id, new_run(id).inputs));
        assert_eq!(run.held.unwrap().0, id);
        assert_eq!(store.records(id).await.unwrap(), [record(id, "1")]);
        assert_eq!(store.signals(id).await.unwrap(), [signal(id, "1")]);
    }
    assert_eq!(store.runs(&crate::Filter::default()).await.unwrap().len(), ids.len());
    let epoch = hold(&*store, &long, &by(&long)).await;
    store.erase(&long, epoch, std::slice::from_ref(&long)).await.unwrap();
    assert_eq!(store.records(&long).await.unwrap(), []);
}

pub(super) async fn a_nul_is_kept_or_refused<S: JournalStore>(store: Arc<S>) {
    let nul = "a\0b";
    match store.claim(&new_run(nul), &by("a")).await {
        Ok(_) => {
            let epoch = hold(&*store, nul, &by("a")).await;
            store.write(nul, epoch, record(nul, nul)).await.unwrap();
            assert_eq!(store.run(nul).await.unwrap().unwrap().id, nul);
            assert_eq!(store.records(nul).await.unwrap(), [record(nul, nul)]);
            assert_eq!(store.run("a").await.unwrap(), None, "the id does not end at the NUL");
        }
        Err(error) => {
            assert!(matches!(error, StoreError::Refused { .. }), "it is refused: {error:?}");
            assert!(error.to_string().contains("NUL"), "the error says why: {error}");
            let runs = store.runs(&crate::Filter::default()).await.unwrap();
            assert_eq!(runs, [], "what is refused changes nothing");
        }
    }
}

pub(super) async fn any_error_text_can_end_a_run<S: JournalStore>(store: Arc<S>) {
    let ends: [fn(String) -> End; 2] = [End::Failed, End::UndoFailed];
    for (number, end) in ends.into_iter().enumerate() {
        let id = format!("cart-{number}");
        let epoch = hold(&*store, &id, &by("a")).await;
        let end = end("no \0 stock 🦀".into());
        let state = end.state();
        store.finish(&id, epoch, end).await.unwrap();
        let run = store.run(&id).await.unwrap().unwrap();
        assert_eq!(run.state, state);
        let text = run.outcome.unwrap();
        let is_kept = text.starts_with("no ") && text.ends_with(" stock 🦀");
        assert!(is_kept, "the rest is kept: {text:?}");
    }
}
