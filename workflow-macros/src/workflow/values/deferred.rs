//! What may not be ready when a branch starts, and where the branch waits for it.

use super::usage::usage_of;
use crate::sorted::SortedSet;
use crate::workflow::model::{How, Kind, Need, Node, Scope, Tail, Use};
use crate::workflow::names::Mode;
use crate::workflow::timing;

/// What may not be ready yet.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum DeferredKey {
    /// A variable's value.
    Value(String),
    /// The end of a step, by the name that `#[after]` uses for it.
    Done(String),
}

impl DeferredKey {
    /// What a use waits for.
    pub(crate) fn of(used: &Use) -> Self {
        match used.how {
            How::Value(_) => Self::Value(used.ident.to_string()),
            How::Order => Self::Done(used.ident.to_string()),
        }
    }

    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Value(name) | Self::Done(name) => name,
        }
    }
}

/// What the slot provides.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum DeferredKind {
    /// A reference, any number of times.
    Borrowed,
    /// A counted reference, since another user consumes the value once all references are gone.
    Lent,
    /// The value, once.
    Owned,
    /// The value, once, when all counted references are gone.
    Reclaimed,
    /// Either of the two: the value where it is consumed, and a counted reference elsewhere.
    LentOrReclaimed,
}

impl DeferredKind {
    /// Whether the slot keeps the value.
    pub(crate) fn is_borrowed(self) -> bool {
        matches!(self, Self::Borrowed | Self::Lent)
    }

    /// What one place gets, depending on whether it consumes the value.
    pub(crate) fn of_place(self, consumes: bool) -> Self {
        match self {
            Self::LentOrReclaimed if consumes => Self::Reclaimed,
            Self::LentOrReclaimed => Self::Lent,
            kind => kind,
        }
    }
}

/// Whether a node uses it.
pub(crate) fn uses(node: &Node, key: &DeferredKey) -> bool {
    node.uses().any(|used| DeferredKey::of(used) == *key)
}

/// The scopes inside a node that use something from outside. In another scope, the same name may be
/// one that its pattern binds.
fn scopes_that_use<'n>(node: &'n Node, key: &DeferredKey) -> impl Iterator<Item = &'n Scope> {
    let uses = |scope: &&Scope| scope.free.iter().any(|used| DeferredKey::of(used) == *key);
    node.scopes().into_iter().filter(uses)
}

/// Whether a node cannot start without something.
pub(crate) fn starts_with(node: &Node, key: &DeferredKey) -> bool {
    if !uses(node, key) {
        return false;
    }
    let needs = timing::needed_at_once(node);
    let name = key.name().to_owned();
    // A call needs the variable if it is a closure, but never the end of a step.
    let called =
        matches!(key, DeferredKey::Value(_)) && needs.contains(&Need::Called(name.clone()));
    called || needs.contains(&Need::Named(name))
}

/// Whether the scope as a whole has to wait for something: because of a node that cannot start
/// without it, or for its own result. What only a part of a node may need is waited for there, so
/// that nothing waits for what only an arm that is not chosen needs.
pub(crate) fn waits_for(scope: &Scope, key: &DeferredKey) -> bool {
    let result = match (&scope.tail, key) {
        (Tail::Expr(expr), DeferredKey::Value(name)) => usage_of(expr).contains_key(name),
        _ => false,
    };
    result || scope.nodes.iter().any(|node| starts_with(node, key))
}

/// Whether any of the uses may consume a value.
pub(crate) fn consumes<'u>(uses: impl IntoIterator<Item = &'u Use>, key: &DeferredKey) -> bool {
    uses.into_iter().any(|used| {
        let consumed = matches!(used.how, How::Value(Mode::Value | Mode::Part));
        consumed && !used.repeats && DeferredKey::of(used) == *key
    })
}

/// Whether every path through a node consumes a value in at most one place, after all that only
/// borrow it. So each place can take what it needs: the value, or a reference.
pub(crate) fn consumes_last(node: &Node, key: &DeferredKey) -> bool {
    if matches!(node.kind, Kind::FanOut { .. }) {
        return !node.scopes().into_iter().any(|body| consumes(&body.free, key));
    }
    scopes_that_use(node, key).all(|scope| {
        let users = || scope.nodes.iter().enumerate().filter(|(_, node)| uses(node, key));
        let mut consumers = users().filter(|(_, node)| consumes(node.uses(), key));
        match (consumers.next(), consumers.next()) {
            // Everything in it gets the value from the scope.
            _ if waits_for(scope, key) => true,
            (None, _) => users().all(|(_, node)| consumes_last(node, key)),
            (Some((last, _)), None) => {
                let before = done_before(scope, last);
                users().all(|(at, _)| at == last || before.contains(&at))
                    && users().all(|(_, node)| consumes_last(node, key))
            }
            (Some(_), Some(_)) => false,
        }
    })
}

/// The nodes of a scope that are done before the given one starts.
fn done_before(scope: &Scope, at: usize) -> SortedSet<usize> {
    let mut before = SortedSet::new();
    let mut left = vec![at];
    while let Some(at) = left.pop() {
        let needs = scope.nodes[at].starts_after.iter().copied();
        left.extend(needs.filter(|need| before.insert(*need)));
    }
    before
}

/// The number of places in a node where something is waited for, at most.
pub(crate) fn waiting_places(node: &Node, key: &DeferredKey) -> usize {
    // Only one of several arms runs, but the body of a `for` runs many times.
    let places = scopes_that_use(node, key).map(|scope| waiting_places_in(scope, key)).max();
    let repeats = if matches!(node.kind, Kind::FanOut { .. }) { 2 } else { 1 };
    places.unwrap_or(0) * repeats
}

fn waiting_places_in(scope: &Scope, key: &DeferredKey) -> usize {
    if waits_for(scope, key) {
        // Everything in it gets the value from the scope.
        return 1;
    }
    scope.nodes.iter().map(|node| waiting_places(node, key)).sum()
}
