//! What happens to holders that have lost a run.

use std::sync::Arc;

use super::support::{assert_refused, by, by_dead, hold, paths, record};
use crate::{End, JournalStore, StoreError};

/// Everything that a holder can do must be refused, and must change nothing.
async fn assert_can_do_nothing<S: JournalStore>(store: &S, id: &str, epoch: i64) {
    let lost = &StoreError::lease_lost(id);
    let before = (store.run(id).await.unwrap(), store.records(id).await.unwrap());
    let erased: Vec<_> = before.1.iter().map(|record| record.path.clone()).collect();

    let written = store.write(id, epoch, record("late", "2")).await;
    assert_refused("writing", written, lost);
    let replaced = store.write(id, epoch, record("charge", "2")).await;
    assert_refused("replacing", replaced, lost);
    assert_refused("erasing", store.erase(id, epoch, &erased).await, lost);
    assert_refused("renewing", store.renew(id, epoch, &by("a")).await, lost);
    assert_refused("releasing", store.release(id, epoch).await, lost);
    let failures = [End::Failed("no".into()), End::UndoFailed("no".into())];
    for end in [End::Completed("1".into()), End::Cancelled].into_iter().chain(failures) {
        assert_refused("finishing", store.finish(id, epoch, end).await, lost);
    }

    let after = (store.run(id).await.unwrap(), store.records(id).await.unwrap());
    assert_eq!(before, after, "what is refused changes nothing");
}

pub(super) async fn an_old_holder_can_do_nothing<S: JournalStore>(store: Arc<S>) {
    let old = hold(&*store, "cart-1", &by_dead("a")).await;
    store.write("cart-1", old, record("charge", "1")).await.unwrap();
    let new = hold(&*store, "cart-1", &by("b")).await;
    assert_can_do_nothing(&*store, "cart-1", old).await;
    assert_can_do_nothing(&*store, "cart-1", new + 1).await;
    store.write("cart-1", new, record("ship", "1")).await.unwrap();
    assert_eq!(paths(&*store, "cart-1").await, ["charge", "ship"]);

    // The same process may have claimed again: its old epoch is not valid either.
    let again = hold(&*store, "cart-1", &by("b")).await;
    assert_can_do_nothing(&*store, "cart-1", new).await;
    store.release("cart-1", again).await.unwrap();
}

pub(super) async fn nothing_is_written_after_a_release<S: JournalStore>(store: Arc<S>) {
    let epoch = hold(&*store, "cart-1", &by("a")).await;
    store.write("cart-1", epoch, record("charge", "1")).await.unwrap();
    store.release("cart-1", epoch).await.unwrap();
    assert_can_do_nothing(&*store, "cart-1", epoch).await;
}

pub(super) async fn nothing_is_written_after_the_end<S: JournalStore>(store: Arc<S>) {
    for (id, end) in [
        ("completed", End::Completed("1".into())),
        ("failed", End::Failed("no".into())),
        ("undo_failed", End::UndoFailed("no".into())),
        ("cancelled", End::Cancelled),
    ] {
        let epoch = hold(&*store, id, &by("a")).await;
        store.write(id, epoch, record("charge", "1")).await.unwrap();
        store.finish(id, epoch, end).await.unwrap();
        assert_can_do_nothing(&*store, id, epoch).await;
    }
}

pub(super) async fn a_lease_that_nobody_took_still_writes<S: JournalStore>(store: Arc<S>) {
    let epoch = hold(&*store, "cart-1", &by_dead("a")).await;
    store.write("cart-1", epoch, record("charge", "1")).await.unwrap();
    store.erase("cart-1", epoch, &["charge".into()]).await.unwrap();
    store.write("cart-1", epoch, record("ship", "1")).await.unwrap();
    store.renew("cart-1", epoch, &by_dead("a")).await.unwrap();
    assert_eq!(paths(&*store, "cart-1").await, ["ship"]);
    store.finish("cart-1", epoch, End::Completed("1".into())).await.unwrap();
}

pub(super) async fn an_unknown_run_is_refused<S: JournalStore>(store: Arc<S>) {
    hold(&*store, "cart-1", &by("a")).await;
    let id = "cart-2";
    let unknown = &StoreError::no_such_run(id);
    assert_refused("writing", store.write(id, 1, record("charge", "1")).await, unknown);
    assert_refused("erasing", store.erase(id, 1, &["charge".into()]).await, unknown);
    assert_refused("renewing", store.renew(id, 1, &by("a")).await, unknown);
    assert_refused("releasing", store.release(id, 1).await, unknown);
    assert_refused("finishing", store.finish(id, 1, End::Cancelled).await, unknown);
    assert_refused("cancelling", store.cancel(id).await, unknown);
    assert_eq!(store.run(id).await.unwrap(), None);
    assert_eq!(store.records(id).await.unwrap(), []);
    assert_eq!(store.signals(id).await.unwrap(), []);
}

pub(super) async fn epochs_only_grow<S: JournalStore>(store: Arc<S>) {
    let mut epochs = vec![hold(&*store, "cart-1", &by_dead("a")).await];
    epochs.push(hold(&*store, "cart-1", &by("b")).await);
    store.release("cart-1", epochs[1]).await.unwrap();
    epochs.push(hold(&*store, "cart-1", &by("a")).await);
    store.finish("cart-1", epochs[2], End::Failed("no".into())).await.unwrap();
    epochs.push(hold(&*store, "cart-1", &by("b")).await);
    assert!(epochs.is_sorted_by(|one, next| one < next), "each is above the last: {epochs:?}");
}
