//! Runs that could not be undone.

use serde_json::Value;
use workflow_journal::{End, Kind, StoredState};

use crate::support::Orders;

async fn left_half_done(orders: &Orders) {
    let epoch = orders.start("cart-1").await;
    orders.write("cart-1", epoch, "stock", Kind::Step, "3").await;
    orders.write("cart-1", epoch, "payment.charge", Kind::Step, "995").await;
    orders.write("cart-1", epoch, "payment.charge", Kind::Attempt, "1").await;
    orders.write("cart-1", epoch, "", Kind::Compensation, "\"no lorry\"").await;
    orders.write("cart-1", epoch, "payment.charge", Kind::Compensation, "\"bank closed\"").await;
    orders.write("cart-1", epoch, "stock", Kind::Compensation, "null").await;
    orders.end("cart-1", epoch, End::UndoFailed("no lorry".into())).await;
}

#[tokio::test]
async fn it_is_said_of_the_run_and_of_the_step() {
    let orders = Orders::new().await;
    left_half_done(&orders).await;
    let shown = orders.prints(&["show", "cart-1"]);
    for line in [
        "state       undo_failed",
        "undone for  no lorry",
        "NOT undone  1 step: payment.charge",
        "error       no lorry",
        "├─ ↩ stock    reserve                      ← cart",
        "│     └─ ! charge",
    ] {
        assert!(shown.lines().any(|shown| shown == line), "`{line}` in {shown}");
    }
    assert!(shown.contains("NOT undone: bank closed") && shown.contains("begun"), "{shown}");
    let json: Value = serde_json::from_str(&orders.prints(&["show", "cart-1", "--json"])).unwrap();
    assert_eq!((&json["state"], &json["error"]), (&"undo_failed".into(), &"no lorry".into()));
    assert!(orders.prints(&["export", "cart-1", "--html", "-"]).contains("was NOT undone"));

    let epoch = orders.start("cart-2").await;
    orders.end("cart-2", epoch, End::Failed("no".into())).await;
    let listed = orders.prints(&["runs", "--state", "undo_failed"]);
    assert!(listed.contains("cart-1") && !listed.contains("cart-2"), "{listed}");
}

#[tokio::test]
async fn retry_says_that_it_is_tried_again() {
    let orders = Orders::new().await;
    left_half_done(&orders).await;
    assert_eq!(
        orders.prints(&["cancel", "cart-1"]),
        "asked for run `cart-1` to be cancelled: its undoing has failed, so nobody takes it up \
         before `retry`\n"
    );
    assert_eq!(
        orders.prints(&["retry", "cart-1"]),
        "run `cart-1` is unfinished again: whoever goes on with unfinished runs of `checkout` \
         takes it up, and tries again to undo `payment.charge`\n"
    );
    assert_eq!(orders.run("cart-1").await.state, StoredState::Unfinished);
}
