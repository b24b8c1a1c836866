//! The names of the signals that a durable workflow waits for.

use std::collections::{BTreeSet, HashMap};

use syn::Expr;

use super::functions::{function_name, function_path};
use super::model::{Kind, Model, Scope};
use crate::duration::text_of;

/// Stores the names in the model of each workflow of one `workflow!`, including those in the
/// workflows that it calls; `None` if a name is computed.
pub(crate) fn mark(models: &mut [(String, &mut Model)]) {
    let waits: HashMap<String, Waits> = models
        .iter()
        .map(|(name, model)| {
            let mut waits = Waits::default();
            waits.collect(&model.body);
            (name.clone(), waits)
        })
        .collect();
    for (name, model) in models {
        // Each is visited once, even if they call each other.
        let (mut open, mut seen) = (vec![name.clone()], BTreeSet::new());
        let mut names = Some(BTreeSet::new());
        while let Some(workflow) = open.pop() {
            let Some(waits) = waits.get(&workflow).filter(|_| seen.insert(workflow.clone())) else {
                continue;
            };
            names = names.filter(|_| !waits.computed);
            if let Some(names) = &mut names {
                names.extend(waits.names.iter().cloned());
            }
            open.extend(waits.calls.iter().cloned());
        }
        model.signals = names;
    }
}

/// The waits of one workflow.
#[derive(Default)]
struct Waits {
    names: Vec<String>,
    /// The name of one of them is computed.
    computed: bool,
    calls: Vec<String>,
}

impl Waits {
    fn collect(&mut self, scope: &Scope) {
        for node in &scope.nodes {
            if let Kind::Step(call) = &node.kind {
                match argument(&call.expr).map(text) {
                    Some(Some(name)) => self.names.push(name),
                    Some(None) => self.computed = true,
                    None => self.calls.extend(function_path(&call.expr)),
                }
            }
            for inner in node.scopes() {
                self.collect(inner);
            }
        }
    }
}

/// The argument of `signal::<T>("approval")`.
fn argument(call: &Expr) -> Option<&Expr> {
    match call {
        Expr::Paren(paren) => argument(&paren.expr),
        Expr::Call(inner) if inner.args.len() == 1 => {
            let is_signal = function_name(call).is_some_and(|name| name == "signal");
            inner.args.first().filter(|_| is_signal)
        }
        _ => None,
    }
}

fn text(argument: &Expr) -> Option<String> {
    match argument {
        Expr::Paren(paren) => text(&paren.expr),
        argument => text_of(argument).map(syn::LitStr::value),
    }
}
