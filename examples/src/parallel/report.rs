use std::fmt;

use super::{Ranking, SalesReport};

/// How many lines a list has at most, and how long its longest bar is.
const TOP: usize = 5;
const BAR: u16 = 30;

impl fmt::Display for SalesReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} orders, {} in all", self.orders, self.revenue())?;
        list(f, "By region", &self.regions)?;
        list(f, "Top products", &self.top_products)?;
        list(f, "Top customers", &self.top_customers)?;
        list(f, "Best months", &self.months)
    }
}

fn list(f: &mut fmt::Formatter<'_>, title: &str, ranking: &Ranking) -> fmt::Result {
    writeln!(f, "\n{title}")?;
    let largest = ranking.first().map(|(_, revenue)| *revenue).unwrap_or_default();
    for (key, revenue) in ranking.iter().take(TOP) {
        let bar = "#".repeat(revenue.scaled(largest, BAR));
        writeln!(f, "  {key:<18}{revenue:>12}  {bar}")?;
    }
    Ok(())
}
