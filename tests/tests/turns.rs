//! A step that always finds its channel or semaphore ready uses up what tokio lets a task do in
//! one poll. Neighbours, timers and compensations get their turn all the same.

use std::pin::pin;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::Poll;
use std::time::Duration;

use futures_util::poll;
use tokio::sync::{Semaphore, mpsc};
use tokio::time::{advance, sleep};
use workflow_runtime::{Run, Step, StepError, step, workflow};

/// A step that has asked so often has been alone all the time.
const FOREVER: u32 = 200_000;

struct Shop {
    always_ready: Semaphore,
    neighbours: AtomicU32,
}

impl Shop {
    fn new() -> Self {
        Self { always_ready: Semaphore::new(1), neighbours: AtomicU32::new(0) }
    }
}

/// Goes on until so many of its neighbours have ended.
#[step]
async fn busy(shop: &Shop, neighbours: u32) -> Result<u32, StepError> {
    for _ in 0..FOREVER {
        let permit = shop.always_ready.acquire().await;
        drop(permit.map_err(StepError::permanent)?);
        if shop.neighbours.load(Ordering::Relaxed) >= neighbours {
            return Ok(1);
        }
    }
    Err(StepError::permanent("the neighbours starve"))
}

/// A neighbour that reads from a channel, longer than one poll.
#[step]
async fn read(shop: &Shop) -> Result<u32, StepError> {
    let (sender, mut receiver) = mpsc::unbounded_channel();
    for number in 0..1000_u32 {
        sender.send(number).map_err(StepError::permanent)?;
    }
    drop(sender);
    let mut read = 0;
    while receiver.recv().await.is_some() {
        read += 1;
    }
    shop.neighbours.fetch_add(1, Ordering::Relaxed);
    Ok(read)
}

/// A neighbour on the workflow's own terms.
#[step(timeout = "1h")]
async fn read_timed(shop: &Shop) -> Result<u32, StepError> {
    read(shop).await
}

#[step]
async fn fail(shop: &Shop) -> Result<u32, StepError> {
    drop(shop.always_ready.acquire().await.map_err(StepError::permanent)?);
    Err(StepError::permanent("as expected"))
}

#[step]
async fn read_text(shop: &Shop) -> Result<String, StepError> {
    Ok(format!(" {} ", read(shop).await?))
}

#[step]
async fn busy_text(shop: &Shop) -> Result<String, StepError> {
    Ok(format!(" {} ", busy(shop, 1).await?))
}

#[step]
async fn trimmed(text: &str) -> Result<&str, StepError> {
    Ok(text.trim())
}

#[step]
async fn sum(number: u32, text: &str) -> Result<u32, StepError> {
    Ok(number + text.parse::<u32>().map_err(StepError::permanent)?)
}

#[step]
async fn add(one: u32, other: u32) -> Result<u32, StepError> {
    Ok(one + other)
}

#[step]
async fn double(number: &u32) -> Result<u32, StepError> {
    Ok(number * 2)
}

workflow! {
    async fn alone(shop: &Shop) -> Result<u32, StepError> {
        let never = busy(shop, u32::MAX).await?;
        Ok(never)
    }

    /// The neighbours end, and the step goes on.
    async fn waits_for_none(shop: &Shop) -> Result<u32, StepError> {
        let never = busy(shop, u32::MAX).await?;
        let read = read(shop).await?;
        let timed = read_timed(shop).await?;
        Ok(never + read + timed)
    }

    async fn join(shop: &Shop) -> Result<u32, StepError> {
        let first = busy(shop, 2).await?;
        let read = read(shop).await?;
        let timed = read_timed(shop).await?;
        Ok(first + read + timed)
    }

    async fn join_of_blocks(shop: &Shop) -> Result<u32, StepError> {
        let first = busy(shop, 1).await?;
        let end = double(&first).await?;
        let read = read(shop).await?;
        let twice = double(&read).await?;
        Ok(end + twice)
    }

    async fn region(shop: &Shop) -> Result<u32, StepError> {
        let first = busy(shop, 1).await?;
        let read = read(shop).await?;
        let twice = double(&read).await?;
        let sum = add(first, read).await?;
        Ok(twice + sum)
    }

    /// What follows the join stands in the branch that lends.
    async fn beside(shop: &Shop, neighbours: u32) -> Result<u32, StepError> {
        let text = read_text(shop).await?;
        let part = trimmed(&text).await?;
        let first = busy(shop, neighbours).await?;
        let end = sum(first, part).await?;
        Ok(end)
    }

    /// Here the busy step stands in that branch.
    async fn busy_beside(shop: &Shop) -> Result<u32, StepError> {
        let text = busy_text(shop).await?;
        let part = trimmed(&text).await?;
        let read = read(shop).await?;
        let end = sum(read, part).await?;
        Ok(end)
    }

    #[on_failure(finish)]
    async fn finishing(shop: &Shop) -> Result<u32, StepError> {
        let first = busy(shop, 1).await?;
        let read = read(shop).await?;
        let twice = double(&read).await?;
        let sum = add(first, read).await?;
        let failed = fail(shop).await?;
        Ok(twice + sum + failed)
    }

    async fn items(shop: &Shop, count: u32) -> Result<u32, StepError> {
        let all = for item in 0..count {
            let one = if item == 0 { busy(shop, count - 1).await? } else { read(shop).await? };
            one
        };
        Ok(all.iter().sum::<u32>())
    }

    async fn three_at_once(shop: &Shop) -> Result<u32, StepError> {
        #[concurrency(3)]
        let all = for item in 0..4 {
            let one = if item == 0 { busy(shop, 3).await? } else { read(shop).await? };
            one
        };
        Ok(all.iter().sum::<u32>())
    }

    async fn nested(shop: &Shop) -> Result<u32, StepError> {
        let inner = join_of_blocks(shop).await?;
        let read = read(shop).await?;
        let items = items(shop, 2).await?;
        Ok(inner + read + items)
    }

    /// What undoes one step is busy, too.
    async fn undoing(shop: &Shop) -> Result<u32, StepError> {
        #[compensate(busy(shop, 1))]
        let one = double(&1).await?;
        #[compensate(read(shop))]
        let other = double(&2).await?;
        #[after(one, other)]
        let failed = fail(shop).await?;
        Ok(failed)
    }
}

