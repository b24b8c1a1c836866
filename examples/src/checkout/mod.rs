//! A checkout that holds when the services it needs do not: retries, timeouts and
//! compensation.

mod api;
mod client;
mod model;
mod report;
mod scenario;
mod service;
mod steps;

use workflow_runtime::workflow;

use self::steps::{
    assess_risk, charge_card, create_order, quote_delivery, reserve_stock, send_mail, ship,
    validate_cart,
};
pub use self::{
    api::Endpoint,
    client::{ServiceError, Shop},
    model::{
        Cart, CheckoutError, Confirmation, Customer, Delivery, Line, Order, Payment, Reservation,
        Risk, Shipment, ValidCart,
    },
    scenario::{Scenario, Story},
    service::{Entry, Fault, Faults, Ledger, Service, Trouble},
};

workflow! {
    /// Turns a cart into an order that is paid and on its way, or leaves nothing behind.
    ///
    /// # Errors
    ///
    /// The first reason not to sell. By then all that was done for the cart is undone.
    //
    // A step that is cut off may have changed something in a service, and nobody would undo
    // that. So what runs beside a failure comes to its end first.
    #[on_failure(finish)]
    pub async fn checkout(shop: &Shop, cart: Cart) -> Result<Confirmation, CheckoutError> {
        let valid = validate_cart(cart).await?;

        // The fraud desk takes its time, so the card is charged meanwhile.
        let stock = reserve_stock(shop, &valid).await?;
        let delivery = quote_delivery(shop, &valid).await?;
        let risk = assess_risk(shop, &valid).await?;

        // The price needs the delivery's; a charge for goods that are sold out helps nobody.
        #[after(stock)]
        let payment = charge_card(shop, &valid, &delivery).await?;

        let order = create_order(shop, &valid, &stock, &risk, &payment).await?;

        let shipment = ship(shop, &valid, &order).await?;
        // Without `?`: the order stands without a mail.
        let mail = send_mail(shop, &valid, &order).await;

        Ok(Confirmation { order, payment, shipment, mail })
    }
}
