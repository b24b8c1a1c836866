//! Durable runs that fail or are cancelled, and what they had done.

use std::sync::Mutex;

use tokio::time::{Duration, timeout};
use workflow_runtime::{DurableError, Journal, JournalError, idempotency_key, step, workflow};

#[derive(Debug, PartialEq)]
struct Refused;

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("refused")
    }
}

#[derive(Default)]
struct Shop {
    done: Mutex<Vec<&'static str>>,
    /// What never comes to an end.
    hangs: Mutex<Option<&'static str>>,
    sells: Mutex<bool>,
    keys: Mutex<Vec<String>>,
}

impl Shop {
    async fn act(&self, what: &'static str) {
        self.keys.lock().unwrap().push(idempotency_key());
        if *self.hangs.lock().unwrap() == Some(what) {
            std::future::pending::<()>().await;
        }
        self.done.lock().unwrap().push(what);
    }

    fn taken(&self) -> Vec<&'static str> {
        std::mem::take(&mut *self.done.lock().unwrap())
    }
}

#[step]
async fn reserve(shop: &Shop) -> Result<u32, Refused> {
    shop.act("reserve").await;
    Ok(1)
}

#[step]
async fn release(shop: &Shop, stock: &u32) -> Result<(), Refused> {
    let _ = stock;
    shop.act("release").await;
    Ok(())
}

#[step]
async fn charge(shop: &Shop, stock: &u32) -> Result<u32, Refused> {
    let _ = stock;
    shop.act("charge").await;
    Ok(2)
}

#[step]
async fn refund(shop: &Shop, payment: &u32) -> Result<(), Refused> {
    let _ = payment;
    shop.act("refund").await;
    Ok(())
}

#[step]
async fn invoice(shop: &Shop, payment: &u32) -> Result<u32, Refused> {
    shop.act("invoice").await;
    Ok(*payment)
}

#[step]
async fn ship(shop: &Shop, payment: &u32) -> Result<u32, Refused> {
    shop.act("ship").await;
    if *shop.sells.lock().unwrap() { Ok(*payment) } else { Err(Refused) }
}

workflow! {
    #[durable]
    async fn sell_with_invoice(shop: &Shop) -> Result<u32, Refused> {
        let stock = reserve(shop).await?;
        #[compensate(refund(shop, &payment))]
        let payment = charge(shop, &stock).await?;
        let paper = invoice(shop, &payment).await?;
        #[after(paper)]
        let parcel = ship(shop, &payment).await?;
        Ok(parcel)
    }

    #[durable]
    async fn sell(shop: &Shop) -> Result<u32, Refused> {
        #[compensate(release(shop, &stock))]
        let stock = reserve(shop).await?;
        #[compensate(refund(shop, &payment))]
        let payment = charge(shop, &stock).await?;
        let parcel = ship(shop, &payment).await?;
        Ok(parcel)
    }
}

const HOUR: Duration = Duration::from_secs(3600);

#[tokio::test(start_paused = true)]
async fn what_was_undone_runs_again() {
    let (journal, shop) = (Journal::memory(), Shop::default());
    let error = journal.run("one", sell(&shop)).await.unwrap_err();
    assert!(matches!(error, DurableError::Workflow(Refused)));
    assert_eq!(shop.taken(), ["reserve", "charge", "ship", "refund", "release"]);
    *shop.sells.lock().unwrap() = true;
    assert_eq!(journal.run("one", sell(&shop)).await.unwrap(), 2);
    assert_eq!(shop.taken(), ["reserve", "charge", "ship"]);
}