async fn outcome(call: impl Step<Output = Result<u32, StepError>>) -> Result<u32, String> {
    call.await.map_err(|error| error.to_string())
}

#[tokio::test]
async fn neighbours_get_their_turn() {
    let new = Shop::new;
    assert_eq!(outcome(join(&new())).await, Ok(2001));
    assert_eq!(outcome(join_of_blocks(&new())).await, Ok(2002));
    assert_eq!(outcome(beside(&new(), 1)).await, Ok(1001));
    assert_eq!(outcome(busy_beside(&new())).await, Ok(1001));
    assert_eq!(outcome(region(&new())).await, Ok(3001));
    assert_eq!(outcome(finishing(&new())).await, Err("as expected".to_owned()));
    // Few items are polled one by one, many when they are woken.
    assert_eq!(outcome(items(&new(), 3)).await, Ok(2001));
    assert_eq!(outcome(items(&new(), 50)).await, Ok(49001));
    assert_eq!(outcome(three_at_once(&new())).await, Ok(3001));
    assert_eq!(outcome(nested(&new())).await, Ok(2002 + 1000 + 1001));
}

#[tokio::test]
async fn compensations_get_their_turn() {
    let shop = Shop::new();
    assert_eq!(outcome(undoing(&shop)).await, Err("as expected".to_owned()));
    assert_eq!(shop.neighbours.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn neighbours_in_an_observed_run_get_their_turn() {
    assert_eq!(outcome_of_run(join(&Shop::new())).await, Ok(2001));
    assert_eq!(outcome_of_run(nested(&Shop::new())).await, Ok(2002 + 1000 + 1001));
    assert_eq!(outcome_of_run(beside(&Shop::new(), 1)).await, Ok(1001));
    assert_eq!(outcome_of_run(busy_beside(&Shop::new())).await, Ok(1001));
}

async fn outcome_of_run(call: impl Step<Output = Result<u32, StepError>>) -> Result<u32, String> {
    let recorder = workflow_runtime::Recorder::new();
    Run::new().observe(recorder).execute(call).await.map_err(|error| error.to_string())
}

/// Steps of a run with a deadline that is over long before they are.
async fn late(call: impl Step<Output = Result<u32, StepError>>) -> String {
    let mut run = pin!(Run::new().deadline(Duration::from_millis(20)).execute(call));
    for _ in 0..40 {
        if let Poll::Ready(outcome) = poll!(run.as_mut()) {
            return outcome.expect_err("it goes on for ever").to_string();
        }
        advance(Duration::from_millis(1)).await;
    }
    "the deadline does not come".to_owned()
}

#[tokio::test(start_paused = true)]
async fn a_deadline_comes_while_a_step_is_busy() {
    let passed = |name| format!("run of `{name}` passed its deadline of 20ms");
    assert_eq!(late(alone(&Shop::new())).await, passed("alone"));
    assert_eq!(late(waits_for_none(&Shop::new())).await, passed("waits_for_none"));
    assert_eq!(late(beside(&Shop::new(), u32::MAX)).await, passed("beside"));
    assert_eq!(late(busy(&Shop::new(), u32::MAX)).await, passed("busy"));
}

workflow! {
    async fn short(shop: &Shop) -> Result<u32, StepError> {
        let one = fail(shop).await;
        let other = double(&1).await?;
        Ok(u32::from(one.is_ok()) + other)
    }
}

/// Each thread and each runtime in it deals with a busy step of its own.
#[test]
fn runtimes_on_several_threads_give_turns() {
    let threads = (0..4).map(|_| {
        std::thread::spawn(|| {
            for _ in 0..3 {
                let runtime =
                    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                assert_eq!(runtime.block_on(outcome(join(&Shop::new()))), Ok(2001));
                // A run that is dropped leaves nothing behind.
                runtime.block_on(async {
                    let shop = Shop::new();
                    let mut dropped = Box::pin(join(&shop));
                    assert!(poll!(dropped.as_mut()).is_pending());
                });
                assert_eq!(runtime.block_on(outcome_of_run(beside(&Shop::new(), 1))), Ok(1001));
            }
        })
    });
    let threads: Vec<_> = threads.collect();
    for thread in threads {
        thread.join().unwrap();
    }
}

/// A workflow that is done in one poll takes of the budget what it has used, so that a loop
/// around it lets others run.
#[tokio::test]
async fn a_loop_around_workflows_lets_other_tasks_run() {
    // From now on branches have budgets of their own.
    assert_eq!(outcome(join(&Shop::new())).await, Ok(2001));
    let other = tokio::spawn(async { sleep(Duration::ZERO).await });
    let shop = Shop::new();
    for _ in 0..FOREVER {
        if other.is_finished() {
            return;
        }
        assert_eq!(outcome(short(&shop)).await, Ok(2));
    }
    panic!("the other task starves");
}
