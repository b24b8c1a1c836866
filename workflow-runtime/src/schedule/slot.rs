//! Where the values of a region's branches wait for those that need them.
//!
//! The macro knows from the graph who uses a value and when, and picks the least that
//! serves. All of these are filled once and hand out plain references or the value
//! itself; none of them waits for another thread, as a region runs in one task.

use core::future::poll_fn;
use core::task::Poll;
use std::sync::OnceLock;

use atomic_refcell::{AtomicRef, AtomicRefCell};
use tokio::sync::SetOnce;

/// A value that is only borrowed while the region runs.
pub type Shared<T> = OnceLock<T>;

/// A value that is borrowed first and then, by the last that needs it, consumed. The
/// borrows are counted, so a mistake of the plan would be a panic and not a dangling
/// reference.
pub type Lent<T> = AtomicRefCell<Option<T>>;

/// A value that a branch which already runs may come to need, and borrows.
pub type Late<T> = SetOnce<T>;

/// A value that a branch which already runs may come to need, and consumes.
pub type LateOwned<T> = AtomicRefCell<Option<T>>;

/// A value that is borrowed, by some while they run already, and consumed by the last.
pub struct LateLent<T> {
    ready: SetOnce<()>,
    value: Lent<T>,
}

impl<T> LateLent<T> {
    /// An empty slot.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "like the slots beside it")]
    pub fn new() -> Self {
        Self { ready: SetOnce::new(), value: Lent::new(None) }
    }

    /// The value, for those that start when it is there.
    pub fn lent(&self) -> &Lent<T> {
        &self.value
    }
}

const READY: &str = "a branch starts when what it needs is ready";

/// The value of a slot that has one user, who consumes it.
#[inline]
pub fn take<T>(slot: &mut Option<T>) -> T {
    slot.take().expect(READY)
}

/// A reference to what a slot holds.
#[inline]
pub fn value<T>(slot: Option<&T>) -> &T {
    slot.expect(READY)
}

/// The value that a slot held.
#[inline]
pub fn unwrap<T>(slot: Option<T>) -> T {
    slot.expect(READY)
}

/// Fills a [`Shared`].
#[inline(never)]
pub fn share<T>(slot: &Shared<T>, value: T) {
    let filled = slot.set(value);
    debug_assert!(filled.is_ok(), "a branch runs once");
}

/// Fills a [`Lent`] or a [`LateOwned`].
#[inline(never)]
pub fn lend<T>(slot: &Lent<T>, value: T) {
    *slot.borrow_mut() = Some(value);
}

/// Fills a [`Late`], and wakes the items that wait for it.
#[inline(never)]
pub fn announce<T>(slot: &Late<T>, value: T) {
    let filled = slot.set(value);
    debug_assert!(filled.is_ok(), "a branch runs once");
}

/// Fills a [`LateLent`], and wakes the items that wait for it.
#[inline(never)]
pub fn announce_lent<T>(slot: &LateLent<T>, value: T) {
    lend(&slot.value, value);
    announce(&slot.ready, ());
}

/// Borrows a value that is consumed later.
#[inline]
pub fn borrow<T>(slot: &Lent<T>) -> AtomicRef<'_, T> {
    AtomicRef::map(slot.borrow(), |value| value.as_ref().expect(READY))
}

/// Consumes a value that was borrowed before.
#[inline]
pub fn reclaim<T>(slot: &Lent<T>) -> T {
    slot.borrow_mut().take().expect(READY)
}

/// Waits until the value is there. A fan-out polls only those of its items that were
/// woken, so this registers the task.
#[inline]
pub async fn wait<T>(slot: &Late<T>) -> &T {
    slot.wait().await
}

/// Like [`wait`], for a value that is borrowed from [`LateLent::lent`] afterwards.
#[inline]
pub async fn wait_lent<T>(slot: &LateLent<T>) {
    slot.ready.wait().await;
}

/// Waits until the value is there and takes it. The region polls the branch again when
/// it is, so this registers nothing.
#[inline]
pub async fn wait_owned<T>(slot: &LateOwned<T>) -> T {
    poll_fn(|_| slot.borrow_mut().take().map_or(Poll::Pending, Poll::Ready)).await
}
