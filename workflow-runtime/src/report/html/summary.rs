//! The top of the page: the outcome of the run, and where its time went.

use std::fmt::{self, Formatter};
use std::time::Duration;

use super::Page;
use super::escape::Escaped;
use crate::report::model::{RunState, StepReport};
use crate::report::shown::{count, duration, share, thousands, utc};
use crate::report::text::after;

/// How many failures are shown in full at the top.
const FAILURES: usize = 50;
/// How many lines of the longest path are shown.
const PATH: usize = 30;

impl Page<'_> {
    pub(super) fn write_summary(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let report = self.report;
        let (class, icon, word) = match report.state {
            RunState::Running => ("running", '…', "running"),
            RunState::Completed => ("completed", '✓', "completed"),
            RunState::Failed => ("failed", '✗', "failed"),
            RunState::Cancelled => ("cancelled", '⊘', "cancelled"),
        };
        f.write_str("<header>\n<a href=\"#timeline\">Skip to the timeline</a>\n")?;
        write!(
            f,
            "<p class=\"headline\"><span class=\"state {class}\">{icon} {word}</span></p>\n<h1>"
        )?;
        writeln!(f, "{}</h1>", Escaped(&report.outcome()))?;
        if let Some(started) = report.started {
            writeln!(f, "<p class=\"when\">started {}</p>", utc(started))?;
        }
        for note in &report.notes {
            writeln!(f, "<p class=\"when\">{}</p>", Escaped(note))?;
        }
        f.write_str("</header>\n<main>\n")?;
        self.write_problems(f)?;
        self.write_facts(f)?;
        self.write_path(f)
    }

    fn write_problems(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let report = self.report;
        let failures: Vec<&StepReport> = report.failures().collect();
        let lost: Vec<usize> = (0..report.steps.len())
            .filter(|&at| {
                report.steps[at].compensation.as_ref().is_some_and(|undo| undo.error.is_some())
            })
            .collect();
        if failures.is_empty() && lost.is_empty() && report.error.is_none() {
            return Ok(());
        }
        f.write_str(
            "<section aria-labelledby=\"why\">\n<h2 id=\"why\">What failed and why</h2>\n",
        )?;
        // The run's error may have been converted from a step's error, or not come from a step.
        if let Some(error) = &report.error {
            let known = failures.iter().any(|step| step.error.as_ref() == Some(error));
            if !known {
                write!(f, "<div class=\"problem failed\"><h3>The run returned an error</h3>")?;
                writeln!(f, "<pre>{}</pre></div>", Escaped(error))?;
            }
        }
        for &at in lost.iter().take(FAILURES) {
            let step = &report.steps[at];
            let Some(undo) = &step.compensation else { continue };
            let tried = count(undo.attempts.len(), "attempt");
            write!(f, "<div class=\"problem failed\"><h3>! {} was NOT undone", self.link(at))?;
            write!(f, ", after {tried}: what it did is still done</h3>")?;
            writeln!(f, "<pre>{}</pre></div>", Escaped(undo.error.as_deref().unwrap_or_default()))?;
        }
        for step in failures.iter().take(FAILURES) {
            let at = self.position(step);
            write!(f, "<div class=\"problem failed\"><h3>✗ {}", self.link(at))?;
            if let Some(function) = step.function {
                write!(f, " <code>{}</code>", Escaped(function))?;
            }
            writeln!(f, " failed{}</h3>", after(step))?;
            writeln!(f, "<pre>{}</pre></div>", Escaped(step.error.as_deref().unwrap_or_default()))?;
        }
        let left_out =
            failures.len().saturating_sub(FAILURES) + lost.len().saturating_sub(FAILURES);
        if left_out > 0 {
            writeln!(
                f,
                "<p>… and {} that are not shown here.</p>",
                count(left_out, "more problem")
            )?;
        }
        f.write_str("</section>\n")
    }

    /// The position in the report of a step that is borrowed from it.
    fn position(&self, step: &StepReport) -> usize {
        let is_it = |other: &StepReport| std::ptr::eq(other, step);
        self.report.steps.iter().position(is_it).unwrap_or_default()
    }

    fn write_facts(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let totals = &self.report.totals;
        let mut facts = vec![
            ("Duration", duration(totals.wall)),
            ("Work", duration(totals.busy)),
            ("At once, on average", format!("{:.1}", totals.concurrency)),
            ("Attempts", thousands(totals.attempts)),
        ];
        let counts = [
            ("✓ Completed", totals.completed),
            ("✗ Failed", totals.failed),
            ("⊘ Cancelled", totals.cancelled),
            ("– Skipped", totals.skipped),
            ("… Running", totals.running),
            ("Tried again", totals.retried),
            ("↶ Undone", totals.compensated),
            ("! NOT undone", totals.not_compensated),
        ];
        let counts = counts.into_iter().filter(|(_, number)| *number > 0);
        facts.extend(counts.map(|(what, number)| (what, thousands(number))));
        f.write_str("<section aria-labelledby=\"numbers\">\n<h2 id=\"numbers\">Numbers</h2>\n<dl class=\"facts\">\n")?;
        for (what, value) in facts {
            writeln!(f, "<div><dt>{what}</dt><dd>{value}</dd></div>")?;
        }
        f.write_str("</dl>\n</section>\n")
    }

    fn write_path(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (path, wall) = (&self.report.longest_path, self.report.totals.wall);
        if path.steps.is_empty() {
            return Ok(());
        }
        f.write_str(
            "<section aria-labelledby=\"went\">\n<h2 id=\"went\">Where the time went</h2>\n",
        )?;
        f.write_str("<p class=\"soft\">Along the chain of steps that decided how long the run lasted.</p>\n")?;
        let parts = self.report.where_the_time_went();
        f.write_str("<div class=\"went\" aria-hidden=\"true\">")?;
        for (what, part) in &parts {
            write!(f, "<i class=\"{}\" style=\"flex:{}\"></i>", class(what), ratio(*part, wall))?;
        }
        f.write_str("</div>\n<ul class=\"legend\">\n")?;
        for (what, part) in &parts {
            let (time, share) = (duration(*part), share(*part, wall));
            writeln!(
                f,
                "<li><i class=\"swatch {}\"></i> {what}: {time}, {share}</li>",
                class(what)
            )?;
        }
        f.write_str("</ul>\n")?;
        if !path.limited.is_zero() {
            let (time, share) = (duration(path.limited), share(path.limited, wall));
            write!(f, "<p>{time} of it, {share} of the run, passed in items that others waited ")?;
            f.write_str(
                "for, since <code>#[concurrency]</code> limits how many run at once.</p>\n",
            )?;
        }
        let single = path.steps.len() <= PATH;
        let lines = self.report.path_lines(PATH);
        let (what, order) = if single { ("Step", "in order") } else { ("Steps", "longest first") };
        writeln!(f, "<h3>The longest path: {}, {order}</h3>", count(path.steps.len(), "step"))?;
        write!(f, "<table class=\"chain\">\n<thead><tr><th scope=\"col\" class=\"num\">Time</th>")?;
        write!(f, "<th scope=\"col\" class=\"num\">Share</th><th scope=\"col\">{what}</th>")?;
        f.write_str("<th scope=\"col\">Note</th></tr></thead>\n<tbody>\n")?;
        for (at, line) in lines.iter().enumerate() {
            let (time, share) = (duration(line.duration), share(line.duration, wall));
            write!(f, "<tr><td class=\"num\">{time}</td><td class=\"num\">{share}</td><td>")?;
            match path.steps.get(at).filter(|_| single) {
                Some(step) => {
                    f.write_str(if step.compensation { "undo " } else { "" })?;
                    write!(f, "{}", self.link(step.step))?;
                }
                None => write!(f, "<span class=\"path\">{}</span>", Escaped(&line.name))?,
            }
            writeln!(f, "</td><td>{}</td></tr>", Escaped(line.note.trim()))?;
        }
        f.write_str("</tbody>\n</table>\n</section>\n")
    }
}

fn class(what: &str) -> &'static str {
    match what {
        "running" => "is-running",
        "waiting between attempts" => "is-waiting",
        "undoing" => "is-undoing",
        _ => "is-idle",
    }
}

/// As a number that CSS can take, in hundredths of the whole.
pub(super) fn ratio(part: Duration, whole: Duration) -> String {
    let ratio = if whole.is_zero() { 0.0 } else { part.as_secs_f64() / whole.as_secs_f64() };
    let text = format!("{:.2}", ratio.clamp(0.0, 1.0) * 100.0);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
