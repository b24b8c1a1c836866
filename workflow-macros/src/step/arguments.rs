//! The arguments of a step that may be retried.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::punctuated::Punctuated;
use syn::{Expr, FnArg, Generics, Pat, PatIdent, ReceiverKind, Token, Type};

use crate::paths;
use crate::pattern::bound_by;
use crate::signature::{conditions, is_condition};
use crate::sorted::SortedSet;
use crate::tokens::rebuilt;

/// How the arguments get to each attempt.
#[derive(Default)]
pub(super) struct Arguments {
    /// The function's inputs, each with a plain name.
    pub(super) inputs: Punctuated<FnArg, Token![,]>,
    /// Keeps those that are passed by value.
    pub(super) kept: TokenStream,
    /// Makes a fresh copy of each for an attempt.
    pub(super) fresh: TokenStream,
    /// Binds them to the names that the body uses, inside the attempt.
    pub(super) bound: TokenStream,
    /// The body's name for a `self` by value, which no `let` can bind.
    this: Option<Ident>,
    /// The patterns that have been taken out of the signature, with the values they match.
    patterns: Vec<(Pat, TokenStream)>,
    /// All names in the expressions of the step's options.
    named: SortedSet<String>,
    /// The names of the type parameters.
    generics: SortedSet<String>,
}

impl Arguments {
    /// `policy` are the expressions of the step's options, which may name its arguments.
    pub(super) fn new(
        inputs: &Punctuated<FnArg, Token![,]>,
        generics: &Generics,
        policy: &[&Expr],
        runtime: &TokenStream,
    ) -> Self {
        let named = policy.iter().flat_map(|value| words(value.to_token_stream())).collect();
        let generics = generics.type_params().map(|param| param.ident.to_string()).collect();
        let mut arguments = Self { named, generics, ..Self::default() };
        for (at, input) in inputs.iter().enumerate() {
            arguments.add(at, input, runtime);
        }
        arguments
    }

