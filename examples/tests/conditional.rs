//! Order processing: which steps each route runs, and which it leaves out.

use std::{sync::Mutex, time::Duration};

use tokio::time::Instant;
use workflow_examples::{
    conditional::{
        Accounts, Customer, Decision, Order, OrderError, Outcome, Review, Reviewer, Route, Staff,
        process_order,
    },
    data,
    money::Cents,
};
use workflow_runtime::{Recorder, Run};

/// The steps that only some orders run.
const OPTIONAL: [&str; 6] = [
    "decision.payment",
    "decision.manual_review",
    "decision.freeze_account",
    "decision.evidence",
    "decision.investigation",
    "shipment.booking",
];

async fn accounts() -> Accounts {
    Accounts::new(data::read_json(&data::bundled("conditional/customers.json")).await.unwrap())
}

/// The bundled order of this number.
async fn order(id: &str) -> Order {
    let orders: Vec<Order> =
        data::read_json(&data::bundled("conditional/orders.json")).await.unwrap();
    orders.into_iter().find(|order| order.id == id).unwrap()
}

/// Runs the order and checks which of the optional steps ran; all others must be skipped.
async fn run_expecting(accounts: &Accounts, order: &Order, ran: &[&str]) -> Outcome {
    let recorder = Recorder::new();
    let outcome = Run::new()
        .observe(recorder.clone())
        .execute(process_order(accounts, &Staff, order))
        .await
        .unwrap();

    let skipped = recorder.skipped_steps();
    for step in OPTIONAL {
        assert_eq!(recorder.completed(step), ran.contains(&step), "completed {step}");
        assert_eq!(skipped.iter().any(|path| path == step), !ran.contains(&step), "skipped {step}");
    }
    for step in ["customer", "risk", "message"] {
        assert!(recorder.completed(step), "completed {step}");
    }
    assert_eq!(recorder.completed_steps().len() + skipped.len(), 3 + OPTIONAL.len());
    assert!(recorder.failed_steps().is_empty());
    outcome
}

#[tokio::test(start_paused = true)]
async fn a_standard_order_is_paid_and_shipped() {
    let order = order("B-2001").await;
    let outcome =
        run_expecting(&accounts().await, &order, &["decision.payment", "shipment.booking"]).await;

    assert_eq!(outcome.route, Route::Standard);
    assert_eq!(outcome.decision, Decision::Accepted { reference: "PAY-B-2001".to_owned() });
    assert_eq!(outcome.message, "Dear Acme Tools, your order is on its way as NL-B-2001.");
}

#[tokio::test(start_paused = true)]
async fn a_large_order_of_a_good_customer_is_approved() {
    let order = order("B-2002").await;
    let outcome =
        run_expecting(&accounts().await, &order, &["decision.manual_review", "shipment.booking"])
            .await;
    assert_eq!(outcome.decision, Decision::Approved);
}

#[tokio::test(start_paused = true)]
async fn a_large_order_of_a_small_customer_waits_for_a_deposit() {
    let order = order("B-2003").await;
    let outcome = run_expecting(&accounts().await, &order, &["decision.manual_review"]).await;
    assert_eq!(outcome.decision, Decision::AwaitsDeposit(Cents::whole(3_000)));
    assert_eq!(outcome.shipment, None);
}

#[tokio::test(start_paused = true)]
async fn exactly_the_limit_needs_no_review() {
    let order = Order { total: Cents::whole(10_000), ..order("B-2003").await };
    let outcome =
        run_expecting(&accounts().await, &order, &["decision.payment", "shipment.booking"]).await;
    assert_eq!(outcome.route, Route::Standard);
}

#[tokio::test(start_paused = true)]
async fn a_risky_order_is_investigated_whatever_its_amount() {
    let accounts = accounts().await;
    let investigated = ["decision.freeze_account", "decision.evidence", "decision.investigation"];

    for id in ["B-2004", "B-2006"] {
        let order = order(id).await;
        let outcome = run_expecting(&accounts, &order, &investigated).await;
        assert_eq!(outcome.route, Route::Investigation);
        assert!(accounts.is_frozen(&order.customer));
    }
}

#[tokio::test(start_paused = true)]
async fn a_frozen_account_orders_nothing() {
    let accounts = accounts().await;
    process_order(&accounts, &Staff, &order("B-2006").await).await.unwrap();

    let recorder = Recorder::new();
    let order = order("B-2007").await;
    let error = Run::new()
        .observe(recorder.clone())
        .execute(process_order(&accounts, &Staff, &order))
        .await
        .unwrap_err();

    assert_eq!(error, OrderError::Frozen("C-05".to_owned()));
    assert_eq!(recorder.failed_steps(), ["customer"]);
    assert!(recorder.completed_steps().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_failure_in_a_branch_is_the_workflows() {
    let accounts = accounts().await;
    let free = Order { total: Cents::default(), ..order("B-2001").await };
    let unreachable = Order { ship_to: "NO".to_owned(), ..order("B-2001").await };

    assert_eq!(
        process_order(&accounts, &Staff, &free).await.unwrap_err(),
        OrderError::NothingToPay
    );
    assert_eq!(
        process_order(&accounts, &Staff, &unreachable).await.unwrap_err(),
        OrderError::NoCarrier("NO".to_owned())
    );
}

/// A double: gives the same answer to everything, and remembers what it was asked.
struct Always {
    answer: Review,
    asked: Mutex<Vec<String>>,
}

impl Always {
    fn new(answer: Review) -> Self {
        Self { answer, asked: Mutex::default() }
    }
}

impl Reviewer for Always {
    async fn review(&self, customer: &Customer, order: &Order) -> Review {
        self.asked.lock().unwrap().push(format!("{} of {}", order.id, customer.id));
        self.answer.clone()
    }
}

#[tokio::test(start_paused = true)]
async fn what_the_reviewer_says_is_what_happens() {
    let accounts = accounts().await;
    let (trusted, small) = (order("B-2002").await, order("B-2003").await);

    let distrustful = Always::new(Review::DepositFirst(Cents::whole(1)));
    let outcome = process_order(&accounts, &distrustful, &trusted).await.unwrap();
    assert_eq!(outcome.decision, Decision::AwaitsDeposit(Cents::whole(1)));

    let easy = Always::new(Review::Approved);
    let outcome = process_order(&accounts, &easy, &small).await.unwrap();
    assert_eq!(outcome.decision, Decision::Approved);

    // Nobody is asked of a standard order.
    process_order(&accounts, &easy, &order("B-2001").await).await.unwrap();
    assert_eq!(*easy.asked.lock().unwrap(), ["B-2003 of C-03"]);
}

#[tokio::test(start_paused = true)]
async fn a_review_may_take_days() {
    let (accounts, order) = (accounts().await, order("B-2002").await);
    let days = Duration::from_secs(3 * 24 * 60 * 60);

    let start = Instant::now();
    let run = Run::new().delay("decision.manual_review", days);
    let outcome = run.execute(process_order(&accounts, &Staff, &order)).await.unwrap();
    assert_eq!(outcome.decision, Decision::Approved);
    assert_eq!(start.elapsed().as_secs(), days.as_secs());
}
