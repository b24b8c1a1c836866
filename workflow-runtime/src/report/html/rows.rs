//! The timeline.

use std::fmt::{self, Formatter};
use std::time::Duration;

use super::escape::Escaped;
use super::summary::ratio;
use super::{Page, Row};
use crate::report::Group;
use crate::report::model::{Attempt, Compensation, StepReport, StepState};
use crate::report::shown::{count, duration, thousands};

impl Page<'_> {
    pub(super) fn write_timeline(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("<section aria-labelledby=\"timeline\">\n<h2 id=\"timeline\">Timeline</h2>\n")?;
        f.write_str(
            "<ul class=\"legend\">\n<li><i class=\"swatch is-attempt\"></i> an attempt</li>\n\
             <li><span class=\"state failed\">▨</span> a failed attempt</li>\n\
             <li>┈ waiting to try again</li>\n<li><span class=\"state undone\">▭</span> being undone</li>\n</ul>\n",
        )?;
        if self.left_out > 0 {
            let left_out = count(self.left_out, "row");
            write!(f, "<p><strong>{left_out} left out:</strong> of more than 1,000 rows, ")?;
            f.write_str("those of steps that went straight are not listed.</p>\n")?;
        }
        f.write_str(
            "<div class=\"tools needs-script\"><label for=\"search\">Search</label>\n\
             <input id=\"search\" type=\"search\" autocomplete=\"off\" spellcheck=\"false\" \
             placeholder=\"path, function, state, error\" aria-describedby=\"keys found\">\n\
             <p id=\"found\" role=\"status\"></p>\n\
             <p id=\"keys\" class=\"soft\"><kbd>/</kbd> search, <kbd>↑</kbd> <kbd>↓</kbd> rows, \
             <kbd>Enter</kbd> details, <kbd>Esc</kbd> clear</p></div>\n",
        )?;
        f.write_str("<div class=\"axis\" aria-hidden=\"true\"><div>")?;
        for quarter in 0..=4_u32 {
            write!(f, "<span>{}</span>", duration(self.report.totals.wall * quarter / 4))?;
        }
        f.write_str("</div></div>\n<ol class=\"rows\">\n")?;
        for row in &self.rows {
            match *row {
                Row::Step(at) => self.write_step(f, at)?,
                Row::Group(at) => self.write_group(f, &self.report.groups[at])?,
            }
        }
        f.write_str("</ol>\n</section>\n")
    }

    fn write_step(&self, f: &mut Formatter<'_>, at: usize) -> fmt::Result {
        let step = &self.report.steps[at];
        self.write_start(f, Some(at), at, &step.path, step.function)?;
        let (icon, word) = (step.state.icon(), step.state.word());
        write!(f, "<span class=\"state {word} f\">{icon} {word}")?;
        match &step.compensation {
            Some(undo) if undo.error.is_some() => f.write_str("<br>! NOT undone")?,
            Some(undo) if undo.end.is_some() => f.write_str("<br>↶ undone")?,
            Some(_) => f.write_str("<br>↶ being undone")?,
            None => {}
        }
        let lasted = step.duration().map(duration).unwrap_or_default();
        write!(f, "</span><span class=\"num\">{lasted}</span>")?;
        write!(f, "<span class=\"track {word}\" aria-hidden=\"true\">")?;
        self.write_bars(f, step)?;
        f.write_str("</span>")?;
        let lost = step.compensation.as_ref().and_then(|undo| undo.error.as_ref());
        if let Some(error) = step.error.as_ref().or(lost) {
            let first = error.lines().next().unwrap_or_default();
            let short: String = first.chars().take(160).collect();
            write!(f, "<span class=\"why\">{}</span>", Escaped(&short))?;
        }
        writeln!(f, "<span class=\"times\">{}</span></summary>", times(step))?;
        write_details(f, step)?;
        f.write_str("</details></li>\n")
    }

    /// The row up to its state. `of` is the step whose node the row is linked with.
    fn write_start(
        &self,
        f: &mut Formatter<'_>,
        id: Option<usize>,
        of: usize,
        path: &str,
        function: Option<&str>,
    ) -> fmt::Result {
        f.write_str("<li class=\"row\"")?;
        if let Some(id) = id {
            write!(f, " id=\"s{id}\"")?;
        }
        if let Some((graph, node)) = self.nodes.get(&of) {
            write!(f, " data-graph=\"{graph}\" data-node=\"{node}\"")?;
        }
        write!(
            f,
            "><details><summary><span class=\"name\"><span class=\"path f\">{}</span>",
            Escaped(path)
        )?;
        if let Some(function) = function {
            write!(f, " <span class=\"soft f\">{}</span>", Escaped(function))?;
        }
        f.write_str("</span>")
    }

    fn write_bars(&self, f: &mut Formatter<'_>, step: &StepReport) -> fmt::Result {
        let last = step.attempts.len().saturating_sub(1);
        for (at, attempt) in step.attempts.iter().enumerate() {
            let class = match step.state {
                _ if attempt.error.is_some() => "bar bad",
                StepState::Running if at == last && attempt.end.is_none() => "bar open",
                StepState::Cancelled if at == last => "bar cut",
                _ => "bar",
            };
            self.write_bar(f, class, attempt)?;
        }
        for attempt in step.compensation.iter().flat_map(|undo| &undo.attempts) {
            let class = if attempt.error.is_some() { "bar undo bad" } else { "bar undo" };
            self.write_bar(f, class, attempt)?;
        }
        Ok(())
    }

    fn write_bar(&self, f: &mut Formatter<'_>, class: &str, attempt: &Attempt) -> fmt::Result {
        let end = attempt.end.unwrap_or(self.report.totals.wall);
        self.write_span(f, class, attempt.start, end)?;
        if !attempt.wait.is_zero() {
            self.write_span(f, "gap", end, end + attempt.wait)?;
        }
        Ok(())
    }

    fn write_span(
        &self,
        f: &mut Formatter<'_>,
        class: &str,
        start: Duration,
        end: Duration,
    ) -> fmt::Result {
        let wall = self.report.totals.wall;
        let (left, width) = (ratio(start, wall), ratio(end.saturating_sub(start), wall));
        write!(f, "<i class=\"{class}\" style=\"left:{left}%;width:{width}%\"></i>")
    }

    fn write_group(&self, f: &mut Formatter<'_>, group: &Group) -> fmt::Result {
        self.write_start(f, None, group.steps[0], &group.path, group.function)?;
        let states = [
            (group.failed, StepState::Failed),
            (group.cancelled, StepState::Cancelled),
            (group.running, StepState::Running),
            (group.completed, StepState::Completed),
            (group.skipped, StepState::Skipped),
        ];
        f.write_str("<span>")?;
        let most = states.iter().max_by_key(|(number, _)| *number);
        let track = most.map_or("skipped", |(_, state)| state.word());
        let mut line = "";
        for (number, state) in states.into_iter().filter(|(number, _)| *number > 0) {
            let (icon, word) = (state.icon(), state.word());
            write!(
                f,
                "{line}<span class=\"state {word} f\">{icon} {} {word}</span>",
                thousands(number)
            )?;
            line = "<br>";
        }
        write!(f, "</span><span class=\"num\">{}</span>", duration(group.median))?;
        write!(f, "<span class=\"track {track}\" aria-hidden=\"true\">")?;
        if let (Some(start), Some(end)) = (group.start, group.end) {
            self.write_span(f, "bar spread", start, end)?;
        }
        f.write_str("</span>")?;
        let (least, median, most) =
            (duration(group.min), duration(group.median), duration(group.max));
        let spread = format!("{least} to {most}, median {median}");
        writeln!(
            f,
            "<span class=\"times\">{} together: {spread}</span></summary>",
            count(group.count, "step")
        )?;
        write!(f, "<div class=\"more\"><p>{} together. ", count(group.count, "step"))?;
        write!(
            f,
            "Each took {spread}. {} were tried more than once.</p>",
            thousands(group.retried)
        )?;
        let left_out = group.count - group.shown.len();
        writeln!(
            f,
            "<p>Below: the first that failed, the longest, and some on the longest path. {} left out.</p></div></details></li>",
            count(left_out, "step")
        )
    }
}

