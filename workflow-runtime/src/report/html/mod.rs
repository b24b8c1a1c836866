//! A report as a page.

mod escape;
mod graphs;
mod rows;
mod summary;

use std::collections::{HashMap, HashSet};
use std::fmt::{self, Display, Formatter};

use self::escape::Escaped;
use crate::report::Report;
use crate::report::text::is_notable;

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

/// The maximum number of rows on a page.
const ROWS: usize = 1_000;

impl Report {
    /// The report as one HTML page, for a browser.
    ///
    /// The page needs nothing else: no network, no other file. What failed and why is at the top.
    /// Below are the numbers, the longest path and where the time went, every graph of the run
    /// colored by outcome, and a timeline in which each step is a row, each attempt a bar and
    /// each compensation a frame. A click in a graph leads to the row and back. The search by
    /// path, function, state and error and the keyboard shortcuts need JavaScript; everything
    /// else works without it.
    ///
    /// Steps of large fan-outs are grouped as in [`groups`](Self::groups). If there are more than
    /// 1,000 rows, those of steps that completed at the first attempt or were skipped are left
    /// out; the page says so. Error texts are shown as they are and cannot do anything in the
    /// page.
    ///
    /// ```no_run
    /// # fn show(recorder: &workflow_runtime::Recorder) -> std::io::Result<()> {
    /// std::fs::write("run.html", recorder.report().to_html())
    /// # }
    /// ```
    #[must_use]
    pub fn to_html(&self) -> String {
        Page::of(self).to_string()
    }
}

struct Page<'r> {
    report: &'r Report,
    rows: Vec<Row>,
    /// How many rows are left out.
    left_out: usize,
    /// The steps that have a row.
    listed: HashSet<usize>,
    /// The graph and the node of each step.
    nodes: HashMap<usize, (usize, usize)>,
}

/// One row of the timeline: a position in the report's steps or in its groups.
#[derive(Clone, Copy)]
enum Row {
    Step(usize),
    Group(usize),
}

impl<'r> Page<'r> {
    fn of(report: &'r Report) -> Self {
        let mut group_of = HashMap::new();
        for (at, group) in report.groups.iter().enumerate() {
            group_of.extend(group.steps.iter().map(|&step| (step, at)));
        }
        let mut rows = Vec::new();
        let mut groups = HashSet::new();
        for step in 0..report.steps.len() {
            match group_of.get(&step) {
                None => rows.push(Row::Step(step)),
                Some(&group) if groups.insert(group) => {
                    rows.push(Row::Group(group));
                    rows.extend(report.groups[group].shown.iter().map(|&step| Row::Step(step)));
                }
                Some(_) => {}
            }
        }
        let all = rows.len();
        if all > ROWS {
            rows.retain(|row| match *row {
                Row::Step(step) => is_notable(&report.steps[step]),
                Row::Group(_) => true,
            });
            rows.truncate(ROWS);
        }
        let listed = rows.iter().filter_map(|row| match *row {
            Row::Step(step) => Some(step),
            Row::Group(_) => None,
        });
        let nodes =
            report.drawn.iter().take(graphs::GRAPHS).enumerate().flat_map(|(graph, drawn)| {
                drawn.nodes.iter().map(move |&(step, node)| (step, (graph, node)))
            });
        Self {
            report,
            left_out: all - rows.len(),
            listed: listed.collect(),
            nodes: nodes.collect(),
            rows,
        }
    }

    /// A link to the row of a step, or only its path if it has no row.
    fn link(&self, step: usize) -> impl Display {
        let path = Escaped(&self.report.steps[step].path).to_string();
        if self.listed.contains(&step) {
            format!(r##"<a class="path" href="#s{step}">{path}</a>"##)
        } else {
            format!(r#"<span class="path">{path}</span>"#)
        }
    }
}

impl Display for Page<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let outcome = self.report.outcome();
        let outcome = Escaped(&outcome);
        f.write_str(
            "<!DOCTYPE html>\n<html lang=\"en\" class=\"off\">\n<head>\n<meta charset=\"utf-8\">\n",
        )?;
        // Nothing in the page may come from elsewhere.
        f.write_str(
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
             style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; \
             form-action 'none'\">\n",
        )?;
        f.write_str("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")?;
        f.write_str("<meta name=\"color-scheme\" content=\"light dark\">\n")?;
        write!(f, "<title>{outcome}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n")?;
        self.write_summary(f)?;
        self.write_graphs(f)?;
        self.write_timeline(f)?;
        write!(f, "</main>\n<script>\n{SCRIPT}</script>\n</body>\n</html>\n")
    }
}
