//! What steps and workflows have in common: functions that become a future.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::visit_mut::{self, VisitMut};
use syn::{FnArg, Pat, PatIdent, ReturnType, Type};

/// An input that is only held, such as a guard, is dropped with the future, not before.
pub(crate) fn kept_inputs<'a>(inputs: impl Iterator<Item = &'a FnArg>) -> TokenStream {
    let held = inputs.filter_map(|input| match input {
        FnArg::Typed(typed) => match &*typed.pat {
            Pat::Ident(pat) if pat.ident.to_string().starts_with('_') => Some(pat.ident.clone()),
            _ => None,
        },
        FnArg::Receiver(_) => None,
    });
    quote_spanned!(Span::mixed_site()=> #(#[allow(clippy::used_underscore_binding)] let _ = &#held;)*)
}

pub(crate) fn output_type(output: &ReturnType) -> TokenStream {
    match output {
        ReturnType::Default => quote!(()),
        ReturnType::Type(_, ty) => quote!(#ty),
    }
}

/// Whether the type is by its name a `Result` or an `Option`.
pub(crate) fn fails(output: &ReturnType) -> bool {
    let ReturnType::Type(_, ty) = output else { return false };
    let Type::Path(path) = &**ty else { return false };
    path.path.segments.last().is_some_and(|last| last.ident == "Result" || last.ident == "Option")
}

/// The type with `_` wherever it says `impl Trait`, which cannot be named in a body.
pub(crate) fn without_impl(ty: &TokenStream) -> TokenStream {
    match syn::parse2::<Type>(ty.clone()) {
        Ok(ty) => replace_impl(&ty, syn::parse_quote!(_)).into_token_stream(),
        Err(_) => ty.clone(),
    }
}

/// The type with another one wherever it says `impl Trait`.
pub(crate) fn replace_impl(ty: &Type, by: Type) -> Type {
    struct Replace(Type);
    impl VisitMut for Replace {
        fn visit_type_mut(&mut self, ty: &mut Type) {
            if matches!(ty, Type::ImplTrait(_)) {
                *ty = self.0.clone();
            }
            visit_mut::visit_type_mut(self, ty);
        }
    }
    let mut ty = ty.clone();
    Replace(by).visit_type_mut(&mut ty);
    ty
}

/// An argument without a name is dropped with the future too, so it gets one.
pub(crate) fn name_ignored_inputs<'a>(inputs: impl Iterator<Item = &'a mut FnArg>) {
    for (at, input) in inputs.enumerate() {
        if let FnArg::Typed(typed) = input
            && let Pat::Wild(_) = &*typed.pat
        {
            let ident: Ident = format_ident!("_ignored_{at}", span = Span::mixed_site());
            *typed.pat = Pat::Ident(PatIdent {
                attrs: Vec::new(),
                by_ref: None,
                mutability: None,
                ident,
                subpat: None,
            });
        }
    }
}

/// Says at the start of an async block what `return`, `?` and the last expression are, so
/// that they convert as they do in an `async fn`. An `impl Trait` has no name to say it by.
pub(crate) fn settle_output(output: &TokenStream, runtime: &TokenStream) -> TokenStream {
    if matches!(syn::parse2(output.clone()), Ok(Type::ImplTrait(_))) {
        return TokenStream::new();
    }
    let known = without_impl(output);
    let place =
        output.clone().into_iter().next().map_or_else(Span::mixed_site, |first| first.span());
    quote_spanned! {Span::mixed_site().located_at(place)=>
        if let #runtime::Some(output) = #runtime::None::<#known> {
            return output;
        }
    }
}
