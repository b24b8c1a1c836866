//! `#[workflow]`: the same language in front of a function, and its options as arguments.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{Meta, Token};
use workflow_graph::near::similar;

use super::Seen;
use crate::invisible::{opened, seen_through};
use crate::report::Report;

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
        _ => {
            let attributes = attributes(seen_through(options), &mut report);
            super::expand_seen(quote!(#attributes #item), Seen::ByRustc, runtime)
        }
    };
    let errors = report.into_tokens();
    quote!(#output #errors)
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
    options.iter().filter_map(|option| attribute(option, report)).collect()
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
const OPTIONS: [&str; 4] = ["durable", "graph", "on_failure", "was"];

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
