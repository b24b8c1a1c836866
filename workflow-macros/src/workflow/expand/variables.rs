//! The user's variables, where generated code can see them.

use proc_macro2::{Ident, TokenStream};
use quote::quote_spanned;
use syn::{Expr, Pat};

use super::nodes::mixed_site_at;
use crate::paths;
use crate::pattern::bound_by;
use crate::sorted::SortedMap;
use crate::workflow::names::{self, Mode};
use crate::workflow::values::deferred::{DeferredKey, DeferredKind};

/// The variables that are ready at some point of the generated code.
#[derive(Clone, Default)]
pub(super) struct Env {
    locals: SortedMap<String, Local>,
    /// Values that may not be ready yet.
    deferred: SortedMap<DeferredKey, DeferredSlot>,
    /// It is inside the body of a `for`, which runs many times.
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
    /// A reference to it; undoing steps may need the value later.
    Kept,
}

/// Where to wait for it.
#[derive(Clone)]
pub(super) struct DeferredSlot {
    pub(super) slot: Ident,
    pub(super) kind: DeferredKind,
}

impl Env {
    /// Adds a variable that holds the value itself.
    pub(super) fn declare(&mut self, ident: &Ident) {
        self.add(ident, Holds::Value);
    }

    /// Notes that the variable is `mut`.
    pub(super) fn mark_mutable(&mut self, ident: &Ident) {
        if let Some(local) = self.locals.get_mut(&ident.to_string()) {
            local.mutable = true;
        }
    }

    /// Whether the variable of this name is `mut`.
    pub(super) fn is_mutable(&self, name: &str) -> bool {
        self.locals.get(name).is_some_and(|local| local.mutable)
    }

    /// Adds a variable that holds a reference to the value.
    pub(super) fn declare_reference(&mut self, ident: &Ident) {
        self.add(ident, Holds::Reference);
    }

    /// Adds a variable that holds a reference to a value that outlasts the body.
    pub(super) fn declare_kept(&mut self, ident: &Ident) {
        self.add(ident, Holds::Kept);
    }

    /// Takes over what `other` knows about a variable.
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

    /// Whether the variable of this name holds a reference to a value that others use.
    pub(super) fn is_reference(&self, name: &Ident) -> bool {
        self.locals.get(&name.to_string()).is_some_and(|local| local.holds == Holds::Reference)
    }

    /// What replaces a use of a variable that holds a reference.
    fn replacement(&self, ident: &Ident, mode: Mode, rt: &TokenStream) -> Option<Expr> {
        match (self.locals.get(&ident.to_string())?.holds, mode) {
            (Holds::Value, _) => None,
            (Holds::Kept, Mode::Value) => Some(still_needed(ident, rt)),
            (Holds::Reference | Holds::Kept, _) => Some(names::behind(ident)),
        }
    }

    /// The user's expression, with dereferences in place of the values that are behind a reference.
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

/// A copy of a value that a compensation needs later; if there cannot be one, it is the user's
/// error.
fn still_needed(ident: &Ident, rt: &TokenStream) -> Expr {
    let at = mixed_site_at(ident.span());
    let rt = paths::at(at, rt);
    // A place expression of its type, which is coerced to the parameter type as the user's own
    // would be.
    Expr::Verbatim(quote_spanned!(at=> (*#rt::still_needed(#ident))))
}
