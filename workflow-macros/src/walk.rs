//! Walks over syntax, for everything that looks for something in it or changes something in it.
//!
//! syn compiles its whole walk once for each type that implements `Visit` or `VisitMut`, which is
//! some hundred functions. So there is one such type of each kind, here, and what is different
//! from walk to walk is a closure. It is called for each part, from the outside in, and says
//! whether to go on with what is inside of that part.

use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, Item, Lifetime, Macro, ParenthesizedGenericArguments, Pat, Path, Type};

/// What a walk stops at.
#[derive(Clone, Copy)]
pub(crate) enum Part<'a> {
    Expr(&'a Expr),
    Item,
    Lifetime(&'a Lifetime),
    Macro(&'a Macro),
    Pat(&'a Pat),
    Type(&'a Type),
    /// `(A, B) -> C` in `Fn(A, B) -> C`.
    Signature,
}

type Enter<'f, 'a> = dyn FnMut(Part<'a>) -> bool + 'f;

/// Walks over an expression.
pub(crate) fn expr<'a>(expr: &'a Expr, enter: &mut Enter<'_, 'a>) {
    Walk(enter).visit_expr(expr);
}

/// Walks over what is inside of an expression.
pub(crate) fn inside_expr<'a>(expr: &'a Expr, enter: &mut Enter<'_, 'a>) {
    visit::visit_expr(&mut Walk(enter), expr);
}

/// Walks over a pattern.
pub(crate) fn pat<'a>(pat: &'a Pat, enter: &mut Enter<'_, 'a>) {
    Walk(enter).visit_pat(pat);
}

/// Walks over a type.
pub(crate) fn ty<'a>(ty: &'a Type, enter: &mut Enter<'_, 'a>) {
    Walk(enter).visit_type(ty);
}

struct Walk<'f, 'a>(&'f mut Enter<'f, 'a>);

macro_rules! stop_at {
    ($($visit:ident($part:ident: $Type:ty) = $Part:expr;)+) => {
        impl<'a> Visit<'a> for Walk<'_, 'a> {$(
            fn $visit(&mut self, $part: &'a $Type) {
                if (self.0)($Part) {
                    visit::$visit(self, $part);
                }
            }
        )+}
    };
}

stop_at! {
    visit_expr(expr: Expr) = Part::Expr(expr);
    visit_item(item: Item) = Part::Item;
    visit_lifetime(lifetime: Lifetime) = Part::Lifetime(lifetime);
    visit_macro(mac: Macro) = Part::Macro(mac);
    visit_parenthesized_generic_arguments(signature: ParenthesizedGenericArguments) = Part::Signature;
    visit_pat(pat: Pat) = Part::Pat(pat);
    visit_type(ty: Type) = Part::Type(ty);
}

/// What a walk that changes something stops at.
pub(crate) enum PartMut<'a> {
    Block(&'a mut Block),
    Expr(&'a mut Expr),
    Item,
    Pat(&'a mut Pat),
    Path,
    Type(&'a mut Type),
}

type EnterMut<'f> = dyn FnMut(PartMut<'_>) -> bool + 'f;

/// Walks over an expression that may be changed.
pub(crate) fn expr_mut(expr: &mut Expr, enter: &mut EnterMut<'_>) {
    WalkMut(enter).visit_expr_mut(expr);
}

/// Walks over what is inside of an expression that may be changed.
pub(crate) fn inside_expr_mut(expr: &mut Expr, enter: &mut EnterMut<'_>) {
    visit_mut::visit_expr_mut(&mut WalkMut(enter), expr);
}

/// Walks over a pattern that may be changed.
pub(crate) fn pat_mut(pat: &mut Pat, enter: &mut EnterMut<'_>) {
    WalkMut(enter).visit_pat_mut(pat);
}

/// Walks over a signature that may be changed.
pub(crate) fn signature_mut(sig: &mut syn::Signature, enter: &mut EnterMut<'_>) {
    WalkMut(enter).visit_signature_mut(sig);
}

/// Walks over a type that may be changed.
pub(crate) fn ty_mut(ty: &mut Type, enter: &mut EnterMut<'_>) {
    WalkMut(enter).visit_type_mut(ty);
}

struct WalkMut<'f>(&'f mut EnterMut<'f>);

macro_rules! stop_at_mut {
    ($($visit:ident($part:ident: $Type:ty) = $Part:expr;)+) => {
        impl VisitMut for WalkMut<'_> {$(
            fn $visit(&mut self, $part: &mut $Type) {
                if (self.0)($Part) {
                    visit_mut::$visit(self, $part);
                }
            }
        )+}
    };
}

stop_at_mut! {
    visit_block_mut(block: Block) = PartMut::Block(block);
    visit_expr_mut(expr: Expr) = PartMut::Expr(expr);
    visit_item_mut(item: Item) = PartMut::Item;
    visit_pat_mut(pat: Pat) = PartMut::Pat(pat);
    visit_path_mut(path: Path) = PartMut::Path;
    visit_type_mut(ty: Type) = PartMut::Type(ty);
}
