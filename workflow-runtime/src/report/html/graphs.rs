//! The graphs of the run, colored by the outcome of each step.

use std::fmt::{self, Formatter};

use super::Page;
use super::escape::Escaped;
use crate::report::Drawn;
use crate::report::model::{StepReport, StepState};
use crate::report::shown::{count, thousands};

/// How many graphs are drawn.
pub(super) const GRAPHS: usize = 12;

impl Page<'_> {
    pub(super) fn write_graphs(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let drawn = &self.report.drawn;
        if drawn.is_empty() {
            return Ok(());
        }
        let title = if drawn.len() == 1 { "Graph" } else { "Graphs" };
        writeln!(f, "<section aria-labelledby=\"graphs\">\n<h2 id=\"graphs\">{title}</h2>")?;
        f.write_str("<ul class=\"legend\">\n")?;
        for state in [
            StepState::Completed,
            StepState::Failed,
            StepState::Cancelled,
            StepState::Skipped,
            StepState::Running,
        ] {
            let (icon, word) = (state.icon(), state.word());
            if drawn.iter().any(|drawn| self.steps_of(drawn).any(|(_, step)| step.state == state)) {
                writeln!(f, "<li><span class=\"state {word}\">{icon} {word}</span></li>")?;
            }
        }
        if self.report.totals.compensated > 0 {
            f.write_str("<li><span class=\"state undone\">↶ undone</span></li>\n")?;
        }
        if drawn.iter().any(|drawn| self.has_more_steps(drawn)) {
            f.write_str("<li><span class=\"soft\">dotted: not started</span></li>\n")?;
        }
        f.write_str("</ul>\n")?;
        for (at, graph) in drawn.iter().take(GRAPHS).enumerate() {
            self.write_graph(f, at, graph)?;
        }
        let left_out = drawn.len().saturating_sub(GRAPHS);
        if left_out > 0 {
            writeln!(f, "<p>… and {} that are not drawn.</p>", count(left_out, "more graph"))?;
        }
        f.write_str("</section>\n")
    }

    fn steps_of<'p>(&'p self, drawn: &'p Drawn) -> impl Iterator<Item = (usize, &'p StepReport)> {
        drawn.nodes.iter().map(|&(step, node)| (node, &self.report.steps[step]))
    }

    /// Whether the graph has steps that neither started nor were skipped.
    fn has_more_steps(&self, drawn: &Drawn) -> bool {
        let nodes = drawn.graph.nodes();
        let mut known = vec![false; nodes.len()];
        for (node, _) in self.steps_of(drawn) {
            known[node] = true;
        }
        nodes.iter().zip(known).any(|(node, known)| node.is_step() && !known)
    }

    fn write_graph(&self, f: &mut Formatter<'_>, at: usize, drawn: &Drawn) -> fmt::Result {
        let mut outcomes = Vec::new();
        outcomes.resize_with(drawn.graph.nodes().len(), Outcome::default);
        for (node, step) in self.steps_of(drawn) {
            outcomes[node].add(step);
        }
        let name = Escaped(drawn.graph.name());
        if at == 0 {
            writeln!(f, "<h3>{name}</h3>")?;
        } else {
            write!(f, "<details>\n<summary><strong>{name}</strong>, called as ")?;
            writeln!(f, "<span class=\"path\">{}</span></summary>", Escaped(&drawn.path))?;
        }
        write!(f, "<div class=\"graph\" data-graph=\"{at}\" tabindex=\"0\" role=\"region\"")?;
        writeln!(f, " aria-label=\"Graph of {name}, coloured by outcome\">")?;
        let classes = |node: usize| {
            drawn.graph.nodes()[node].is_step().then(|| outcomes[node].class().to_owned())
        };
        let svg = drawn.graph.to_svg_with(&classes);
        f.write_str(&marked(&svg, &outcomes))?;
        f.write_str("</div>\n")?;
        f.write_str(if at == 0 { "" } else { "</details>\n" })
    }
}

/// The outcome of the steps of one node; in a fan-out, there may be more than one.
#[derive(Default)]
struct Outcome {
    states: Vec<(StepState, usize)>,
    undone: usize,
    not_undone: usize,
}

impl Outcome {
    fn add(&mut self, step: &StepReport) {
        match self.states.iter_mut().find(|(state, _)| *state == step.state) {
            Some((_, count)) => *count += 1,
            None => self.states.push((step.state, 1)),
        }
        if let Some(undo) = step.compensation.as_ref().filter(|undo| undo.end.is_some()) {
            let failed = undo.error.is_some();
            *(if failed { &mut self.not_undone } else { &mut self.undone }) += 1;
        }
    }

    fn has(&self, state: StepState) -> bool {
        self.states.iter().any(|(other, _)| *other == state)
    }

    /// The one that matters most.
    fn state(&self) -> StepState {
        let order =
            [StepState::Failed, StepState::Cancelled, StepState::Running, StepState::Completed];
        order.into_iter().find(|&state| self.has(state)).unwrap_or(StepState::Skipped)
    }

    fn is_empty(&self) -> bool {
        self.states.is_empty()
    }

    fn class(&self) -> &'static str {
        match self.state() {
            _ if self.is_empty() => "not-started",
            StepState::Completed if self.not_undone > 0 => "failed",
            StepState::Completed if self.undone > 0 => "undone",
            state => state.word(),
        }
    }

    fn icon(&self) -> char {
        match self.class() {
            "undone" => '↶',
            _ if self.not_undone > 0 => '!',
            _ => self.state().icon(),
        }
    }

    fn words(&self) -> String {
        let one = self.states.iter().map(|(_, count)| count).sum::<usize>() == 1;
        let word = |&(state, count): &(StepState, usize)| {
            if one {
                state.word().to_owned()
            } else {
                format!("{} {}", thousands(count), state.word())
            }
        };
        let mut words: Vec<String> = self.states.iter().map(word).collect();
        if self.undone > 0 {
            words.push("undone".to_owned());
        }
        if self.not_undone > 0 {
            words.push("NOT undone".to_owned());
        }
        words.join(", ")
    }
}

/// The picture with an icon and a word for each outcome, because not everyone can see the colors.
fn marked(svg: &str, outcomes: &[Outcome]) -> String {
    let mut text = String::with_capacity(svg.len() + 80 * outcomes.len());
    for line in svg.split_inclusive('\n') {
        let outcome = node_of(line).and_then(|node| outcomes.get(node));
        let marked = outcome.filter(|outcome| !outcome.is_empty()).and_then(|outcome| {
            let (start, rest) = line.split_once("<title>")?;
            let (title, rest) = rest.split_once("</title>")?;
            let (shape, end) = rest.rsplit_once("</g>")?;
            // On the corner, where there is no text.
            let (x, y) = (number(shape, " x=\"")?, number(shape, " y=\"")? + 5.0);
            let (words, icon) = (outcome.words(), outcome.icon());
            let mark = format!("<text class=\"mark\" x=\"{x:.1}\" y=\"{y:.1}\">{icon}</text>");
            Some(format!("{start}<title>{title}: {words}</title>{shape}{mark}</g>{end}"))
        });
        text.push_str(marked.as_deref().unwrap_or(line));
    }
    text
}

/// The node that a line of the picture draws.
fn node_of(line: &str) -> Option<usize> {
    let (_, rest) = line.strip_prefix("<g class=\"node ")?.split_once("data-node=\"")?;
    rest.split_once('"')?.0.parse().ok()
}

fn number(text: &str, before: &str) -> Option<f64> {
    text.split_once(before)?.1.split_once('"')?.0.parse().ok()
}
