use serde::Deserialize;

use super::Risk;
use crate::{date::Date, money::Cents};

/// Orders above this amount are reviewed by a person.
const REVIEW_ABOVE: Cents = Cents::whole(10_000);

/// An order as it comes in.
#[derive(Debug, Clone, Deserialize)]
pub struct Order {
    /// Its number.
    pub id: String,
    /// The day it came in.
    pub date: Date,
    /// A customer's id.
    pub customer: String,
    /// What it is worth.
    pub total: Cents,
    /// The country to ship to.
    pub ship_to: String,
}

/// A customer and what is known of it.
#[derive(Debug, Clone, Deserialize)]
pub struct Customer {
    /// The id.
    pub id: String,
    /// The company's name.
    pub name: String,
    /// When it became a customer.
    pub since: Date,
    /// Its country.
    pub country: String,
    /// How often it had a payment reversed.
    pub chargebacks: u8,
    /// What its earlier orders were worth.
    pub past_orders: Vec<Cents>,
}

/// The path an order takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Route {
    /// Accepted without anyone looking.
    Standard,
    /// Looked at by a person, for its amount.
    Review,
    /// Held back, for its risk.
    Investigation,
}

impl Route {
    /// A risk outweighs the amount.
    #[must_use]
    pub fn choose(order: &Order, risk: &Risk) -> Self {
        if risk.is_high() {
            Self::Investigation
        } else if order.total > REVIEW_ABOVE {
            Self::Review
        } else {
            Self::Standard
        }
    }
}

/// What a reviewer says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Review {
    /// Go on.
    Approved,
    /// Go on when so much is paid in advance.
    DepositFirst(Cents),
}

/// What becomes of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// It was paid.
    Accepted {
        /// The payment's reference.
        reference: String,
    },
    /// A reviewer approved it, to be paid by invoice.
    Approved,
    /// It waits for a payment in advance.
    AwaitsDeposit(Cents),
    /// It is held back.
    Investigated {
        /// The case's number.
        case: String,
    },
}

impl Decision {
    /// Whether the goods leave.
    #[must_use]
    pub fn ships(&self) -> bool {
        matches!(self, Self::Accepted { .. } | Self::Approved)
    }
}

impl From<Review> for Decision {
    fn from(review: Review) -> Self {
        match review {
            Review::Approved => Self::Approved,
            Review::DepositFirst(deposit) => Self::AwaitsDeposit(deposit),
        }
    }
}

/// All that came of an order.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The path it took.
    pub route: Route,
    /// Its risk.
    pub risk: Risk,
    /// What was decided.
    pub decision: Decision,
    /// The parcel's number, if it ships.
    pub shipment: Option<String>,
    /// What the customer was told.
    pub message: String,
}

/// Why an order can't be processed.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum OrderError {
    /// It is from nobody who is known.
    #[error("no customer `{0}`")]
    UnknownCustomer(String),
    /// It is from a customer whose last order is under investigation.
    #[error("the account of `{0}` is frozen")]
    Frozen(String),
    /// It is worth nothing.
    #[error("there is nothing to pay")]
    NothingToPay,
    /// The carrier does not go there.
    #[error("no carrier ships to `{0}`")]
    NoCarrier(String),
}
