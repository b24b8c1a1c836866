//! Durable runs in memory: what is recorded does not run again.

use std::sync::Mutex;

use serde::{Deserialize, Serialize};
use workflow_runtime::{DurableError, Journal, JournalError, Recorder, step, workflow};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Cart {
    items: Vec<u32>,
}

#[derive(Debug, PartialEq)]
struct Refused;

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("refused")
    }
}

/// What steps find outside, and what they leave there.
#[derive(Default)]
struct Shop {
    done: Mutex<Vec<String>>,
    /// The step that fails.
    fails: Mutex<Option<&'static str>>,
}

impl Shop {
    fn act(&self, what: impl Into<String>) -> Result<(), Refused> {
        let what = what.into();
        if *self.fails.lock().unwrap() == Some(&*what) {
            return Err(Refused);
        }
        self.done.lock().unwrap().push(what);
        Ok(())
    }

    fn taken(&self) -> Vec<String> {
        std::mem::take(&mut *self.done.lock().unwrap())
    }
}

#[step]
async fn reserve(shop: &Shop, cart: &Cart) -> Result<u32, Refused> {
    shop.act("reserve")?;
    Ok(cart.items.iter().sum())
}

#[step]
async fn pack(shop: &Shop, item: u32) -> Result<String, Refused> {
    shop.act(format!("pack {item}"))?;
    Ok(format!("box {item}"))
}

#[step]
async fn gift(shop: &Shop) -> Result<String, Refused> {
    shop.act("gift")?;
    Ok("a gift".to_owned())
}

#[step]
async fn send(
    shop: &Shop,
    stock: u32,
    boxes: &[String],
    gift: Option<String>,
) -> Result<String, Refused> {
    shop.act("send")?;
    Ok(format!("{stock}: {}, {gift:?}", boxes.join(", ")))
}

workflow! {
    /// Sells a cart.
    #[durable]
    async fn sell(shop: &Shop, cart: Cart) -> Result<String, Refused> {
        let stock = reserve(shop, &cart).await?;
        let boxes = for item in cart.items.clone() {
            let packed = pack(shop, item).await?;
            packed
        };
        let extra = if stock > 5 {
            let gift = gift(shop).await?;
            Some(gift)
        } else {
            None
        };
        let sent = send(shop, stock, &boxes, extra).await?;
        Ok(sent)
    }
}

fn cart() -> Cart {
    Cart { items: vec![1, 2, 3] }
}

const RESULT: &str = "6: box 1, box 2, box 3, Some(\"a gift\")";

#[tokio::test]
async fn a_direct_call_is_what_it_always_is() {
    let shop = Shop::default();
    assert_eq!(sell(&shop, cart()).await, Ok(RESULT.to_owned()));
}

#[tokio::test]
async fn a_run_happens_once() {
    let (journal, shop) = (Journal::memory(), Shop::default());
    assert_eq!(journal.run("one", sell(&shop, cart())).await.unwrap(), RESULT);
    assert_eq!(shop.taken().len(), 6);
    assert_eq!(journal.run("one", sell(&shop, cart())).await.unwrap(), RESULT);
    assert!(shop.taken().is_empty());
    assert_eq!(journal.run("two", sell(&shop, cart())).await.unwrap(), RESULT);
    assert_eq!(shop.taken().len(), 6);
}

#[tokio::test]
async fn a_failed_run_goes_on_from_the_step_that_failed() {
    let recorder = Recorder::new();
    let journal = Journal::memory().observe(recorder.clone());
    let shop = Shop::default();
    *shop.fails.lock().unwrap() = Some("send");
    let failed = journal.run("one", sell(&shop, cart())).await.unwrap_err();
    assert!(matches!(failed, DurableError::Workflow(Refused)));
    assert_eq!(shop.taken(), ["reserve", "gift", "pack 1", "pack 2", "pack 3"]);

    *shop.fails.lock().unwrap() = None;
    assert_eq!(sell::resume(&journal, "one", &shop).await.unwrap(), RESULT);
    assert_eq!(shop.taken(), ["send"]);
    assert_eq!(recorder.completed_steps().last().unwrap(), "sent");
}

#[tokio::test]
async fn an_id_is_of_one_workflow_and_its_inputs() {
    let (journal, shop) = (Journal::memory(), Shop::default());
    journal.run("one", sell(&shop, cart())).await.unwrap();
    let other = Cart { items: vec![4] };
    let error = journal.run("one", sell(&shop, other)).await.unwrap_err();
    assert_eq!(error.to_string(), "run `one` was started with another `cart`");
    let error = journal.run("", sell(&shop, cart())).await.unwrap_err();
    assert!(matches!(error, DurableError::Journal(JournalError::BadId { .. })));
    let error = sell::resume(&journal, "two", &shop).await.unwrap_err();
    assert!(matches!(error, DurableError::Journal(JournalError::NoSuchRun { .. })));
}

#[tokio::test]
async fn a_run_that_was_dropped_goes_on() {
    let (journal, shop) = (Journal::memory(), Shop::default());
    // Dropped after every number of polls.
    for polls in 1..40 {
        let id = format!("run {polls}");
        {
            let mut run = Box::pin(journal.run(&id, sell(&shop, cart())));
            for _ in 0..polls {
                let poll = std::future::poll_fn(|cx| std::task::Poll::Ready(run.as_mut().poll(cx)));
                if poll.await.is_ready() {
                    break;
                }
                tokio::task::yield_now().await;
            }
        }
        let result = journal.run(&id, sell(&shop, cart())).await.unwrap();
        assert_eq!(result, RESULT);
        let mut done = shop.taken();
        done.sort_unstable();
        assert_eq!(done, ["gift", "pack 1", "pack 2", "pack 3", "reserve", "send"], "{polls}");
    }
}
