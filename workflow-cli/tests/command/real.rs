//! Runs that the runtime has recorded.

use std::sync::atomic::{AtomicBool, Ordering};

use workflow_journal::StoredState;
use workflow_runtime::{Journal, StepError, step, workflow};

use crate::support::Orders;

#[step]
async fn weigh(item: u32) -> u32 {
    item * 10
}

#[step]
async fn charge(open: &AtomicBool, grams: u32) -> Result<u32, StepError> {
    if open.load(Ordering::Relaxed) {
        Ok(grams)
    } else {
        Err(StepError::permanent("the bank is closed"))
    }
}

#[step]
async fn thank(cents: u32) -> String {
    format!("thanks for {cents}")
}

workflow! {
    #[durable]
    async fn pay(open: &AtomicBool, grams: u32) -> Result<u32, StepError> {
        let packed = weigh(grams).await;
        let payment = charge(open, packed).await?;
        Ok(payment)
    }

    #[durable]
    async fn sell(open: &AtomicBool, items: Vec<u32>) -> Result<String, StepError> {
        let weights = for item in items {
            let weight = weigh(item).await;
            weight
        };
        let total = weights.iter().sum::<u32>();
        let paid = pay(open, total).await?;
        let letter = if paid > 10 {
            let words = thank(paid).await;
            words
        } else {
            String::new()
        };
        Ok(letter)
    }
}

/// The picture of the graph in what `show` prints.
fn picture(orders: &Orders, id: &str) -> String {
    let shown = orders.prints(&["show", id]);
    shown.split("\n\n").find(|part| part.starts_with("sell(")).expect("it has one").to_owned()
}

#[tokio::test]
async fn a_failed_run_is_shown_retried_and_shown_again() {
    let orders = Orders::new().await;
    let journal = Journal::open(orders.path()).await.unwrap();
    let open = AtomicBool::new(false);
    journal.run("one", sell(&open, vec![1, 2])).await.unwrap_err();
    assert_eq!(
        picture(&orders, "one"),
        "\
sell(open, items)
├─ ✓ weights  for each      ← items
│  └─ ✓ weight  weigh
├─ ✓ total    value         ← weights
├─ ✗ paid     workflow pay  ← open, total
└─ · letter   branch        ← paid
   ├─ paid > 10 =>
   │  └─ · words  thank  ← paid
   └─ else =>"
    );

    orders.prints(&["retry", "one"]);
    assert_eq!(orders.run("one").await.state, StoredState::Unfinished);
    open.store(true, Ordering::Relaxed);
    for run in journal.unfinished("sell").await.unwrap() {
        sell::resume(&journal, &run.id, &open).await.unwrap();
    }
    assert_eq!(
        picture(&orders, "one"),
        "\
sell(open, items)
├─ ✓ weights  for each      ← items
│  └─ ✓ weight  weigh
├─ ✓ total    value         ← weights
├─ ✓ paid     workflow pay  ← open, total
└─ ✓ letter   branch        ← paid
   ├─ paid > 10 =>
   │  └─ ✓ words  thank  ← paid
   └─ else =>"
    );
    let page = orders.prints(&["export", "one", "--html", "-"]);
    assert!(page.contains("weights[1].weight"), "its steps are in the page");
}

#[tokio::test]
async fn a_cancelled_run_is_undone_by_whoever_takes_it_up() {
    let orders = Orders::new().await;
    let journal = Journal::open(orders.path()).await.unwrap();
    let open = AtomicBool::new(false);
    journal.run("one", sell(&open, vec![1])).await.unwrap_err();
    orders.prints(&["cancel", "one"]);
    orders.prints(&["retry", "one"]);
    sell::resume(&journal, "one", &open).await.unwrap_err();
    assert_eq!(orders.run("one").await.state, StoredState::Cancelled);
}

#[tokio::test]
async fn an_arm_without_steps_is_done_in_a_completed_run() {
    let orders = Orders::new().await;
    let journal = Journal::open(orders.path()).await.unwrap();
    journal.run("none", sell(&AtomicBool::new(true), vec![])).await.unwrap();
    assert_eq!(
        picture(&orders, "none"),
        "\
sell(open, items)
├─ ✓ weights  for each      ← items
│  └─ · weight  weigh
├─ ✓ total    value         ← weights
├─ ✓ paid     workflow pay  ← open, total
└─ ✓ letter   branch        ← paid
   ├─ paid > 10 =>
   │  └─ · words  thank  ← paid
   └─ else =>"
    );
}
