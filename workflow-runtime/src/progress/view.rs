//! A run as lines for a terminal.

use console::{Style, truncate_str};
use tokio::time::Instant;

use super::state::{End, How, Problem, State};
use super::text::{bar, time};

/// How many running steps have a line of their own.
const MOST_STEPS: usize = 4;
/// How many fan-outs have a line of their own.
const MOST_FAN_OUTS: usize = 6;

const SPINNER: [char; 10] = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/// How to draw.
#[derive(Clone, Copy)]
pub(super) struct View {
    /// The number of columns.
    pub(super) width: usize,
    pub(super) colors: bool,
    /// Counts the drawings.
    pub(super) turn: usize,
    pub(super) now: Instant,
}

impl View {
    /// The lines of a run. No line is wider than the terminal.
    pub(super) fn lines(self, state: &mut State) -> Vec<String> {
        let mut lines = vec![self.head(state)];
        self.fan_outs(state, &mut lines);
        if state.end.is_none() {
            let now = self.now.max(state.latest);
            let (steps, more) = state.running.lines(MOST_STEPS, now);
            let spinner = self.spinner();
            lines.extend(steps.into_iter().map(|step| format!("  {spinner} {step}")));
            if more > 0 {
                lines.push(self.paint(Style::new().dim(), &format!("    and {more} more")));
            }
        }
        let cross = self.paint(Style::new().red(), "✗");
        if state.end.as_ref().is_none_or(|end| matches!(end.how, How::Completed)) {
            let failures = state.last_failure.iter();
            lines.extend(failures.map(|failure| format!("  {cross} {failure}")));
        }
        lines.extend(state.left_behind.iter().map(|line| format!("  {cross} {line}")));
        lines.iter().map(|line| truncate_str(line, self.width, "…").into_owned()).collect()
    }

    fn head(self, state: &State) -> String {
        let (done, known) = state.steps();
        let name = self.paint(Style::new().bold(), &state.title());
        let counts = self.counts(state);
        match &state.end {
            None => {
                let bar = self.bar(done, known);
                let runs = time(self.now.max(state.latest).saturating_duration_since(state.since));
                format!("{} {name}  {bar}  {done}/{known} steps  {runs}{counts}", self.spinner())
            }
            Some(End { how, after }) => {
                let after = time(*after);
                match how {
                    How::Completed => {
                        let tick = self.paint(Style::new().green(), "✓");
                        format!("{tick} {name}  {done}/{known} steps in {after}{counts}")
                    }
                    How::Failed(error) => {
                        let cross = self.paint(Style::new().red(), "✗");
                        format!("{cross} {name}  failed after {after}{counts}: {error}")
                    }
                    How::Cancelled => {
                        let cross = self.paint(Style::new().yellow(), "✗");
                        format!(
                            "{cross} {name}  cancelled after {after}, {done}/{known} steps{counts}"
                        )
                    }
                }
            }
        }
    }

    /// Retries, failures and compensations, where there are any.
    fn counts(self, state: &State) -> String {
        let paint = |(problem, text): (Problem, String)| {
            let style = match problem {
                Problem::Retry | Problem::Undone => Style::new().yellow(),
                Problem::Failure | Problem::LeftBehind => Style::new().red(),
            };
            format!("  {}", self.paint(style, &text))
        };
        state.problems().into_iter().map(paint).collect()
    }

    fn fan_outs(self, state: &mut State, lines: &mut Vec<String>) {
        let now = self.now.max(state.latest);
        let all = state.fan_outs.all();
        // Only those that are still running, if there is not enough room for all.
        let few = all.len() <= MOST_FAN_OUTS;
        let shown = all.iter_mut().filter(|fan_out| few || !fan_out.is_done());
        let shown: Vec<_> = shown.take(MOST_FAN_OUTS).collect();
        let widest = shown.iter().map(|fan_out| fan_out.place.chars().count()).max().unwrap_or(0);
        for fan_out in shown {
            let bar = match fan_out.items {
                Some(items) => self.bar(fan_out.done, items) + "  ",
                None => String::new(),
            };
            let place = format!("{:widest$}", fan_out.place);
            lines.push(format!("  {place}  {bar}{}", fan_out.counts(now, "  ")));
        }
    }

    fn bar(self, done: usize, all: usize) -> String {
        let (full, rest) = bar(done, all, (self.width / 4).clamp(6, 24));
        self.paint(Style::new().cyan(), &full) + &self.paint(Style::new().dim(), &rest)
    }

    fn spinner(self) -> char {
        SPINNER[self.turn % SPINNER.len()]
    }

    fn paint(self, style: Style, text: &str) -> String {
        style.force_styling(self.colors).apply_to(text).to_string()
    }
}
