//! The clock of a store.

use std::sync::Arc;
use std::time::Duration;

use super::support::{hold, next_moment};
use crate::{Claim, JournalStore};

pub(super) async fn leases_are_judged_by_the_clock_that_is_told<S: JournalStore>(store: Arc<S>) {
    let lease = Duration::from_secs(3600);
    let claim = Claim::new("a", lease);
    let before = store.now().await.unwrap();
    let epoch = hold(&*store, "cart-1", &claim).await;
    let after = store.now().await.unwrap();
    let (_, until) = store.run("cart-1").await.unwrap().unwrap().held.unwrap();
    assert!(
        (before.after(lease)..=after.after(lease)).contains(&until),
        "claimed between {before:?} and {after:?}, the lease ends one hour later, but: {until:?}"
    );

    next_moment();
    let before = store.now().await.unwrap();
    store.renew("cart-1", epoch, &claim).await.unwrap();
    let (_, until) = store.run("cart-1").await.unwrap().unwrap().held.unwrap();
    assert!(until >= before.after(lease), "renewed after {before:?}, but it ends at {until:?}");
}

pub(super) async fn the_clock_goes_on<S: JournalStore>(store: Arc<S>) {
    let before = store.now().await.unwrap();
    next_moment();
    let after = store.now().await.unwrap();
    assert!(after > before, "{after:?} comes after {before:?}");
}
