//! A checkout that holds when the services it needs do not: retries, timeouts and
//! compensation.

mod api;
mod client;
mod durable;
mod model;
mod report;
mod scenario;
mod service;
mod steps;

use std::path::{Path, PathBuf};

use workflow_runtime::workflow;

use self::steps::{
    apologize, assess_risk, cancel_order, charge_card, create_order, quote_delivery, refund,
    release_stock, reserve_stock, send_mail, ship, validate_cart,
};
pub use self::{
    api::Endpoint,
    client::{ServiceError, Shop},
    durable::{Counter, CounterError},
    model::{
        Cart, CheckoutError, Confirmation, Customer, Delivery, Line, Order, Payment, Reservation,
        Risk, Shipment, ValidCart,
    },
    scenario::{Scenario, Story},
    service::{Entry, Fault, Faults, Ledger, Service, Trouble},
};

/// The path of a file that comes with the example.
#[must_use]
pub fn bundled(name: &str) -> PathBuf {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/data")).join(name)
}

workflow! {
    /// Turns a cart into an order that is paid and on its way, or leaves nothing behind.
    ///
    /// # Errors
    ///
    /// The first reason not to sell. By then all that was done for the cart is undone.
    /// Two things can be left: what a compensation could not undo, of which there is an
    /// event, and what a service did for a step that got none of its answers.
    //
    // A step that is cut off may have changed something in a service, and nothing would undo
    // that. So what runs beside a failure comes to its end first, and nothing new starts.
    #[on_failure(drain)]
    #[durable]
    pub async fn checkout(shop: &Shop, cart: Cart) -> Result<Confirmation, CheckoutError> {
        let valid = validate_cart(cart).await?;

        // The fraud desk takes its time, so the card is charged meanwhile.
        #[compensate(release_stock(shop, &stock))]
        let stock = reserve_stock(shop, &valid).await?;
        let delivery = quote_delivery(shop, &valid).await?;
        let risk = assess_risk(shop, &valid).await?;

        // The price needs the delivery's; a charge for goods that are sold out helps nobody.
        #[after(stock)]
        #[compensate(refund(shop, &payment))]
        let payment = charge_card(shop, &valid, &delivery).await?;

        #[compensate(cancel_order(shop, &order))]
        let order = create_order(shop, &stock, &risk, &payment).await?;

        let shipment = ship(shop, &valid, &order).await?;
        // Without `?`: the order stands without a mail.
        #[compensate(apologize(shop, &valid, &order))]
        let mail = send_mail(shop, &valid, &order).await;

        // Cloned, since the compensations keep theirs until nothing can fail any more.
        Ok(Confirmation { order: order.clone(), payment: payment.clone(), shipment, mail })
    }
}
