//! Values that are not ready when a branch starts, and that its arms use in different ways: one
//! borrows, another consumes.

use std::time::Duration;

use tokio::time::{Instant, sleep};
use workflow_runtime::{step, workflow};

#[derive(Debug, Clone, PartialEq)]
struct Failed;

/// A text that cannot be copied.
#[derive(Debug)]
struct Doc(String);

#[derive(Debug)]
struct View<'a>(&'a str);

impl<'a> View<'a> {
    fn of(doc: &'a Doc) -> Self {
        Self(&doc.0)
    }
}

enum Choice {
    Named(usize),
    Other,
}

fn choose(n: u32) -> Choice {
    if n < 10 { Choice::Named(n as usize) } else { Choice::Other }
}

fn is_short(doc: &Doc) -> bool {
    doc.0.len() < 7
}

#[step]
async fn fetch(n: u32) -> Result<Doc, Failed> {
    sleep(Duration::from_secs(2)).await;
    Ok(Doc(format!("doc {n}")))
}

#[step]
async fn size(n: usize) -> Result<usize, Failed> {
    sleep(Duration::from_secs(3)).await;
    Ok(n)
}

#[step]
async fn sum(left: usize, right: usize) -> Result<usize, Failed> {
    sleep(Duration::from_secs(3)).await;
    Ok(left + right)
}

#[step]
async fn read(doc: &Doc) -> Result<usize, Failed> {
    sleep(Duration::from_secs(1)).await;
    Ok(doc.0.len())
}

#[step]
async fn look(view: &View<'_>) -> Result<usize, Failed> {
    sleep(Duration::from_secs(1)).await;
    Ok(view.0.len())
}

#[step]
async fn send(doc: Doc) -> Result<usize, Failed> {
    sleep(Duration::from_secs(4)).await;
    Ok(doc.0.len() + 100)
}

workflow! {
    /// The pattern of one arm has the name that another arm takes from outside.
    async fn a_pattern_of_the_same_name(n: u32) -> Result<usize, Failed> {
        let left = size(1).await?;
        let doc = fetch(n).await?;
        let got = match choose(n) {
            Choice::Named(doc) => {
                let sizes = for at in 0..2_usize {
                    let first = size(at).await?;
                    let both = sum(first, doc).await?;
                    both
                };
                sizes[0] + sizes[1]
            }
            Choice::Other => {
                let extra = size(10).await?;
                let got = if is_short(&doc) { read(&doc).await? } else { send(doc).await? };
                #[after(doc)] let more = size(extra).await?;
                got + more
            }
        };
        let right = size(left).await?;
        let doubled = size(got * 2).await?;
        Ok(doubled + right)
    }

    /// In one arm, values borrow from what another arm takes.
    async fn borrowed_in_one_arm(n: u32) -> Result<usize, Failed> {
        let left = size(1).await?;
        let doc = fetch(n).await?;
        let got = match choose(n) {
            Choice::Named(count) => {
                let sizes = for at in 0..count {
                    let view = View::of(&doc);
                    let first = look(&view).await?;
                    let again = View::of(&doc);
                    let second = size(at).await?;
                    let third = look(&again).await?;
                    let sum = sum(first, second).await?;
                    view.0.len() + third + sum
                };
                sizes.into_iter().sum::<usize>()
            }
            Choice::Other => if is_short(&doc) { read(&doc).await? } else { send(doc).await? },
        };
        let right = size(left).await?;
        let doubled = size(got * 2).await?;
        Ok(doubled + right)
    }
}

async fn timed<T>(run: impl Future<Output = T>) -> (T, u64) {
    let start = Instant::now();
    let value = run.await;
    (value, start.elapsed().as_secs())
}

#[tokio::test(start_paused = true)]
async fn a_pattern_may_have_the_name_of_what_another_arm_takes() {
    // Two steps of an item, then what doubles.
    assert_eq!(timed(a_pattern_of_the_same_name(3)).await, (Ok(15), 9));
    // `doc 10` is short; `more` starts 3 s after the start.
    assert_eq!(timed(a_pattern_of_the_same_name(10)).await, (Ok(33), 9));
    // `doc 1000` is sent from 2 s to 6 s.
    assert_eq!(timed(a_pattern_of_the_same_name(1000)).await, (Ok(237), 9));
}

#[tokio::test(start_paused = true)]
async fn values_may_borrow_from_what_another_arm_takes() {
    // 2 s for `doc`, 1 s for `first`, 3 s for `sum` in each item, then 3 s for what doubles.
    assert_eq!(timed(borrowed_in_one_arm(2)).await, (Ok(63), 9));
    assert_eq!(timed(borrowed_in_one_arm(10)).await, (Ok(13), 6));
    assert_eq!(timed(borrowed_in_one_arm(1000)).await, (Ok(217), 9));
}