/// When a step ran, in one line.
fn times(step: &StepReport) -> String {
    let mut text = match (step.start, step.end) {
        (Some(start), Some(end)) => format!("{} to {}", duration(start), duration(end)),
        (Some(start), None) => format!("since {}", duration(start)),
        _ => return "did not start".to_owned(),
    };
    if step.attempts.len() > 1 {
        let (tried, waited) = (count(step.attempts.len(), "attempt"), duration(step.waited()));
        text = format!("{text}; {tried}, waited {waited} between them");
    }
    if let Some(Compensation { start, end: Some(end), .. }) = step.compensation {
        text = format!("{text}; undone {} to {}", duration(start), duration(end));
    }
    text
}

fn write_details(f: &mut Formatter<'_>, step: &StepReport) -> fmt::Result {
    write!(f, "<div class=\"more\"><p>{}</p>", times(step))?;
    if let Some(node) = step.node {
        write!(
            f,
            "<p class=\"soft\">declared in <code>{}:{}</code></p>",
            Escaped(node.file()),
            node.line()
        )?;
    }
    if step.attempts.len() > 1 {
        write_attempts(f, "Attempt", &step.attempts)?;
    }
    if let Some(error) = &step.error {
        write!(f, "<pre class=\"f\">{}</pre>", Escaped(error))?;
    }
    if let Some(undo) = &step.compensation {
        write_attempts(f, "Undoing", &undo.attempts)?;
    }
    f.write_str("</div>\n")
}

fn write_attempts(f: &mut Formatter<'_>, what: &str, attempts: &[Attempt]) -> fmt::Result {
    write!(f, "<table><thead><tr><th scope=\"col\">{what}</th><th scope=\"col\">From</th>")?;
    f.write_str(
        "<th scope=\"col\">To</th><th scope=\"col\">What came of it</th></tr></thead><tbody>",
    )?;
    for (at, attempt) in attempts.iter().enumerate() {
        let end = attempt.end.map_or("…".to_owned(), duration);
        write!(
            f,
            "<tr><td>{}</td><td class=\"num\">{}</td><td class=\"num\">{end}</td><td>",
            at + 1,
            duration(attempt.start)
        )?;
        match &attempt.error {
            Some(error) => write!(f, "<span class=\"f\">✗ {}</span>", Escaped(error))?,
            None if attempt.end.is_some() => f.write_str("done")?,
            None => f.write_str("running")?,
        }
        if !attempt.wait.is_zero() {
            write!(f, "<br><span class=\"soft\">then waited {}</span>", duration(attempt.wait))?;
        }
        f.write_str("</td></tr>")?;
    }
    f.write_str("</tbody></table>")
}
