//! A report as text for a terminal.

use std::collections::HashSet;
use std::fmt::{self, Display, Formatter};
use std::time::Duration;

use crate::graph::visible::Visible;
use crate::report::Report;
use crate::report::model::{RunState, StepReport, StepState};
use crate::report::shown::{count, duration, share, thousands};
use crate::report::table::table;

/// How many failures are shown in full.
const FAILURES: usize = 10;
/// How many steps of the longest path are shown.
const PATH: usize = 15;
/// A run with more steps than this shows only the notable ones.
const STEPS: usize = 25;

impl StepState {
    /// As a word.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
            Self::Cancelled => "cancelled",
        }
    }

    /// As one character.
    pub(super) fn icon(self) -> char {
        match self {
            Self::Running => '…',
            Self::Completed => '✓',
            Self::Failed => '✗',
            Self::Skipped => '–',
            Self::Cancelled => '⊘',
        }
    }
}

/// What failed and why; the numbers; where the time went; the steps. There is no line break at
/// the end.
impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.workflow.is_empty() {
            return f.write_str("nothing has been recorded");
        }
        f.write_str(&self.headline())?;
        self.failures_text(f)?;
        write!(f, "\n\n{}\n{}", self.counts(), self.speed())?;
        self.path_text(f)?;
        self.steps_text(f)
    }
}

impl Report {
    /// How the run ended, and why.
    pub(crate) fn headline(&self) -> String {
        match &self.error {
            Some(error) => {
                let lines = error.lines().map(|line| Visible(line).to_string());
                format!("{}: {}", self.outcome(), lines.collect::<Vec<_>>().join("\n"))
            }
            None => self.outcome(),
        }
    }

    /// How the run ended.
    pub(super) fn outcome(&self) -> String {
        let run = self.run_id().map(|id| format!(" (run {})", Visible(id))).unwrap_or_default();
        let name = format!("{}{run}", self.workflow);
        let wall = duration(self.totals.wall);
        match self.state {
            RunState::Running => format!("{name} has been running for {wall}"),
            RunState::Completed => format!("{name} completed in {wall}"),
            RunState::Failed => format!("{name} failed after {wall}"),
            RunState::Cancelled => format!("{name} was cancelled after {wall}"),
        }
    }

    /// How many steps there were, by outcome.
    pub(super) fn counts(&self) -> String {
        let totals = &self.totals;
        let states = [
            (totals.completed, "completed"),
            (totals.failed, "failed"),
            (totals.cancelled, "cancelled"),
            (totals.skipped, "skipped"),
            (totals.running, "running"),
            (totals.retried, "retried"),
            (totals.compensated, "undone"),
            (totals.not_compensated, "NOT undone"),
        ];
        let states = states.iter().filter(|(number, _)| *number > 0);
        let states: Vec<String> =
            states.map(|&(number, word)| format!("{} {word}", thousands(number))).collect();
        format!("{}: {}", count(self.steps.len(), "step"), states.join(", "))
    }

    /// How much was done at once.
    pub(super) fn speed(&self) -> String {
        let totals = &self.totals;
        format!(
            "{} of work in {}, {:.1} at once on average; {}",
            duration(totals.busy),
            duration(totals.wall),
            totals.concurrency,
            count(totals.attempts, "attempt"),
        )
    }

    fn failures_text(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let failures: Vec<_> = self.failures().collect();
        for (at, step) in failures.iter().take(FAILURES).enumerate() {
            f.write_str(if at == 0 { "\n\n" } else { "\n" })?;
            write!(f, "✗ {} failed{}", title(step), after(step))?;
            error(f, step.error.as_deref())?;
        }
        let left_out = failures.len().saturating_sub(FAILURES);
        if left_out > 0 {
            write!(f, "\n… and {} more", count(left_out, "failed step"))?;
        }
        let mut lost = self.steps.iter().filter_map(|step| {
            let undo = step.compensation.as_ref()?;
            Some((step, undo, undo.error.as_deref()?))
        });
        for (step, undo, text) in lost.by_ref().take(FAILURES) {
            let tried = count(undo.attempts.len(), "attempt");
            write!(
                f,
                "\n! {} was NOT undone, after {tried}: what it did is still done",
                title(step)
            )?;
            error(f, Some(text))?;
        }
        let left_out = lost.count();
        if left_out > 0 {
            write!(f, "\n… and {} more that could not be undone", count(left_out, "step"))?;
        }
        Ok(())
    }

