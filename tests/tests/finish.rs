//! `#[on_failure(finish)]`: what does not depend on the failed step runs to its end.

#![allow(clippy::many_single_char_names)]

use std::time::Duration;

use tokio::time::{Instant, sleep};
use workflow_runtime::{Recorder, Run, Step, step, workflow};

/// Takes so many milliseconds and then succeeds, or fails with its name.
#[step]
async fn work(name: &'static str, millis: u64, fails: bool) -> Result<u64, String> {
    sleep(Duration::from_millis(millis)).await;
    if fails { Err(name.to_owned()) } else { Ok(millis) }
}

#[step]
async fn add(left: &u64, right: &u64) -> Result<u64, String> {
    sleep(Duration::from_millis(1)).await;
    Ok(left + right)
}

/// Runs it, with how long it took and what happened.
async fn observe<T>(call: impl Step<Output = T>) -> (T, u64, Recorder) {
    let (start, recorder) = (Instant::now(), Recorder::new());
    let output = Run::new().observe(recorder.clone()).execute(call).await;
    let millis = u64::try_from(start.elapsed().as_millis()).expect("it is short");
    (output, millis, recorder)
}

workflow! {
    #[on_failure(finish)]
    async fn side_by_side(first: bool, second: bool) -> Result<u64, String> {
        let a = work("a", 10, first).await?;
        let b = work("b", 5, second).await?;
        let c = work("c", 30, false).await?;
        let sum = add(&a, &b).await?;
        Ok(sum + c)
    }

    async fn side_by_side_cancelled(first: bool) -> Result<u64, String> {
        let a = work("a", 10, first).await?;
        let c = work("c", 30, false).await?;
        Ok(a + c)
    }
}

#[tokio::test(start_paused = true)]
async fn siblings_run_to_their_end() {
    let (output, millis, recorder) = observe(side_by_side(true, false)).await;
    assert_eq!((output, millis), (Err("a".to_owned()), 30));
    assert_eq!(recorder.completed_steps(), ["b", "c"]);
    assert_eq!(recorder.failed_steps(), ["a"]);
    assert_eq!(recorder.skipped_steps(), ["sum"]);

    let (output, millis, recorder) = observe(side_by_side_cancelled(true)).await;
    assert_eq!((output, millis), (Err("a".to_owned()), 10));
    assert_eq!(recorder.cancelled_steps(), ["c"]);
}

#[tokio::test(start_paused = true)]
async fn the_first_failure_by_time_is_returned() {
    let (output, millis, recorder) = observe(side_by_side(true, true)).await;
    assert_eq!((output, millis), (Err("b".to_owned()), 30));
    assert_eq!(recorder.failed_steps(), ["b", "a"]);
}

#[tokio::test(start_paused = true)]
async fn without_a_failure_nothing_differs() {
    let (output, millis, _) = observe(side_by_side(false, false)).await;
    assert_eq!((output, millis), (Ok(45), 30));
}

workflow! {
    #[on_failure(finish)]
    async fn region(fails: &'static str) -> Result<u64, String> {
        let a = work("a", 10, fails == "a").await?;
        let b = work("b", 20, fails == "b").await?;
        let c = work("c", a, fails == "c").await?;
        let d = add(&a, &b).await?;
        let e = add(&c, &d).await?;
        let f = work("f", c * 5, false).await?;
        Ok(e + f)
    }
}

#[tokio::test(start_paused = true)]
async fn branches_of_a_region_go_on() {
    let (output, millis, recorder) = observe(region("b")).await;
    assert_eq!((output, millis), (Err("b".to_owned()), 70));
    assert_eq!(recorder.completed_steps(), ["a", "c", "f"]);
    assert_eq!(recorder.skipped_steps(), ["d", "e"]);

    let (output, millis, recorder) = observe(region("a")).await;
    assert_eq!((output, millis), (Err("a".to_owned()), 20));
    assert_eq!(recorder.completed_steps(), ["b"]);
    assert_eq!(recorder.skipped_steps(), ["c", "d", "e", "f"]);

    let (output, millis, _) = observe(region("none")).await;
    assert_eq!((output, millis), (Ok(90), 70));
}

