//! The checkout: what is tried again, what is undone, and that the services' books agree
//! with what the customer is told. On real sockets, so in real time.

use tokio::task::JoinSet;
use workflow_example_checkout::{
    CheckoutError, Endpoint, Entry, Fault, Faults, Ledger, Scenario, ServiceError, Story, Trouble,
    bundled, checkout,
};
use workflow_examples::{data, money::Cents};
use workflow_runtime::EventKind;

/// The bundled scenario with this cart.
async fn scenario(cart: &str) -> Scenario {
    let path = bundled("scenarios.json");
    let scenarios: Vec<Scenario> = data::read_json(&path).await.unwrap();
    scenarios.into_iter().find(|scenario| scenario.cart.id == cart).unwrap()
}

async fn play(cart: &str) -> Story {
    scenario(cart).await.play().await.unwrap()
}

fn planned<const N: usize>(troubles: [(Endpoint, Trouble); N]) -> Faults {
    Faults::Planned(troubles.into())
}

/// The customer has goods on their way and has paid for them, once.
fn assert_sold(ledger: &Ledger, price: Cents) {
    assert_eq!(ledger.charged(), price);
    assert_eq!(ledger.refunded(), Cents::default());
    assert_eq!((ledger.open_reservations(), ledger.open_orders()), (1, 1));
    assert_eq!(ledger.count(|entry| matches!(entry, Entry::Shipped { .. })), 1);
}

/// It is as if the customer had never come.
fn assert_undone(ledger: &Ledger) {
    assert_eq!(ledger.charged(), ledger.refunded());
    assert_eq!((ledger.open_reservations(), ledger.open_orders()), (0, 0));
    assert_eq!(ledger.count(|entry| matches!(entry, Entry::Shipped { .. })), 0);
}

fn amount(text: &str) -> Cents {
    text.parse().unwrap()
}

#[tokio::test]
async fn all_goes_well() {
    let story = play("C-1").await;
    for step in ["stock", "delivery", "risk", "payment", "order", "shipment", "mail"] {
        assert_eq!(story.recorder.attempts(step), 1, "{step}");
    }
    assert_sold(&story.ledger, amount("533.90"));
    assert_eq!(story.recorder.compensated_steps(), [""; 0]);
    assert_eq!(
        story.customer_sees(),
        "Thank you! Order O-103 is on its way as NL-O-103, and 533.90 is paid. \
         We have sent you a mail."
    );
}

#[tokio::test]
async fn a_busy_bank_says_when_to_come_back() {
    let story = play("C-2").await;
    let delays: Vec<_> = story
        .recorder
        .events()
        .into_iter()
        .filter_map(|event| match event.kind {
            EventKind::Retrying { attempt, delay, .. } => Some((attempt, delay.as_millis())),
            _ => None,
        })
        .collect();
    // The first delay is the bank's own, the second one the step's.
    assert_eq!(delays[0], (1, 1000));
    assert!(matches!(delays[1], (2, ..1000)), "{delays:?}");
    assert_eq!(story.recorder.attempts("payment"), 3);
    assert_sold(&story.ledger, amount("525.00"));
}

#[tokio::test]
async fn a_slow_warehouse_reserves_once() {
    let story = play("C-3").await;
    assert_eq!(story.recorder.attempts("stock"), 2);
    assert_eq!(story.ledger.count(|entry| matches!(entry, Entry::Reserved { .. })), 1);
    assert_sold(&story.ledger, amount("253.70"));
}

#[tokio::test]
async fn a_slow_bank_charges_once() {
    let story = play("C-4").await;
    assert_eq!(story.recorder.attempts("payment"), 2);
    assert_eq!(story.ledger.count(|entry| matches!(entry, Entry::Charged { .. })), 1);
    assert_sold(&story.ledger, amount("458.00"));
}

#[tokio::test]
async fn a_declined_card_is_not_tried_again() {
    let story = play("C-5").await;
    assert_eq!(story.recorder.attempts("payment"), 1);
    assert_eq!(story.recorder.failed_steps(), ["payment"]);
    assert_eq!(story.recorder.compensated_steps(), ["stock"]);
    assert_undone(&story.ledger);
    // The fraud desk's answer did not depend on the card's.
    assert_eq!(story.recorder.attempts("risk"), 4);
    assert!(story.recorder.completed("risk"));
    assert_eq!(story.recorder.skipped_steps(), ["order", "shipment", "mail"]);
    assert_eq!(
        story.customer_sees(),
        "Sorry, no order: the card has not enough money. Nothing was charged."
    );
}

#[tokio::test]
async fn a_stolen_card_gets_its_money_back() {
    let story = play("C-6").await;
    assert_eq!(story.recorder.failed_steps(), ["risk"]);
    assert_eq!(story.recorder.compensated_steps(), ["payment", "stock"]);
    assert_eq!(story.ledger.refunded(), amount("1557.00"));
    assert_undone(&story.ledger);
    assert!(!story.customer_sees().contains("stolen"));
}

#[tokio::test]
async fn an_order_stands_without_its_mail() {
    let story = play("C-7").await;
    assert_eq!(story.recorder.failed_steps(), ["mail"]);
    assert_eq!(story.recorder.compensated_steps(), [""; 0]);
    assert_sold(&story.ledger, amount("53.95"));
    let mail = story.result.unwrap().mail;
    assert!(matches!(mail, Err(ServiceError::Refused { endpoint: Endpoint::Mail, .. })));
}

