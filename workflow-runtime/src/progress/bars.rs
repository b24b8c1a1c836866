//! Bars on a terminal.

use std::sync::{Arc, Mutex, MutexGuard, Weak};
use std::thread;
use std::time::Duration;

use console::Term;
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle, TermLike};
use tokio::time::Instant;

use super::state::State;
use super::view::View;
use super::{SharedState, lock};

/// How often the bars are drawn while something runs.
const TICK: Duration = Duration::from_millis(100);
/// The terminal is drawn at most this many times a second, however many runs start and end.
const MOST_DRAWINGS: u8 = 20;

/// The terminal that several runs share.
pub(super) struct Bars {
    screen: MultiProgress,
    term: Box<dyn TermLike>,
    target: Box<dyn Fn() -> ProgressDrawTarget + Send + Sync>,
    colors: bool,
    drawn: Mutex<Drawn>,
}

/// The runs that have a bar.
#[derive(Default)]
struct Drawn {
    runs: Vec<(SharedState, ProgressBar)>,
    turn: usize,
    /// When they were drawn last.
    at: Option<Instant>,
    ticking: bool,
}

impl Bars {
    pub(super) fn stderr(term: Term) -> Arc<Self> {
        let target = {
            let term = term.clone();
            move || ProgressDrawTarget::term(term.clone(), MOST_DRAWINGS)
        };
        Self::new(term, target, console::colors_enabled_stderr())
    }

    pub(super) fn on(term: impl TermLike + Clone + 'static) -> Arc<Self> {
        let target = {
            let term = term.clone();
            move || ProgressDrawTarget::term_like(Box::new(term.clone()))
        };
        Self::new(term, target, false)
    }

    fn new(
        term: impl TermLike + 'static,
        target: impl Fn() -> ProgressDrawTarget + Send + Sync + 'static,
        colors: bool,
    ) -> Arc<Self> {
        Arc::new(Self {
            screen: MultiProgress::with_draw_target(target()),
            term: Box::new(term),
            target: Box::new(target),
            colors,
            drawn: Mutex::default(),
        })
    }

    /// A run has started.
    pub(super) fn start(self: &Arc<Self>, run: &SharedState) {
        let mut drawn = self.drawn();
        // The lines contain everything there is to say.
        let style = ProgressStyle::with_template("{msg}").expect("the template is right");
        let bar = self.screen.add(ProgressBar::no_length().with_style(style));
        drawn.runs.push((Arc::clone(run), bar));
        self.draw(&mut drawn);
        if !drawn.ticking {
            let ticker = thread::Builder::new().name("workflow-progress".to_owned());
            let bars = Arc::downgrade(self);
            // Without a thread the bars move when a run starts or ends.
            drawn.ticking = ticker.spawn(move || tick(&bars)).is_ok();
        }
    }

    /// A run has ended: its outcome stays above the bars of the others.
    pub(super) fn end(&self, run: &SharedState) {
        let mut drawn = self.drawn();
        let Some(at) = drawn.runs.iter().position(|(other, _)| Arc::ptr_eq(other, run)) else {
            return;
        };
        let (_, bar) = drawn.runs.remove(at);
        let lines = self.lines(&drawn, run);
        self.screen.remove(&bar);
        // An error is not a reason for a run to fail: there is no terminal any more.
        let _ = if thread::panicking() {
            // The panic's message is below the bars. Nothing may move up over it.
            self.screen.set_draw_target((self.target)());
            let mut lines = lines.iter();
            lines.try_for_each(|line| self.term.write_line(line)).and_then(|()| self.term.flush())
        } else {
            self.screen.println(lines.join("\n"))
        };
    }

    /// Draws nothing while `print` prints.
    pub(super) fn suspend<R>(&self, print: impl FnOnce() -> R) -> R {
        let mut drawn = self.drawn();
        self.draw(&mut drawn);
        self.screen.suspend(print)
    }

    pub(super) fn println(&self, line: &str) {
        let mut drawn = self.drawn();
        self.draw(&mut drawn);
        let _ = self.screen.println(line);
    }

    fn draw(&self, drawn: &mut Drawn) {
        drawn.turn += 1;
        // The thread that draws does not know about a test's paused time.
        drawn.at = drawn.at.max(Some(Instant::now()));
        for (run, bar) in &drawn.runs {
            bar.set_message(self.lines(drawn, run).join("\n"));
        }
    }

    fn lines(&self, drawn: &Drawn, run: &Mutex<Option<State>>) -> Vec<String> {
        let width = usize::from(self.term.width());
        let view = View {
            width,
            colors: self.colors,
            turn: drawn.turn,
            now: drawn.at.unwrap_or_else(Instant::now),
        };
        lock(run).as_mut().map_or_else(Vec::new, |state| view.lines(state))
    }

    fn drawn(&self) -> MutexGuard<'_, Drawn> {
        lock(&self.drawn)
    }
}

/// Draws until nothing is running any more.
fn tick(bars: &Weak<Bars>) {
    loop {
        thread::sleep(TICK);
        let Some(bars) = bars.upgrade() else { return };
        let mut drawn = bars.drawn();
        if drawn.runs.is_empty() {
            drawn.ticking = false;
            return;
        }
        bars.draw(&mut drawn);
    }
}
