//! Order verification: receipts, reasons to reject, and that the checks overlap.

use std::time::Duration;

use tokio::time::Instant;
use workflow_examples::{
    data,
    diamond::{Order, OrderError, PaymentError, Receipt, verify_order},
};
use workflow_runtime::{Recorder, Run, Source};

/// The bundled order of this number.
async fn order(id: &str) -> Order {
    let orders: Vec<Order> = data::read_json(&data::bundled("diamond/orders.json")).await.unwrap();
    orders.into_iter().find(|order| order.id == id).unwrap()
}

async fn verify(id: &str) -> Result<Receipt, OrderError> {
    verify_order(order(id).await).await
}

#[tokio::test(start_paused = true)]
async fn issues_a_receipt() {
    assert_eq!(
        verify("A-1001").await.unwrap().to_string(),
        "A-1001  Jane Doe\n  \
           2 x DESK-OAK          898.00  from Rotterdam\n  \
           3 x LAMP-LED          119.85  from Rotterdam\n  \
           shipping                9.95  to 1 Example Street, 3511 AB Utrecht, NL\n  \
           total               1,027.80  of which 178.38 tax, charged to Visa ending 4242"
    );
}

#[tokio::test(start_paused = true)]
async fn takes_goods_from_several_warehouses() {
    let receipt = verify("A-1002").await.unwrap();
    let picks: Vec<_> =
        receipt.picks[0].iter().map(|pick| (pick.warehouse, pick.quantity)).collect();
    assert_eq!(picks, [("Rotterdam", 3), ("Hamburg", 4)]);
}

#[tokio::test(start_paused = true)]
async fn says_why_an_order_is_rejected() {
    let expired = PaymentError::Expired {
        card: "Mastercard ending 4444".to_owned(),
        expired: "2024-11-30".parse().unwrap(),
    };
    assert_eq!(verify("A-1003").await.unwrap_err(), expired.into());
    assert_eq!(
        verify("A-1004").await.unwrap_err(),
        OrderError::OutOfStock { sku: "LAMP-LED".to_owned(), wanted: 60, available: 41 }
    );
    assert_eq!(
        verify_order(Order { lines: Vec::new(), ..order("A-1001").await }).await.unwrap_err(),
        OrderError::Empty
    );
}

#[tokio::test(start_paused = true)]
async fn the_total_decides_over_the_limit() {
    let mut order = order("A-1001").await;
    order.lines[0].quantity = 8;
    order.lines[0].price = "622.00".parse().unwrap();
    let error = verify_order(order).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "payment: 5,105.80 is above the limit of 5,000.00 for one payment"
    );
}

#[tokio::test(start_paused = true)]
async fn the_three_checks_run_at_the_same_time() {
    let order = order("A-1001").await;
    let start = Instant::now();
    verify_order(order).await.unwrap();
    // On the paused clock. One after the other they would take 40 + 25 + 30.
    assert!(start.elapsed() < Duration::from_millis(60), "{:?}", start.elapsed());
}

#[tokio::test(start_paused = true)]
async fn the_first_error_cancels_the_other_checks() {
    let mut order = order("A-1001").await;
    order.card.number.push('0');
    let recorder = Recorder::new();
    let error =
        Run::new().observe(recorder.clone()).execute(verify_order(order)).await.unwrap_err();

    assert_eq!(error, PaymentError::InvalidNumber.into());
    assert_eq!(recorder.completed_steps(), ["valid"]);
    assert_eq!(recorder.failed_steps(), ["payment"]);
}

#[test]
fn the_graph_is_a_diamond() {
    let graph = verify_order::GRAPH;
    let edges: Vec<_> = graph
        .edges()
        .iter()
        .map(|edge| {
            let from = match edge.from {
                Source::Input(input) => graph.inputs()[input],
                Source::Node(node) => graph.nodes()[node].path(),
                other => panic!("an edge from {other:?}"),
            };
            (from, graph.nodes()[edge.to].path())
        })
        .collect();
    assert_eq!(
        edges,
        [
            ("order", "valid"),
            ("valid", "payment"),
            ("valid", "address"),
            ("valid", "stock"),
            ("valid", "receipt"),
            ("payment", "receipt"),
            ("address", "receipt"),
            ("stock", "receipt"),
        ]
    );
}
