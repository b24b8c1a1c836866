//! The table as text.

use crate::Row;

/// Prints all cases. The multiples are of the case's first version.
pub(crate) fn table(cases: &[&[Row]]) {
    println!(
        "{:38}{:>13}{:>7}{:>12}{:>8}{:>7}{:>9}{:>7}{:>8}",
        "", "instructions", "×", "ns", "a step", "×", "bytes", "×", "allocs"
    );
    for rows in cases {
        let first = &rows[0];
        println!("\n{}, {} steps", first.case, first.steps);
        for row in *rows {
            println!(
                "  {:36}{:>13}{:>7}{:>12}{:>8}{:>7}{:>9}{:>7}{:>8}",
                row.version,
                cell(row.instructions),
                multiple(row.instructions.map(real), first.instructions.map(real)),
                decimals(row.nanoseconds, 0),
                decimals(row.nanoseconds.map(|ns| ns / real(row.steps)), 1),
                multiple(row.nanoseconds, first.nanoseconds),
                cell(row.bytes),
                multiple(row.bytes.map(real), first.bytes.map(real)),
                row.allocations,
            );
        }
    }
}

/// A count as a number to calculate with.
pub(crate) fn real(count: impl TryInto<u32>) -> f64 {
    let count = count.try_into().ok();
    f64::from(count.expect("a count is less than four thousand million"))
}

fn cell(count: Option<impl ToString>) -> String {
    count.map_or_else(|| "–".to_owned(), |count| count.to_string())
}

fn decimals(value: Option<f64>, digits: usize) -> String {
    cell(value.map(|value| format!("{value:.digits$}")))
}

fn multiple(value: Option<f64>, of: Option<f64>) -> String {
    decimals(value.zip(of).map(|(value, of)| value / of), 2)
}
