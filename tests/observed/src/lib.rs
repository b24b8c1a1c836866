//! Keeps what `tracing` is told, so that tests can look at it.
//!
//! All tests of a program share one subscriber, as programs do. So each has a span of its own,
//! and sees what is inside it.

mod collector;

use std::fmt::Write as _;
use std::future::Future;

use tracing::instrument::Instrument;
use tracing::{Span, info_span};

use crate::collector::Collector;
pub use crate::collector::Seen;

/// What one test sees.
#[derive(Debug)]
pub struct Trace {
    root: Span,
    id: u64,
}

/// Starts to look.
///
/// # Panics
///
/// When the program has another subscriber.
#[must_use]
pub fn trace() -> Trace {
    Collector::install();
    let root = info_span!(target: "test", "test");
    let id = root.id().expect("all spans are kept").into_u64();
    Trace { root, id }
}

impl Trace {
    /// Polls `future` inside the test's span.
    pub fn of<F: Future>(&self, future: F) -> impl Future<Output = F::Output> + use<F> {
        future.instrument(self.root.clone())
    }

    /// Does `what` inside the test's span.
    pub fn inside<T>(&self, what: impl FnOnce() -> T) -> T {
        self.root.in_scope(what)
    }

    /// The spans, a line each, below the one that they stand in: what it is of and what came
    /// of it. `open` is what has not closed.
    ///
    /// # Panics
    ///
    /// When a span was left more or less often than entered.
    #[must_use]
    pub fn spans(&self) -> String {
        let mut text = String::new();
        Collector::look(|collector| {
            for (depth, span) in collector.below(self.id) {
                let Seen { name, entered, left, closed, .. } = span;
                assert_eq!(entered, left, "{name} {:?}", span.fields);
                let _ = write!(text, "{:1$}{name}", "", 2 * depth);
                let field = |field: &str| span.fields.get(field).map(String::as_str);
                let of = field("step").or(field("undoes")).or(field("workflow"));
                for part in of.into_iter().chain(field("outcome")) {
                    let _ = write!(text, " {part}");
                }
                if let Some(attempt) = field("attempt").filter(|attempt| *attempt != "1") {
                    let _ = write!(text, " attempt {attempt}");
                }
                text += if *closed { "\n" } else { " open\n" };
            }
        });
        text
    }

    /// The events, a line each: the span that they are in, their level and their message.
    #[must_use]
    pub fn events(&self) -> Vec<String> {
        Collector::look(|collector| collector.events_below(self.id))
    }

    /// The fields of the span of this name and step, and in how many threads it was entered.
    ///
    /// # Panics
    ///
    /// When there is none.
    #[must_use]
    pub fn span(&self, name: &str, of: &str) -> Seen {
        Collector::look(|collector| {
            let mut spans = collector.below(self.id).into_iter().map(|(_, span)| span);
            spans.find(|span| span.name == name && span.is_of(of)).expect("there is one").clone()
        })
    }
}