#[tokio::test]
async fn without_a_carrier_all_is_undone_backwards() {
    let story = play("C-8").await;
    assert_eq!(story.recorder.attempts("shipment"), 4);
    assert_eq!(story.recorder.failed_steps(), ["shipment"]);
    assert_eq!(story.recorder.compensated_steps(), ["mail", "order", "payment", "stock"]);
    assert_undone(&story.ledger);

    // The services saw it in this order too.
    let undone: Vec<_> = story.ledger.entries()[4..].iter().map(ToString::to_string).collect();
    assert_eq!(
        undone,
        [
            "mailed \"Sorry, order O-103 is cancelled\"",
            "cancelled O-103",
            "refunded P-102 716.00",
            "released R-101"
        ]
    );
    assert_eq!(
        story.customer_sees(),
        "Sorry, no order today: the carrier is busy. Please try again later. \
         Your money is on its way back."
    );
}

#[tokio::test]
async fn a_mail_that_never_went_out_is_not_taken_back() {
    let mut scenario = scenario("C-7").await;
    scenario.faults = planned([(Endpoint::Ship, Trouble::Outage)]);
    let story = scenario.play().await.unwrap();
    assert_eq!(story.recorder.compensated_steps(), ["order", "payment", "stock"]);
    assert_undone(&story.ledger);
}

#[tokio::test]
async fn a_refund_that_fails_is_reported_and_stops_nothing() {
    let story = play("C-9").await;
    // Still the first error, not that of the refund.
    let busy = ServiceError::Busy { endpoint: Endpoint::Ship, retry_after: None };
    assert_eq!(story.result.as_ref().unwrap_err(), &CheckoutError::Service(busy));
    assert_eq!(story.recorder.failed_compensations(), ["payment"]);
    assert_eq!(story.recorder.compensated_steps(), ["mail", "order", "stock"]);
    assert_eq!(story.ledger.charged(), amount("134.00"));
    assert_eq!(story.ledger.refunded(), Cents::default());
    assert_eq!((story.ledger.open_reservations(), story.ledger.open_orders()), (0, 0));
    assert!(story.to_string().contains("NOT UNDONE  payment"), "{story}");
    assert!(
        story.customer_sees().ends_with("We owe you your money: someone of us will see to it.")
    );
}

#[tokio::test]
async fn a_bank_that_never_answers_leaves_a_doubt() {
    let mut scenario = scenario("C-1").await;
    scenario.faults = planned([(Endpoint::Charge, Trouble::First(vec![Fault::Slow; 4]))]);
    let story = scenario.play().await.unwrap();
    assert!(matches!(story.result, Err(CheckoutError::Service(ServiceError::TooLate(_)))));
    assert_eq!(story.recorder.attempts("payment"), 4);
    assert_eq!(story.recorder.compensated_steps(), ["stock"]);
    assert!(
        story.customer_sees().ends_with("If your card was charged all the same, please call us.")
    );
}

#[tokio::test]
async fn a_wrong_cart_asks_nobody() {
    let mut scenario = scenario("C-1").await;
    scenario.cart.lines.clear();
    let story = scenario.play().await.unwrap();
    assert_eq!(story.result.as_ref().unwrap_err(), &CheckoutError::Empty);
    assert_eq!(story.ledger.entries(), []);
}

#[tokio::test]
async fn what_is_sold_out_costs_nothing() {
    let mut scenario = scenario("C-1").await;
    scenario.cart.lines[0].quantity = 6;
    let story = scenario.play().await.unwrap();
    assert_eq!(story.ledger.entries(), []);
    assert_eq!(
        story.customer_sees(),
        "Sorry, no order: only 5 of `DESK-OAK` left. Nothing was charged."
    );
}

/// Whatever goes wrong: either sold or undone, and nothing between.
#[tokio::test]
async fn any_day_ends_well() {
    let base = scenario("C-10").await;
    let mut days = JoinSet::new();
    for seed in 0..24 {
        let scenario = Scenario { faults: Faults::Seeded(seed), ..base.clone() };
        days.spawn(
            async move { (seed, scenario.play().await.unwrap_or_else(|e| panic!("{e:?}"))) },
        );
    }

    let (mut sold, mut undone) = (0, 0);
    for (seed, story) in days.join_all().await {
        println!("seed {seed}\n{story}");
        if story.result.is_ok() {
            sold += 1;
            assert_sold(&story.ledger, amount("133.85"));
        } else {
            undone += 1;
            assert_undone(&story.ledger);
        }
    }
    assert!(sold > 0 && undone > 0, "{sold} sold, {undone} undone");
}

#[test]
fn the_graph_shows_what_runs_beside_what() {
    assert_eq!(
        checkout::GRAPH.to_string(),
        "checkout(shop, cart)\n\
         ├─ valid     validate_cart   ← cart\n\
         ├─ stock     reserve_stock   ← shop, valid\n\
         ├─ delivery  quote_delivery  ← shop, valid\n\
         ├─ risk      assess_risk     ← shop, valid\n\
         ├─ payment   charge_card     ← shop, valid, delivery; after stock\n\
         ├─ order     create_order    ← shop, stock, risk, payment\n\
         ├─ shipment  ship            ← shop, valid, order\n\
         └─ mail      send_mail       ← shop, valid, order"
    );
}