#[tokio::test(start_paused = true)]
async fn a_crash_amid_undoing_goes_on_undoing() {
    for (hangs, before, after) in [
        ("refund", &["reserve", "charge", "ship"][..], &["refund", "release"][..]),
        ("release", &["reserve", "charge", "ship", "refund"][..], &["release"][..]),
    ] {
        let (journal, shop) = (Journal::memory(), Shop::default());
        *shop.hangs.lock().unwrap() = Some(hangs);
        timeout(HOUR, journal.run("one", sell(&shop))).await.unwrap_err();
        assert_eq!(shop.taken(), before);

        // It would succeed now, but has begun to be undone.
        *shop.hangs.lock().unwrap() = None;
        *shop.sells.lock().unwrap() = true;
        let error = sell::resume(&journal, "one", &shop).await.unwrap_err();
        assert_eq!(error.to_string(), "run `one` has failed and is undone: refused");
        assert_eq!(shop.taken(), after);

        assert_eq!(sell::resume(&journal, "one", &shop).await.unwrap(), 2);
        assert_eq!(shop.taken(), ["reserve", "charge", "ship"]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_run_that_is_cancelled_is_undone() {
    let (journal, shop) = (Journal::memory(), Shop::default());
    *shop.hangs.lock().unwrap() = Some("ship");
    let other = journal.clone();
    tokio::spawn(async move {
        tokio::time::sleep(HOUR).await;
        other.cancel("one").await.unwrap();
    });
    let error = journal.run("one", sell(&shop)).await.unwrap_err();
    assert!(matches!(error, DurableError::Journal(JournalError::Cancelled { .. })), "{error}");
    assert_eq!(shop.taken(), ["reserve", "charge", "refund", "release"]);
    let error = sell::resume(&journal, "one", &shop).await.unwrap_err();
    assert!(matches!(error, DurableError::Journal(JournalError::Cancelled { .. })));
    assert!(shop.taken().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_run_that_nobody_works_on_is_cancelled_when_it_goes_on() {
    let (journal, shop) = (Journal::memory(), Shop::default());
    *shop.hangs.lock().unwrap() = Some("ship");
    timeout(HOUR, journal.run("one", sell(&shop))).await.unwrap_err();
    assert_eq!(shop.taken(), ["reserve", "charge"]);
    journal.cancel("one").await.unwrap();
    let error = sell::resume(&journal, "one", &shop).await.unwrap_err();
    assert!(matches!(error, DurableError::Journal(JournalError::Cancelled { .. })));
    assert_eq!(shop.taken(), ["refund", "release"]);
}

#[tokio::test(start_paused = true)]
async fn what_came_of_something_undone_runs_again() {
    let (journal, shop) = (Journal::memory(), Shop::default());
    journal.run("one", sell_with_invoice(&shop)).await.unwrap_err();
    assert_eq!(shop.taken(), ["reserve", "charge", "invoice", "ship", "refund"]);
    *shop.sells.lock().unwrap() = true;
    assert_eq!(journal.run("one", sell_with_invoice(&shop)).await.unwrap(), 2);
    assert_eq!(shop.taken(), ["charge", "invoice", "ship"]);
}

#[tokio::test(start_paused = true)]
async fn a_run_that_is_retried_goes_forward() {
    let (journal, shop) = (Journal::memory(), Shop::default());
    journal.run("one", sell_with_invoice(&shop)).await.unwrap_err();
    shop.taken();
    *shop.sells.lock().unwrap() = true;
    assert!(journal.unfinished("sell_with_invoice").await.unwrap().is_empty());
    journal.retry("one").await.unwrap();
    let runs = journal.unfinished("sell_with_invoice").await.unwrap();
    let [run] = &runs[..] else { panic!("{runs:?}") };
    assert_eq!(sell_with_invoice::resume(&journal, &run.id, &shop).await.unwrap(), 2);
    assert_eq!(shop.taken(), ["charge", "invoice", "ship"]);
    assert_eq!(journal.retry("one").await.unwrap_err().to_string(), "run `one` has ended");
}

#[tokio::test(start_paused = true)]
async fn what_came_of_something_undone_runs_again_after_a_crash() {
    let (journal, shop) = (Journal::memory(), Shop::default());
    journal.run("one", sell_with_invoice(&shop)).await.unwrap_err();
    *shop.sells.lock().unwrap() = true;
    *shop.hangs.lock().unwrap() = Some("invoice");
    shop.taken();
    timeout(HOUR, journal.run("one", sell_with_invoice(&shop))).await.unwrap_err();
    assert_eq!(shop.taken(), ["charge"]);
    // The old invoice is still recorded, but is one of another payment.
    *shop.hangs.lock().unwrap() = None;
    assert_eq!(sell_with_invoice::resume(&journal, "one", &shop).await.unwrap(), 2);
    assert_eq!(shop.taken(), ["invoice", "ship"]);
}

#[tokio::test(start_paused = true)]
async fn what_was_undone_is_done_anew_by_its_key() {
    let (journal, shop) = (Journal::memory(), Shop::default());
    let keys = || std::mem::take(&mut *shop.keys.lock().unwrap());
    journal.run("one", sell(&shop)).await.unwrap_err();
    assert_eq!(
        keys(),
        ["one/stock", "one/payment", "one/parcel", "one/payment/undo", "one/stock/undo"]
    );
    journal.run("one", sell(&shop)).await.unwrap_err();
    assert_eq!(
        keys(),
        ["one/stock/2", "one/payment/2", "one/parcel", "one/payment/undo/2", "one/stock/undo/2"]
    );
    *shop.sells.lock().unwrap() = true;
    journal.run("one", sell(&shop)).await.unwrap();
    assert_eq!(keys(), ["one/stock/3", "one/payment/3", "one/parcel"]);
}
