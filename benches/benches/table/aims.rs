//! Says where a workflow costs more than it should.

use crate::Row;
use crate::print::real;

/// The graphs that a person would write as sequences and joins, and for which
/// the instructions have an aim.
const CLOSE_TO_HAND_WRITTEN: [&str; 6] =
    ["chain 5", "chain 100", "diamond", "parallel 3", "nested diamonds", "uneven chains"];

/// How much more a step with `retry` may take that never fails.
const RETRY: f64 = 1.05;

/// How many nanoseconds a step may take with an observer attached that keeps nothing, in a run
/// of so many that the run itself does not count.
const OBSERVED: f64 = 300.0;
const OBSERVED_CASE: &str = "chain 100, options, observed";

/// The shapes in which the feature `tracing` has an aim, and that: how much more a call may
/// take with it while nothing listens.
const TRACED: [&str; 5] = ["chain 5", "diamond", "parallel 3", "nested diamonds", "fan-out 100"];
const TRACING: f64 = 1.15;

/// Prints what a retry, an observer and the feature `tracing` cost, and what is missed, a line
/// each.
pub(crate) fn report(cases: &[&[Row]]) {
    println!("\nInstructions of a retry that is never needed, aim {RETRY:.2}");
    for (case, multiple) in retries(cases) {
        println!("  {case}: {multiple:.3} × without");
    }
    println!("\nNanoseconds a step with an observer, aim {OBSERVED:.0} for {OBSERVED_CASE}");
    for (name, nanoseconds) in observed(cases) {
        println!("  {name}: {nanoseconds:.0}");
    }
    println!("\nInstructions with the feature `tracing` and no subscriber, aim {TRACING:.2}");
    for (case, multiple) in traced(cases) {
        println!("  {case}: {multiple:.3} × without");
    }
    let mut misses: Vec<String> = cases.iter().flat_map(|rows| misses(rows)).collect();
    misses.extend(retries(cases).filter(|(_, multiple)| *multiple > RETRY).map(
        |(case, multiple)| {
            format!("{case}: instructions {multiple:.3} × without retry, aim {RETRY:.2}")
        },
    ));
    let too_slow =
        |(name, nanoseconds): &(String, f64)| name == OBSERVED_CASE && *nanoseconds > OBSERVED;
    misses.extend(observed(cases).filter(too_slow).map(|(name, nanoseconds)| {
        format!("{name}: {nanoseconds:.0} ns a step, aim {OBSERVED:.0}")
    }));
    misses.extend(traced(cases).filter(|(_, multiple)| *multiple > TRACING).map(
        |(case, multiple)| {
            format!("{case}: instructions {multiple:.3} × without tracing, aim {TRACING:.2}")
        },
    ));
    println!("\nAims missed: {}", misses.len());
    for miss in misses {
        println!("  {miss}");
    }
}

/// The multiple for each case of which there is a version with `retry`. Its first one is the
/// one without.
fn retries<'a>(cases: &'a [&[Row]]) -> impl Iterator<Item = (&'static str, f64)> + 'a {
    cases.iter().filter_map(|rows| {
        let with = rows.iter().find(|row| row.version == "retry")?.instructions?;
        Some((rows[0].case, real(with) / real(rows[0].instructions?)))
    })
}

/// The time a step for each version with an observer.
fn observed<'a>(cases: &'a [&[Row]]) -> impl Iterator<Item = (String, f64)> + 'a {
    let rows = cases.iter().flat_map(|rows| rows.iter());
    rows.filter_map(|row| {
        let nanoseconds = row.nanoseconds?;
        matches!(row.version, "observed" | "recorded")
            .then(|| (format!("{}, {}", row.case, row.version), nanoseconds / real(row.steps)))
    })
}

/// The multiple for the workflow of each shape.
fn traced<'a>(cases: &'a [&[Row]]) -> impl Iterator<Item = (&'static str, f64)> + 'a {
    cases.iter().filter(|rows| TRACED.contains(&rows[0].case)).filter_map(|rows| {
        let workflow = rows.iter().find(|row| row.version == "workflow")?;
        let multiple = real(workflow.with_tracing?) / real(workflow.instructions?);
        Some((workflow.case, multiple))
    })
}

fn misses(rows: &[Row]) -> Vec<String> {
    let by_hand = &rows[0];
    let case = by_hand.case;
    let version = |name| rows.iter().find(|row| row.version == name);
    let Some(workflow) = version("workflow") else {
        return Vec::new();
    };
    let irreducible = by_hand.version == "by hand, slots";

    let mut misses = Vec::new();
    let mut at_most = |what: &str, value: Option<f64>, other: Option<f64>, aim: f64| {
        if let (Some(value), Some(other)) = (value, other)
            && value > other * aim
        {
            let multiple = value / other;
            misses.push(format!("{case}: {what} {multiple:.2} × by hand, aim {aim:.2}"));
        }
    };
    let allocations = |row: &Row| Some(real(row.allocations));
    let bytes = |row: &Row| row.bytes.map(real);
    let instructions = |row: &Row| row.instructions.map(real);
    at_most("allocations", allocations(workflow), allocations(by_hand), 1.0);
    let largest = if irreducible { 1.0 } else { 1.5 };
    at_most("bytes", bytes(workflow), bytes(by_hand), largest);
    if irreducible {
        at_most("duration", workflow.nanoseconds, by_hand.nanoseconds, 1.0);
    }
    if CLOSE_TO_HAND_WRITTEN.contains(&case) {
        at_most("instructions", instructions(workflow), instructions(by_hand), 1.1);
    }
    // In the bare loop: on tokio, the runtime's own work for a yield is most of
    // what a diamond takes, also by hand.
    if case == "diamond" {
        for peer in ["dagx without spawning", "async_dag"] {
            let theirs = version(peer).and_then(|row| row.nanoseconds);
            if let (Some(ours), Some(theirs)) = (workflow.nanoseconds, theirs)
                && theirs < ours * 10.0
            {
                let multiple = theirs / ours;
                misses.push(format!("{case}: {multiple:.1} × faster than {peer}, aim 10"));
            }
        }
    }
    misses
}
