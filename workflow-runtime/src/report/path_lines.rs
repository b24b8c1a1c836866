//! The longest path as lines of text.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::time::Duration;

use crate::graph::path::StepPath;
use crate::report::shown::duration;
use crate::report::{PathStep, Report};

/// One line of the longest path.
pub(super) struct PathLine {
    pub(super) name: String,
    pub(super) note: String,
    pub(super) duration: Duration,
}

impl Report {
    /// The longest path as lines. If there are more than `most` steps, those of one declaration
    /// share a line, and the lines that took longest come first.
    pub(super) fn path_lines(&self, most: usize) -> Vec<PathLine> {
        let path = &self.longest_path;
        let line = |at: &PathStep| {
            let step = &self.steps[at.step];
            let undo = if at.compensation { "undo " } else { "" };
            let mut notes = Vec::new();
            if !at.backoff.is_zero() {
                notes.push(format!("{} of it waiting to try again", duration(at.backoff)));
            }
            if at.in_the_way {
                notes.push("another item waited for its turn".to_owned());
            }
            let note =
                if notes.is_empty() { String::new() } else { format!("  {}", notes.join(", ")) };
            PathLine { name: format!("{undo}{}", step.path), note, duration: at.duration }
        };
        if path.steps.len() <= most {
            return path.steps.iter().map(line).collect();
        }
        let mut lines: Vec<PathLine> = Vec::new();
        let mut known = HashMap::new();
        for at in &path.steps {
            let undo = if at.compensation { "undo " } else { "" };
            let name = format!("{undo}{}", StepPath(&self.steps[at.step].path).pattern());
            let place = *known.entry(name).or_insert_with_key(|name| {
                let name = name.clone();
                lines.push(PathLine { name, note: String::new(), duration: Duration::ZERO });
                lines.len() - 1
            });
            lines[place].duration += at.duration;
        }
        lines.sort_by_key(|line| Reverse(line.duration));
        let rest = lines.split_off(most.saturating_sub(1).min(lines.len()));
        if !rest.is_empty() {
            lines.push(PathLine {
                name: format!("… {} more", rest.len()),
                note: String::new(),
                duration: rest.iter().map(|line| line.duration).sum(),
            });
        }
        lines
    }
}
