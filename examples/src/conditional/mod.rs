//! Branches: the data decides which steps run.

mod accounts;
mod model;
mod report;
mod reviewer;
mod risk;
mod steps;

use workflow_runtime::workflow;

use self::steps::{
    accept_payment, assess_risk, book_shipment, collect_evidence, find_customer, freeze_account,
    notify_customer, open_case, review_order,
};
pub use self::{
    accounts::Accounts,
    model::{Customer, Decision, Order, OrderError, Outcome, Review, Route},
    reviewer::{Reviewer, Staff},
    risk::Risk,
};

workflow! {
    /// Takes one order along the path that its amount and its risk call for.
    ///
    /// # Errors
    ///
    /// If the order can't be processed at all; one that is refused is a [`Decision`].
    pub async fn process_order(
        accounts: &Accounts,
        reviewer: &impl Reviewer,
        order: &Order,
    ) -> Result<Outcome, OrderError> {
        let customer = find_customer(accounts, order).await?;
        let risk = assess_risk(customer, order).await;
        let route = Route::choose(order, &risk);

        let decision = match route {
            Route::Standard => {
                let payment = accept_payment(order).await?;
                Decision::Accepted { reference: payment }
            }
            Route::Review => {
                let manual_review = review_order(reviewer, customer, order).await;
                Decision::from(manual_review)
            }
            Route::Investigation => {
                // Nothing between these two: the account is frozen while evidence is collected.
                freeze_account(accounts, customer).await;
                let evidence = collect_evidence(customer, order, &risk).await;
                let investigation = open_case(order, evidence).await;
                Decision::Investigated { case: investigation }
            }
        };

        let shipment = if decision.ships() {
            let booking = book_shipment(order).await?;
            Some(booking)
        } else {
            None
        };
        let message = notify_customer(customer, &decision, shipment.as_deref()).await;

        Ok(Outcome { route, risk, decision, shipment, message })
    }
}
