//! The scopes of a fan-out's items.

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, OnceLock};

use crate::run::path::item;
use crate::run::scope::{Nodes, Scope};

/// Creates the scopes of a fan-out's items. What all of them have in common is found only once,
/// because there may be a million.
pub(crate) struct ItemScopes {
    parent: Arc<Scope>,
    path: Arc<str>,
    strip: usize,
    first: usize,
    nodes: usize,
    since: u64,
    /// Where the records of each item are, if that is not its position.
    #[cfg(feature = "durable")]
    places: Option<Vec<usize>>,
}

impl ItemScopes {
    /// The scopes of the items of the fan-out `node` of this scope.
    pub(crate) fn of(parent: Arc<Scope>, node: usize) -> Self {
        let first = node + 1;
        Self {
            path: parent.path(node),
            strip: parent.graph.nodes()[node].path().len() + 1,
            first,
            nodes: parent.graph.inside(node).len(),
            since: parent.run.now().since_start,
            #[cfg(feature = "durable")]
            places: None,
            parent,
        }
    }

    /// The scope of the fan-out, and its node there.
    #[cfg(feature = "durable")]
    pub(crate) fn fan_out(&self) -> (&Scope, usize) {
        (&self.parent, self.first - 1)
    }

    /// The same, where the records of each item are at these places.
    #[cfg(feature = "durable")]
    pub(crate) fn placed(self, places: Vec<usize>) -> Self {
        Self { places: Some(places), ..self }
    }

    /// When the fan-out started.
    pub(crate) fn since(&self) -> u64 {
        self.since
    }

    /// The current time.
    pub(crate) fn now(&self) -> u64 {
        if self.parent.run.is_observed() { self.parent.run.now().since_start } else { 0 }
    }

    /// The scope of the item at this position, which starts at `since`.
    pub(crate) fn item(&self, position: usize, since: u64) -> Arc<Scope> {
        #[cfg(feature = "durable")]
        let position = self
            .places
            .as_ref()
            .and_then(|places| places.get(position))
            .copied()
            .unwrap_or(position);
        Arc::new(Scope {
            run: Arc::clone(&self.parent.run),
            graph: self.parent.graph,
            known: self.parent.known,
            path: item(&self.path, position),
            strip: self.strip,
            first: self.first,
            is_item: true,
            #[cfg(feature = "durable")]
            in_flight: self.parent.in_flight.clone(),
            since,
            fresh: AtomicBool::new(false),
            nodes: Nodes::new(self.nodes),
            finished: AtomicBool::new(false),
            span: Mutex::new(self.parent.span()),
            unheard_of: OnceLock::new(),
        })
    }
}
