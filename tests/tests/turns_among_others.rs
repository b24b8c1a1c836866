//! A busy step whose neighbour starves, among other workflows that a thread polls in turn: each look
//! at the budget falls behind some of them, and not always behind the same.
//!
//! It has a process of its own, as all workflows of a process learn from one that starves.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use tokio::sync::Semaphore;
use tokio::task::yield_now;
use workflow_runtime::{step, workflow};

struct Shop {
    always_ready: Semaphore,
    neighbour: AtomicBool,
    asked: AtomicU32,
}

/// Goes on until its neighbour has ended, or for so long that this never happens.
#[step]
async fn busy(shop: &Shop) -> bool {
    while shop.asked.fetch_add(1, Ordering::Relaxed) < 2_000_000 {
        drop(shop.always_ready.acquire().await);
        if shop.neighbour.load(Ordering::Relaxed) {
            return true;
        }
    }
    false
}

#[step]
async fn neighbour(shop: &Shop) {
    let own = Semaphore::new(1);
    // Longer than one poll.
    for _ in 0..1000 {
        drop(own.acquire().await);
    }
    shop.neighbour.store(true, Ordering::Relaxed);
}

/// Takes a turn each time, and little of it.
#[step]
async fn calm(over: &AtomicBool) {
    while !over.load(Ordering::Relaxed) {
        yield_now().await;
    }
}

workflow! {
    async fn starves(shop: &Shop) -> bool {
        let ended = busy(shop).await;
        neighbour(shop).await;
        ended
    }

    async fn calm_pair(over: &AtomicBool) {
        calm(over).await;
        calm(over).await;
    }
}

static OVER: AtomicBool = AtomicBool::new(false);
static SHOP: Shop = Shop {
    always_ready: Semaphore::const_new(1),
    neighbour: AtomicBool::new(false),
    asked: AtomicU32::new(0),
};

/// A fixed number of polls between two looks had some numbers of tasks as a divisor.
#[tokio::test]
async fn a_look_falls_behind_each_of_them() {
    // The first look falls behind one of these.
    let others: Vec<_> = (0..4).map(|_| tokio::spawn(calm_pair(&OVER))).collect();
    yield_now().await;
    let ended = tokio::spawn(starves(&SHOP)).await;
    OVER.store(true, Ordering::Relaxed);
    for other in others {
        other.await.expect("it ends");
    }
    assert!(ended.expect("it ends"), "the neighbour starves");
}
