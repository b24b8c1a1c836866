//! How a run ends.

use std::sync::Arc;

use super::support::{assert_refused, by, hold, new_run, next_moment, paths, record, signal};
use crate::{Claimed, End, Filter, JournalStore, StoreError, StoredState};

/// Ends a run with `end`, and checks that no one can claim or cancel it any more.
async fn assert_takes_no_more<S: JournalStore>(store: &S, end: End) {
    let epoch = hold(store, "cart-1", &by("a")).await;
    store.write("cart-1", epoch, record("charge", "1")).await.unwrap();
    store.finish("cart-1", epoch, end.clone()).await.unwrap();

    for holder in ["a", "b"] {
        let claimed = store.claim(&new_run("cart-1"), &by(holder)).await.unwrap();
        assert_eq!(claimed, Claimed::Ended, "claimed by `{holder}`");
    }
    assert_refused("cancelling", store.cancel("cart-1").await, &StoreError::ended("cart-1"));
    let run = store.run("cart-1").await.unwrap().unwrap();
    assert_eq!(run.state, end.state());
    assert_eq!(run.outcome.as_deref(), end.outcome());
    assert_eq!((run.held, run.cancel), (None, false));
    assert_eq!(paths(store, "cart-1").await, ["charge"], "an ended run keeps its records");
}