workflow! {
    #[on_failure(finish)]
    async fn late(fails: &'static str, choose: bool) -> Result<u64, String> {
        let slow = work("slow", 50, fails == "slow").await?;
        let chosen = if choose {
            let quick = work("quick", 5, fails == "quick").await?;
            let next = work("next", quick + 70, false).await?;
            let both = add(&slow, &next).await?;
            both
        } else {
            0
        };
        let after = work("after", chosen, false).await?;
        Ok(after)
    }

    #[on_failure(finish)]
    async fn late_order(fails: &'static str) -> Result<u64, String> {
        let slow = work("slow", 50, fails == "slow").await?;
        let chosen = {
            let quick = work("quick", 5, fails == "quick").await?;
            #[after(slow)]
            let next = work("next", 20, false).await?;
            quick + next
        };
        Ok(chosen)
    }

    #[on_failure(finish)]
    async fn late_consumed(fails: bool) -> Result<usize, String> {
        let text = write(fails).await?;
        let length = {
            let quick = work("quick", 5, false).await?;
            let size = consume(text).await?;
            usize::try_from(quick).unwrap_or(0) + size
        };
        Ok(length)
    }
}

#[step]
async fn write(fails: bool) -> Result<String, String> {
    sleep(Duration::from_millis(10)).await;
    if fails { Err("write".to_owned()) } else { Ok("text".to_owned()) }
}

#[step]
async fn consume(text: String) -> Result<usize, String> {
    Ok(text.len())
}

#[tokio::test(start_paused = true)]
async fn what_an_arm_waits_for_may_fail() {
    let (output, millis, recorder) = observe(late("slow", true)).await;
    assert_eq!((output, millis), (Err("slow".to_owned()), 80));
    assert_eq!(recorder.completed_steps(), ["chosen.quick", "chosen.next"]);
    assert_eq!(recorder.skipped_steps(), ["chosen.both", "after"]);

    let (output, millis, recorder) = observe(late("quick", true)).await;
    assert_eq!((output, millis), (Err("quick".to_owned()), 50));
    assert_eq!(recorder.completed_steps(), ["slow"]);

    let (output, millis, _) = observe(late("slow", false)).await;
    assert_eq!((output, millis), (Err("slow".to_owned()), 50));

    let (output, millis, _) = observe(late("none", true)).await;
    assert_eq!((output, millis), (Ok(125), 206));

    let (output, millis, recorder) = observe(late_order("slow")).await;
    assert_eq!((output, millis), (Err("slow".to_owned()), 50));
    assert_eq!(recorder.completed_steps(), ["chosen.quick"]);
    let (output, _, _) = observe(late_order("none")).await;
    assert_eq!(output, Ok(25));

    let (output, _, recorder) = observe(late_consumed(true)).await;
    assert_eq!(output, Err("write".to_owned()));
    assert_eq!(recorder.completed_steps(), ["length.quick"]);
    assert_eq!(observe(late_consumed(false)).await.0, Ok(9));
}

workflow! {
    #[on_failure(finish)]
    async fn items(bad: Vec<u64>) -> Result<Vec<u64>, String> {
        let done = for item in 0..6_u64 {
            let first = work("item", item * 10, bad.contains(&item)).await?;
            let second = work("second", 5, false).await?;
            first + second
        };
        Ok(done)
    }

    #[on_failure(finish)]
    async fn some_items(bad: Vec<u64>) -> Result<Vec<u64>, String> {
        #[concurrency(2)]
        let done = for item in 0..6_u64 {
            work("item", 10, bad.contains(&item)).await?
        };
        Ok(done)
    }

    #[on_failure(finish)]
    async fn items_wait(fails: bool) -> Result<Vec<u64>, String> {
        let slow = work("slow", 50, fails).await?;
        #[concurrency(2)]
        let done = for item in 0..4_u64 {
            let first = work("first", item, false).await?;
            let second = add(&first, &slow).await?;
            second
        };
        Ok(done)
    }
}

