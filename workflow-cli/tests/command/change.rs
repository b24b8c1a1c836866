//! `workflow signal`, `retry` and `cancel`.

use workflow_journal::{End, JournalStore as _, StoredState};

use crate::support::Orders;

#[tokio::test]
async fn sends_signals() {
    let orders = Orders::new().await;
    orders.start("cart-1").await;
    let sent = orders.prints(&["signal", "cart-1", "approval", r#"{"by": "Ada"}"#]);
    assert_eq!(sent, "sent signal `approval` to run `cart-1`\n");
    orders.prints(&["signal", "cart-1", "change", "-5"]);
    let read = orders.workflow_reads(&["signal", "cart-1", "note", "-"], "[1,\n2]\n");
    assert_eq!((read.code, &*read.err), (0, ""));
    let expected = [("approval", r#"{"by": "Ada"}"#), ("change", "-5"), ("note", "[1,\n2]")];
    let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(orders.signals("cart-1").await, expected);

    let early = orders.prints(&["signal", "cart-2", "note", "1"]);
    assert_eq!(early, "sent signal `note` to run `cart-2`, which has not been started yet\n");
    assert_eq!(orders.signals("cart-2").await.len(), 1);
}

#[tokio::test]
async fn sends_nothing_but_json() {
    let orders = Orders::new().await;
    let epoch = orders.start("cart-1").await;
    assert_eq!(
        orders.fails(&["signal", "cart-1", "approval", "{by: Ada}"]),
        "error: the value of signal `approval` for run `cart-1` is no JSON: key must be a string \
         at line 1 column 2\n"
    );
    let read = orders.workflow_reads(&["signal", "cart-1", "note", "-"], "");
    assert_eq!(read.code, 1, "{}", read.err);
    assert_eq!(orders.signals("cart-1").await, []);

    orders.end("cart-1", epoch, End::Cancelled).await;
    assert_eq!(
        orders.fails(&["signal", "cart-1", "approval", "1"]),
        "error: run `cart-1` in journal `JOURNAL` has ended\n"
    );
}

#[tokio::test]
async fn retries_a_failed_run() {
    let orders = Orders::new().await;
    let epoch = orders.start("cart-1").await;
    assert_eq!(
        orders.fails(&["retry", "cart-1"]),
        "error: run `cart-1` in journal `JOURNAL` has not failed: it is unfinished\n"
    );
    orders.end("cart-1", epoch, End::Failed("no stock".into())).await;
    assert_eq!(
        orders.prints(&["retry", "cart-1"]),
        "run `cart-1` is unfinished again: whoever goes on with unfinished runs of `checkout` \
         takes it up\n"
    );
    let run = orders.run("cart-1").await;
    assert_eq!((run.state, run.outcome), (StoredState::Unfinished, Some("no stock".into())));

    let epoch = orders.start("cart-1").await;
    orders.end("cart-1", epoch, End::Completed("7".into())).await;
    assert_eq!(
        orders.fails(&["retry", "cart-1"]),
        "error: run `cart-1` in journal `JOURNAL` has completed\n"
    );
}

#[tokio::test]
async fn asks_for_a_run_to_be_cancelled() {
    let orders = Orders::new().await;
    let epoch = orders.start("cart-1").await;
    assert_eq!(
        orders.prints(&["cancel", "cart-1"]),
        "asked for run `cart-1` to be cancelled: process 4711 cancels it soon\n"
    );
    assert!(orders.run("cart-1").await.cancel);
    assert!(orders.prints(&["runs"]).contains("unfinished, to be cancelled"));

    orders.store.release("cart-1", epoch).await.unwrap();
    assert_eq!(
        orders.prints(&["cancel", "cart-1"]),
        "asked for run `cart-1` to be cancelled: whoever goes on with it cancels it\n"
    );
    let epoch = orders.start("cart-1").await;
    orders.end("cart-1", epoch, End::Failed("no".into())).await;
    assert_eq!(
        orders.prints(&["cancel", "cart-1"]),
        "asked for run `cart-1` to be cancelled: it has failed, so nobody takes it up before \
         `retry`\n"
    );
    let epoch = orders.start("cart-1").await;
    orders.end("cart-1", epoch, End::Cancelled).await;
    assert_eq!(
        orders.fails(&["cancel", "cart-1"]),
        "error: run `cart-1` in journal `JOURNAL` was cancelled\n"
    );
}
