use std::{collections::BTreeMap, fmt};

use axum::http::StatusCode;
use serde::{Deserialize, Serialize};

use super::{
    super::{Delivery, Line, Order, Payment, Reservation, Risk, Shipment},
    state::Refusal,
};
use workflow_examples::money::Cents;

/// Cards for trying things out, as payment providers have them.
const DECLINED_CARD: &str = "4000000000000002";
const STOLEN_CARD: &str = "4100000000000019";

/// What the warehouse has in the morning.
const SHELVES: [(&str, u16); 3] = [("DESK-OAK", 5), ("LAMP-LED", 40), ("CHAIR-ASH", 12)];

/// What the services have done, in the order in which they did it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ledger {
    entries: Vec<Entry>,
}

/// One thing that was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Entry {
    /// Goods were put aside.
    Reserved {
        /// The reservation's number.
        reservation: String,
        /// The goods.
        lines: Vec<Line>,
    },
    /// Goods were put back.
    Released {
        /// The reservation's number.
        reservation: String,
    },
    /// Money was taken from a card.
    Charged {
        /// The payment's number.
        payment: String,
        /// How much.
        amount: Cents,
    },
    /// Money was given back.
    Refunded {
        /// The payment's number.
        payment: String,
        /// How much.
        amount: Cents,
    },
    /// An order was written into the books.
    Ordered {
        /// Its number.
        order: String,
    },
    /// An order was struck out.
    Cancelled {
        /// Its number.
        order: String,
    },
    /// A parcel left.
    Shipped {
        /// The order's number.
        order: String,
    },
    /// A mail was sent.
    Mailed {
        /// The recipient.
        to: String,
        /// What it is about.
        subject: String,
    },
}

impl Ledger {
    /// All entries.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The money that was taken, all payments together.
    #[must_use]
    pub fn charged(&self) -> Cents {
        self.sum(|entry| match entry {
            Entry::Charged { amount, .. } => Some(*amount),
            _ => None,
        })
    }

    /// The money that was given back.
    #[must_use]
    pub fn refunded(&self) -> Cents {
        self.sum(|entry| match entry {
            Entry::Refunded { amount, .. } => Some(*amount),
            _ => None,
        })
    }

    /// How many reservations hold goods: those that were made and not released.
    #[must_use]
    pub fn open_reservations(&self) -> usize {
        self.count(|entry| matches!(entry, Entry::Reserved { .. }))
            - self.count(|entry| matches!(entry, Entry::Released { .. }))
    }

    /// How many orders stand: those that were written and not struck out.
    #[must_use]
    pub fn open_orders(&self) -> usize {
        self.count(|entry| matches!(entry, Entry::Ordered { .. }))
            - self.count(|entry| matches!(entry, Entry::Cancelled { .. }))
    }

    /// How many entries are of a kind.
    #[must_use]
    pub fn count(&self, is: impl Fn(&Entry) -> bool) -> usize {
        self.entries.iter().filter(|entry| is(entry)).count()
    }

    fn sum(&self, amount: impl Fn(&Entry) -> Option<Cents>) -> Cents {
        self.entries.iter().filter_map(amount).sum()
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Reserved { reservation, .. } => write!(f, "reserved {reservation}"),
            Self::Released { reservation } => write!(f, "released {reservation}"),
            Self::Charged { payment, amount } => write!(f, "charged {payment} {amount}"),
            Self::Refunded { payment, amount } => write!(f, "refunded {payment} {amount}"),
            Self::Ordered { order } => write!(f, "ordered {order}"),
            Self::Cancelled { order } => write!(f, "cancelled {order}"),
            Self::Shipped { order } => write!(f, "shipped {order}"),
            Self::Mailed { subject, .. } => write!(f, "mailed \"{subject}\""),
        }
    }
}

/// The ledger, and the shelves that go with it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Books {
    pub(super) ledger: Ledger,
    shelves: BTreeMap<String, u16>,
}

impl Default for Books {
    fn default() -> Self {
        let shelves = SHELVES.map(|(sku, quantity)| (sku.to_owned(), quantity)).into();
        Self { ledger: Ledger::default(), shelves }
    }
}

