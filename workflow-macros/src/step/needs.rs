//! What the options require of the return type: checked by trait, so that an alias works.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{GenericArgument, PathArguments, ReturnType, Type};

use super::options::Options;
use crate::paths;
use crate::signature::replace_impl;

/// The checks, as statements that do nothing.
pub(super) fn of(output: &ReturnType, options: &Options, runtime: &TokenStream) -> TokenStream {
    let ReturnType::Type(_, ty) = output else { return TokenStream::new() };
    let mixed_site = Span::mixed_site();
    // `impl Trait` cannot be named in a body, and what replaces it does not matter.
    let nameable = replace_impl(ty, &syn::parse_quote!(()));
    let fallible = if options.retry.is_some() {
        quote_spanned!(mixed_site=> #runtime::retried::<#nameable>();)
    } else {
        quote_spanned!(mixed_site=> #runtime::timed::<#nameable>();)
    };
    let error = paths::over(&quote!(__of.error), &error_type(ty));
    let retryable = options.retry.as_ref().is_some_and(|retry| retry.when.is_none());
    let retryable =
        retryable.then(|| quote_spanned!(mixed_site=> #runtime::says_transient(#error);));
    let limited = options.limited();
    let limited = limited.then(|| quote_spanned!(mixed_site=> #runtime::says_timed_out(#error);));
    let of = (retryable.is_some() || limited.is_some())
        .then(|| quote_spanned!(mixed_site=> let __of = #runtime::error_of!(#nameable);));
    quote_spanned!(mixed_site=> { #fallible #of #retryable #limited })
}

/// The error in a `Result<T, E>`; the whole type if it is an alias.
fn error_type(output: &Type) -> TokenStream {
    let error = || {
        let Type::Path(path) = output else { return None };
        let PathArguments::AngleBracketed(arguments) = &path.path.segments.last()?.arguments else {
            return None;
        };
        let mut types = arguments.args.iter().filter_map(|argument| match argument {
            GenericArgument::Type(ty) => Some(ty),
            _ => None,
        });
        types.nth(1)
    };
    error().map_or_else(|| output.to_token_stream(), ToTokens::to_token_stream)
}
