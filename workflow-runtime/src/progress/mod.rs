//! The observer that shows a run while it runs.

mod bars;
mod fan_outs;
mod pace;
mod plain;
mod running;
mod state;
mod text;
mod units;
mod view;

use std::collections::HashMap;
use std::io::Write;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use console::Term;
use indicatif::TermLike;

use self::bars::Bars;
use self::plain::Plain;
use self::state::State;
use crate::run::{Event, Observer};

/// Shows runs while they run: bars on a terminal, lines in a log.
///
/// Needs the feature `progress`.
///
/// ```
/// use workflow_runtime::{Progress, Run, step, workflow};
///
/// #[step]
/// async fn fetch(page: u32) -> Result<String, String> { Ok(format!("page {page}")) }
///
/// workflow! {
///     async fn copy(pages: Vec<u32>) -> Result<Vec<String>, String> {
///         #[concurrency(8)]
///         let copies = for page in pages {
///             let text = fetch(page).await?;
///             text
///         };
///         Ok(copies)
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let progress = Progress::new();
/// let copies = Run::new().observe(progress.clone()).execute(copy(vec![1, 2, 3])).await;
/// progress.println(&format!("copied {}", copies.unwrap().len()));
/// # }
/// ```
///
/// # On a terminal
///
/// Everything is drawn on standard error, about ten times a second:
///
/// ```text
/// ⠹ etl  ━━━━━━━━━━╸─────────────  5/12 steps  3.1s  4 retries
///   flights.chunks  ━━━━━━━╸────────────────  35/110  14/s  5.3s left
///   ⠹ flights.chunks[36].load  0.2s  attempt 2 in 150ms: database is locked
///   ⠹ flights.chunks[37].clean  0.1s
///     and 6 more
/// ```
///
/// - The first line shows how many of the steps in the graph are settled, completed or not. A
///   fan-out counts as one step. The steps of a sub-workflow are added when it starts.
/// - Each fan-out shows its items, their rate over the last 15 seconds, and the time that the rest
///   takes at that rate. If the iterator does not know how many items there are, no such time is
///   shown. A fan-out inside the items of another one is counted over all of those items. At most
///   six fan-outs are shown; if there are more, only those that still run.
/// - Up to four of the running steps are shown, those that are being retried first.
/// - The last step that failed stays visible, and so do steps that could not be undone.
///
/// At the end, the first line shows the outcome, ✓ or ✗, and how long the run took; it stays, with
/// the fan-outs. Lines are cut at the width of the terminal. Colors follow `NO_COLOR` and
/// `CLICOLOR`.
///
/// # In a log
///
/// If standard error is not a terminal, or `TERM` is `dumb`, lines without escape codes are
/// written: when a workflow starts and ends, when a fan-out does, for each attempt and each step
/// that fails, and at most every five seconds one with the counts of the fan-outs. For what goes
/// wrong in the items of fan-outs, at most ten lines are written in that time; the counts include
/// the rest.
///
/// # Several runs
///
/// Clones share the screen: give a clone to each run that is shown at the same time. A single one
/// that observes two runs at once would mix them up, except for durable runs: their ids tell them
/// apart and are shown after the workflow's name, so a single one is enough for a whole journal.
///
/// # Cost
///
/// An event is only counted, not drawn; a separate thread draws while something runs. Of a
/// step outside of fan-outs its path is kept until the run ends, and of an item nothing after its
/// end. A workflow that is dropped, or that ends by a panic, is shown as cancelled, and its bars
/// are removed. A bar that is drawn while the panic's
/// message is printed may overwrite a part of the message.
#[derive(Clone)]
pub struct Progress {
    screen: Screen,
    runs: Runs,
}

#[derive(Clone)]
enum Screen {
    Bars(Arc<Bars>),
    Plain(Arc<Plain>),
}

/// What is known about a run, from its start on.
type SharedState = Arc<Mutex<Option<State>>>;

/// The ongoing runs, by id; those without an id share one entry. A clone observes runs of its own.
#[derive(Default)]
struct Runs(Mutex<HashMap<Option<Arc<str>>, SharedState>>);

impl Runs {
    fn of(&self, event: &Event) -> SharedState {
        Arc::clone(lock(&self.0).entry(event.run_id.clone()).or_default())
    }

    fn forget(&self, event: &Event) {
        lock(&self.0).remove(&event.run_id);
    }
}

impl Clone for Runs {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Progress {
    /// Shows runs on standard error.
    #[must_use]
    pub fn new() -> Self {
        let term = Term::buffered_stderr();
        if term.is_term() && !console::is_dumb() {
            Self::of(Screen::Bars(Bars::stderr(term)))
        } else {
            Self::lines(std::io::stderr())
        }
    }

    /// Draws bars on this terminal, without colors. For tests there is
    /// `indicatif::InMemoryTerm`.
    ///
    /// A clone of `terminal` has to refer to the same terminal.
    #[must_use]
    pub fn on_terminal(terminal: impl TermLike + Clone + 'static) -> Self {
        Self::of(Screen::Bars(Bars::on(terminal)))
    }

    /// Writes lines, as for a log. A line that can't be written is lost.
    #[must_use]
    pub fn lines(writer: impl Write + Send + 'static) -> Self {
        Self::of(Screen::Plain(Arc::new(Plain::new(writer))))
    }

    /// Runs `print` while no bars are on the screen, and draws them again below what it
    /// prints.
    ///
    /// Everything that the program prints to the terminal while a run is shown should go through
    /// this; otherwise it ends up between the bars. Meanwhile, all runs that are shown wait when
    /// they start or end. `print` must not call any method of this or of a clone, and must not
    /// run a workflow.
    pub fn suspend<R>(&self, print: impl FnOnce() -> R) -> R {
        match &self.screen {
            Screen::Bars(bars) => bars.suspend(print),
            Screen::Plain(plain) => plain.suspend(print),
        }
    }

    /// Prints a line above the bars, where they are drawn; in a log, between the other lines.
    pub fn println(&self, line: &str) {
        match &self.screen {
            Screen::Bars(bars) => bars.println(line),
            Screen::Plain(plain) => plain.line(line),
        }
    }

    fn of(screen: Screen) -> Self {
        Self { screen, runs: Runs::default() }
    }
}

impl Default for Progress {
    fn default() -> Self {
        Self::new()
    }
}

impl std::fmt::Debug for Progress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Progress").finish_non_exhaustive()
    }
}

impl Observer for Progress {
    fn on_event(&self, event: &Event) {
        let run = &self.runs.of(event);
        let mut known = lock(run);
        let starts = known.as_ref().is_none_or(|state| state.end.is_some());
        if starts {
            // What comes after the end of one run and does not start another one is ignored.
            let Some(state) = State::starting(event) else { return self.runs.forget(event) };
            *known = Some(state);
        }
        let Some(state) = known.as_mut() else { return };
        state.apply(event);
        let ends = state.end.is_some();
        if ends {
            self.runs.forget(event);
        }
        match &self.screen {
            Screen::Plain(plain) => plain.on_event(event, state),
            Screen::Bars(bars) => {
                // The screen locks the run itself.
                drop(known);
                if starts {
                    bars.start(run);
                }
                if ends {
                    bars.end(run);
                }
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // The counts stay correct if something else panics.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
