//! What `Progress` keeps where a fan-out has many items.

use std::io;

use indicatif::InMemoryTerm;
use tokio::{runtime::Builder, task::yield_now};
use workflow_runtime::{Progress, Run, step, workflow};

const FEW: u32 = 1_000;
const MANY: u32 = 100_000;
/// What the values come to in the list in which they are collected, which doubles as it grows.
const VALUES: u64 = 2 * size_of::<Option<u32>>() as u64 * MANY as u64;

#[step]
async fn read(number: u32) -> u32 {
    yield_now().await;
    number
}

workflow! {
    async fn read_all(items: u32) -> usize {
        #[concurrency(8)]
        let numbers = for number in 0..items {
            let same = read(number).await;
            same
        };
        numbers.len()
    }
}

fn on_terminal() -> Run {
    Run::new().observe(Progress::on_terminal(InMemoryTerm::new(20, 100)))
}

fn in_a_log() -> Run {
    Run::new().observe(Progress::lines(io::sink()))
}

fn execute(observed: fn() -> Run, items: u32) {
    let runtime = Builder::new_current_thread().build().unwrap();
    assert_eq!(runtime.block_on(observed().execute(read_all(items))), items as usize);
}

/// The most bytes there are at once on the run's own thread.
fn peak(observed: fn() -> Run, items: u32) -> u64 {
    allocation_counter::measure(|| execute(observed, items)).bytes_max
}

#[test]
fn keeps_nothing_of_an_item_that_is_over() {
    for observed in [on_terminal, in_a_log] {
        let (few, many) = (peak(observed, FEW), peak(observed, MANY));
        assert!(many < few + VALUES, "{few} bytes for {FEW} items, {many} for {MANY}");
    }
}
