//! Values that two steps use at the same time although only one of them can.
//!
//! rustc finds these, too, but it cannot say that the two steps run at the same time, nor that
//! `#[after(…)]` orders them. So what the macro can tell for certain, it says itself: from arguments
//! that are `order`, `&order` or `&mut order`, or a field of it.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Expr, ExprCall, Member};

use super::functions::{arguments, arguments_mut};
use super::model::{How, Kind, Model, Node, Scope};
use super::names::Mode;
use super::ordered::Ordered;
use crate::report::Report;
use crate::sorted::{SortedMap, SortedSet};

/// What a step does with a variable, or with a part of it, as long as it runs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Access {
    Borrows,
    Changes,
    /// It consumes it, or copies it if it can be copied.
    Consumes,
}

/// An argument that holds a variable or a part of it.
struct Held<'a> {
    access: Access,
    variable: &'a Ident,
    /// The fields that lead to the part.
    fields: Vec<String>,
}

/// The argument, if it is a variable or a part of one, or a reference to that.
fn held(argument: &Expr) -> Option<Held<'_>> {
    let (access, mut place) = match argument {
        Expr::Paren(paren) => return held(&paren.expr),
        Expr::Group(group) => return held(&group.expr),
        Expr::Reference(reference) if reference.mutability.is_some() => {
            (Access::Changes, &*reference.expr)
        }
        Expr::Reference(reference) => (Access::Borrows, &*reference.expr),
        Expr::Path(_) => (Access::Consumes, argument),
        _ => return None,
    };
    let mut fields = Vec::new();
    loop {
        place = match place {
            Expr::Paren(paren) => &paren.expr,
            Expr::Group(group) => &group.expr,
            Expr::Field(field) => {
                fields.push(match &field.member {
                    Member::Named(name) => name.to_string(),
                    Member::Unnamed(index) => index.index.to_string(),
                });
                &field.base
            }
            Expr::Path(path) => {
                fields.reverse();
                return Some(Held { access, variable: path.path.get_ident()?, fields });
            }
            _ => return None,
        };
    }
}

impl Held<'_> {
    /// Whether one of the two is a part of the other.
    fn overlaps(&self, other: &Self) -> bool {
        let shared = self.fields.iter().zip(&other.fields).all(|(own, other)| own == other);
        self.variable == other.variable && shared
    }
}

/// The arguments of a step that it holds as long as it runs.
fn held_by<'a>(node: &'a Node, variables: &Variables) -> Vec<Held<'a>> {
    let Kind::Step(call) = &node.kind else { return Vec::new() };
    if call.record.is_some() {
        return Vec::new();
    }
    let held = arguments(&call.expr).into_iter().filter_map(held);
    held.filter(|held| variables.contains(&held.variable.to_string())).collect()
}

/// What each step of a scope holds, and the steps that hold something which `matters`.
struct Holders<'a> {
    held: Vec<Vec<Held<'a>>>,
    relevant: Vec<usize>,
}

impl<'a> Holders<'a> {
    /// `matters` gets all the ways in which the steps of the scope hold a variable.
    fn of(scope: &'a Scope, variables: &Variables, matters: fn(&[Access]) -> bool) -> Self {
        let held: Vec<_> = scope.nodes.iter().map(|node| held_by(node, variables)).collect();
        let mut accesses: SortedMap<&Ident, Vec<Access>> = SortedMap::new();
        for held in held.iter().flatten() {
            accesses.or_insert(held.variable, Vec::new()).push(held.access);
        }
        let matters = |variable: &Ident| accesses.get(variable).is_some_and(|all| matters(all));
        let relevant =
            (0..held.len()).filter(|&at| held[at].iter().any(|held| matters(held.variable)));
        let relevant = relevant.collect();
        Self { held, relevant }
    }

    /// Two of the relevant steps that run at the same time, in the order of the source.
    fn pairs(&self, scope: &Scope) -> Vec<(usize, usize)> {
        if self.relevant.len() < 2 {
            return Vec::new();
        }
        let ordered = Ordered::of(scope);
        let beside_below = |&at: &usize| {
            let others = self
                .relevant
                .iter()
                .filter(move |&&other| scope.nodes[other].id > scope.nodes[at].id);
            let others = others.filter(|&&other| ordered.are_beside(at, other));
            others.map(|&other| (at, other)).collect::<Vec<_>>()
        };
        self.relevant.iter().flat_map(beside_below).collect()
    }
}

/// The names of a workflow's variables that a scope sees. Any other is that of a constant, of which
/// each use is a value of its own.
type Variables = SortedSet<String>;

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

/// Copies what steps consume while others borrow it, and returns the items that this needs. If it
/// cannot be copied, the error is about this, and the only one.
///
/// `copied` are the names of variables that certainly can be copied.
pub(crate) fn copy_consumed(model: &mut Model, copied: &SortedSet<String>) -> TokenStream {
    let kept = model.kept_inputs.iter().map(ToString::to_string);
    let mut copies =
        Copies { exempt: kept.chain(copied.iter().cloned()).collect(), items: Vec::new() };
    let inputs = model.inputs.iter().map(ToString::to_string).collect();
    copies.make_in(&mut model.body, &inputs);
    let items = copies.items;
    quote!(#(#items)*)
}

struct Copies {
    /// Variables that can certainly be copied, and those that a compensation still needs, which has
    /// an error of its own.
    exempt: SortedSet<String>,
    items: Vec<TokenStream>,
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
        let consumed = arguments_mut(&mut call.expr).into_iter().filter(|argument| {
            held(argument)
                .is_some_and(|held| held.access == Access::Consumes && held.variable == variable)
        });
        let mut copies = 0;
        for argument in consumed {
            let (item, copy) = self.copy_of(variable, &node.name, borrower);
            *argument = copy;
            self.items.push(item);
            copies += 1;
        }
        let uses = node.direct.iter_mut();
        let uses =
            uses.filter(|used| used.ident == *variable && used.how == How::Value(Mode::Value));
        for used in uses.take(copies) {
            used.how = How::Value(Mode::Borrow);
        }
    }

    /// A copy of the variable, and a trait whose error says why it has to be copied.
    fn copy_of(&self, variable: &Ident, name: &str, borrower: &str) -> (TokenStream, Expr) {
        let place = Span::mixed_site().located_at(variable.span());
        let copied = Ident::new(&format!("__Copied_{}", self.items.len()), place);
        let message =
            format!("step `{name}` consumes `{variable}` while step `{borrower}` borrows it");
        let remedy = format!(
            "`#[after({borrower})]` above `{name}` makes it run after `{borrower}`; or give it a \
             clone: `{variable}.clone()`",
        );
        let item = quote_spanned! {place=>
            #[diagnostic::on_unimplemented(
                message = #message,
                label = "consumed here",
                note = #BESIDE,
                note = #remedy,
            )]
            #[allow(non_camel_case_types)]
            trait #copied: ::core::marker::Sized {
                fn copied(&self) -> Self;
            }
            #[diagnostic::do_not_recommend]
            impl<T: ::core::marker::Copy> #copied for T {
                fn copied(&self) -> Self {
                    *self
                }
            }
        };
        // All of it is at the place of the variable, so that the error has no label for the call.
        let copy = quote_spanned!(place=> #copied::copied(&#variable));
        (item, syn::parse2::<ExprCall>(copy).map(Expr::Call).expect("it is a call"))
    }
}
