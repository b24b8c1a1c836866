//! Where the values of a region's branches wait for those that need them.
//!
//! The macro knows from the graph what uses a value and when, and picks the simplest slot that
//! is sufficient. All of these are filled once and hand out plain references or the value
//! itself; none of them waits for another thread, because a region runs in one task.

use core::future::poll_fn;
use core::task::Poll;
use std::sync::OnceLock;

use atomic_refcell::{AtomicRef, AtomicRefCell};
use tokio::sync::SetOnce;

use crate::flow::Flow;
use crate::schedule::finish::{Failures, halt};

/// A value that is only borrowed while the region runs.
pub type Shared<T> = OnceLock<T>;

/// A value that is borrowed first and then consumed by the last branch that needs it. The
/// borrows are counted, so a mistake in the plan would be a panic and not a dangling
/// reference.
pub type Lent<T> = AtomicRefCell<Option<T>>;

/// A value that a branch that is already running may need later, and borrows. `None` says that
/// it never comes.
pub struct Deferred<T>(SetOnce<Option<T>>);

impl<T> Deferred<T> {
    /// An empty slot.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "like the slots beside it")]
    pub fn new() -> Self {
        Self(SetOnce::new())
    }

    /// The value, if there is one.
    pub fn into_inner(self) -> Option<T> {
        self.0.into_inner().flatten()
    }

    fn set(&self, value: Option<T>) {
        let filled = self.0.set(value);
        debug_assert!(filled.is_ok(), "a branch runs once");
    }

    /// Waits until the value is there. A fan-out polls only those of its items that were
    /// woken, so this registers the task.
    async fn wait(&self) -> Option<&T> {
        self.0.wait().await.as_ref()
    }
}

/// A value that a branch that is already running may need later, and consumes.
pub type DeferredOwned<T> = AtomicRefCell<Option<T>>;

/// A value that is borrowed, by some branches while they are already running, and consumed by the
/// last one.
pub struct DeferredLent<T> {
    ready: Deferred<()>,
    value: Lent<T>,
}

impl<T> DeferredLent<T> {
    /// An empty slot.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "like the slots beside it")]
    pub fn new() -> Self {
        Self { ready: Deferred::new(), value: Lent::new(None) }
    }

    /// The value, for those that start when it is there.
    pub fn lent(&self) -> &Lent<T> {
        &self.value
    }
}

// A large region declares many slots before rustc knows what they hold, and until it does, rustc
// looks again, at every call, at whatever it has yet to check about them. About a function with one
// type parameter that is less than about a constructor in an `impl`.

/// An empty [`Shared`].
#[inline]
pub fn empty_shared<T>() -> Shared<T> {
    OnceLock::new()
}

/// An empty [`Lent`] or [`DeferredOwned`].
#[inline]
pub fn empty_lent<T>() -> Lent<T> {
    AtomicRefCell::new(None)
}

const READY: &str = "a branch starts when what it needs is ready";

/// What a slot is for.
pub trait Holds {
    /// The value.
    type Value;
}

impl<T> Holds for Shared<T> {
    type Value = T;
}

impl<T> Holds for Option<T> {
    type Value = T;
}

impl<T> Holds for Lent<T> {
    type Value = T;
}

impl<T> Holds for Deferred<T> {
    type Value = T;
}

impl<T> Holds for DeferredLent<T> {
    type Value = T;
}

/// A slot that outlasts the body is behind a reference.
impl<S: Holds> Holds for &S {
    type Value = S::Value;
}

/// A value of the slot's type, in code that never runs.
pub fn declared<S: Holds>(_: &S) -> S::Value {
    unreachable!("{NEVER}")
}

/// A value of the same type, in code that never runs.
pub fn declared_like<T>(_: &T) -> T {
    unreachable!("{NEVER}")
}

/// Uses two values at the same time, in code that never runs.
pub fn together<A, B>(_: A, _: B) {}

/// Uses a value to its end, in code that never runs.
pub fn over<T>(_: T) {}

const NEVER: &str = "only the types of this code matter";

/// Copies what a reference points to, if it can be copied; see [`__copied`].
///
/// [`__copied`]: crate::__copied
pub struct Copied<'a, T>(pub &'a T);

/// See [`Copied`].
pub trait ByCopy {
    /// What is copied.
    type Value;
    /// Copies it.
    fn get(&self) -> Self::Value;
}

impl<T: Copy> ByCopy for &Copied<'_, T> {
    type Value = T;

    #[inline]
    fn get(&self) -> T {
        *self.0
    }
}

/// See [`Copied`].
pub trait ByMove {
    /// What would have to be moved.
    type Value;
    /// Cannot be done. Other code makes sure that the workflow does not compile.
    fn get(&self) -> Self::Value;
}

impl<T> ByMove for Copied<'_, T> {
    type Value = T;

    fn get(&self) -> T {
        // Evaluated only if a workflow is built in which rustc found no error.
        const {
            panic!(
                "a value that cannot be copied is used by declarations that run at the same \
                 time, and one of them consumes it: clone it, order them with `#[after(…)]`, or \
                 compute what the others need of it in a declaration of its own"
            )
        }
    }
}

