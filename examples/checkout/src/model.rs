use serde::{Deserialize, Serialize};

use super::ServiceError;
use workflow_examples::money::Cents;

/// What a customer is about to buy.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Cart {
    /// Its number.
    pub id: String,
    /// Who buys.
    pub customer: Customer,
    /// The number of the card to charge.
    pub card: String,
    /// The code of the country to ship to.
    pub country: String,
    /// What is in it.
    pub lines: Vec<Line>,
}

/// Someone who buys.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Customer {
    /// The name.
    pub name: String,
    /// The mail address.
    pub email: String,
}

/// One article of a cart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The article number.
    pub sku: String,
    /// How many are wanted.
    pub quantity: u16,
    /// The price of one, tax included.
    pub price: Cents,
}

impl Line {
    /// The price of all of them.
    #[must_use]
    pub fn amount(&self) -> Cents {
        self.price.times(self.quantity)
    }
}

/// A cart that makes sense in itself.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ValidCart {
    /// The cart.
    pub cart: Cart,
    /// The price of all lines.
    pub goods: Cents,
}

/// Goods put aside in the warehouse.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Reservation {
    /// Its number.
    pub id: String,
}

/// What the carrier asks to bring the goods.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Delivery {
    /// The price.
    pub price: Cents,
}

/// What the fraud desk thinks of a cart.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Risk {
    /// From 0, harmless, to 100.
    pub score: u8,
}

/// Money taken from a card.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Payment {
    /// Its number at the bank.
    pub id: String,
    /// How much.
    pub amount: Cents,
}

/// An order in the shop's books.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Order {
    /// Its number.
    pub id: String,
}

/// A parcel that is on its way.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Shipment {
    /// The number to follow it by.
    pub parcel: String,
}

/// All that came of a cart that was bought.
#[derive(Debug, Serialize, Deserialize)]
pub struct Confirmation {
    /// The order.
    pub order: Order,
    /// What was paid.
    pub payment: Payment,
    /// The parcel.
    pub shipment: Shipment,
    /// Whether the customer's mail went out. The order stands without it.
    pub mail: Result<(), ServiceError>,
}

/// Why a cart was not bought.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum CheckoutError {
    /// There is nothing in it.
    #[error("the cart is empty")]
    Empty,
    /// An article is in it zero times.
    #[error("none of `{0}` is in the cart")]
    NoQuantity(String),
    /// A service refused or could not be reached.
    #[error(transparent)]
    Service(#[from] ServiceError),
}