#[tokio::test(start_paused = true)]
async fn other_items_go_on() {
    let (output, millis, recorder) = observe(items(vec![3, 1])).await;
    assert_eq!((output, millis), (Err("item".to_owned()), 50));
    assert_eq!(recorder.failed_steps(), ["done[1].first", "done[3].first"]);
    assert_eq!(recorder.completed_steps().len(), 10);

    let (output, millis, recorder) = observe(some_items(vec![0, 5])).await;
    assert_eq!((output, millis), (Err("item".to_owned()), 30));
    assert_eq!(recorder.completed_steps().len(), 4);

    let (output, _, _) = observe(items(Vec::new())).await;
    assert_eq!(output, Ok(vec![5, 15, 25, 35, 45, 55]));

    let (output, _, recorder) = observe(items_wait(true)).await;
    assert_eq!(output, Err("slow".to_owned()));
    assert_eq!(recorder.completed_steps().len(), 4);
    assert_eq!(observe(items_wait(false)).await.0, Ok(vec![50, 51, 52, 53]));
}

workflow! {
    #[on_failure(finish)]
    async fn wide(bad: u64) -> Result<u64, String> {
        let a = work("0", 1, bad == 0).await?;
        let b = work("1", 2, bad == 1).await?;
        let c = work("2", 3, bad == 2).await?;
        let d = work("3", 4, bad == 3).await?;
        let e = work("4", 5, bad == 4).await?;
        let f = work("5", 6, bad == 5).await?;
        let g = work("6", 7, bad == 6).await?;
        let h = work("7", 8, bad == 7).await?;
        let i = work("8", 9, bad == 8).await?;
        Ok(a + b + c + d + e + f + g + h + i)
    }

    #[on_failure(finish)]
    async fn optional(present: bool) -> Option<u64> {
        let a = look_up(present).await?;
        let b = work("b", 9, false).await;
        Some(a + b.unwrap_or(0))
    }

    #[on_failure(finish)]
    async fn nested(bad: bool) -> Result<u64, String> {
        let inner = region(if bad { "b" } else { "none" }).await?;
        let beside = work("beside", 100, false).await?;
        Ok(inner + beside)
    }
}

#[step]
async fn look_up(present: bool) -> Option<u64> {
    present.then_some(1)
}

#[tokio::test(start_paused = true)]
async fn wide_joins_and_other_outputs() {
    for bad in 0..9 {
        let (output, millis, recorder) = observe(wide(bad)).await;
        assert_eq!((output, millis), (Err(bad.to_string()), 9));
        assert_eq!(recorder.completed_steps().len(), 8);
    }
    assert_eq!(observe(wide(9)).await.0, Ok(45));
    let (output, millis, _) = observe(optional(false)).await;
    assert_eq!((output, millis), (None, 9));
    assert_eq!(observe(optional(true)).await.0, Some(10));
    let (output, millis, _) = observe(nested(true)).await;
    assert_eq!((output, millis), (Err("b".to_owned()), 100));
    assert_eq!(observe(nested(false)).await.0, Ok(190));
}

workflow! {
    #[on_failure(drain)]
    async fn draining(fails: &'static str) -> Result<u64, String> {
        let a = work("a", 10, fails == "a").await?;
        let b = work("b", 30, fails == "b").await?;
        let c = work("c", a, false).await?;
        #[after(b)]
        let d = work("d", 1, false).await?;
        let e = add(&c, &d).await?;
        Ok(e)
    }

    #[on_failure(drain)]
    async fn draining_region(fails: &'static str) -> Result<u64, String> {
        let a = work("a", 10, fails == "a").await?;
        let b = work("b", 20, fails == "b").await?;
        let c = work("c", a * 2, fails == "c").await?;
        let d = add(&a, &b).await?;
        let e = add(&c, &d).await?;
        let f = work("f", c * 5, false).await?;
        Ok(e + f)
    }

    /// One region after the other.
    #[on_failure(drain)]
    async fn rollout(regions: Vec<&'static str>, fails: &'static str) -> Result<usize, String> {
        #[concurrency(1)]
        let deployed = for region in regions {
            let deployed = work(region, 10, region == fails).await?;
            #[after(deployed)]
            let tested = work("test", 5, false).await?;
            deployed + tested
        };
        Ok(deployed.len())
    }

    #[on_failure(drain)]
    async fn items_beside(items: Vec<u64>) -> Result<u64, String> {
        let beside = work("beside", 15, true).await?;
        let taken = std::sync::atomic::AtomicU64::new(0);
        #[concurrency(2)]
        let done = for item in items.iter().inspect(|_| { taken.fetch_add(1, std::sync::atomic::Ordering::Relaxed); }) {
            work("item", *item, false).await?
        };
        let first = done[3];                    // there is no such item if it is cut short
        Ok(beside + first + taken.into_inner())
    }

    #[on_failure(drain)]
    async fn in_arms(choose: bool) -> Result<u64, String> {
        let fails = work("fails", 10, true).await?;
        let chosen = if choose {
            let quick = work("quick", 20, false).await?;
            let next = work("next", quick, false).await?;
            next
        } else {
            0
        };
        let again = match chosen {
            0 => 0,
            _ => work("again", chosen, false).await?,
        };
        Ok(fails + again)
    }

    #[on_failure(drain)]
    async fn calls_another() -> Result<u64, String> {
        let fails = work("fails", 5, true).await?;
        let part = part().await?;
        let after = work("after", part, false).await?;
        Ok(fails + after)
    }

    async fn part() -> Result<u64, String> {
        let one = work("one", 10, false).await?;
        let two = work("two", one, false).await?;
        Ok(two)
    }

    #[on_failure(drain)]
    async fn at_once() -> Result<u64, String> {
        let fails = never("first").await?;
        let other = never("second").await?;
        let third = work("third", 5, false).await?;
        Ok(fails + other + third)
    }
}

