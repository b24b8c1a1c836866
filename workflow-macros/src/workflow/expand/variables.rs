//! The user's variables, where generated code can see them.

use std::collections::BTreeMap;

use proc_macro2::{Ident, TokenStream};
use quote::quote_spanned;
use syn::{Expr, Pat};

use super::nodes::mixed_site_at;
use crate::paths;
use crate::pattern::bound_by;
use crate::workflow::model::{How, Use};
use crate::workflow::names::{self, Mode};

/// The variables that stand ready at some place of the generated code.
#[derive(Clone, Default)]
pub(super) struct Env {
    locals: BTreeMap<String, Local>,
    /// Values that may not be ready yet.
    deferred: BTreeMap<DeferredKey, DeferredSlot>,
    /// Inside the body of a `for`, which runs many times.
    pub(super) repeats: bool,
}

#[derive(Clone)]
struct Local {
    ident: Ident,
    holds: Holds,
    mutable: bool,
}

/// What a variable holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Holds {
    /// The value that the user means by its name.
    Value,
    /// A reference to it.
    Reference,
    /// A reference to it, and what undoes steps may need it later.
    Kept,
}

/// What may not be ready yet.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum DeferredKey {
    /// A variable's value.
    Value(String),
    /// That a step is done, by the name that `#[after]` gives it.
    Done(String),
}

/// Where to wait for it.
#[derive(Clone)]
pub(super) struct DeferredSlot {
    pub(super) slot: Ident,
    pub(super) kind: DeferredKind,
}

/// What the slot gives.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum DeferredKind {
    /// A reference, as often as one likes.
    Borrowed,
    /// A counted reference, as another consumes the value when all are gone.
    Lent,
    /// The value, once.
    Owned,
    /// The value, once, when all counted references are gone.
    Reclaimed,
    /// Either of the two: the value where it is consumed, and elsewhere a counted reference.
    LentOrReclaimed,
}

impl DeferredKind {
    /// Whether the slot keeps the value.
    pub(super) fn is_borrowed(self) -> bool {
        matches!(self, Self::Borrowed | Self::Lent)
    }

    /// What a place gets that consumes the value, or does not.
    pub(super) fn of_place(self, consumes: bool) -> Self {
        match self {
            Self::LentOrReclaimed if consumes => Self::Reclaimed,
            Self::LentOrReclaimed => Self::Lent,
            kind => kind,
        }
    }
}

impl DeferredKey {
    /// What a use waits for.
    pub(super) fn of(used: &Use) -> Self {
        match used.how {
            How::Value(_) => Self::Value(used.ident.to_string()),
            How::Order => Self::Done(used.ident.to_string()),
        }
    }

    pub(super) fn name(&self) -> &str {
        match self {
            Self::Value(name) | Self::Done(name) => name,
        }
    }
}

impl Env {
    /// A variable that holds the value itself.
    pub(super) fn declare(&mut self, ident: &Ident) {
        self.add(ident, Holds::Value);
    }

    /// The variable is `mut`.
    pub(super) fn mark_mutable(&mut self, ident: &Ident) {
        if let Some(local) = self.locals.get_mut(&ident.to_string()) {
            local.mutable = true;
        }
    }

    /// Whether the variable of this name is `mut`.
    pub(super) fn is_mutable(&self, name: &str) -> bool {
        self.locals.get(name).is_some_and(|local| local.mutable)
    }

    /// A variable that holds a reference to the value.
    pub(super) fn declare_reference(&mut self, ident: &Ident) {
        self.add(ident, Holds::Reference);
    }

    /// A variable that holds a reference to a value which outlasts the body.
    pub(super) fn declare_kept(&mut self, ident: &Ident) {
        self.add(ident, Holds::Kept);
    }

    /// What `other` knows of a variable.
    pub(super) fn adopt(&mut self, ident: &Ident, other: &Self) {
        if let Some(local) = other.locals.get(&ident.to_string()) {
            self.deferred.remove(&DeferredKey::Value(ident.to_string()));
            self.locals.insert(ident.to_string(), local.clone());
        }
    }

    fn add(&mut self, ident: &Ident, holds: Holds) {
        let name = ident.to_string();
        self.deferred.remove(&DeferredKey::Value(name.clone()));
        self.locals.insert(name, Local { ident: ident.clone(), holds, mutable: false });
    }

