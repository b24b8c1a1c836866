//! A fan-out keeps what runs, and nothing of the items that are over.

use std::future::poll_fn;
use std::task::Poll;

use allocation_counter::{AllocationInfo, measure};
use tokio::runtime::Builder;
use workflow_runtime::{Event, Observer, Recorder, Run, step, workflow};

const FEW: u32 = 1_000;
const MANY: u32 = 100_000;
/// What the values come to in the list in which they are collected, which doubles as it grows.
const VALUES: u64 = 2 * size_of::<Option<u32>>() as u64 * MANY as u64;

async fn yield_once() {
    let mut yielded = false;
    poll_fn(|cx| {
        if std::mem::replace(&mut yielded, true) {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// Something large enough to be seen if it were kept.
#[step]
async fn read(number: u32) -> Vec<u8> {
    yield_once().await;
    vec![1; 512 + number as usize % 2]
}

#[step]
async fn count(bytes: Vec<u8>) -> u32 {
    yield_once().await;
    u32::try_from(bytes.len()).unwrap() - 512
}

workflow! {
    async fn count_all(items: u32) -> u32 {
        #[concurrency(8)]
        let odd = for number in 0..items {
            let bytes = read(number).await;
            let odd = count(bytes).await;
            odd
        };
        odd.iter().sum()
    }
}

/// Forgets what it is told.
struct Nothing;

impl Observer for Nothing {
    fn on_event(&self, _event: &Event) {}
}

/// Has the call of so many items, run to its end.
fn measure_call<F: Future<Output = u32>>(items: u32, call: fn(u32) -> F) -> AllocationInfo {
    let measured = measure(|| {
        let runtime = Builder::new_current_thread().build().unwrap();
        assert_eq!(runtime.block_on(call(items)), items / 2);
    });
    println!("{items} items: {} bytes at most", measured.bytes_max);
    measured
}

/// The peak of many items is that of few, but for the values.
fn assert_bounded<F: Future<Output = u32>>(call: fn(u32) -> F) {
    let (few, many) = (measure_call(FEW, call), measure_call(MANY, call));
    assert!(many.bytes_max < few.bytes_max + VALUES, "{few:?}\n{many:?}");
}

#[test]
fn without_a_run() {
    assert_bounded(count_all);
}

#[test]
fn with_an_observer() {
    assert_bounded(|items| Run::new().observe(Nothing).execute(count_all(items)));
}

#[test]
fn the_measure_sees_what_is_kept() {
    let kept = |items| Run::new().observe(Recorder::new()).execute(count_all(items));
    assert!(
        measure_call(2 * FEW, kept).bytes_max > 2 * measure_call(FEW, kept).bytes_max / 2 + 512
    );
}
