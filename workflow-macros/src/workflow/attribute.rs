//! `#[workflow]`: the same language in front of a function, and its options as arguments.

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{Meta, Token};
use workflow_graph::near::similar;

use super::Seen;
use super::plain::waits;
use crate::invisible::{opened, seen_through};
use crate::report::Report;
use crate::tokens::{is_braces, rebuilt};

/// Expands the attribute. Whatever is not a function stays as it is.
pub(crate) fn expand_attribute(
    options: TokenStream,
    item: TokenStream,
    runtime: &TokenStream,
) -> TokenStream {
    let item = opened(item);
    let mut report = Report::default();
    let output = match keyword(&item) {
        Some(word) if word.to_string() != "fn" => {
            report
                .error(word, "`#[workflow]` can only stand on a function")
                .help("put it on an `async fn` outside of an `impl` block");
            item
        }
        word => {
            let attributes = attributes(seen_through(options), &mut report);
            let item = match word.and_then(|word| wrapped(&item, word.span())) {
                Some(place) => {
                    report
                        .error(place, "a macro above `#[workflow]` has changed the body")
                        .note("a workflow is made of the body as it is written")
                        .help("put `#[workflow]` above it");
                    without_body(item)
                }
                None => item,
            };
            super::expand_seen(quote!(#attributes #item), Seen::ByRustc, runtime)
        }
    };
    let errors = report.into_tokens();
    quote!(#output #errors)
}

/// Where another macro has put steps into an `async` block: its tokens are in front of the function.
fn wrapped(tokens: &TokenStream, function: Span) -> Option<TokenTree> {
    let is_block = |token: &TokenTree| is_braces(token) && waits(token.clone().into());
    let mut opens = None;
    for token in tokens.clone() {
        if let (Some(opens), true) = (&opens, is_block(&token)) {
            return Some(TokenTree::clone(opens));
        }
        opens = match &token {
            TokenTree::Ident(word) if word == "async" => {
                let (place, function) = (word.span().start(), function.start());
                let is_in_front = (place.line, place.column) < (function.line, function.column);
                is_in_front.then_some(token.clone())
            }
            TokenTree::Ident(word) if word == "move" => opens,
            _ => None,
        };
        if let TokenTree::Group(group) = &token
            && let Some(place) = wrapped(&group.stream(), function)
        {
            return Some(place);
        }
    }
    None
}

/// The function with a body that says nothing.
fn without_body(item: TokenStream) -> TokenStream {
    let replaced = item.into_iter().map(|token| match token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
            rebuilt(&group, quote!(::core::unreachable!()))
        }
        token => token,
    });
    quote!(#[allow(unused)] #(#replaced)*)
}

/// What the item is, by the word that begins it.
fn keyword(item: &TokenStream) -> Option<TokenTree> {
    let mut words = item.clone().into_iter();
    words.find(|token| KEYWORDS.contains(&&*token.to_string()))
}

/// Words that begin an item. `const` and `unsafe` may stand before `fn`.
const KEYWORDS: [&str; 10] =
    ["fn", "struct", "enum", "union", "impl", "mod", "trait", "static", "type", "use"];

/// The options as the attributes that mean the same: `durable, on_failure = finish` is
/// `#[durable] #[on_failure(finish)]`.
pub(crate) fn attributes(options: TokenStream, report: &mut Report) -> TokenStream {
    let parse = Punctuated::<Meta, Token![,]>::parse_terminated;
    let options = match parse.parse2(options) {
        Ok(options) => options,
        Err(error) => {
            report.syntax_error(&error);
            return TokenStream::new();
        }
    };
    let attributes = options.iter().filter_map(|option| attribute(option, report));
    quote!(#(#attributes)*)
}

fn attribute(option: &Meta, report: &mut Report) -> Option<TokenStream> {
    let path = option.path();
    let name = path.to_token_stream().to_string();
    if !OPTIONS.contains(&&*name) {
        let text = format!("unknown option `{name}` for the `workflow` attribute");
        let problem = report.error(path, text);
        if let Some(near) = similar(&name, OPTIONS) {
            problem.help(&format!("an option with a similar name exists: `{near}`"));
        }
        problem.note("the options are `durable`, `graph`, `on_failure = …` and `was(…)`");
        return None;
    }
    Some(match option {
        Meta::NameValue(pair) => {
            let value = &pair.value;
            quote!(#[#path(#value)])
        }
        Meta::Path(_) | Meta::List(_) => quote!(#[#option]),
    })
}

/// What a workflow's own attributes are called.
pub(crate) const OPTIONS: [&str; 4] = ["durable", "graph", "on_failure", "was"];

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::expand_attribute;

    #[test]
    fn expands_to_the_same_as_the_other_form() {
        let function = quote! {
            pub async fn verify(order: Order) -> Result<Receipt, OrderError> {
                let valid = validate(order).await?;
                #[after(valid)]
                let payment = charge().await?;
                Ok(Receipt { payment })
            }
        };
        let runtime = quote!(rt);
        let attribute =
            expand_attribute(quote!(on_failure = finish, was(check)), function.clone(), &runtime);
        let within = quote!(#[on_failure(finish)] #[was(check)] #function);
        let call = crate::workflow::expand(within, &runtime);
        assert_eq!(attribute.to_string(), call.to_string());
    }
}