impl Books {
    pub(super) fn reserve(&mut self, lines: Vec<Line>) -> Result<Reservation, Refusal> {
        // On a copy: either all lines are put aside or none.
        let mut shelves = self.shelves.clone();
        for Line { sku, quantity, .. } in &lines {
            let left = shelves
                .get_mut(sku)
                .ok_or_else(|| refusal(StatusCode::NOT_FOUND, format!("no article `{sku}`")))?;
            *left = left.checked_sub(*quantity).ok_or_else(|| {
                refusal(StatusCode::CONFLICT, format!("only {left} of `{sku}` left"))
            })?;
        }
        self.shelves = shelves;
        let id = self.number("R");
        self.write(Entry::Reserved { reservation: id.clone(), lines });
        Ok(Reservation { id })
    }

    pub(super) fn release(&mut self, reservation: String) -> Result<(), Refusal> {
        let lines = self.ledger.entries.iter().find_map(|entry| match entry {
            Entry::Reserved { reservation: id, lines } if *id == reservation => Some(lines),
            _ => None,
        });
        let lines = lines.ok_or_else(|| unknown("reservation", &reservation))?;
        for Line { sku, quantity, .. } in lines {
            *self.shelves.entry(sku.clone()).or_default() += quantity;
        }
        self.write(Entry::Released { reservation });
        Ok(())
    }

    pub(super) fn quote(country: &str) -> Result<Delivery, Refusal> {
        let price = match country {
            "NL" => Cents::whole(5),
            "BE" | "DE" => Cents::whole(9),
            "FR" | "GB" => Cents::whole(14),
            other => {
                let reason = format!("no parcels to `{other}`");
                return Err(refusal(StatusCode::UNPROCESSABLE_ENTITY, reason));
            }
        };
        Ok(Delivery { price })
    }

    pub(super) fn assess(card: &str, country: &str) -> Result<Risk, Refusal> {
        if card == STOLEN_CARD {
            let reason = "the card is reported stolen".to_owned();
            return Err(refusal(StatusCode::FORBIDDEN, reason));
        }
        Ok(Risk { score: if country == "NL" { 5 } else { 20 } })
    }

    pub(super) fn charge(&mut self, card: &str, amount: Cents) -> Result<Payment, Refusal> {
        if card == DECLINED_CARD {
            let reason = "the card has not enough money".to_owned();
            return Err(refusal(StatusCode::PAYMENT_REQUIRED, reason));
        }
        let id = self.number("P");
        self.write(Entry::Charged { payment: id.clone(), amount });
        Ok(Payment { id, amount })
    }

    pub(super) fn refund(&mut self, payment: Payment) -> Result<(), Refusal> {
        let Payment { id, amount } = payment;
        let charge = Entry::Charged { payment: id.clone(), amount };
        if !self.ledger.entries.contains(&charge) {
            return Err(unknown("payment", &id));
        }
        self.write(Entry::Refunded { payment: id, amount });
        Ok(())
    }

    pub(super) fn order(&mut self) -> Order {
        let id = self.number("O");
        self.write(Entry::Ordered { order: id.clone() });
        Order { id }
    }

    pub(super) fn cancel(&mut self, order: String) -> Result<(), Refusal> {
        if !self.ledger.entries.contains(&Entry::Ordered { order: order.clone() }) {
            return Err(unknown("order", &order));
        }
        self.write(Entry::Cancelled { order });
        Ok(())
    }

    pub(super) fn ship(&mut self, order: String, country: &str) -> Shipment {
        let parcel = format!("{country}-{order}");
        self.write(Entry::Shipped { order });
        Shipment { parcel }
    }

    pub(super) fn mail(&mut self, to: String, subject: String) -> Result<(), Refusal> {
        // The top-level domain that stands for addresses that cannot exist.
        if to.ends_with(".invalid") {
            let reason = format!("no mailbox `{to}`");
            return Err(refusal(StatusCode::UNPROCESSABLE_ENTITY, reason));
        }
        self.write(Entry::Mailed { to, subject });
        Ok(())
    }

    fn write(&mut self, entry: Entry) {
        self.ledger.entries.push(entry);
    }

    /// A number that nothing else has.
    fn number(&self, kind: &str) -> String {
        format!("{kind}-{}", 101 + self.ledger.entries.len())
    }
}

fn refusal(status: StatusCode, reason: String) -> Refusal {
    Refusal { status, reason }
}

fn unknown(kind: &str, id: &str) -> Refusal {
    refusal(StatusCode::NOT_FOUND, format!("no {kind} `{id}`"))
}
