use std::fmt;

use super::{Pick, Receipt};

impl fmt::Display for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}  {}", self.order.id, self.order.customer)?;
        for (line, picks) in self.order.lines.iter().zip(&self.picks) {
            let article = format!("{} x {}", line.quantity, line.sku);
            writeln!(f, "  {article:<16}{:>12}  from {}", line.amount(), sources(picks))?;
        }
        writeln!(f, "  {:<16}{:>12}  to {}", "shipping", self.shipping, self.label)?;
        write!(
            f,
            "  {:<16}{:>12}  of which {} tax, charged to {}",
            "total", self.total, self.tax, self.card
        )
    }
}

/// `Rotterdam`, or `3 Rotterdam, 4 Hamburg` where no single warehouse has all.
fn sources(picks: &[Pick]) -> String {
    if let [only] = picks {
        return only.warehouse.to_owned();
    }
    let parts: Vec<_> =
        picks.iter().map(|pick| format!("{} {}", pick.quantity, pick.warehouse)).collect();
    parts.join(", ")
}
