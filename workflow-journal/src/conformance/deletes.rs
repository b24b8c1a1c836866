//! What is deleted of runs that have ended.

use std::sync::Arc;

use super::support::{by, hold, paths, record, record_of, signal};
use crate::{End, Filter, JournalStore, Kind, StoredState};

/// Starts a run with a record of each table and a signal, and returns its epoch.
async fn begin<S: JournalStore>(store: &S, id: &str) -> i64 {
    let epoch = hold(store, id, &by("a")).await;
    store.write(id, epoch, record("charge", "1")).await.unwrap();
    store.write(id, epoch, record_of("charge", Kind::Attempt, "null")).await.unwrap();
    store.send(id, signal("approval", "true")).await.unwrap();
    epoch
}

pub(super) async fn an_ended_run_is_deleted_whole<S: JournalStore>(store: Arc<S>) {
    let ends = [
        ("completed", End::Completed("7".into())),
        ("failed", End::Failed("no stock".into())),
        ("not-undone", End::UndoFailed("no stock".into())),
        ("cancelled", End::Cancelled),
    ];
    for (id, end) in ends {
        let epoch = begin(&*store, id).await;
        begin(&*store, "other").await;
        store.finish(id, epoch, end).await.unwrap();
        assert_eq!(store.delete(&[id.to_owned()]).await.unwrap(), 1, "`{id}` has ended");
        assert_eq!(store.run(id).await.unwrap(), None);
        assert!(store.records(id).await.unwrap().is_empty(), "its records go with it");
        assert!(store.signals(id).await.unwrap().is_empty(), "its signals go with it");
        assert_eq!(store.delete(&[id.to_owned()]).await.unwrap(), 0, "`{id}` has gone");
        assert_eq!(paths(&*store, "other").await, ["charge", "charge"], "others keep theirs");
        assert!(!store.signals("other").await.unwrap().is_empty(), "others keep theirs");
    }
}

pub(super) async fn an_unfinished_run_is_not_deleted<S: JournalStore>(store: Arc<S>) {
    let epoch = begin(&*store, "cart-1").await;
    let runs = ["cart-1".to_owned()];
    assert_eq!(store.delete(&runs).await.unwrap(), 0, "it is held");
    store.release("cart-1", epoch).await.unwrap();
    assert_eq!(store.delete(&runs).await.unwrap(), 0, "it is to be resumed");
    assert_eq!(store.run("cart-1").await.unwrap().unwrap().state, StoredState::Unfinished);
    assert_eq!(paths(&*store, "cart-1").await, ["charge", "charge"]);

    // A signal may come before its run.
    store.send("cart-2", signal("approval", "true")).await.unwrap();
    assert_eq!(store.delete(&["cart-2".to_owned()]).await.unwrap(), 0);
    assert_eq!(store.signals("cart-2").await.unwrap().len(), 1);
}

pub(super) async fn many_are_deleted_at_once<S: JournalStore>(store: Arc<S>) {
    let ids: Vec<_> = (0..40).map(|number| format!("cart-{number}")).collect();
    for id in &ids {
        let epoch = begin(&*store, id).await;
        store.finish(id, epoch, End::Completed("7".into())).await.unwrap();
    }
    let kept = begin(&*store, "open").await;
    let mut asked = ids.clone();
    asked.extend(["open".to_owned(), "unknown".to_owned(), ids[0].clone()]);
    assert_eq!(store.delete(&asked).await.unwrap(), ids.len());
    assert_eq!(store.delete(&[]).await.unwrap(), 0);
    let left = store.runs(&Filter::default()).await.unwrap();
    assert_eq!(left.iter().map(|run| &*run.id).collect::<Vec<_>>(), ["open"]);
    store.finish("open", kept, End::Completed("7".into())).await.unwrap();
}

pub(super) async fn a_deleted_run_can_be_started_anew<S: JournalStore>(store: Arc<S>) {
    let epoch = begin(&*store, "cart-1").await;
    store.finish("cart-1", epoch, End::Completed("7".into())).await.unwrap();
    store.delete(&["cart-1".to_owned()]).await.unwrap();
    begin(&*store, "cart-1").await;
    assert_eq!(paths(&*store, "cart-1").await, ["charge", "charge"]);
}

pub(super) async fn vacuuming_changes_nothing<S: JournalStore>(store: Arc<S>) {
    let epoch = begin(&*store, "cart-1").await;
    let before = (store.run("cart-1").await.unwrap(), store.records("cart-1").await.unwrap());
    store.vacuum().await.unwrap();
    let after = (store.run("cart-1").await.unwrap(), store.records("cart-1").await.unwrap());
    assert_eq!(before, after);
    store.finish("cart-1", epoch, End::Completed("7".into())).await.unwrap();
}
