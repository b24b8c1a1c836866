//! What a direct call costs: no allocation, and a future of the size of hand-written code.

#![allow(clippy::many_single_char_names)]

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use futures_util::try_join;
use workflow_runtime::{Recorder, Run, step, workflow};

#[derive(Debug, Clone, Copy)]
struct Failed;

/// Pending once, so that the schedule has something to do.
async fn yield_once() {
    let mut yielded = false;
    std::future::poll_fn(|_| {
        if std::mem::replace(&mut yielded, true) { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
}

mod plain {
    use super::{Failed, yield_once};

    pub(crate) async fn one(input: &u64) -> Result<u64, Failed> {
        yield_once().await;
        Ok(input + 1)
    }

    pub(crate) async fn two(left: &u64, right: &u64) -> Result<u64, Failed> {
        yield_once().await;
        Ok(left + right)
    }
}

#[step]
async fn one(input: &u64) -> Result<u64, Failed> {
    yield_once().await;
    Ok(input + 1)
}

#[step]
async fn two(left: &u64, right: &u64) -> Result<u64, Failed> {
    yield_once().await;
    Ok(left + right)
}

workflow! {
    async fn chain(input: u64) -> Result<u64, Failed> {
        let a = one(&input).await?;
        let b = one(&a).await?;
        let c = one(&b).await?;
        let d = one(&c).await?;
        let e = one(&d).await?;
        Ok(e)
    }

    async fn parallel(input: u64) -> Result<u64, Failed> {
        let a = one(&input).await?;
        let b = one(&input).await?;
        let c = one(&input).await?;
        Ok(a + b + c)
    }

    async fn diamond(input: u64) -> Result<u64, Failed> {
        let a = one(&input).await?;
        let b = one(&a).await?;
        let c = one(&a).await?;
        let d = two(&b, &c).await?;
        Ok(d)
    }

    async fn nested(input: u64) -> Result<u64, Failed> {
        let a = one(&input).await?;
        let b = one(&a).await?;
        let b1 = one(&b).await?;
        let b2 = one(&b).await?;
        let b3 = two(&b1, &b2).await?;
        let c = one(&a).await?;
        let c1 = one(&c).await?;
        let c2 = one(&c).await?;
        let c3 = two(&c1, &c2).await?;
        let d = two(&b3, &c3).await?;
        Ok(d)
    }

    async fn irreducible(input: u64) -> Result<u64, Failed> {
        let a = one(&input).await?;
        let b = one(&input).await?;
        let c = one(&a).await?;
        let d = two(&a, &b).await?;
        let e = if c > 3 { two(&c, &d).await? } else { d };
        Ok(e)
    }
}

#[step]
async fn undo(_value: &u64) {}

#[step(retry(max_attempts = 3, when = |_| true))]
async fn retried(input: &u64) -> Result<u64, Failed> {
    yield_once().await;
    Ok(input + 1)
}

workflow! {
    #[on_failure(finish)]
    async fn finishing(input: u64) -> Result<u64, Failed> {
        let a = retried(&input).await?;
        let b = one(&input).await?;
        let c = one(&a).await?;
        let d = two(&a, &b).await?;
        let e = if c > 3 { two(&c, &d).await? } else { d };
        Ok(e)
    }

    async fn undoable(input: u64) -> Result<u64, Failed> {
        #[compensate(undo(&a))]
        let a = one(&input).await?;
        #[compensate(undo(&b))]
        let b = one(&a).await?;
        #[compensate(undo(&c))]
        let c = one(&a).await?;
        let d = two(&b, &c).await?;
        Ok(d)
    }
}

mod by_hand {
    use super::plain::{one, two};
    use super::{Failed, try_join};

    pub(crate) async fn chain(input: u64) -> Result<u64, Failed> {
        let a = one(&input).await?;
        let b = one(&a).await?;
        let c = one(&b).await?;
        let d = one(&c).await?;
        one(&d).await
    }

    pub(crate) async fn parallel(input: u64) -> Result<u64, Failed> {
        let (a, b, c) = try_join!(one(&input), one(&input), one(&input))?;
        Ok(a + b + c)
    }

    pub(crate) async fn diamond(input: u64) -> Result<u64, Failed> {
        let a = one(&input).await?;
        let (b, c) = try_join!(one(&a), one(&a))?;
        two(&b, &c).await
    }

    pub(crate) async fn nested(input: u64) -> Result<u64, Failed> {
        async fn inner(a: &u64) -> Result<u64, Failed> {
            let b = one(a).await?;
            let (left, right) = try_join!(one(&b), one(&b))?;
            two(&left, &right).await
        }
        let a = one(&input).await?;
        let (b, c) = try_join!(inner(&a), inner(&a))?;
        two(&b, &c).await
    }
}

/// Polls until it is done; the steps wake nobody.
fn drive<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut cx = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut cx) {
            return output;
        }
    }
}

#[test]
fn a_direct_call_allocates_nothing() {
    let counted = allocation_counter::measure(|| {
        assert_eq!(drive(chain(1)).unwrap(), 6);
        assert_eq!(drive(parallel(1)).unwrap(), 6);
        assert_eq!(drive(diamond(1)).unwrap(), 6);
        assert_eq!(drive(nested(1)).unwrap(), 16);
        assert_eq!(drive(irreducible(1)).unwrap(), 4);
        assert_eq!(drive(irreducible(2)).unwrap(), 4 + 6);
        assert_eq!(drive(finishing(1)).unwrap(), 4);
        assert_eq!(drive(finishing(2)).unwrap(), 4 + 6);
    });
    assert_eq!(counted.count_total, 0, "{counted:?}");
    // What a workflow that can be undone shares with its own body.
    let counted = allocation_counter::measure(|| assert_eq!(drive(undoable(1)).unwrap(), 6));
    assert_eq!(counted.count_total, 1, "{counted:?}");
    // The counter counts: a run is kept on the heap.
    let run = || Run::new().observe(Recorder::new()).execute(chain(1));
    assert!(allocation_counter::measure(|| _ = drive(run())).count_total > 0);
}

#[test]
fn a_future_is_at_most_half_as_large_again_as_by_hand() {
    let pairs = [
        ("chain", size_of_val(&chain(1)), size_of_val(&by_hand::chain(1))),
        ("parallel", size_of_val(&parallel(1)), size_of_val(&by_hand::parallel(1))),
        ("diamond", size_of_val(&diamond(1)), size_of_val(&by_hand::diamond(1))),
        ("nested", size_of_val(&nested(1)), size_of_val(&by_hand::nested(1))),
    ];
    for (name, workflow, by_hand) in pairs {
        assert!(2 * workflow <= 3 * by_hand, "{name}: {workflow} bytes, by hand {by_hand}");
    }
}

#[test]
fn both_come_to_the_same() {
    assert_eq!(drive(by_hand::chain(1)).unwrap(), drive(chain(1)).unwrap());
    assert_eq!(drive(by_hand::parallel(1)).unwrap(), drive(parallel(1)).unwrap());
    assert_eq!(drive(by_hand::diamond(1)).unwrap(), drive(diamond(1)).unwrap());
    assert_eq!(drive(by_hand::nested(1)).unwrap(), drive(nested(1)).unwrap());
}
