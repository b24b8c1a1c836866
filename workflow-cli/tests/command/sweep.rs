//! `workflow sweep`.

use rusqlite::Connection;
use workflow_journal::{End, Filter, JournalStore as _};

use crate::support::{Orders, Output};

/// A day, in the unit of the tables.
const DAY: i64 = 24 * 60 * 60 * 1000;

impl Orders {
    /// Starts a run that ended that many days ago.
    async fn ended(&self, id: &str, end: End, days: i64) {
        self.ended_of(id, "checkout", end, days).await;
    }

    async fn ended_of(&self, id: &str, workflow: &str, end: End, days: i64) {
        let epoch = self.start_of(id, workflow).await;
        self.store.finish(id, epoch, end).await.unwrap();
        self.age(id, days);
    }

    fn age(&self, id: &str, days: i64) {
        let by_hand = Connection::open(self.path()).unwrap();
        let aged = "UPDATE run SET updated = updated - ?2 * ?3 WHERE id = ?1";
        assert_eq!(by_hand.execute(aged, (id, days, DAY)).unwrap(), 1);
    }

    /// The ids of all runs, in order.
    async fn left(&self) -> Vec<String> {
        let runs = self.store.runs_found(&Filter::default()).await.unwrap();
        let mut ids: Vec<_> = runs.into_iter().flatten().map(|run| run.id).collect();
        ids.sort();
        ids
    }
}

fn completed() -> End {
    End::Completed("7".into())
}

fn failed() -> End {
    End::Failed("no stock".into())
}

/// Runs in each state, old and young.
async fn old_and_young() -> Orders {
    let orders = Orders::new().await;
    for (age, days) in [("old", 40), ("young", 20)] {
        for (state, end) in [
            ("completed", completed()),
            ("failed", failed()),
            ("cancelled", End::Cancelled),
            ("not-undone", End::UndoFailed("no lorry".into())),
        ] {
            orders.ended(&format!("{age}-{state}"), end, days).await;
        }
        orders.start(&format!("{age}-unfinished")).await;
        orders.age(&format!("{age}-unfinished"), days);
    }
    orders
}

#[tokio::test]
async fn each_state_has_its_own_age() {
    let orders = old_and_young().await;
    let all = orders.left().await;
    let ages = ["--completed", "30d", "--failed", "60d", "--cancelled", "10d"];
    let dry = [&["sweep", "--dry-run"][..], &ages].concat();
    assert_eq!(
        orders.prints(&dry),
        "would delete 1 completed run\nwould delete 0 failed runs\nwould delete 2 cancelled runs\n"
    );
    assert_eq!(orders.left().await, all);
    let sweep = [&["sweep"][..], &ages].concat();
    assert_eq!(
        orders.prints(&sweep),
        "deleted 1 completed run\ndeleted 0 failed runs\ndeleted 2 cancelled runs\n"
    );
    let gone = ["old-cancelled", "old-completed", "young-cancelled"];
    let kept: Vec<_> = all.into_iter().filter(|id| !gone.contains(&&**id)).collect();
    assert_eq!(orders.left().await, kept);
    assert_eq!(orders.prints(&["sweep", "--failed", "30d"]), "deleted 1 failed run\n");
}

#[tokio::test]
async fn what_goes_on_or_is_not_undone_stays() {
    let orders = old_and_young().await;
    orders.prints(&["sweep", "--completed", "0s", "--failed", "0s", "--cancelled", "0s"]);
    let kept = ["old-not-undone", "old-unfinished", "young-not-undone", "young-unfinished"];
    assert_eq!(orders.left().await, kept);
}

#[tokio::test]
async fn only_runs_of_one_workflow() {
    let orders = Orders::new().await;
    orders.ended_of("cart-1", "checkout", completed(), 40).await;
    orders.ended_of("refund-1", "refund", completed(), 40).await;
    let sweep = ["sweep", "--completed", "30d", "--workflow", "refund"];
    assert_eq!(orders.prints(&sweep), "deleted 1 completed run\n");
    assert_eq!(orders.left().await, ["cart-1"]);
}

#[tokio::test]
async fn more_than_are_deleted_at_once() {
    let orders = Orders::new().await;
    for number in 0..250 {
        let id = format!("cart-{number}");
        let epoch = orders.start(&id).await;
        orders.store.finish(&id, epoch, completed()).await.unwrap();
    }
    // Whole pages of one moment.
    let by_hand = Connection::open(orders.path()).unwrap();
    by_hand.execute_batch("UPDATE run SET updated = 5").unwrap();
    let sweep = ["sweep", "--completed", "30d"];
    let dry = [&sweep[..], &["--dry-run"]].concat();
    assert_eq!(orders.prints(&dry), "would delete 250 completed runs\n");
    assert_eq!(orders.prints(&sweep), "deleted 250 completed runs\n");
    assert_eq!(orders.prints(&sweep), "deleted 0 completed runs\n");
}

#[tokio::test]
async fn runs_that_cannot_be_read_stay_and_are_named() {
    let orders = Orders::new().await;
    for number in 0..150 {
        orders.ended(&format!("cart-{number}"), completed(), 40).await;
    }
    let by_hand = Connection::open(orders.path()).unwrap();
    let spoil = "UPDATE run SET inputs = CAST(x'ff' AS TEXT) WHERE id IN ('cart-3', 'cart-140')";
    by_hand.execute_batch(spoil).unwrap();
    for (option, verb) in [("--dry-run", "would delete"), ("--completed=30d", "deleted")] {
        let arguments = if option == "--dry-run" {
            vec!["sweep", "--completed=30d", option]
        } else {
            vec!["sweep", option]
        };
        let Output { code, out, err } = orders.workflow(&arguments);
        assert_eq!((code, out), (1, format!("{verb} 148 completed runs\n")));
        let lines: Vec<_> = err.lines().collect();
        assert!(lines[0].starts_with("run `cart-140` cannot be read: invalid utf-8"), "{err}");
        assert!(lines[1].starts_with("run `cart-3` cannot be read: invalid utf-8"), "{err}");
        assert!(lines[2].starts_with("error: 2 runs in journal"), "{err}");
    }
    orders.prints(&["delete", "cart-3"]);
}
