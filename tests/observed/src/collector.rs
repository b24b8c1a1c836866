//! The layer that keeps all spans and events of the program.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Mutex, Once, PoisonError};
use std::thread::ThreadId;

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;

/// A span.
#[derive(Debug, Clone)]
pub struct Seen {
    /// The span's name.
    pub name: &'static str,
    /// What filters know it by.
    pub target: &'static str,
    /// Its fields as text; of one that was recorded more than once, the last value.
    pub fields: BTreeMap<String, String>,
    /// How often it was entered.
    pub entered: usize,
    /// How often it was left.
    pub left: usize,
    /// The threads that entered it.
    pub threads: BTreeSet<String>,
    /// Whether it has closed.
    pub closed: bool,
    id: u64,
    parent: Option<u64>,
}

impl Seen {
    /// Whether it is that of this step or workflow.
    #[must_use]
    pub fn is_of(&self, of: &str) -> bool {
        let fields = ["step", "undoes", "workflow"];
        fields.iter().find_map(|field| self.fields.get(*field)).is_some_and(|it| it == of)
    }
}

/// Numbers of spans are used again once they have closed, so spans have numbers of their own
/// here.
#[derive(Default)]
pub(crate) struct Collector {
    spans: Vec<Seen>,
    /// Which of them the subscriber knows by a number now.
    known: BTreeMap<u64, usize>,
    /// The span and the text.
    events: Vec<(Option<usize>, String)>,
}

static COLLECTOR: Mutex<Option<Collector>> = Mutex::new(None);

thread_local! {
    static ENTERED: RefCell<Vec<u64>> = const { RefCell::new(Vec::new()) };
}

struct Collecting;

impl Collector {
    pub(crate) fn install() {
        static ONCE: Once = Once::new();
        ONCE.call_once(|| {
            let registry = tracing_subscriber::registry().with(Collecting);
            tracing::subscriber::set_global_default(registry).expect("there is no other");
        });
    }

    pub(crate) fn look<T>(what: impl FnOnce(&mut Self) -> T) -> T {
        let mut collector = COLLECTOR.lock().unwrap_or_else(PoisonError::into_inner);
        what(collector.get_or_insert_default())
    }

    fn known(&mut self, id: &Id) -> &mut Seen {
        let at = self.known[&id.into_u64()];
        &mut self.spans[at]
    }

    /// All spans inside the one that has this number now, and how deep.
    pub(crate) fn below(&self, id: u64) -> Vec<(usize, &Seen)> {
        let mut found = Vec::new();
        self.collect(self.known[&id], 0, &mut found);
        found
    }

    fn collect<'a>(&'a self, parent: usize, depth: usize, found: &mut Vec<(usize, &'a Seen)>) {
        for (at, span) in self.spans.iter().enumerate() {
            if span.parent == Some(parent as u64) {
                found.push((depth, span));
                self.collect(at, depth + 1, found);
            }
        }
    }

    pub(crate) fn events_below(&self, id: u64) -> Vec<String> {
        let root = self.known[&id];
        let inside = |mut at: usize| loop {
            match self.spans[at].parent {
                _ if at == root => return true,
                Some(parent) => at = usize::try_from(parent).expect("it is a position"),
                None => return false,
            }
        };
        let events = self.events.iter().filter(|(span, _)| span.is_some_and(inside));
        events.map(|(_, text)| text.clone()).collect()
    }
}

#[derive(Default)]
struct Fields(BTreeMap<String, String>);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0.insert(field.name().to_owned(), format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name().to_owned(), value.to_owned());
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Collecting {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, ctx: Context<'_, S>) {
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        let parent = ctx.span(id).and_then(|span| span.parent()).map(|parent| parent.id());
        Collector::look(|collector| {
            let parent = parent.map(|parent| collector.known[&parent.into_u64()] as u64);
            collector.known.insert(id.into_u64(), collector.spans.len());
            collector.spans.push(Seen {
                name: attributes.metadata().name(),
                target: attributes.metadata().target(),
                fields: fields.0,
                entered: 0,
                left: 0,
                threads: BTreeSet::new(),
                closed: false,
                id: id.into_u64(),
                parent,
            });
        });
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, _: Context<'_, S>) {
        let mut fields = Fields::default();
        values.record(&mut fields);
        Collector::look(|collector| collector.known(id).fields.extend(fields.0));
    }

    fn on_enter(&self, id: &Id, _: Context<'_, S>) {
        let thread: ThreadId = std::thread::current().id();
        ENTERED.with_borrow_mut(|entered| entered.push(id.into_u64()));
        Collector::look(|collector| {
            let span = collector.known(id);
            span.entered += 1;
            span.threads.insert(format!("{thread:?}"));
        });
    }

    fn on_exit(&self, id: &Id, _: Context<'_, S>) {
        let last = ENTERED.with_borrow_mut(Vec::pop);
        Collector::look(|collector| {
            let span = collector.known(id);
            // Not on the thread that entered it, or not in turn: never the case.
            if last == Some(span.id) {
                span.left += 1;
            }
        });
    }

    fn on_close(&self, id: Id, _: Context<'_, S>) {
        Collector::look(|collector| collector.known(&id).closed = true);
    }

    fn on_event(&self, event: &Event<'_>, ctx: Context<'_, S>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let message = fields.0.remove("message").unwrap_or_default();
        let id = ctx.event_span(event).map(|span| span.id());
        Collector::look(|collector| {
            let span = id.map(|id| collector.known[&id.into_u64()]);
            let place = span.map_or_else(String::new, |at| {
                let span = &collector.spans[at];
                let of = ["step", "undoes", "workflow"];
                let of = of.iter().find_map(|field| span.fields.get(*field));
                format!("{} {}: ", span.name, of.map_or("", String::as_str))
            });
            let rest: Vec<_> =
                fields.0.iter().map(|(name, value)| format!(" {name}={value}")).collect();
            let level = event.metadata().level();
            collector.events.push((span, format!("{place}{level} {message}{}", rest.concat())));
        });
    }
}
