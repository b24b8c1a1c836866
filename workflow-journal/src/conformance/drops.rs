//! Futures that are dropped before they are done. What they were to write is there in full, or not
//! at all.

use std::sync::Arc;

use super::support::{by, by_dead, drop_after, hold, new_run, paths, record, signal};
use crate::{End, JournalStore, NewRun, StoredState};

/// How many times a future is polled before it is dropped, at most.
const POLLS: usize = 6;

pub(super) async fn a_dropped_claim_is_whole<S: JournalStore>(store: Arc<S>) {
    for polls in 0..POLLS {
        let id = format!("cart-{polls}");
        drop_after(polls, store.claim(&new_run(&id), &by_dead("dropped"))).await;
        if let Some(run) = store.run(&id).await.unwrap() {
            let NewRun { workflow, inputs, graph, .. } = new_run(&id);
            assert_eq!((run.workflow, run.inputs, run.graph), (workflow, inputs, graph));
            assert_eq!(run.held.expect("a claimed run is held").0, "dropped");
        }
        let epoch = hold(&*store, &id, &by("next")).await;
        store.write(&id, epoch, record("charge", "1")).await.unwrap();
    }
}

pub(super) async fn a_dropped_write_is_whole<S: JournalStore>(store: Arc<S>) {
    let large = "x".repeat(1024 * 1024);
    for polls in 0..POLLS {
        let id = format!("cart-{polls}");
        let epoch = hold(&*store, &id, &by("a")).await;
        drop_after(polls, store.write(&id, epoch, record("charge", &large))).await;
        let records = store.records(&id).await.unwrap();
        assert!(records.is_empty() || records == [record("charge", &large)], "{polls} polls");
        store.write(&id, epoch, record("ship", "1")).await.unwrap();
        assert!(paths(&*store, &id).await.contains(&"ship".to_owned()), "{polls} polls");
    }
}

pub(super) async fn a_dropped_erase_is_whole<S: JournalStore>(store: Arc<S>) {
    let all: Vec<_> = (0..20).map(|step| format!("step{step}")).collect();
    for polls in 0..POLLS {
        let id = format!("cart-{polls}");
        let epoch = hold(&*store, &id, &by("a")).await;
        for path in &all {
            store.write(&id, epoch, record(path, "1")).await.unwrap();
        }
        drop_after(polls, store.erase(&id, epoch, &all)).await;
        let left = paths(&*store, &id).await.len();
        assert!(left == 0 || left == all.len(), "after {polls} polls, {left} are left");
    }
}

pub(super) async fn a_dropped_finish_is_whole<S: JournalStore>(store: Arc<S>) {
    for polls in 0..POLLS {
        let id = format!("cart-{polls}");
        let epoch = hold(&*store, &id, &by("a")).await;
        drop_after(polls, store.finish(&id, epoch, End::Completed("7".into()))).await;
        let run = store.run(&id).await.unwrap().unwrap();
        let seen = (run.state, run.outcome.as_deref(), run.held.is_some());
        let whole = (StoredState::Completed, Some("7"), false);
        let nothing = (StoredState::Unfinished, None, true);
        assert!(seen == whole || seen == nothing, "after {polls} polls: {seen:?}");
    }
}

pub(super) async fn a_dropped_send_is_whole<S: JournalStore>(store: Arc<S>) {
    for polls in 0..POLLS {
        let id = format!("cart-{polls}");
        drop_after(polls, store.send(&id, signal("note", "1"))).await;
        let signals = store.signals(&id).await.unwrap();
        assert!(signals.is_empty() || signals == [signal("note", "1")], "{polls} polls");
    }
}
