//! A step that asks a service is tried four times, and waits 300 ms for each answer. The
//! key that it sends along is the same at every try and after a crash, so that an answer that
//! comes too late or gets lost does no harm: the service knows what it has done.

use std::time::Duration;

use workflow_runtime::{Retry, step};

use super::{
    Cart, CheckoutError, Delivery, Endpoint, Line, Order, Payment, Reservation, Risk, ServiceError,
    Shipment, Shop, ValidCart,
    api::{
        AssessRequest, CancelRequest, ChargeRequest, MailRequest, OrderRequest, QuoteRequest,
        RefundRequest, ReleaseRequest, ReserveRequest, ShipRequest,
    },
};

/// How often a service is asked, and how long is waited in between.
const CALM: Retry = Retry::attempts(4).exponential("20ms", "200ms").jitter();

/// How long an answer may take.
const ANSWER: Duration = Duration::from_millis(300);

/// Checks what can be checked without asking anyone.
#[step]
pub(super) async fn validate_cart(cart: Cart) -> Result<ValidCart, CheckoutError> {
    if cart.lines.is_empty() {
        return Err(CheckoutError::Empty);
    }
    if let Some(line) = cart.lines.iter().find(|line| line.quantity == 0) {
        return Err(CheckoutError::NoQuantity(line.sku.clone()));
    }
    let goods = cart.lines.iter().map(Line::amount).sum();
    Ok(ValidCart { cart, goods })
}

/// Has the warehouse put the goods aside.
#[step(retry = CALM, timeout = ANSWER)]
pub(super) async fn reserve_stock(
    shop: &Shop,
    valid: &ValidCart,
) -> Result<Reservation, ServiceError> {
    let request = ReserveRequest { lines: valid.cart.lines.clone() };
    shop.ask(Endpoint::Reserve, &request).await
}

/// Undoes [`reserve_stock`].
#[step(retry = CALM, timeout = ANSWER)]
pub(super) async fn release_stock(shop: &Shop, stock: &Reservation) -> Result<(), ServiceError> {
    let request = ReleaseRequest { reservation: stock.id.clone() };
    shop.ask(Endpoint::Release, &request).await
}

/// Asks the carrier whether it goes there, and for how much.
#[step(retry = CALM, timeout = ANSWER)]
pub(super) async fn quote_delivery(
    shop: &Shop,
    valid: &ValidCart,
) -> Result<Delivery, ServiceError> {
    let request = QuoteRequest { country: valid.cart.country.clone() };
    shop.ask(Endpoint::Quote, &request).await
}

/// Asks the fraud desk.
#[step(retry = CALM, timeout = ANSWER)]
pub(super) async fn assess_risk(shop: &Shop, valid: &ValidCart) -> Result<Risk, ServiceError> {
    let request =
        AssessRequest { card: valid.cart.card.clone(), country: valid.cart.country.clone() };
    shop.ask(Endpoint::Assess, &request).await
}

/// Takes the money.
#[step(retry = CALM, timeout = ANSWER)]
pub(super) async fn charge_card(
    shop: &Shop,
    valid: &ValidCart,
    delivery: &Delivery,
) -> Result<Payment, ServiceError> {
    let amount = valid.goods + delivery.price;
    let request = ChargeRequest { card: valid.cart.card.clone(), amount };
    shop.ask(Endpoint::Charge, &request).await
}

/// Undoes [`charge_card`].
#[step(retry = CALM, timeout = ANSWER)]
pub(super) async fn refund(shop: &Shop, payment: &Payment) -> Result<(), ServiceError> {
    let request = RefundRequest { payment: payment.clone() };
    shop.ask(Endpoint::Refund, &request).await
}

/// Writes the order into the books.
#[step(retry = CALM, timeout = ANSWER)]
pub(super) async fn create_order(
    shop: &Shop,
    stock: &Reservation,
    risk: &Risk,
    payment: &Payment,
) -> Result<Order, ServiceError> {
    let request = OrderRequest {
        reservation: stock.id.clone(),
        payment: payment.id.clone(),
        risk: risk.score,
    };
    shop.ask(Endpoint::Order, &request).await
}

/// Undoes [`create_order`].
#[step(retry = CALM, timeout = ANSWER)]
pub(super) async fn cancel_order(shop: &Shop, order: &Order) -> Result<(), ServiceError> {
    let request = CancelRequest { order: order.id.clone() };
    shop.ask(Endpoint::Cancel, &request).await
}

/// Hands the parcel to the carrier.
#[step(retry = CALM, timeout = ANSWER)]
pub(super) async fn ship(
    shop: &Shop,
    valid: &ValidCart,
    order: &Order,
) -> Result<Shipment, ServiceError> {
    let request = ShipRequest { order: order.id.clone(), country: valid.cart.country.clone() };
    shop.ask(Endpoint::Ship, &request).await
}

/// Tells the customer that the order has come in.
#[step(retry = CALM, timeout = ANSWER)]
pub(super) async fn send_mail(
    shop: &Shop,
    valid: &ValidCart,
    order: &Order,
) -> Result<(), ServiceError> {
    let subject = format!("Thank you for order {}", order.id);
    let request = MailRequest { to: valid.cart.customer.email.clone(), subject };
    shop.ask(Endpoint::Mail, &request).await
}

/// Takes back what [`send_mail`] said.
#[step(retry = CALM, timeout = ANSWER)]
pub(super) async fn apologize(
    shop: &Shop,
    valid: &ValidCart,
    order: &Order,
) -> Result<(), ServiceError> {
    let subject = format!("Sorry, order {} is cancelled", order.id);
    let request = MailRequest { to: valid.cart.customer.email.clone(), subject };
    shop.ask(Endpoint::Mail, &request).await
}
