//! What a pattern binds.

use proc_macro2::Ident;
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, Pat};

/// The names that a pattern binds, with whether they are `mut`.
pub(crate) fn bound_by(pat: &Pat) -> Vec<(Ident, bool)> {
    struct Bound(Vec<(Ident, bool)>);
    impl VisitMut for Bound {
        fn visit_pat_ident_mut(&mut self, pat: &mut syn::PatIdent) {
            if binds(pat) && !self.0.iter().any(|(ident, _)| *ident == pat.ident) {
                self.0.push((pat.ident.clone(), pat.mutability.is_some()));
            }
            visit_mut::visit_pat_ident_mut(self, pat);
        }
        // Names in a guard are not bound outside of it.
        fn visit_expr_mut(&mut self, _: &mut Expr) {}
    }
    let mut bound = Bound(Vec::new());
    bound.visit_pat_mut(&mut pat.clone());
    bound.0
}

/// A lone upper-case name in a pattern is a constant or a unit variant.
fn binds(pat: &syn::PatIdent) -> bool {
    let text = pat.ident.to_string();
    let upper = text.trim_start_matches("r#").starts_with(char::is_uppercase);
    !upper || pat.subpat.is_some() || pat.by_ref.is_some() || pat.mutability.is_some()
}