    pub(super) fn declare_deferred(&mut self, key: DeferredKey, slot: DeferredSlot) {
        if let DeferredKey::Value(name) = &key {
            self.locals.remove(name);
        }
        self.deferred.insert(key, slot);
    }

    pub(super) fn deferred(&self) -> impl Iterator<Item = (&DeferredKey, &DeferredSlot)> {
        self.deferred.iter()
    }

    /// The names of all variables.
    pub(super) fn names(&self) -> impl Iterator<Item = String> {
        self.locals.keys().cloned().chain(self.deferred.keys().map(|key| key.name().to_owned()))
    }

    /// The variable of this name, if it holds the value itself.
    pub(super) fn value(&self, name: &str) -> Option<&Ident> {
        let local = self.locals.get(name).filter(|local| local.holds == Holds::Value);
        local.map(|local| &local.ident)
    }

    /// What stands for a use of a variable that holds a reference.
    fn replacement(&self, ident: &Ident, mode: Mode, rt: &TokenStream) -> Option<Expr> {
        match (self.locals.get(&ident.to_string())?.holds, mode) {
            (Holds::Value, _) => None,
            (Holds::Kept, Mode::Value) => Some(still_needed(ident, rt)),
            (Holds::Reference | Holds::Kept, _) => Some(names::behind(ident)),
        }
    }

    /// The user's expression, with references in place of the values that are behind one.
    pub(super) fn rewrite(&self, expr: &Expr, rt: &TokenStream) -> Expr {
        names::replace(expr, &|ident, mode| self.replacement(ident, mode, rt))
    }

    /// The same for the guard of a pattern.
    pub(super) fn rewrite_guard(&self, pat: &Pat, rt: &TokenStream) -> Pat {
        let mut pat = pat.clone();
        if let Pat::Guard(guarded) = &mut pat {
            let bound = bound_by(&guarded.pat);
            let replacement = |ident: &Ident, mode| {
                let outside = !bound.iter().any(|(name, _)| name == ident);
                if outside { self.replacement(ident, mode, rt) } else { None }
            };
            *guarded.guard = names::replace(&guarded.guard, &replacement);
        }
        pat
    }
}

/// A copy of a value that a compensation needs later; it is an error of the user's if there
/// can be none.
fn still_needed(ident: &Ident, rt: &TokenStream) -> Expr {
    let at = mixed_site_at(ident.span());
    let rt = paths::at(at, rt);
    // A place of its type, which is coerced to what it is given to, as the user's own would be.
    Expr::Verbatim(quote_spanned!(at=> (*#rt::still_needed(#ident))))
}

/// How a part of a workflow uses variables.
pub(super) type Usage = BTreeMap<String, Summary>;

/// How one variable is used.
#[derive(Clone, Copy, Default)]
pub(super) struct Summary {
    pub(super) borrows: bool,
    /// A part of it may be consumed.
    pub(super) takes_part: bool,
    /// It is copied or consumed as a whole.
    pub(super) takes_all: bool,
}

impl Summary {
    pub(super) const CONSUMED: Self = Self { borrows: false, takes_part: false, takes_all: true };

    /// Whether it may be consumed.
    pub(super) fn consumes(self) -> bool {
        self.takes_part || self.takes_all
    }
}

pub(super) fn add_use(usage: &mut Usage, used: &Use) {
    let How::Value(mode) = used.how else { return };
    let summary = usage.entry(used.ident.to_string()).or_default();
    // A value that each of many items uses by value must be one that can be copied.
    match mode {
        Mode::Value if !used.repeats => summary.takes_all = true,
        Mode::Part if !used.repeats => summary.takes_part = true,
        _ => summary.borrows = true,
    }
}

pub(super) fn add_usage(usage: &mut Usage, more: &Usage) {
    for (name, more) in more {
        let summary = usage.entry(name.clone()).or_default();
        summary.borrows |= more.borrows;
        summary.takes_part |= more.takes_part;
        summary.takes_all |= more.takes_all;
    }
}

/// How an expression uses variables.
pub(super) fn usage_of(expr: &Expr) -> Usage {
    let mut usage = Usage::new();
    names::find(expr, &mut |ident, mode| {
        let how = How::Value(mode);
        add_use(&mut usage, &Use { ident: ident.clone(), how, repeats: false, by: 0 });
    });
    usage
}
