use std::{collections::BTreeSet, fmt};

use workflow_runtime::EventKind;

use super::{CheckoutError, Confirmation, Endpoint, ServiceError, Story};

/// Where the text of a row starts, and where it ends at the latest.
const INDENT: usize = 32;
const WIDTH: usize = 110;

/// A row for each thing that did not go straight, and for what came of it.
impl fmt::Display for Story {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cart = &self.scenario.cart;
        let lines = cart.lines.iter().map(|line| format!("{} x {}", line.quantity, line.sku));
        let entries = self.ledger.entries().iter().map(ToString::to_string);
        writeln!(f, "{}", self.scenario.title)?;
        row(f, "cart", &cart.customer.name, &format!("{} to {}", list(lines), cart.country))?;
        self.events(f)?;
        row(f, "services", "did", &list(entries))?;
        row(f, "customer", "sees", &self.customer_sees())
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
        let is_payment = |paths: Vec<String>| paths.iter().any(|path| path == "payment");
        if is_payment(self.recorder.compensated_steps()) {
            "Your money is on its way back."
        } else if is_payment(self.recorder.failed_compensations()) {
            "We owe you your money: someone of us will see to it."
        } else if self.may_have_paid() {
            "If your card was charged all the same, please call us."
        } else {
            "Nothing was charged."
        }
    }

    /// Whether the bank did not say no, but nothing at all.
    fn may_have_paid(&self) -> bool {
        self.recorder.events().iter().any(|event| {
            let given_up = matches!(event.kind, EventKind::Failed { retryable: true, .. });
            given_up && &*event.path == "payment"
        })
    }

    fn events(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut completed = BTreeSet::new();
        for event in self.recorder.events() {
            let step = &*event.path;
            match &event.kind {
                EventKind::Completed { .. } => {
                    completed.insert(event.path);
                }
                EventKind::Retrying { attempt, delay, error } => {
                    // What has completed and is tried again is what undoes it.
                    let undoing = if completed.contains(step) { "undoing " } else { "" };
                    let (next, delay) = (attempt + 1, delay.as_millis());
                    let text = format!("{error}; try {next} in {delay} ms");
                    row(f, "retried", &format!("{undoing}{step}"), &text)?;
                }
                EventKind::Failed { error, retryable: false, .. } => {
                    row(f, "failed", step, &format!("{error}; no use in trying again"))?;
                }
                EventKind::Failed { error, attempts, .. } => {
                    row(f, "failed", step, &format!("{error}; given up after {attempts} tries"))?;
                }
                EventKind::Compensated { .. } => row(f, "undone", step, undone(step))?,
                EventKind::CompensationFailed { error, .. } => {
                    row(f, "NOT UNDONE", step, &format!("{error}; this needs a person"))?;
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// One row; a long text goes on below itself.
fn row(f: &mut fmt::Formatter<'_>, what: &str, who: &str, text: &str) -> fmt::Result {
    write!(f, "  {what:<12}{who:<18}")?;
    let mut column = INDENT;
    for (index, word) in text.split(' ').enumerate() {
        if index > 0 && column + 1 + word.len() > WIDTH {
            write!(f, "\n{:INDENT$}", "")?;
            column = INDENT;
        } else if index > 0 {
            f.write_str(" ")?;
            column += 1;
        }
        f.write_str(word)?;
        column += word.len();
    }
    writeln!(f)
}

pub(super) fn list(items: impl Iterator<Item = String>) -> String {
    items.collect::<Vec<_>>().join(", ")
}

pub(super) fn confirmed(confirmation: &Confirmation) -> String {
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

/// What the compensation of a step does, as a person would say it.
fn undone(step: &str) -> &'static str {
    match step {
        "stock" => "goods back on the shelf",
        "payment" => "money given back",
        "order" => "order struck out",
        "mail" => "mail taken back by another one",
        _ => "",
    }
}
