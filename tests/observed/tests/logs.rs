//! What a step's own code logs is in the step's own span, wherever it runs.

#![allow(clippy::many_single_char_names)]
#![allow(clippy::items_after_statements)]

mod steps;

use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use steps::count;
use tracing::{Span, info};
use workflow_observed_tests::trace;
use workflow_runtime::{step, workflow};

#[step(spawn)]
async fn spawned(name: &'static str) -> u64 {
    for at in 0..3 {
        info!(target: "test", "{name} {at}");
        tokio::task::yield_now().await;
    }
    1
}

#[step(blocking)]
fn blocked(name: &'static str) -> u64 {
    info!(target: "test", "{name} 0");
    std::thread::yield_now();
    info!(target: "test", "{name} 1");
    1
}

workflow! {
    async fn everywhere(times: u64) -> u64 {
        let a = count("a", times).await;
        let b = count("b", times).await;
        let c = spawned("c").await;
        let d = spawned("d").await;
        let e = blocked("e").await;
        let f = blocked("f").await;
        let items = for _item in 0..4_u8 {
            let g = spawned("items.g").await;
            let h = count("items.h", g).await;
            h
        };
        a + b + c + d + e + f + items.len() as u64
    }
}

/// Each line starts with the name of the step that wrote it.
fn assert_each_at_home(events: &[String], lines: usize) {
    let mut found = 0;
    for event in events {
        let (place, line) = event.split_once(": INFO ").expect("all of it is in a span");
        let name = line.split(' ').next().unwrap();
        let path = place.strip_prefix("step ").expect("the span is a step's");
        let without_item: String = path.split(['[', ']']).step_by(2).collect();
        assert_eq!(without_item, name, "{event}");
        found += 1;
    }
    assert_eq!(found, lines);
}

#[tokio::test]
async fn on_one_thread() {
    let trace = trace();
    assert_eq!(trace.of(everywhere(5)).await, 18);
    assert_each_at_home(&trace.events(), 12 + 6 + 4 + 4 * (3 + 2));
    assert!(!trace.spans().contains("open"), "{}", trace.spans());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn on_many_threads() {
    let trace = trace();
    let runs = (0..20).map(|_| tokio::spawn(trace.of(everywhere(5)))).collect::<Vec<_>>();
    for run in runs {
        assert_eq!(run.await.unwrap(), 18);
    }
    assert_each_at_home(&trace.events(), 20 * (12 + 6 + 4 + 4 * (3 + 2)));
    assert!(!trace.spans().contains("open"), "{}", trace.spans());
    // The step itself, and its body.
    assert!(trace.span("step", "e").threads.len() > 1);
}

/// Between two polls nothing is entered, whichever thread polls.
#[test]
fn across_threads_by_hand() {
    let trace = trace();
    workflow! {
        async fn two(times: u64) -> u64 {
            let a = count("a", times).await;
            let b = count("b", a).await;
            b
        }
    }
    let mut call = Box::pin(trace.of(two(10)));
    loop {
        let polled = std::thread::scope(|scope| {
            let on_thread = || {
                let poll = call.as_mut().poll(&mut Context::from_waker(Waker::noop()));
                assert_eq!(Span::current().id(), None);
                poll
            };
            scope.spawn(on_thread).join().unwrap()
        });
        if let Poll::Ready(output) = polled {
            assert_eq!(output, 10);
            break;
        }
    }
    assert!(trace.span("step", "a").threads.len() > 1);
    assert_eq!(trace.spans(), "workflow two completed\n  step a completed\n  step b completed\n");
}

/// Spans close when items end, and are not kept.
#[tokio::test]
async fn of_many_items() {
    #[step]
    async fn touch(_item: u32, _held: Arc<()>) {
        for _ in 0..4 {
            tokio::task::yield_now().await;
        }
    }
    workflow! {
        async fn all(held: Arc<()>) -> usize {
            #[concurrency(10)]
            let items = for item in 0..200_u32 {
                let touched = touch(item, Arc::clone(&held)).await;
                touched
            };
            items.len()
        }
    }
    let trace = trace();
    let mut call = Box::pin(trace.of(all(Arc::new(()))));
    let mut most = 0;
    loop {
        let polled = futures_util::poll!(&mut call);
        most = most.max(trace.spans().matches(" open").count());
        if polled.is_ready() {
            break;
        }
        tokio::task::yield_now().await;
    }
    assert!((2..=11).contains(&most), "{most}");
    assert_eq!(trace.spans().matches("completed").count(), 201);
}
