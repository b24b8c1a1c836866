//! A `for` with `#[concurrency]`: few items at once are all polled, of many those that were woken.

use std::cell::{Cell, RefCell};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Duration;

use tokio::time::{Instant, sleep};
use workflow_runtime::{step, workflow};

/// What the items of a run do, and what has become of them.
struct Shop {
    /// How many milliseconds each item takes, and how often it yields before.
    items: Vec<(u64, u32)>,
    /// The item that fails when it is done.
    fails: Option<usize>,
    started: RefCell<Vec<usize>>,
    running: Cell<usize>,
    most: Cell<usize>,
}

/// Counts an item as running until it is dropped.
struct Running<'a>(&'a Shop);

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.running.set(self.0.running.get() - 1);
    }
}

impl Shop {
    fn of(seed: u64, fails: bool) -> (Self, usize) {
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        let mut below = |limit: u64| {
            state = state.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
            (state >> 33) % limit
        };
        let count = below(150);
        let items = (0..count).map(|_| (1 + below(6), u32::try_from(below(4)).unwrap())).collect();
        // On both sides of what counts as few.
        let limit = usize::try_from(1 + below(70)).unwrap();
        let fails = (fails && count > 0).then(|| usize::try_from(below(count)).unwrap());
        let shop = Self {
            items,
            fails,
            started: RefCell::default(),
            running: Cell::default(),
            most: Cell::default(),
        };
        (shop, limit)
    }

    /// When all items are done, or the one that fails: each starts when there is room for it.
    fn expected(&self, limit: usize) -> u64 {
        let mut ends = BinaryHeap::new();
        let mut last = 0;
        for (item, (takes, _)) in self.items.iter().enumerate() {
            let start =
                if ends.len() < limit { 0 } else { ends.pop().map_or(0, |Reverse(end)| end) };
            ends.push(Reverse(start + takes));
            last = last.max(start + takes);
            if self.fails == Some(item) {
                return start + takes;
            }
        }
        last
    }
}

#[step]
async fn work(shop: &Shop, item: usize) -> Result<usize, usize> {
    shop.started.borrow_mut().push(item);
    shop.running.set(shop.running.get() + 1);
    shop.most.set(shop.most.get().max(shop.running.get()));
    let _running = Running(shop);
    let (takes, yields) = shop.items[item];
    for _ in 0..yields {
        tokio::task::yield_now().await;
    }
    sleep(Duration::from_millis(takes)).await;
    if shop.fails == Some(item) { Err(item) } else { Ok(item) }
}

#[step]
async fn after(item: usize) -> Result<usize, usize> {
    Ok(item)
}

workflow! {
    /// An item is one call.
    async fn calls(shop: &Shop, limit: usize) -> Result<Vec<usize>, usize> {
        let items = 0..shop.items.len();
        #[concurrency(limit)]
        let done = for item in items { work(shop, item).await? };
        Ok(done)
    }

    /// An item is two calls.
    async fn chains(shop: &Shop, limit: usize) -> Result<Vec<usize>, usize> {
        let items = 0..shop.items.len();
        #[concurrency(limit)]
        let done = for item in items {
            let worked = work(shop, item).await?;
            let done = after(worked).await?;
            done
        };
        Ok(done)
    }
}

#[tokio::test(start_paused = true)]
async fn each_item_starts_when_there_is_room_for_it() {
    for seed in 0..300 {
        for observed in [false, true] {
            let (shop, limit) = Shop::of(seed, false);
            let begun = Instant::now();
            let done = if observed {
                workflow_runtime::Run::new().execute(chains(&shop, limit)).await
            } else {
                calls(&shop, limit).await
            };
            let all: Vec<usize> = (0..shop.items.len()).collect();
            assert_eq!(done.as_ref(), Ok(&all), "seed {seed}");
            assert_eq!(*shop.started.borrow(), all, "seed {seed}");
            assert_eq!(shop.most.get(), limit.min(all.len()), "seed {seed}");
            let took = begun.elapsed().as_millis();
            assert_eq!(took, u128::from(shop.expected(limit)), "seed {seed}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_failure_ends_the_others() {
    for seed in 0..300 {
        for chained in [false, true] {
            let (shop, limit) = Shop::of(seed, true);
            let Some(fails) = shop.fails else { continue };
            let begun = Instant::now();
            let done = if chained { chains(&shop, limit).await } else { calls(&shop, limit).await };
            assert_eq!(done, Err(fails), "seed {seed}");
            let took = begun.elapsed().as_millis();
            assert_eq!(took, u128::from(shop.expected(limit)), "seed {seed}");
            // Nothing runs on, and nothing has started out of turn.
            assert_eq!(shop.running.get(), 0, "seed {seed}");
            let started = shop.started.borrow();
            assert!(started.iter().copied().eq(0..started.len()), "seed {seed}");
        }
    }
}
