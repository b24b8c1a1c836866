use serde::Deserialize;

use crate::{date::Date, money::Cents};

/// An order as it comes in.
#[derive(Debug, Clone, Deserialize)]
pub struct Order {
    /// Its number.
    pub id: String,
    /// The day it came in.
    pub date: Date,
    /// Who ordered.
    pub customer: String,
    /// The card to charge.
    pub card: Card,
    /// Where to send the goods.
    pub address: PostalAddress,
    /// What was ordered.
    pub lines: Vec<Line>,
}

/// A credit card.
#[derive(Debug, Clone, Deserialize)]
pub struct Card {
    /// The number as typed.
    pub number: String,
    /// The last day it is valid.
    pub expires: Date,
}

/// An address as typed.
#[derive(Debug, Clone, Deserialize)]
pub struct PostalAddress {
    /// Number and street.
    pub street: String,
    /// The town.
    pub city: String,
    /// The postal code.
    pub postal_code: String,
    /// A country code.
    pub country: String,
}

/// One article of an order.
#[derive(Debug, Clone, Deserialize)]
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

/// An order that makes sense in itself.
#[derive(Debug, Clone)]
pub struct ValidOrder {
    /// The order.
    pub order: Order,
    /// The price of all lines.
    pub goods: Cents,
}

/// A card that can be charged.
#[derive(Debug, Clone)]
pub struct Payment {
    /// The card as it may be shown.
    pub card: String,
    /// The most that can be charged at once.
    pub limit: Cents,
}

/// An address that parcels reach.
#[derive(Debug, Clone)]
pub struct Address {
    /// On one line, the postal code in its country's form.
    pub label: String,
    /// What it costs to send something there.
    pub shipping: Cents,
    /// The tax that prices there include.
    pub tax_percent: u8,
}

/// Goods that are there.
#[derive(Debug, Clone)]
pub struct Stock {
    /// Where to take them from, line by line of the order.
    pub picks: Vec<Vec<Pick>>,
}

/// A number of one article in one warehouse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pick {
    /// The warehouse.
    pub warehouse: &'static str,
    /// How many.
    pub quantity: u16,
}

/// The proof of an order.
#[derive(Debug, Clone)]
pub struct Receipt {
    /// The order.
    pub order: Order,
    /// The card that was charged.
    pub card: String,
    /// Where the goods go.
    pub label: String,
    /// Where the goods come from.
    pub picks: Vec<Vec<Pick>>,
    /// What sending them costs.
    pub shipping: Cents,
    /// The tax in the total.
    pub tax: Cents,
    /// What was charged.
    pub total: Cents,
}

/// Why an order was rejected.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum OrderError {
    /// It orders nothing.
    #[error("nothing is ordered")]
    Empty,
    /// A line orders none of its article.
    #[error("none of `{0}` is ordered")]
    NoQuantity(String),
    /// The card can't be charged.
    #[error("payment: {0}")]
    Payment(#[from] PaymentError),
    /// There is no shipping to the country.
    #[error("no shipping to `{0}`")]
    UnknownCountry(String),
    /// The postal code does not look like one of its country.
    #[error("postal code `{code}` is not like {expected}")]
    InvalidPostalCode {
        /// The code.
        code: String,
        /// The form of the country's codes.
        expected: &'static str,
    },
    /// There are too few.
    #[error("only {available} of {wanted} `{sku}` in stock")]
    OutOfStock {
        /// The article number.
        sku: String,
        /// How many were ordered.
        wanted: u16,
        /// How many there are.
        available: u16,
    },
}

/// Why a card can't be charged.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum PaymentError {
    /// A digit is wrong or missing.
    #[error("the card number has a mistake")]
    InvalidNumber,
    /// No card of this kind is taken.
    #[error("cards that start with {0} are not accepted")]
    UnknownIssuer(char),
    /// The card is too old.
    #[error("{card} expired on {expired}")]
    Expired {
        /// The card as it may be shown.
        card: String,
        /// The last day it was valid.
        expired: Date,
    },
    /// The card's limit is too low.
    #[error("{total} is above the limit of {limit} for one payment")]
    OverLimit {
        /// What was to be paid.
        total: Cents,
        /// The limit.
        limit: Cents,
    },
}
