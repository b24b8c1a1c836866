use std::time::Duration;

use tokio::time::sleep;
use workflow_runtime::step;

use super::{Accounts, Customer, Decision, Order, OrderError, Review, Reviewer, Risk};
use crate::money::Cents;

/// Looks up who ordered.
#[step]
pub(super) async fn find_customer<'a>(
    accounts: &'a Accounts,
    order: &Order,
) -> Result<&'a Customer, OrderError> {
    sleep(Duration::from_millis(10)).await;
    if accounts.is_frozen(&order.customer) {
        return Err(OrderError::Frozen(order.customer.clone()));
    }
    accounts
        .find(&order.customer)
        .ok_or_else(|| OrderError::UnknownCustomer(order.customer.clone()))
}

/// Weighs what speaks for a fraud.
#[step]
pub(super) async fn assess_risk(customer: &Customer, order: &Order) -> Risk {
    sleep(Duration::from_millis(20)).await;
    Risk::of(customer, order)
}

/// Takes the money and gives the payment's reference.
#[step]
pub(super) async fn accept_payment(order: &Order) -> Result<String, OrderError> {
    if order.total == Cents::default() {
        return Err(OrderError::NothingToPay);
    }
    sleep(Duration::from_millis(40)).await;
    Ok(format!("PAY-{}", order.id))
}

/// A person's look at a large order.
#[step]
pub(super) async fn review_order(
    reviewer: &impl Reviewer,
    customer: &Customer,
    order: &Order,
) -> Review {
    reviewer.review(customer, order).await
}

/// Keeps the customer from ordering more.
#[step]
pub(super) async fn freeze_account(accounts: &Accounts, customer: &Customer) {
    sleep(Duration::from_millis(15)).await;
    accounts.freeze(&customer.id);
}

/// Writes down what an investigator wants to see.
#[step]
pub(super) async fn collect_evidence(
    customer: &Customer,
    order: &Order,
    risk: &Risk,
) -> Vec<String> {
    sleep(Duration::from_millis(60)).await;
    let mut evidence =
        vec![format!("{} ordered for {} on {}", customer.name, order.total, order.date)];
    evidence.extend(risk.reasons.iter().map(|(weight, sign)| format!("{sign} (+{weight})")));
    evidence
}

/// Opens a case with the evidence and gives its number.
#[step]
pub(super) async fn open_case(order: &Order, evidence: Vec<String>) -> String {
    sleep(Duration::from_millis(25)).await;
    format!("CASE-{}/{}", order.id, evidence.len())
}

/// Books a parcel and gives its number.
#[step]
pub(super) async fn book_shipment(order: &Order) -> Result<String, OrderError> {
    sleep(Duration::from_millis(30)).await;
    match order.ship_to.as_str() {
        "DE" | "GB" | "NL" => Ok(format!("{}-{}", order.ship_to, order.id)),
        other => Err(OrderError::NoCarrier(other.to_owned())),
    }
}

/// Tells the customer.
#[step]
pub(super) async fn notify_customer(
    customer: &Customer,
    decision: &Decision,
    shipment: Option<&str>,
) -> String {
    sleep(Duration::from_millis(10)).await;
    let news = match (decision, shipment) {
        (Decision::AwaitsDeposit(deposit), _) => format!("please pay {deposit} in advance"),
        (Decision::Investigated { .. }, _) => "we have a few questions about your order".to_owned(),
        (_, Some(parcel)) => format!("your order is on its way as {parcel}"),
        (_, None) => "your order is accepted".to_owned(),
    };
    format!("Dear {}, {news}.", customer.name)
}
