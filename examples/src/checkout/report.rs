use std::fmt;

use workflow_runtime::{Event, EventKind};

use super::{CheckoutError, Confirmation, Endpoint, ServiceError, Story};

/// One line for each thing that did not go straight, then what came of it.
impl fmt::Display for Story {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cart = &self.scenario.cart;
        let lines = cart.lines.iter().map(|line| format!("{} x {}", line.quantity, line.sku));
        writeln!(f, "{}", self.scenario.title)?;
        row(f, "cart", &cart.customer.name, &format!("{} to {}", list(lines), cart.country))?;
        for event in self.recorder.events() {
            happened(f, &event)?;
        }
        let entries = self.ledger.entries().iter().map(ToString::to_string);
        writeln!(f, "  {:<12}{}", "books", list(entries))?;
        write!(f, "  {:<12}{}", "customer", self.customer_sees())
    }
}

impl Story {
    /// What is shown to the customer at the end.
    #[must_use]
    pub fn customer_sees(&self) -> String {
        match &self.result {
            Ok(confirmation) => confirmed(confirmation),
            Err(error) => format!("{} {}", sorry(error), self.money()),
        }
    }

    /// What became of the customer's money.
    fn money(&self) -> &'static str {
        if self.recorder.completed("payment") {
            "We will give your money back as soon as the bank lets us."
        } else {
            "Nothing was charged."
        }
    }
}

fn happened(f: &mut fmt::Formatter<'_>, event: &Event) -> fmt::Result {
    let step = &event.path;
    match &event.kind {
        EventKind::Retrying { attempt, delay, error } => {
            let (next, delay) = (attempt + 1, delay.as_millis());
            row(f, "retried", step, &format!("{error}; try {next} in {delay} ms"))
        }
        EventKind::Failed { error, attempts, retryable, .. } => {
            let after = match (attempts, retryable) {
                (_, false) => "no use in trying again".to_owned(),
                (tries, true) => format!("given up after {tries} tries"),
            };
            row(f, "failed", step, &format!("{error}; {after}"))
        }
        _ => Ok(()),
    }
}

fn row(f: &mut fmt::Formatter<'_>, what: &str, who: &str, text: &str) -> fmt::Result {
    writeln!(f, "  {what:<12}{who:<18}{text}")
}

fn list(items: impl Iterator<Item = String>) -> String {
    items.collect::<Vec<_>>().join(", ")
}

fn confirmed(confirmation: &Confirmation) -> String {
    let Confirmation { order, payment, shipment, mail } = confirmation;
    let mail = match mail {
        Ok(()) => "We have sent you a mail.",
        Err(_) => "We could not send you a mail: please check your address.",
    };
    format!(
        "Thank you! Order {} is on its way as {}, and {} is paid. {mail}",
        order.id, shipment.parcel, payment.amount
    )
}

fn sorry(error: &CheckoutError) -> String {
    let CheckoutError::Service(error) = error else {
        return format!("Sorry, this can't be ordered: {error}.");
    };
    match error {
        // Whoever uses a card that is not theirs need not know how it came out.
        ServiceError::Refused { endpoint: Endpoint::Assess, .. } => {
            "Sorry, we can't take this order. Please call us.".to_owned()
        }
        ServiceError::Refused { reason, .. } => format!("Sorry, no order: {reason}."),
        _ => format!("Sorry, no order today: {error}. Please try again later."),
    }
}
