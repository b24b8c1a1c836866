use super::{Customer, Order};
use crate::money::Cents;

/// From this score on, an order is investigated.
const HIGH: u32 = 70;

/// How likely an order is a fraud.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Risk {
    /// What speaks for it, with its weight.
    pub reasons: Vec<(u32, &'static str)>,
}

impl Risk {
    pub(super) fn of(customer: &Customer, order: &Order) -> Self {
        let usual = Cents::mean(&customer.past_orders);
        let signs = [
            (45, "ships to another country", order.ship_to != customer.country),
            (30, "new customer", order.date.days_since(customer.since) < 30),
            (35, "several chargebacks", customer.chargebacks > 1),
            (
                20,
                "five times the usual amount",
                usual.is_some_and(|usual| order.total > usual.times(5)),
            ),
        ];
        let reasons = signs
            .into_iter()
            .filter(|(.., applies)| *applies)
            .map(|(weight, sign, _)| (weight, sign))
            .collect();
        Self { reasons }
    }

    /// The sum of the reasons' weights.
    #[must_use]
    pub fn score(&self) -> u32 {
        self.reasons.iter().map(|(weight, _)| weight).sum()
    }

    /// Whether the order must be investigated.
    #[must_use]
    pub fn is_high(&self) -> bool {
        self.score() >= HIGH
    }
}