#[step]
async fn never(name: &'static str) -> Result<u64, String> {
    Err(name.to_owned())
}

#[tokio::test(start_paused = true)]
async fn while_it_drains_nothing_new_starts() {
    let (output, millis, recorder) = observe(draining("a")).await;
    assert_eq!((output, millis), (Err("a".to_owned()), 30));
    assert_eq!(recorder.completed_steps(), ["b"]);
    assert_eq!(recorder.skipped_steps(), ["c", "d", "e"]);
    assert_eq!(recorder.cancelled_steps(), [""; 0]);
    assert_eq!(observe(draining("none")).await.0, Ok(11));

    let (output, millis, recorder) = observe(draining_region("a")).await;
    assert_eq!((output, millis), (Err("a".to_owned()), 20));
    assert_eq!(recorder.started_steps(), ["a", "b"]);
    let (output, millis, recorder) = observe(draining_region("b")).await;
    assert_eq!((output, millis), (Err("b".to_owned()), 30));
    assert_eq!(recorder.started_steps(), ["a", "b", "c"]);
    assert_eq!(recorder.completed_steps(), ["a", "c"]);
    assert_eq!(observe(draining_region("none")).await.0, Ok(20 + 30 + 100));
}

#[tokio::test(start_paused = true)]
async fn a_rollout_stops_where_it_fails() {
    let regions = || vec!["eu", "us", "ap"];
    let (output, millis, recorder) = observe(rollout(regions(), "us")).await;
    assert_eq!((output, millis), (Err("us".to_owned()), 25));
    assert_eq!(recorder.completed_steps(), ["deployed[0].deployed", "deployed[0].tested"]);
    assert_eq!(observe(rollout(regions(), "none")).await.0, Ok(3));

    // Where the failure is beside the items, no more of them are taken.
    let (output, millis, recorder) = observe(items_beside(vec![10, 30, 10, 10, 10])).await;
    assert_eq!((output, millis), (Err("beside".to_owned()), 30));
    assert_eq!(recorder.started_steps().len(), 1 + 3);
    assert_eq!(recorder.completed_steps().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn what_runs_is_let_end_wherever_it_is() {
    let (output, millis, recorder) = observe(in_arms(true)).await;
    assert_eq!((output, millis), (Err("fails".to_owned()), 20));
    assert_eq!(recorder.completed_steps(), ["chosen.quick"]);
    let (output, millis, _) = observe(in_arms(false)).await;
    assert_eq!((output, millis), (Err("fails".to_owned()), 10));
    // A workflow that is called runs to its own end, like any step.
    let (output, millis, recorder) = observe(calls_another()).await;
    assert_eq!((output, millis), (Err("fails".to_owned()), 20));
    assert_eq!(recorder.completed_steps(), ["part.one", "part.two", "part"]);
    assert_eq!(recorder.skipped_steps(), ["after"]);
    // Those that were to start at the same time do not start.
    let (output, millis, recorder) = observe(at_once()).await;
    assert_eq!((output, millis), (Err("first".to_owned()), 0));
    assert_eq!(recorder.started_steps(), ["fails"]);
}