/// The value behind a reference, where it can be copied. Where it can't, the workflow does
/// not compile, but because of an error about the user's own variable and not about this.
#[doc(hidden)]
#[macro_export]
macro_rules! __copied {
    ($reference:expr) => {{
        use $crate::__private::{ByCopy as _, ByMove as _};
        (&&$crate::__private::Copied($reference)).get()
    }};
}

/// The value of a slot that has one user, which consumes it.
#[inline]
pub fn take<T>(slot: &mut Option<T>) -> T {
    slot.take().expect(READY)
}

/// A reference to what a slot holds. Not inlined, because a large region has many of these.
#[inline(never)]
pub fn shared<T>(slot: &Shared<T>) -> &T {
    slot.get().expect(READY)
}

/// A reference to what a slot holds.
#[inline(never)]
pub fn deferred<T>(slot: &Deferred<T>) -> &T {
    slot.0.get().and_then(Option::as_ref).expect(READY)
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

/// Puts a value where it stays, and returns a reference to it.
#[inline(never)]
pub fn hold<T>(slot: &Shared<T>, value: T) -> &T {
    share(slot, value);
    shared(slot)
}

/// Fills a [`Lent`] or a [`DeferredOwned`].
#[inline(never)]
pub fn lend<T>(slot: &Lent<T>, value: T) {
    *slot.borrow_mut() = Some(value);
}

/// Fills a [`Deferred`], and wakes the items that wait for it.
#[inline(never)]
pub fn announce<T>(slot: &Deferred<T>, value: T) {
    slot.set(Some(value));
}

/// Fills a [`DeferredLent`], and wakes the items that wait for it.
#[inline(never)]
pub fn announce_lent<T>(slot: &DeferredLent<T>, value: T) {
    lend(&slot.value, value);
    announce(&slot.ready, ());
}

/// Borrows a value that is consumed later.
#[inline]
pub fn borrow<T>(slot: &Lent<T>) -> AtomicRef<'_, T> {
    AtomicRef::map(slot.borrow(), |value| value.as_ref().expect(READY))
}

/// Borrows a value that is consumed later, for as long as the reference is kept in `counted`.
#[inline]
pub fn counted<'c, 's, T>(
    counted: &'c Shared<AtomicRef<'s, T>>,
    slot: &'s DeferredLent<T>,
) -> &'c T {
    counted.get_or_init(|| borrow(slot.lent()))
}

/// Consumes a value that was borrowed before.
#[inline]
pub fn reclaim<T>(slot: &Lent<T>) -> T {
    slot.borrow_mut().take().expect(READY)
}

/// Waits until the value is there.
#[inline]
pub async fn wait<T>(slot: &Deferred<T>) -> &T {
    slot.wait().await.expect(READY)
}

/// Like [`wait`], for a value that is borrowed from [`DeferredLent::lent`] afterwards.
#[inline]
pub async fn wait_lent<T>(slot: &DeferredLent<T>) {
    wait(&slot.ready).await;
}

/// Waits until the value is there and takes it. All others that needed it are done.
#[inline]
pub async fn wait_reclaimed<T>(slot: &DeferredLent<T>) -> T {
    wait_lent(slot).await;
    reclaim(&slot.value)
}

/// Says that the value never comes, and wakes those that wait for it.
pub fn abandon<S: Abandon>(slot: &S) {
    slot.abandon();
}

/// Like [`wait`], where the value may never come.
pub async fn wait_or_halt<'s, R: Flow, T>(failures: &Failures<R>, slot: &'s Deferred<T>) -> &'s T {
    match slot.wait().await {
        Some(value) => value,
        None => match halt(failures).await {},
    }
}

/// Like [`wait_lent`], where the value may never come.
pub async fn wait_lent_or_halt<R: Flow, T>(failures: &Failures<R>, slot: &DeferredLent<T>) {
    wait_or_halt(failures, &slot.ready).await;
}

/// Like [`wait_reclaimed`], where the value may never come.
pub async fn wait_reclaimed_or_halt<R: Flow, T>(
    failures: &Failures<R>,
    slot: &DeferredLent<T>,
) -> T {
    wait_lent_or_halt(failures, slot).await;
    reclaim(&slot.value)
}

/// A slot that others wait for.
pub trait Abandon {
    /// Says that the value never comes.
    fn abandon(&self);
}

impl<T> Abandon for Deferred<T> {
    fn abandon(&self) {
        // A slot may have been filled before the rest of its branch failed.
        let _ = self.0.set(None);
    }
}

impl<S: Abandon> Abandon for &S {
    fn abandon(&self) {
        (**self).abandon();
    }
}

impl<T> Abandon for DeferredLent<T> {
    fn abandon(&self) {
        self.ready.set(None);
    }
}

/// Waits until the value is there and takes it. The region polls the branch again when
/// it is, so this registers nothing.
#[inline]
pub async fn wait_owned<T>(slot: &DeferredOwned<T>) -> T {
    poll_fn(|_| slot.borrow_mut().take().map_or(Poll::Pending, Poll::Ready)).await
}
