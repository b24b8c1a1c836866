//! What the shop and the services that it needs say to each other.

use serde::{Deserialize, Serialize};

use super::{Line, Payment};
use workflow_examples::money::Cents;

/// The header with the request's key: the same key is the same request, sent again.
pub(super) const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// What can be asked of the services. All of it is a `POST`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Endpoint {
    /// Put goods aside.
    Reserve,
    /// Put goods back.
    Release,
    /// Ask what the delivery costs.
    Quote,
    /// Ask how likely a fraud is.
    Assess,
    /// Take money from a card.
    Charge,
    /// Give it back.
    Refund,
    /// Write an order into the books.
    Order,
    /// Strike it out.
    Cancel,
    /// Send a parcel.
    Ship,
    /// Send a mail.
    Mail,
}

impl Endpoint {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Reserve,
        Self::Release,
        Self::Quote,
        Self::Assess,
        Self::Charge,
        Self::Refund,
        Self::Order,
        Self::Cancel,
        Self::Ship,
        Self::Mail,
    ];

    pub(super) const fn path(self) -> &'static str {
        match self {
            Self::Reserve => "/reservations",
            Self::Release => "/releases",
            Self::Quote => "/quotes",
            Self::Assess => "/assessments",
            Self::Charge => "/charges",
            Self::Refund => "/refunds",
            Self::Order => "/orders",
            Self::Cancel => "/cancellations",
            Self::Ship => "/shipments",
            Self::Mail => "/mails",
        }
    }

    /// Who answers it.
    #[must_use]
    pub const fn service(self) -> &'static str {
        match self {
            Self::Reserve | Self::Release => "the warehouse",
            Self::Quote | Self::Ship => "the carrier",
            Self::Assess => "the fraud desk",
            Self::Charge | Self::Refund => "the bank",
            Self::Order | Self::Cancel => "the order desk",
            Self::Mail => "the mail server",
        }
    }
}

#[derive(Serialize, Deserialize)]
pub(super) struct ReserveRequest {
    pub(super) lines: Vec<Line>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct ReleaseRequest {
    pub(super) reservation: String,
}

#[derive(Serialize, Deserialize)]
pub(super) struct QuoteRequest {
    pub(super) country: String,
}

#[derive(Serialize, Deserialize)]
pub(super) struct AssessRequest {
    pub(super) card: String,
    pub(super) country: String,
}

#[derive(Serialize, Deserialize)]
pub(super) struct ChargeRequest {
    pub(super) card: String,
    pub(super) amount: Cents,
}

#[derive(Serialize, Deserialize)]
pub(super) struct RefundRequest {
    pub(super) payment: Payment,
}

#[derive(Serialize, Deserialize)]
pub(super) struct OrderRequest {
    pub(super) reservation: String,
    pub(super) payment: String,
    /// Kept with the order, for the day on which the payment is disputed.
    pub(super) risk: u8,
}

#[derive(Serialize, Deserialize)]
pub(super) struct CancelRequest {
    pub(super) order: String,
}

#[derive(Serialize, Deserialize)]
pub(super) struct ShipRequest {
    pub(super) order: String,
    pub(super) country: String,
}

#[derive(Serialize, Deserialize)]
pub(super) struct MailRequest {
    pub(super) to: String,
    pub(super) subject: String,
}

/// What stands in the answer when a request is refused.
#[derive(Serialize, Deserialize)]
pub(super) struct RefusalBody {
    pub(super) reason: String,
}
