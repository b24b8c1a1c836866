//! Signals that a step is done, for branches that wait for it while they run.

use proc_macro2::Ident;

use crate::workflow::expand::scope::ScopeEmitter;
use crate::workflow::model::How;
use crate::workflow::plan::Branch;

/// The signal that a step is done, for branches that wait for it while they run.
pub(super) struct Signal {
    pub(super) by: usize,
    /// The names that `#[after]` uses for it, by branch.
    pub(super) names: Vec<(usize, String)>,
    pub(super) slot: Ident,
}

/// The signals for an `#[after]` inside a branch that starts before the step is done.
pub(super) fn signals(emitter: &ScopeEmitter<'_>, branches: &[Branch]) -> Vec<Signal> {
    let mut signals: Vec<Signal> = Vec::new();
    for (at, branch) in branches.iter().enumerate().filter(|(_, branch)| !branch.watches.is_empty())
    {
        for node in branch.plan.nodes().into_iter().filter_map(|node| emitter.node(node)) {
            for used in node.inner.iter().filter(|used| used.how == How::Order) {
                let Some(by) = branch.watches.iter().copied().find(|&watched| {
                    let nodes = branches[watched].plan.nodes();
                    nodes.into_iter().any(|node| is_named(emitter, node, &used.ident))
                }) else {
                    continue;
                };
                let name = (at, used.ident.to_string());
                match signals.iter_mut().find(|signal| signal.by == by) {
                    Some(signal) if signal.names.contains(&name) => {}
                    Some(signal) => signal.names.push(name),
                    None => {
                        let slot = emitter.shared.slot("done");
                        signals.push(Signal { by, names: vec![name], slot });
                    }
                }
            }
        }
    }
    signals
}

/// Whether `#[after(ident)]` refers to this node.
fn is_named(emitter: &ScopeEmitter<'_>, at: usize, ident: &Ident) -> bool {
    match emitter.node(at) {
        Some(node) => *ident == node.name || node.vars.iter().any(|(var, _)| var == ident),
        None => *ident == emitter.external(at).key.name(),
    }
}
