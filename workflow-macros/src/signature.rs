//! What steps and workflows have in common: functions that become a future.

use proc_macro2::{Ident, Punct, Spacing, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Attribute, FnArg, Pat, PatIdent, ReturnType, Safety, Signature, Type};

use crate::report::{Report, last_place};
use crate::walk::{self, Part, PartMut};

/// An input that is only held, such as a guard, is dropped with the future and not before.
pub(crate) fn kept_inputs(inputs: &mut dyn Iterator<Item = &FnArg>) -> TokenStream {
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
    quote!(#(#held)*)
}

/// The attributes that decide whether a parameter is there at all: they have to precede everything
/// that names it.
pub(crate) fn conditions(attrs: &[Attribute]) -> TokenStream {
    let conditions = attrs.iter().filter(|attr| is_condition(attr));
    quote!(#(#conditions)*)
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

/// What a function returns: the output of its future.
pub(crate) struct Output {
    /// As it is written in the signature.
    pub(crate) written: TokenStream,
    /// With `_` in place of each `impl Trait`, which cannot be named in a body.
    pub(crate) nameable: TokenStream,
    /// Whether the two differ.
    has_impl: bool,
    /// Whether it is `!`.
    pub(crate) never: bool,
    /// Whether all of it is `impl Trait`.
    hidden: bool,
}

impl Output {
    pub(crate) fn of(output: &ReturnType, runtime: &TokenStream) -> Self {
        let ReturnType::Type(_, ty) = output else { return Self::plain(quote!(())) };
        match &**ty {
            // `!` is a type only as the return type of a function.
            Type::Never(_) => Self {
                never: true,
                ..Self::plain(quote!(<fn() -> #ty as #runtime::Returns>::Output))
            },
            ty => Self {
                nameable: without_impl(ty),
                has_impl: has_impl(ty),
                hidden: matches!(ty, Type::ImplTrait(_)),
                ..Self::plain(quote!(#ty))
            },
        }
    }

    fn plain(written: TokenStream) -> Self {
        let nameable = written.clone();
        Self { written, nameable, has_impl: false, never: false, hidden: false }
    }

    /// The future `body`, and how its output is described: what has to precede both, the
    /// description, and the future. If the type cannot be named, it is that of `body`, which
    /// `Described` finds by its method `of_body`.
    pub(crate) fn described(
        &self,
        body: TokenStream,
        of_body: &str,
        runtime: &TokenStream,
    ) -> (TokenStream, TokenStream, TokenStream) {
        let mixed_site = Span::mixed_site();
        if self.has_impl {
            let of_body = Ident::new(of_body, mixed_site);
            return (
                quote_spanned!(mixed_site=> let __body = #body;),
                quote_spanned! {mixed_site=>
                    #runtime::describing!(#runtime::Described::#of_body(&__body))
                },
                quote_spanned!(mixed_site=> __body),
            );
        }
        let output = &self.written;
        (TokenStream::new(), quote_spanned!(mixed_site=> #runtime::describe!(#output)), body)
    }

    /// The `>` behind the type, at the place where the user's signature ends. rustc reports no
    /// unused function whose signature begins or ends in a macro.
    pub(crate) fn closing_bracket(&self, sig: &Signature) -> Punct {
        let last = self.written.clone().into_iter().last();
        let end = match &sig.output {
            ReturnType::Default => sig.paren_token.span.close(),
            ReturnType::Type(_, ty) if self.never => ty.span(),
            ReturnType::Type(..) => last.as_ref().map_or_else(Span::mixed_site, last_place),
        };
        let mut bracket = Punct::new('>', Spacing::Alone);
        bracket.set_span(end);
        bracket
    }

    /// Where the type is written.
    pub(crate) fn place(&self) -> Option<Span> {
        self.written.clone().into_iter().next().map(|first| first.span())
    }

    /// The future, with its type stated if it never returns and nothing in it tells rustc so.
    pub(crate) fn settle_future(&self, future: TokenStream, runtime: &TokenStream) -> TokenStream {
        if self.never {
            return quote_spanned!(Span::mixed_site()=> #runtime::never_returns(#future));
        }
        future
    }

    /// A value with its type stated, where nothing else tells rustc so.
    pub(crate) fn stated(&self, value: &TokenStream) -> TokenStream {
        if self.never || self.hidden {
            return value.clone();
        }
        let known = &self.nameable;
        quote_spanned!(Span::mixed_site()=> { let __output: #known = #value; __output })
    }

    /// States at the start of an async block the type of `return`, `?` and the last expression, so
    /// that they convert as they do in an `async fn`. An `impl Trait` has no name and cannot be
    /// stated.
    pub(crate) fn settle(&self, runtime: &TokenStream) -> TokenStream {
        if self.never || self.hidden {
            return TokenStream::new();
        }
        let known = &self.nameable;
        let place = self.place().unwrap_or_else(Span::mixed_site);
        quote_spanned! {Span::mixed_site().located_at(place)=>
            if let #runtime::Some(__output) = #runtime::None::<#known> {
                return __output;
            }
        }
    }
}

/// Whether the type is a `Result` or an `Option` by its name.
pub(crate) fn fails(output: &ReturnType) -> bool {
    let ReturnType::Type(_, ty) = output else { return false };
    let Type::Path(path) = &**ty else { return false };
    path.path.segments.last().is_some_and(|last| last.ident == "Result" || last.ident == "Option")
}

/// The type with `_` in place of each `impl Trait`, which cannot be named in a body.
pub(crate) fn without_impl(ty: &Type) -> TokenStream {
    replace_impl(ty, &syn::parse_quote!(_)).into_token_stream()
}

/// Whether there is an `impl Trait` in the type.
fn has_impl(ty: &Type) -> bool {
    let mut found = false;
    walk::ty(ty, &mut |part| {
        found |= matches!(part, Part::Type(Type::ImplTrait(_)));
        !found
    });
    found
}

/// The type with another one in place of each `impl Trait`.
pub(crate) fn replace_impl(ty: &Type, by: &Type) -> Type {
    let mut ty = ty.clone();
    walk::ty_mut(&mut ty, &mut |part| {
        if let PartMut::Type(ty @ Type::ImplTrait(_)) = part {
            *ty = by.clone();
        }
        true
    });
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

/// A type that stands for the function, `__Function`. `known` is the constant that tells what a run
/// has to know about it.
pub(crate) fn known_function(known: &TokenStream, runtime: &TokenStream) -> TokenStream {
    quote_spanned! {Span::mixed_site()=>
        struct __Function;
        impl #runtime::Function for __Function {
            #known
        }
    }
}
