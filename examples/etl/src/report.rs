use std::{collections::BTreeMap, fmt};

use super::{Delays, Summary};

/// So many of the rejected rows are shown.
const EXAMPLES: usize = 3;

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { flights, hours, planes, rejected, totals, most_chunks } = self;
        writeln!(f, "{flights} flights, {hours} hours of weather, {planes} planes")?;
        writeln!(f, "At most {most_chunks} chunks of flights in memory at once")?;

        writeln!(
            f,
            "\n{:<12} {:>8} {:>10} {:>7} {:>11}",
            "", "flights", "cancelled", "late", "mean delay"
        )?;
        let by_hour = totals.by_hour.iter().filter(|(hour, _)| *hour % 4 == 2);
        for (hour, delays) in by_hour {
            row(f, &format!("{hour:02}:00"), *delays)?;
        }
        for (weather, delays) in &totals.by_weather {
            row(f, weather, *delays)?;
        }
        for (carrier, delays) in &totals.by_carrier {
            row(f, carrier, *delays)?;
        }

        writeln!(f, "\n{} rows could not be used", rejected.len())?;
        let mut reasons = BTreeMap::<_, Vec<u64>>::new();
        for rejection in rejected {
            let lines = reasons.entry((rejection.source, &rejection.reason)).or_default();
            lines.push(rejection.line);
        }
        for ((source, reason), lines) in reasons {
            let examples: Vec<_> = lines.iter().take(EXAMPLES).map(u64::to_string).collect();
            let more = if lines.len() > EXAMPLES { ", …" } else { "" };
            let examples = examples.join(", ");
            writeln!(f, "  {source}: {} x {reason} (line {examples}{more})", lines.len())?;
        }
        Ok(())
    }
}

fn row(f: &mut fmt::Formatter<'_>, name: &str, delays: Delays) -> fmt::Result {
    let Delays { flights, cancelled, late, .. } = delays;
    let left = (flights - cancelled).max(1);
    let late = 100 * late / left;
    writeln!(f, "{name:<12} {flights:>8} {cancelled:>10} {late:>5} % {:>7.1} min", delays.mean())
}
