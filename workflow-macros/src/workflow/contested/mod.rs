//! Values that two steps use at the same time although only one of them can.
//!
//! rustc finds these, too, but it cannot say that the two steps run at the same time, nor that
//! `#[after(…)]` orders them. So what the macro can tell for certain, it says itself: from arguments
//! that are `order`, `&order` or `&mut order`, or a field of it.

mod copied;
mod held;
mod holders;
mod nested;

use proc_macro2::Ident;

pub(crate) use self::copied::Traits;
use self::copied::{Reason, consumed, in_order_or_clone};
use self::held::{Access, Held, held};
use self::holders::Holders;
pub(crate) use self::nested::{Borrowers, consumed_beside, consumed_by_items};
use super::functions::arguments_mut;
use super::model::{How, Kind, Model, Node, Scope};
use super::names::Mode;
use crate::report::Report;
use crate::sorted::SortedSet;

/// The names of a workflow's variables that a scope sees. Any other is that of a constant, of which
/// each use is a value of its own.
type Variables = SortedSet<String>;

fn is_in(variables: &Variables) -> impl Fn(&Ident) -> bool {
    |name| variables.contains(&name.to_string())
}

/// Those of a scope, given those of the one around it.
fn variables(scope: &Scope, around: &Variables) -> Variables {
    let declared = scope.nodes.iter().flat_map(|node| &node.vars).map(|(var, _)| var);
    let own = declared.chain(&scope.bound).map(ToString::to_string);
    own.chain(around.iter().cloned()).collect()
}

/// Reports steps that change what another one uses at the same time.
pub(crate) fn check(model: &Model, report: &mut Report) {
    check_scope(&model.body, &model.inputs.iter().map(ToString::to_string).collect(), report);
}

fn check_scope(scope: &Scope, around: &Variables, report: &mut Report) {
    let variables = variables(scope, around);
    let mut reported = SortedSet::new();
    let holders = Holders::of(scope, &variables, |accesses| accesses.contains(&Access::Changes));
    for (first, second) in holders.pairs(scope) {
        let (held_by_first, held_by_second) = (&holders.held[first], &holders.held[second]);
        let (first, second) = (&scope.nodes[first], &scope.nodes[second]);
        for held in held_by_second {
            let changes = |other: &&Held<'_>| {
                let changed = held.access == Access::Changes || other.access == Access::Changes;
                changed && held.overlaps(other)
            };
            let Some(other) = held_by_first.iter().find(changes) else { continue };
            if reported.insert((second.id, held.variable.to_string())) {
                let verb = |access| match access {
                    Access::Borrows => "borrows",
                    Access::Changes => "changes",
                    Access::Consumes => "consumes",
                };
                let (name, other_name) = (&second.name, &first.name);
                report
                    .error(
                        held.variable,
                        format!(
                            "step `{name}` {} `{}` while step `{other_name}` {} it",
                            verb(held.access),
                            held.variable,
                            verb(other.access),
                        ),
                    )
                    .note(BESIDE)
                    .help(&in_order(name, other_name));
            }
        }
    }
    for node in &scope.nodes {
        for inner in node.scopes() {
            check_scope(inner, &variables, report);
        }
    }
}

const BESIDE: &str = "the two run at the same time, since neither needs what the other returns";

fn in_order(name: &str, other: &str) -> String {
    format!("write `#[after({other})]` above `{name}`: then it runs after `{other}`")
}

/// Copies what steps consume while others borrow it, and returns the traits that this needs. If it
/// cannot be copied, the error is about this, and the only one.
///
/// `copied` are the names of variables that certainly can be copied.
pub(crate) fn copy_consumed(model: &mut Model, copied: &SortedSet<String>) -> Traits {
    let kept = model.kept_inputs.iter().map(ToString::to_string);
    let mut copies =
        Copies { exempt: kept.chain(copied.iter().cloned()).collect(), traits: Traits::default() };
    let inputs = model.inputs.iter().map(ToString::to_string).collect();
    copies.make_in(&mut model.body, &inputs);
    copies.traits
}

struct Copies {
    /// Variables that can certainly be copied, and those that a compensation still needs, which has
    /// an error of its own.
    exempt: SortedSet<String>,
    traits: Traits,
}

impl Copies {
    fn make_in(&mut self, scope: &mut Scope, around: &Variables) {
        let variables = variables(scope, around);
        let kept = scope.nodes.iter().flat_map(|node| &node.kept).chain(&scope.kept_bound);
        self.exempt.extend(kept.map(ToString::to_string));
        let mut contested = Vec::new();
        let holders = Holders::of(scope, &variables, |accesses| {
            accesses.contains(&Access::Consumes) && accesses.contains(&Access::Borrows)
        });
        for (first, second) in holders.pairs(scope) {
            for (consumer, borrower) in [(first, second), (second, first)] {
                let other = &scope.nodes[borrower];
                let borrowed = &holders.held[borrower];
                let consumed = holders.held[consumer].iter().filter(|held| {
                    held.access == Access::Consumes
                        && !self.exempt.contains(&held.variable.to_string())
                        && borrowed.iter().any(|other| {
                            other.access == Access::Borrows && other.variable == held.variable
                        })
                });
                let consumed = consumed.map(|held| held.variable.clone());
                contested.extend(consumed.map(|variable| (consumer, variable, other.name.clone())));
            }
        }
        for (at, variable, borrower) in contested {
            self.make(&mut scope.nodes[at], &variable, &borrower);
        }
        for node in &mut scope.nodes {
            for inner in node.scopes_mut() {
                self.make_in(inner, &variables);
            }
        }
    }

    /// Replaces the arguments of a step that are `variable` by copies.
    fn make(&mut self, node: &mut Node, variable: &Ident, borrower: &str) {
        let Kind::Step(call) = &mut node.kind else { return };
        let arguments = arguments_mut(&mut call.expr).into_iter().filter(|argument| {
            held(argument)
                .is_some_and(|held| held.access == Access::Consumes && held.variable == variable)
        });
        let mut copies = 0;
        for argument in arguments {
            *argument = self.traits.copy(&Reason {
                variable,
                message: consumed(variable, &node.name, borrower),
                notes: vec![BESIDE.to_owned(), in_order_or_clone(variable, &node.name, borrower)],
            });
            copies += 1;
        }
        let uses = node.direct.iter_mut();
        let uses =
            uses.filter(|used| used.ident == *variable && used.how == How::Value(Mode::Value));
        for used in uses.take(copies) {
            used.how = How::Value(Mode::Borrow);
        }
    }
}
