//! Variables that are called: closures, boxed ones, and function pointers.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep};
use workflow_runtime::{step, workflow};

#[derive(Debug, PartialEq)]
struct Failed;

#[step]
async fn rate(n: u32) -> Result<u32, Failed> {
    sleep(Duration::from_secs(2)).await;
    Ok(n)
}

/// Takes as many seconds as the number is large.
#[step]
async fn wait(seconds: u32) -> Result<u32, Failed> {
    sleep(Duration::from_secs(seconds.into())).await;
    Ok(seconds)
}

fn double(n: u32) -> u32 {
    n * 2
}

fn total(n: u32) -> u32 {
    n + 100
}

type Scale = Box<dyn Fn(u32) -> u32 + Send + Sync>;

workflow! {
    async fn boxed_by_an_arm(n: u32) -> Result<u32, Failed> {
        let scale: Box<dyn Fn(u32) -> u32 + Send + Sync> = if n > 0 {
            let rate = rate(n).await?;
            Box::new(move |value| value * rate)
        } else {
            Box::new(|value| value)
        };
        let waited = wait(scale(2)).await?;
        Ok(waited)
    }

    async fn boxed(n: u32) -> Result<u32, Failed> {
        let rate = rate(n).await?;
        let scale = Box::new(move |value: u32| value * rate);
        let first = wait(scale(1)).await?;
        let second = wait(scale(first)).await?;
        Ok(second)
    }

    async fn pointer(n: u32) -> Result<u32, Failed> {
        let rate = rate(n).await?;
        let scale: fn(u32) -> u32 = if rate > 2 { double } else { |value| value };
        let waited = wait(scale(3)).await?;
        Ok(waited)
    }

    /// Not series-parallel: two steps call it, and one of them waits for another step.
    async fn shared_in_a_region(n: u32) -> Result<u32, Failed> {
        let rate = rate(n).await?;
        let scale = Arc::new(move |value: u32| value * rate);
        let other = wait(3).await?;
        let left = wait(scale(1)).await?;
        let right = wait(scale(other)).await?;
        let more = wait(other).await?;
        Ok(left + right + more)
    }

    /// A function can still be called where a variable of its name is not a function.
    async fn function_of_the_same_name(n: u32) -> Result<u32, Failed> {
        let total = rate(n).await?;
        let more = wait(total(1) - 100).await?;
        Ok(total + more)
    }
}

fn named() -> Scale {
    Box::new(double)
}

workflow! {
    async fn made_by_a_function() -> Result<u32, Failed> {
        let scale: Box<dyn Fn(u32) -> u32 + Send + Sync> = named();
        let all = for n in [1, 2] {
            wait(scale(n)).await?
        };
        Ok(all.iter().sum())
    }
}

async fn timed<T>(run: impl Future<Output = T> + Send) -> (T, u64) {
    let begun = Instant::now();
    (run.await, begun.elapsed().as_secs())
}

#[tokio::test(start_paused = true)]
async fn what_is_called_is_a_dependency() {
    assert_eq!(timed(boxed_by_an_arm(2)).await, (Ok(4), 6));
    assert_eq!(timed(boxed_by_an_arm(0)).await, (Ok(2), 2));
    assert_eq!(timed(boxed(2)).await, (Ok(4), 8));
    assert_eq!(timed(pointer(3)).await, (Ok(6), 8));
    assert_eq!(timed(shared_in_a_region(2)).await, (Ok(11), 9));
    assert_eq!(timed(made_by_a_function()).await, (Ok(6), 4));
}

#[tokio::test(start_paused = true)]
async fn a_function_may_have_the_name_of_another_variable() {
    assert_eq!(timed(function_of_the_same_name(2)).await, (Ok(3), 2));
}