    /// What the time of the run was spent on, part by part.
    pub(super) fn where_the_time_went(&self) -> Vec<(&'static str, Duration)> {
        let path = &self.longest_path;
        let parts = [
            ("running", path.running),
            ("waiting between attempts", path.backoff),
            ("undoing", path.compensating),
            ("between steps", path.idle),
        ];
        parts.into_iter().filter(|(_, part)| !part.is_zero()).collect()
    }

    fn path_text(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let path = &self.longest_path;
        if path.steps.is_empty() {
            return Ok(());
        }
        let wall = self.totals.wall;
        let order = if path.steps.len() > PATH { ", longest steps first" } else { "" };
        write!(f, "\n\nlongest path of {}{order}\n", count(path.steps.len(), "step"))?;
        let parts = self.where_the_time_went();
        let parts = parts.iter().map(|(what, part)| format!("{} {what}", share(*part, wall)));
        write!(f, "  {}", parts.collect::<Vec<_>>().join(", "))?;
        if !path.limited.is_zero() {
            write!(f, "; {} in items that others waited for", share(path.limited, wall))?;
        }
        let lines = self.path_lines(PATH);
        let width = lines.iter().map(|line| line.name.chars().count()).max().unwrap_or(0);
        for line in &lines {
            let (time, share) = (duration(line.duration), share(line.duration, wall));
            let text = format!("{:width$}{}", line.name, line.note);
            write!(f, "\n  {time:>8}  {share:>5}  {}", text.trim_end())?;
        }
        Ok(())
    }

    fn steps_text(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let grouped: HashSet<usize> =
            self.groups.iter().flat_map(|group| &group.steps).copied().collect();
        let single: Vec<&StepReport> = (0..self.steps.len())
            .filter(|at| !grouped.contains(at))
            .map(|at| &self.steps[at])
            .collect();
        let all = single.len() <= STEPS;
        let listed: Vec<_> =
            single.iter().copied().filter(|step| all || is_notable(step)).collect();
        let left_out = single.len() - listed.len().min(STEPS);
        if !listed.is_empty() {
            f.write_str("\n\nsteps\n")?;
            f.write_str(&table(listed.into_iter().take(STEPS)))?;
        }
        if left_out > 0 {
            write!(f, "\n  … and {} that are not listed", count(left_out, "step"))?;
        }
        if !self.groups.is_empty() {
            f.write_str("\n\nitems together")?;
        }
        for group in &self.groups {
            let failed =
                if group.failed > 0 { format!(", {} failed", group.failed) } else { String::new() };
            write!(
                f,
                "\n  {}  {}{failed}; {} to {}, median {}",
                group.path,
                count(group.count, "step"),
                duration(group.min),
                duration(group.max),
                duration(group.median),
            )?;
        }
        Ok(())
    }
}

/// Whether the step did anything but complete at the first attempt or be skipped.
pub(super) fn is_notable(step: &StepReport) -> bool {
    let plain = matches!(step.state, StepState::Completed | StepState::Skipped);
    !plain || step.attempts.len() > 1 || step.compensation.is_some()
}

/// The path, and the function if its name is different.
pub(super) fn title(step: &StepReport) -> String {
    match step.function {
        Some(function) if function != &*step.path => format!("{} ({function})", step.path),
        _ => step.path.to_string(),
    }
}

pub(super) fn after(step: &StepReport) -> String {
    let lasted = step.duration().map(duration).unwrap_or_default();
    match step.attempts.len() {
        0 | 1 => format!(" after {lasted}"),
        tried => format!(" after {tried} attempts in {lasted}"),
    }
}

/// An error, every line of it indented.
fn error(f: &mut Formatter<'_>, text: Option<&str>) -> fmt::Result {
    text.unwrap_or_default().lines().try_for_each(|line| write!(f, "\n    {}", Visible(line)))
}