    fn add(&mut self, at: usize, input: &FnArg, runtime: &TokenStream) {
        let mixed_site = Span::mixed_site();
        let mut input = input.clone();
        match &mut input {
            FnArg::Receiver(receiver) => {
                let owned = match &receiver.kind {
                    ReceiverKind::Value => Some(receiver.self_token.to_token_stream()),
                    ReceiverKind::Typed(_, ty) if !matches!(**ty, Type::Reference(_)) => {
                        Some(ty.to_token_stream())
                    }
                    // Reborrowed where the attempt uses it.
                    _ => None,
                };
                if let Some(place) = owned {
                    let this = Ident::new("__this", mixed_site);
                    let mutability = receiver.mutability.take();
                    let me = receiver.self_token;
                    let conditions = conditions(&receiver.attrs);
                    self.keep(at, &conditions, &me.to_token_stream(), &place, runtime);
                    let fresh = format_ident!("__argument_{at}", span = mixed_site);
                    self.bound.extend(
                        quote_spanned!(mixed_site=> #conditions let #mutability #this = #fresh;),
                    );
                    self.this = Some(this);
                }
            }
            FnArg::Typed(typed) => {
                let pattern = (*typed.pat).clone();
                let conditions = conditions(&typed.attrs);
                // The lint levels apply where the body's own variable is.
                let attrs = std::mem::take(&mut typed.attrs);
                typed.attrs = attrs.iter().filter(|attr| is_condition(attr)).cloned().collect();
                let name = match &pattern {
                    Pat::Ident(plain) if plain.by_ref.is_none() && plain.subpat.is_none() => {
                        plain.ident.clone()
                    }
                    _ => format_ident!("__given_{at}", span = mixed_site),
                };
                *typed.pat = Pat::Ident(PatIdent {
                    attrs: Vec::new(),
                    by_ref: None,
                    mutability: None,
                    ident: name.clone(),
                    subpat: None,
                });
                if !matches!(&pattern, Pat::Ident(plain) if plain.ident == name) {
                    let value = match &*typed.ty {
                        Type::Reference(reference) if reference.mutability.is_some() => {
                            quote_spanned!(mixed_site=> &mut *#name)
                        }
                        Type::Reference(_) => quote!(#name),
                        _ => quote_spanned!(mixed_site=> #runtime::Clone::clone(&#name)),
                    };
                    self.patterns.push((pattern.clone(), value));
                }
                let value = match &*typed.ty {
                    Type::Reference(reference) if reference.mutability.is_some() => {
                        quote_spanned!(mixed_site=> &mut *#name)
                    }
                    Type::Reference(_) => quote!(#name),
                    ty => {
                        let (value, ty) = (name.to_token_stream(), ty.to_token_stream());
                        self.keep(at, &conditions, &value, &ty, runtime);
                        format_ident!("__argument_{at}", span = mixed_site).to_token_stream()
                    }
                };
                let quiet = match &pattern {
                    Pat::Ident(plain) if plain.ident.to_string().starts_with('_') => {
                        quote_spanned! {mixed_site=>
                            #[allow(
                                clippy::no_effect_underscore_binding,
                                clippy::used_underscore_binding
                            )]
                        }
                    }
                    // A name that only the options use counts as used.
                    pattern if self.is_named(pattern) => {
                        quote_spanned!(mixed_site=> #[allow(unused_variables)])
                    }
                    _ => TokenStream::new(),
                };
                // It is the argument itself, of this attempt.
                let quiet = quote_spanned! {mixed_site=>
                    #quiet
                    #[allow(clippy::shadow_reuse, clippy::shadow_same, clippy::shadow_unrelated)]
                };
                self.bound
                    .extend(quote_spanned!(mixed_site=> #(#attrs)* #quiet let #pattern = #value;));
            }
        }
        self.inputs.push(input);
    }

    /// Keeps `value`, whose type is `ty`, for any number of attempts. `conditions` decide whether
    /// it is there.
    fn keep(
        &mut self,
        at: usize,
        conditions: &TokenStream,
        value: &TokenStream,
        ty: &TokenStream,
        runtime: &TokenStream,
    ) {
        let mixed_site = Span::mixed_site();
        let kept = format_ident!("__kept_{at}", span = mixed_site);
        let fresh = format_ident!("__argument_{at}", span = mixed_site);
        let quiet = value
            .to_string()
            .starts_with('_')
            .then(|| quote_spanned!(mixed_site=> #[allow(clippy::used_underscore_binding)]));
        self.kept.extend(quote_spanned! {mixed_site=>
            #conditions
            #quiet
            let mut #kept = #runtime::kept(#value);
        });
        let of_type = paths::over(&quote!(#kept.argument), ty);
        let is_generic =
            words(ty.clone()).iter().any(|word| word == "impl" || self.generics.contains(word));
        let check = Ident::new(
            if is_generic { "generic_retry_argument" } else { "retry_argument" },
            mixed_site,
        );
        self.kept.extend(quote_spanned!(mixed_site=> #conditions #runtime::#check(#of_type);));
        self.fresh.extend(quote_spanned! {mixed_site=>
            #conditions
            let #fresh = #runtime::argument!(#kept, __attempts.is_last());
        });
    }

    /// Binds the names in patterns that the step's options use, before all attempts.
    pub(super) fn bound_for_policy(&self) -> TokenStream {
        let mixed_site = Span::mixed_site();
        let used = self.patterns.iter().filter(|(pattern, _)| self.is_named(pattern));
        let bound = used.map(|(pattern, value)| {
            quote_spanned!(mixed_site=> #[allow(unused_variables, unused_mut)] let #pattern = #value;)
        });
        quote_spanned!(mixed_site=> #(#bound)*)
    }

    /// Whether the step's options use what the pattern binds.
    fn is_named(&self, pattern: &Pat) -> bool {
        bound_by(pattern).iter().any(|(name, _)| self.named.contains(&name.to_string()))
    }

    /// The body, in which a `self` by value has another name.
    pub(super) fn renamed(&self, body: TokenStream) -> TokenStream {
        match &self.this {
            Some(this) => rename_self(body, this),
            None => body,
        }
    }
}

/// All names in some code.
fn words(code: TokenStream) -> Vec<String> {
    let words = code.into_iter().flat_map(|token| match token {
        TokenTree::Ident(ident) => vec![ident.to_string()],
        TokenTree::Group(group) => words(group.stream()),
        TokenTree::Punct(_) | TokenTree::Literal(_) => Vec::new(),
    });
    words.collect()
}

fn rename_self(body: TokenStream, this: &Ident) -> TokenStream {
    let mut tokens = body.into_iter().peekable();
    let mut renamed = TokenStream::new();
    while let Some(token) = tokens.next() {
        // `self::path` is a module.
        let path = matches!(tokens.peek(), Some(TokenTree::Punct(next)) if next.as_char() == ':');
        renamed.extend([match token {
            TokenTree::Ident(ident) if ident == "self" && !path => {
                let mut this = this.clone();
                this.set_span(this.span().located_at(ident.span()));
                TokenTree::Ident(this)
            }
            TokenTree::Group(group) => rebuilt(&group, rename_self(group.stream(), this)),
            token => token,
        }]);
    }
    renamed
}
