//! What a pattern binds.

use proc_macro2::Ident;
use syn::Pat;

use crate::walk::{self, Part};

/// The names that a pattern binds, with whether they are `mut`.
pub(crate) fn bound_by(pat: &Pat) -> Vec<(Ident, bool)> {
    let mut bound: Vec<(Ident, bool)> = Vec::new();
    walk::pat(pat, &mut |part| {
        if let Part::Pat(Pat::Ident(pat)) = part
            && binds(pat)
            && !bound.iter().any(|(ident, _)| *ident == pat.ident)
        {
            bound.push((pat.ident.clone(), pat.mutability.is_some()));
        }
        // Names in a guard are not bound outside of it.
        !matches!(part, Part::Expr(_))
    });
    bound
}

/// A lone upper-case name in a pattern is a constant or a unit variant.
fn binds(pat: &syn::PatIdent) -> bool {
    let text = pat.ident.to_string();
    let upper = text.trim_start_matches("r#").starts_with(char::is_uppercase);
    !upper || pat.subpat.is_some() || pat.by_ref.is_some() || pat.mutability.is_some()
}