pub(super) async fn a_completed_run_takes_no_more<S: JournalStore>(store: Arc<S>) {
    assert_takes_no_more(&*store, End::Completed(r#"{"order":7}"#.into())).await;
}

pub(super) async fn a_cancelled_run_takes_no_more<S: JournalStore>(store: Arc<S>) {
    assert_takes_no_more(&*store, End::Cancelled).await;
}

pub(super) async fn a_failed_run_goes_on<S: JournalStore>(store: Arc<S>) {
    let first = hold(&*store, "cart-1", &by("a")).await;
    store.write("cart-1", first, record("charge", "1")).await.unwrap();
    store.finish("cart-1", first, End::Failed("no stock".into())).await.unwrap();
    let failed = store.run("cart-1").await.unwrap().unwrap();
    assert_eq!((failed.state, failed.held), (StoredState::Failed, None));
    assert_eq!(failed.outcome.as_deref(), Some("no stock"));

    let claimed = store.claim(&new_run("cart-1"), &by("b")).await.unwrap();
    let Claimed::Held { epoch, new: false } = claimed else {
        panic!("a failed run can be claimed, and is not new, but: {claimed:?}");
    };
    let run = store.run("cart-1").await.unwrap().unwrap();
    assert_eq!((run.state, run.outcome), (StoredState::Unfinished, None));
    assert_eq!(run.created, failed.created);
    store.write("cart-1", epoch, record("ship", "1")).await.unwrap();
    assert_eq!(paths(&*store, "cart-1").await, ["charge", "ship"]);
    store.finish("cart-1", epoch, End::Completed("7".into())).await.unwrap();
}

pub(super) async fn cancelling_is_told_to_the_holder<S: JournalStore>(store: Arc<S>) {
    let epoch = hold(&*store, "cart-1", &by("a")).await;
    hold(&*store, "cart-2", &by("a")).await;
    assert!(!store.renew("cart-1", epoch, &by("a")).await.unwrap(), "nobody has cancelled");
    for _ in 0..2 {
        store.cancel("cart-1").await.unwrap();
        assert!(store.renew("cart-1", epoch, &by("a")).await.unwrap(), "somebody has cancelled");
    }
    assert!(store.run("cart-1").await.unwrap().unwrap().cancel);
    assert!(!store.run("cart-2").await.unwrap().unwrap().cancel, "only the one run is cancelled");

    // The next holder is told as well.
    store.release("cart-1", epoch).await.unwrap();
    let epoch = hold(&*store, "cart-1", &by("b")).await;
    assert!(store.run("cart-1").await.unwrap().unwrap().cancel);
    assert!(store.renew("cart-1", epoch, &by("b")).await.unwrap(), "somebody has cancelled");
}

pub(super) async fn a_failed_run_can_be_cancelled<S: JournalStore>(store: Arc<S>) {
    let epoch = hold(&*store, "cart-1", &by("a")).await;
    store.finish("cart-1", epoch, End::Failed("no".into())).await.unwrap();
    store.cancel("cart-1").await.unwrap();
    let epoch = hold(&*store, "cart-1", &by("a")).await;
    assert!(store.renew("cart-1", epoch, &by("a")).await.unwrap(), "somebody has cancelled");
    store.finish("cart-1", epoch, End::Cancelled).await.unwrap();
    assert_eq!(store.run("cart-1").await.unwrap().unwrap().state, StoredState::Cancelled);
}

pub(super) async fn a_failed_run_is_unfinished_again<S: JournalStore>(store: Arc<S>) {
    let epoch = hold(&*store, "cart-1", &by("a")).await;
    hold(&*store, "cart-2", &by("a")).await;
    store.write("cart-1", epoch, record("charge", "1")).await.unwrap();
    store.finish("cart-1", epoch, End::Failed("no stock".into())).await.unwrap();
    let failed = store.run("cart-1").await.unwrap().unwrap();
    next_moment();

    store.retry("cart-1").await.unwrap();
    let run = store.run("cart-1").await.unwrap().unwrap();
    assert_eq!((run.state, run.outcome), (StoredState::Unfinished, Some("no stock".into())));
    assert_eq!((run.held, run.cancel), (None, false), "nobody holds it yet");
    assert!(run.updated > failed.updated, "it has changed");
    let unfinished = Filter::default().state(StoredState::Unfinished);
    let ids: Vec<_> = store.runs(&unfinished).await.unwrap().into_iter().map(|r| r.id).collect();
    assert_eq!(ids, ["cart-1", "cart-2"]);

    let again = hold(&*store, "cart-1", &by("b")).await;
    assert!(again > epoch, "its epochs go on");
    assert_eq!(store.run("cart-1").await.unwrap().unwrap().outcome, None, "it runs");
    assert_eq!(paths(&*store, "cart-1").await, ["charge"], "it keeps its records");
}

/// Ends a run with something left to be undone, and returns the epoch.
async fn fail_to_undo<S: JournalStore>(store: &S, id: &str) -> i64 {
    let epoch = hold(store, id, &by("a")).await;
    store.write(id, epoch, record("charge", "1")).await.unwrap();
    store.finish(id, epoch, End::UndoFailed("no stock".into())).await.unwrap();
    let run = store.run(id).await.unwrap().unwrap();
    assert_eq!((run.state, run.held), (StoredState::UndoFailed, None));
    assert_eq!(run.outcome.as_deref(), Some("no stock"));
    epoch
}

pub(super) async fn a_run_that_could_not_be_undone_goes_on<S: JournalStore>(store: Arc<S>) {
    fail_to_undo(&*store, "cart-1").await;
    store.send("cart-1", signal("note", "1")).await.unwrap();
    let claimed = store.claim(&new_run("cart-1"), &by("b")).await.unwrap();
    let Claimed::Held { epoch, new: false } = claimed else {
        panic!("such a run can be claimed, and is not new, but: {claimed:?}");
    };
    let run = store.run("cart-1").await.unwrap().unwrap();
    assert_eq!((run.state, run.outcome), (StoredState::Unfinished, None));
    assert_eq!(paths(&*store, "cart-1").await, ["charge"], "it keeps its records");

    // The next end replaces the last one completely.
    store.finish("cart-1", epoch, End::Failed("undone".into())).await.unwrap();
    assert_eq!(store.run("cart-1").await.unwrap().unwrap().state, StoredState::Failed);
    let epoch = hold(&*store, "cart-1", &by("b")).await;
    store.finish("cart-1", epoch, End::UndoFailed("again".into())).await.unwrap();
    assert_eq!(store.run("cart-1").await.unwrap().unwrap().state, StoredState::UndoFailed);
    let epoch = hold(&*store, "cart-1", &by("b")).await;
    store.finish("cart-1", epoch, End::Completed("7".into())).await.unwrap();
    assert_eq!(store.run("cart-1").await.unwrap().unwrap().state, StoredState::Completed);
}

pub(super) async fn a_run_that_could_not_be_undone_is_unfinished_again<S: JournalStore>(
    store: Arc<S>,
) {
    let epoch = fail_to_undo(&*store, "cart-1").await;
    let failed = store.run("cart-1").await.unwrap().unwrap();
    next_moment();
    store.retry("cart-1").await.unwrap();
    let run = store.run("cart-1").await.unwrap().unwrap();
    assert_eq!((run.state, run.outcome), (StoredState::Unfinished, Some("no stock".into())));
    assert!(run.updated > failed.updated, "it has changed");
    let again = hold(&*store, "cart-1", &by("b")).await;
    assert!(again > epoch, "its epochs go on");
    assert_eq!(store.run("cart-1").await.unwrap().unwrap().outcome, None, "it runs");
}

pub(super) async fn a_run_that_could_not_be_undone_can_be_cancelled<S: JournalStore>(
    store: Arc<S>,
) {
    fail_to_undo(&*store, "cart-1").await;
    store.cancel("cart-1").await.unwrap();
    let run = store.run("cart-1").await.unwrap().unwrap();
    assert_eq!((run.state, run.cancel), (StoredState::UndoFailed, true));
    let epoch = hold(&*store, "cart-1", &by("a")).await;
    assert!(store.renew("cart-1", epoch, &by("a")).await.unwrap(), "it is to be cancelled");
    store.finish("cart-1", epoch, End::Cancelled).await.unwrap();
    assert_eq!(store.run("cart-1").await.unwrap().unwrap().state, StoredState::Cancelled);
}

pub(super) async fn only_a_failed_run_is_retried<S: JournalStore>(store: Arc<S>) {
    let unknown = StoreError::no_such_run("cart-1");
    assert_refused("retrying", store.retry("cart-1").await, &unknown);

    let epoch = hold(&*store, "cart-1", &by("a")).await;
    let before = store.run("cart-1").await.unwrap();
    next_moment();
    store.retry("cart-1").await.unwrap();
    assert_eq!(store.run("cart-1").await.unwrap(), before, "an unfinished run stays as it is");
    store.write("cart-1", epoch, record("charge", "1")).await.unwrap();

    for (id, end) in [("completed", End::Completed("1".into())), ("cancelled", End::Cancelled)] {
        let epoch = hold(&*store, id, &by("a")).await;
        store.finish(id, epoch, end).await.unwrap();
        let before = store.run(id).await.unwrap();
        assert_refused("retrying", store.retry(id).await, &StoreError::ended(id));
        assert_eq!(store.run(id).await.unwrap(), before);
    }
}

pub(super) async fn any_run_that_nobody_holds_is_reopened<S: JournalStore>(store: Arc<S>) {
    let unknown = store.reopen("cart-1", &by("a")).await;
    assert_refused("reopening", unknown, &StoreError::no_such_run("cart-1"));

    let ends = [
        ("open", None),
        ("completed", Some(End::Completed("1".into()))),
        ("failed", Some(End::Failed("no stock".into()))),
        ("not-undone", Some(End::UndoFailed("no stock".into()))),
        ("cancelled", Some(End::Cancelled)),
    ];
    for (id, end) in ends {
        let epoch = hold(&*store, id, &by("a")).await;
        store.write(id, epoch, record("charge", "1")).await.unwrap();
        store.cancel(id).await.unwrap();
        let held = store.run(id).await.unwrap().unwrap().held.unwrap();
        let busy = store.reopen(id, &by("b")).await.unwrap();
        assert_eq!(busy, Claimed::Busy { holder: held.0, until: held.1 }, "`{id}` is held");
        match end {
            Some(end) => store.finish(id, epoch, end).await.unwrap(),
            None => store.release(id, epoch).await.unwrap(),
        }

        let claimed = store.reopen(id, &by("b")).await.unwrap();
        let Claimed::Held { epoch: again, new: false } = claimed else {
            panic!("`{id}` is held by nobody, but: {claimed:?}");
        };
        assert!(again > epoch, "its epochs go on");
        let run = store.run(id).await.unwrap().unwrap();
        assert_eq!((run.state, run.outcome, run.cancel), (StoredState::Unfinished, None, false));
        assert_eq!(run.held.unwrap().0, "b");
        assert_eq!(paths(&*store, id).await, ["charge"], "it keeps its records");
        store.finish(id, again, End::Completed("2".into())).await.unwrap();
        assert_eq!(store.run(id).await.unwrap().unwrap().outcome.as_deref(), Some("2"));
    }
}
