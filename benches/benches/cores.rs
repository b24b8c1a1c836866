//! What `#[step(spawn)]` gains where steps compute and a second core is free.
//!
//! Both versions run in turn, so that other work on the machine meets both.

use std::fs;
use std::hint::black_box;
use std::time::{Duration, Instant};

use tokio::runtime::{Builder, Runtime};
use workflow_benches::shapes::heavy_diamond::{in_one_task, on_two_cores};
use workflow_benches::subject::SEED;

/// How many times faster it should be.
const AIM: f64 = 1.7;

fn main() {
    let quick = std::env::args().any(|arg| arg == "--quick");
    let pairs = if quick { 31 } else { 101 };

    let runtime = Builder::new_multi_thread().worker_threads(2).build();
    let runtime = runtime.expect("a runtime needs nothing");
    // Not measured: the threads start here.
    let expected = runtime.block_on(in_one_task(SEED));
    assert_eq!(runtime.block_on(on_two_cores(SEED)), expected, "the versions differ");

    let (mut together, mut spawned) = (Runs::default(), Runs::default());
    for _ in 0..pairs {
        together.add(&runtime, in_one_task);
        spawned.add(&runtime, on_two_cores);
    }

    println!("A diamond of steps that compute, two worker threads, {pairs} runs of each in turn\n");
    println!(
        "  {:36}{:>11}{:>10}{:>12}{:>12}",
        "", "median ms", "least ms", "cores used", "waited for"
    );
    for (version, runs) in [("workflow", &together), ("workflow, spawn", &spawned)] {
        println!(
            "  {version:36}{:>11.2}{:>10.2}{:>12.2}{:>12.2}",
            runs.nth(pairs / 2) * 1000.0,
            runs.nth(0) * 1000.0,
            runs.cores(runs.threads.ran),
            runs.cores(runs.threads.waited),
        );
    }
    let faster = together.nth(pairs / 2) / spawned.nth(pairs / 2);
    let missed = if faster < AIM { ", missed" } else { "" };
    println!("\n  spawn is {faster:.2} × faster; aim {AIM:.2}{missed}");
    let least = together.nth(0) / spawned.nth(0);
    println!("  the fastest run of each: {least:.2} ×");
}

/// The runs of one version.
#[derive(Default)]
struct Runs {
    wall: Vec<Duration>,
    threads: Threads,
}

impl Runs {
    fn add<F: Future>(&mut self, runtime: &Runtime, workflow: impl Fn(u64) -> F) {
        let before = Threads::now();
        let start = Instant::now();
        let _ = black_box(runtime.block_on(workflow(black_box(SEED))));
        self.wall.push(start.elapsed());
        let now = Threads::now();
        self.threads.ran += now.ran.saturating_sub(before.ran);
        self.threads.waited += now.waited.saturating_sub(before.waited);
    }

    /// The seconds that the nth fastest run took, counted from 0.
    fn nth(&self, nth: usize) -> f64 {
        let mut wall = self.wall.clone();
        wall.sort_unstable();
        wall[nth].as_secs_f64()
    }

    /// To how many cores that time comes.
    fn cores(&self, time: Duration) -> f64 {
        time.as_secs_f64() / self.wall.iter().sum::<Duration>().as_secs_f64()
    }
}

/// What the threads of this process have had of the processor. Only Linux tells it; elsewhere
/// it is nothing.
#[derive(Default)]
struct Threads {
    ran: Duration,
    /// While they could have run and something else did.
    waited: Duration,
}

impl Threads {
    fn now() -> Self {
        let mut all = Self::default();
        let threads = fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
        for thread in threads {
            let text = fs::read_to_string(thread.path().join("schedstat")).unwrap_or_default();
            let mut times = text.split_whitespace().map_while(|time| time.parse().ok());
            all.ran += Duration::from_nanos(times.next().unwrap_or(0));
            all.waited += Duration::from_nanos(times.next().unwrap_or(0));
        }
        all
    }
}
