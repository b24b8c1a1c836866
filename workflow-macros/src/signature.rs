//! What steps and workflows have in common: functions that become a future.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, FnArg, Pat, PatIdent, ReturnType, Safety, Signature, Type};

use crate::report::Report;

/// An input that is only held, such as a guard, is dropped with the future and not before.
pub(crate) fn kept_inputs<'a>(inputs: impl Iterator<Item = &'a FnArg>) -> TokenStream {
    let held = inputs.filter_map(|input| match input {
        FnArg::Typed(typed) => match &*typed.pat {
            Pat::Ident(pat) if pat.ident.to_string().starts_with('_') => {
                let (ident, conditions) = (&pat.ident, conditions(&typed.attrs));
                Some(quote_spanned! {Span::mixed_site()=>
                    #conditions
                    #[allow(clippy::used_underscore_binding)]
                    let _ = &#ident;
                })
            }
            _ => None,
        },
        FnArg::Receiver(_) => None,
    });
    held.collect()
}

/// The attributes that decide whether a parameter is there at all: they have to precede everything
/// that names it.
pub(crate) fn conditions(attrs: &[Attribute]) -> TokenStream {
    let conditions = attrs.iter().filter(|attr| is_condition(attr));
    conditions.map(ToTokens::to_token_stream).collect()
}

/// `#[cfg(…)]`, or `#[cfg_attr(…)]`, which may be one.
pub(crate) fn is_condition(attr: &Attribute) -> bool {
    attr.path().is_ident("cfg") || attr.path().is_ident("cfg_attr")
}

/// Reports the qualifiers in front of `fn` that a future cannot have. `what` is "step" or
/// "workflow".
pub(crate) fn refuse_qualifiers(sig: &Signature, what: &str, report: &mut Report) {
    let name = &sig.ident;
    if let Some(word) = &sig.constness {
        report
            .error(word, format!("{what} `{name}` cannot be `const`"))
            .note(&format!("a {what} is a future, which does nothing before it is awaited"))
            .help("remove `const`");
    }
    if let Safety::Unsafe(word) = &sig.safety {
        report
            .error(word, format!("{what} `{name}` cannot be `unsafe`"))
            .note("what runs a step cannot promise what an `unsafe` function asks of its caller")
            .help(
                "remove `unsafe`, and put what needs it into an `unsafe` block of a step that makes \
                 sure of it",
            );
    }
    if let Some(abi) = &sig.abi {
        report
            .error(abi, format!("{what} `{name}` cannot be `extern`"))
            .note(&format!("a {what} returns a future, which only Rust can await"))
            .help("remove it; for callers in another language write a function that runs it");
    }
}

pub(crate) fn output_type(output: &ReturnType, runtime: &TokenStream) -> TokenStream {
    match output {
        ReturnType::Default => quote!(()),
        // `!` is a type only as the return type of a function.
        ReturnType::Type(_, ty) if matches!(**ty, Type::Never(_)) => {
            quote!(<fn() -> #ty as #runtime::Returns>::Output)
        }
        ReturnType::Type(_, ty) => quote!(#ty),
    }
}

/// Whether the type is a `Result` or an `Option` by its name.
pub(crate) fn fails(output: &ReturnType) -> bool {
    let ReturnType::Type(_, ty) = output else { return false };
    let Type::Path(path) = &**ty else { return false };
    path.path.segments.last().is_some_and(|last| last.ident == "Result" || last.ident == "Option")
}

/// The type with `_` in place of each `impl Trait`, which cannot be named in a body.
pub(crate) fn without_impl(ty: &TokenStream) -> TokenStream {
    match syn::parse2::<Type>(ty.clone()) {
        Ok(ty) => replace_impl(&ty, syn::parse_quote!(_)).into_token_stream(),
        Err(_) => ty.clone(),
    }
}

/// The type with another one in place of each `impl Trait`.
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

/// An argument without a name is dropped with the future, too, so it gets a name.
pub(crate) fn name_ignored_inputs<'a>(inputs: impl Iterator<Item = &'a mut FnArg>) {
    for (at, input) in inputs.enumerate() {
        if let FnArg::Typed(typed) = input
            && let Pat::Wild(_) = &*typed.pat
        {
            let ident: Ident = format_ident!("__ignored_{at}", span = Span::mixed_site());
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

/// Whether it is what `output_type` returns for `!`.
pub(crate) fn is_never(output: &TokenStream) -> bool {
    let Ok(Type::Path(path)) = syn::parse2(output.clone()) else { return false };
    let function = path.qself.map(|qself| *qself.ty);
    matches!(function, Some(Type::FnPtr(function))
        if matches!(&function.output, ReturnType::Type(_, ty) if matches!(**ty, Type::Never(_))))
}

/// The future, with its type stated if it never returns and nothing in it tells rustc so.
pub(crate) fn settle_future(
    future: TokenStream,
    output: &TokenStream,
    runtime: &TokenStream,
) -> TokenStream {
    if is_never(output) {
        return quote_spanned!(Span::mixed_site()=> #runtime::never_returns(#future));
    }
    future
}

/// States at the start of an async block the type of `return`, `?` and the last expression, so that
/// they convert as they do in an `async fn`. An `impl Trait` has no name and cannot be stated.
pub(crate) fn settle_output(output: &TokenStream, runtime: &TokenStream) -> TokenStream {
    if is_never(output) || matches!(syn::parse2(output.clone()), Ok(Type::ImplTrait(_))) {
        return TokenStream::new();
    }
    let known = without_impl(output);
    let place =
        output.clone().into_iter().next().map_or_else(Span::mixed_site, |first| first.span());
    quote_spanned! {Span::mixed_site().located_at(place)=>
        if let #runtime::Some(__output) = #runtime::None::<#known> {
            return __output;
        }
    }
}
