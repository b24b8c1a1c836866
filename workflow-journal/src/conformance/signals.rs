//! The signals that are sent to a run.

use std::sync::Arc;

use super::support::{assert_refused, by, hold, signal};
use crate::{Claimed, End, JournalStore, StoreError};

pub(super) async fn signals_may_come_before_the_run<S: JournalStore>(store: Arc<S>) {
    let sent = signal("approval", "true");
    store.send("cart-1", sent.clone()).await.unwrap();
    assert_eq!(store.run("cart-1").await.unwrap(), None, "a signal starts no run");
    let claimed = store.claim(&super::support::new_run("cart-1"), &by("a")).await.unwrap();
    assert!(matches!(claimed, Claimed::Held { new: true, .. }), "the run is new: {claimed:?}");
    assert_eq!(store.signals("cart-1").await.unwrap(), [sent]);
}

pub(super) async fn signals_queue_up<S: JournalStore>(store: Arc<S>) {
    hold(&*store, "cart-1", &by("a")).await;
    hold(&*store, "cart-2", &by("a")).await;
    let mut sent = Vec::new();
    for number in 0..10 {
        for name in ["note", "approval", "", "🦀"] {
            sent.push(signal(name, &number.to_string()));
        }
    }
    // The same value sent twice is two signals.
    sent.push(sent[0].clone());
    for signal in &sent {
        store.send("cart-1", signal.clone()).await.unwrap();
    }
    store.send("cart-2", signal("note", "0")).await.unwrap();
    assert_eq!(store.signals("cart-1").await.unwrap(), sent);
    assert_eq!(store.signals("cart-2").await.unwrap(), [signal("note", "0")]);
}

pub(super) async fn an_ended_run_takes_no_signals<S: JournalStore>(store: Arc<S>) {
    for (id, end) in [("completed", End::Completed("1".into())), ("cancelled", End::Cancelled)] {
        let epoch = hold(&*store, id, &by("a")).await;
        store.send(id, signal("note", "1")).await.unwrap();
        store.finish(id, epoch, end).await.unwrap();
        assert_refused(
            "sending",
            store.send(id, signal("note", "2")).await,
            &StoreError::ended(id),
        );
        assert_eq!(store.signals(id).await.unwrap(), [signal("note", "1")]);
    }

    let epoch = hold(&*store, "failed", &by("a")).await;
    store.finish("failed", epoch, End::Failed("no".into())).await.unwrap();
    store.send("failed", signal("note", "1")).await.unwrap();
    assert_eq!(store.signals("failed").await.unwrap(), [signal("note", "1")]);
}
