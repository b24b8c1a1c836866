//! `workflow delete` and `workflow vacuum`.

use std::fs;

use rusqlite::Connection;
use workflow_journal::{End, JournalStore as _, Kind};

use crate::support::Orders;

#[tokio::test]
async fn deletes_a_run_that_has_ended() {
    let orders = Orders::new().await;
    for (id, end) in [
        ("cart-1", End::Completed("7".into())),
        ("cart-2", End::Failed("no stock".into())),
        ("cart-3", End::UndoFailed("no lorry".into())),
        ("cart-4", End::Cancelled),
    ] {
        let epoch = orders.start(id).await;
        orders.write(id, epoch, "stock", Kind::Step, "3").await;
        orders.end(id, epoch, end).await;
        assert_eq!(orders.prints(&["delete", id]), format!("deleted run `{id}`\n"));
        assert_eq!(orders.store.run(id).await.unwrap(), None);
        assert!(orders.store.records(id).await.unwrap().is_empty());
        let again = orders.fails(&["delete", id]);
        assert_eq!(again, format!("error: there is no run `{id}` in journal `JOURNAL`\n"));
    }
}

#[tokio::test]
async fn an_unfinished_run_is_not_deleted() {
    let orders = Orders::new().await;
    let epoch = orders.start("cart-1").await;
    orders.write("cart-1", epoch, "stock", Kind::Step, "3").await;
    assert_eq!(
        orders.fails(&["delete", "cart-1"]),
        "error: run `cart-1` in journal `JOURNAL` is unfinished: cancel it first\n"
    );
    orders.prints(&["cancel", "cart-1"]);
    assert_eq!(
        orders.fails(&["delete", "cart-1"]),
        "error: run `cart-1` in journal `JOURNAL` is still to be cancelled: it can be deleted when \
         that is done\n"
    );
    assert_eq!(orders.store.records("cart-1").await.unwrap().len(), 1);
    orders.end("cart-1", epoch, End::Cancelled).await;
    orders.prints(&["delete", "cart-1"]);
}

#[tokio::test]
async fn a_run_that_cannot_be_read_can_be_deleted() {
    let orders = Orders::new().await;
    let epoch = orders.start("cart-1").await;
    orders.end("cart-1", epoch, End::Cancelled).await;
    let by_hand = Connection::open(orders.path()).unwrap();
    by_hand.execute_batch("UPDATE run SET inputs = CAST(x'ff' AS TEXT)").unwrap();
    orders.prints(&["delete", "cart-1"]);
    assert_eq!(orders.store.run("cart-1").await.unwrap(), None);
}

#[tokio::test]
async fn a_file_becomes_smaller() {
    let orders = Orders::new().await;
    let epoch = orders.start("cart-1").await;
    let long = format!("\"{}\"", "a".repeat(3_000_000));
    orders.write("cart-1", epoch, "stock", Kind::Step, &long).await;
    orders.end("cart-1", epoch, End::Cancelled).await;
    orders.start("cart-2").await;
    // So that it is in the file, and not only in the log beside it.
    orders.prints(&["vacuum"]);
    let size = || fs::metadata(orders.path()).unwrap().len();
    assert!(size() > 3_000_000, "{}", size());

    orders.prints(&["delete", "cart-1"]);
    assert!(size() > 3_000_000, "{}", size());
    let said = orders.prints(&["vacuum"]);
    let place = orders.path().display().to_string();
    assert!(said.starts_with(&format!("`{place}` takes ")), "{said}");
    assert!(said.ends_with(" KiB now, and took 2.9 MiB before\n"), "{said}");
    assert!(size() < 200_000, "{}", size());
    assert_eq!(orders.run("cart-2").await.id, "cart-2");
}
