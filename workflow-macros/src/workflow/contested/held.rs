//! What a step holds of a variable as long as it runs.

use proc_macro2::Ident;
use syn::{Expr, Member};

use crate::workflow::functions::arguments;
use crate::workflow::model::{Kind, Node};

/// What a step does with a variable, or with a part of it, as long as it runs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    Borrows,
    Changes,
    /// It consumes it, or copies it if it can be copied.
    Consumes,
}

/// An argument that holds a variable or a part of it.
pub(super) struct Held<'a> {
    pub(super) access: Access,
    pub(super) variable: &'a Ident,
    /// The fields that lead to the part.
    fields: Vec<String>,
}

/// The argument, if it is a variable or a part of one, or a reference to that.
pub(super) fn held(argument: &Expr) -> Option<Held<'_>> {
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
    pub(super) fn overlaps(&self, other: &Self) -> bool {
        let shared = self.fields.iter().zip(&other.fields).all(|(own, other)| own == other);
        self.variable == other.variable && shared
    }
}

/// The arguments of a step that it holds as long as it runs.
pub(super) fn held_by(node: &Node, is_variable: impl Fn(&Ident) -> bool) -> Vec<Held<'_>> {
    let Kind::Step(call) = &node.kind else { return Vec::new() };
    if call.record.is_some() {
        return Vec::new();
    }
    let held = arguments(&call.expr).into_iter().filter_map(held);
    held.filter(|held| is_variable(held.variable)).collect()
}
