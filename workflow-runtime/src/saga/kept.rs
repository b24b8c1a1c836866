//! Where values that a compensation may need are kept.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::schedule::{Deferred, announce, deferred};

/// The places of one variable in the items of a fan-out.
///
/// They stay where they are until the workflow ends, since compensations borrow from them. So they
/// are in chunks, each twice as large as the one before it.
pub struct Arena<T> {
    used: AtomicUsize,
    chunks: Box<[Chunk<T>]>,
}

type Chunk<T> = OnceLock<Box<[Deferred<T>]>>;

impl<T> Arena<T> {
    /// No places.
    pub fn new() -> Self {
        let chunks = (0..usize::BITS).map(|_| OnceLock::new()).collect();
        Self { used: AtomicUsize::new(0), chunks }
    }

    /// Adds a place.
    pub fn add(&self) -> &Deferred<T> {
        let number = self.used.fetch_add(1, Ordering::Relaxed) + 1;
        let chunk = number.ilog2();
        let first = 1 << chunk;
        let places = || (0..first).map(|_| Deferred::new()).collect();
        &self.chunks[chunk as usize].get_or_init(places)[number - first]
    }
}

/// Puts a value in its place, and returns a reference to it.
pub fn keep<T>(place: &Deferred<T>, value: T) -> &T {
    announce(place, value);
    deferred(place)
}

/// The compensations, which still need what they name.
pub struct Compensations;

/// A value that a step may take although a compensation needs it too: a value that can be copied.
/// The type is a parameter of the trait because rustc would suggest borrowing a `Self` type that
/// does not fit.
#[diagnostic::on_unimplemented(
    message = "a compensation still needs this `{T}`",
    label = "consumed here",
    note = "a `#[compensate(…)]` names it, and would run after this: clone it here, or pass a \
            reference"
)]
pub trait Spare<T> {}

#[diagnostic::do_not_recommend]
impl<T: Copy> Spare<T> for Compensations {}

/// A variable that a compensation still needs, to be copied.
#[inline]
pub fn still_needed<T>(value: &T) -> &T
where
    Compensations: Spare<T>,
{
    value
}
