//! Steps as lines of text.

use std::fmt::Write;

use crate::report::model::StepReport;
use crate::report::shown::{count, duration};

/// A line for each step: its path, its state, its attempts, when it ran, and how it was undone.
pub(crate) fn table<'s>(steps: impl Iterator<Item = &'s StepReport>) -> String {
    let rows: Vec<[String; 5]> = steps.map(row).collect();
    let width = |column: usize| {
        rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default()
    };
    let widths: [usize; 5] = std::array::from_fn(width);
    let mut text = String::new();
    for row in &rows {
        if !text.is_empty() {
            text.push('\n');
        }
        let mut line = "  ".to_owned();
        for (cell, width) in row.iter().zip(widths).filter(|(_, width)| *width > 0) {
            let _ = write!(line, "{cell:width$}  ");
        }
        text.push_str(line.trim_end());
    }
    text
}

fn row(step: &StepReport) -> [String; 5] {
    let when = match (step.start, step.end) {
        (Some(start), Some(end)) => format!("{} to {}", duration(start), duration(end)),
        (Some(start), None) => format!("since {}", duration(start)),
        _ => String::new(),
    };
    let tried =
        if step.attempts.len() > 1 { count(step.attempts.len(), "attempt") } else { String::new() };
    let undone = match &step.compensation {
        Some(undo) if undo.error.is_some() => "NOT undone",
        Some(undo) if undo.end.is_some() => "undone",
        Some(_) => "is being undone",
        None => "",
    };
    let state = format!("{} {}", step.state.icon(), step.state.word());
    [step.path.to_string(), state, tried, when, undone.to_owned()]
}
