//! Runs a future to its end at the lowest cost there is.

use std::hint::black_box;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

/// Makes a future in place and polls it until it is ready, whether it was woken
/// or not. A runtime's own work for each wake would hide differences between
/// two versions of a graph; here there is none.
///
/// As in a runtime, the future is behind a pointer and the waker is opaque: a
/// small graph that is compiled into this loop as a whole would otherwise lose
/// its wakes.
#[inline]
pub fn drive<F: Future>(make: impl FnOnce() -> F) -> F::Output {
    let future: Pin<&mut dyn Future<Output = F::Output>> = pin!(make());
    let mut future = black_box(future);
    let mut cx = Context::from_waker(black_box(Waker::noop()));
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut cx) {
            return output;
        }
    }
}
