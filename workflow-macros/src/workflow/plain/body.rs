//! A body as plain Rust that has the same types.

use proc_macro2::{Delimiter, Group, Ident, Punct, Spacing, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};

use super::dropped::dropped;
use super::options::used_options;
use super::order::ordered;
use super::statements::{Attribute, Statement, is_value, statements};
use super::uses::used;
use crate::tokens::{is_braces, is_mark, is_word, rebuilt};

/// Who reads it.
#[derive(Clone, Copy)]
pub(super) enum Reader<'a> {
    /// An editor, which also looks up what attributes name. `rt` has what it knows of options.
    Editor { rt: &'a TokenStream },
    /// rustc, for the types.
    Rustc,
}

impl Reader<'_> {
    fn looks_up(self) -> bool {
        matches!(self, Self::Editor { .. })
    }
}

/// What a block holds: statements in an order in which each name is known, without attributes that
/// only a workflow understands, and with a value for each `for`.
pub(super) fn block(content: TokenStream, value: Value, reader: Reader<'_>) -> TokenStream {
    let mut statements = statements(content);
    let last = statements.pop();
    let lines = ordered(statements).into_iter().map(|line| written(line, Value::Dropped, reader));
    let last = last.map(|last| {
        let value = if is_value(&last.tokens) { value } else { Value::Dropped };
        written(last, value, reader)
    });
    quote!(#(#lines)* #last)
}

/// What becomes of a statement's value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Value {
    /// It is that of the block.
    Kept,
    /// Nothing.
    Dropped,
}

pub(super) fn written(statement: Statement, value: Value, reader: Reader<'_>) -> TokenStream {
    let Statement { attributes, mut tokens } = statement;
    // A loop or a condition without steps is the same as in any function.
    let has_steps = tokens.iter().any(|token| waits(token.clone().into()));
    if value == Value::Dropped && has_steps {
        tokens = dropped(tokens);
    }
    let (mut before, mut kept, mut after) =
        (TokenStream::new(), TokenStream::new(), TokenStream::new());
    for Attribute { name, arguments, tokens } in attributes {
        match &*name {
            // So that what they name has a definition, and is renamed with it.
            "after" if reader.looks_up() => before.extend(used(arguments, true)),
            "concurrency" => before.extend(used(expression(arguments, reader), false)),
            "retry" | "timeout" | "deadline" => {
                if let Reader::Editor { rt } = reader {
                    before.extend(policy(&name, arguments, rt));
                }
            }
            "compensate" => after.extend(used(undo(arguments, reader), false)),
            "after" | "record" | "was" => {}
            // Levels of lints are for the real body.
            _ if reader.looks_up() || name == "cfg" => kept.extend(tokens),
            _ => {}
        }
    }
    // Nothing can stand behind the value of a block, which has no name.
    if value == Value::Kept {
        before.extend(std::mem::take(&mut after));
    }
    let ends = !is_value(&tokens);
    let block = tokens.last().is_some_and(is_braces);
    // Without one it is a block, or half typed.
    let lacks = value == Value::Dropped && !ends && !tokens.is_empty() && (has_steps || !block);
    let own = expression(tokens.into_iter().collect(), reader);
    let semicolon = lacks.then(|| Punct::new(';', Spacing::Alone));
    if before.is_empty() && kept.is_empty() && after.is_empty() {
        return quote!(#own #semicolon);
    }
    quote!(#before #kept #own #semicolon #after)
}

/// What `#[retry(…)]` and the like name.
fn policy(name: &str, arguments: TokenStream, rt: &TokenStream) -> TokenStream {
    if name == "retry" && is_list(&arguments) {
        return used_options(arguments, &quote!(#rt::options::in_retry));
    }
    used(arguments, false)
}

/// Whether it is a list of options, and not a value of type `Retry`.
fn is_list(arguments: &TokenStream) -> bool {
    let mut tokens = arguments.clone().into_iter();
    let (first, second) = (tokens.next(), tokens.next());
    second.as_ref().is_some_and(|second| is_mark(second, '='))
        || matches!((first, second), (Some(TokenTree::Ident(name)), None) if name.to_string().starts_with(char::is_lowercase))
}

/// What undoes the declaration, without `maybe` in front.
fn undo(arguments: TokenStream, reader: Reader<'_>) -> TokenStream {
    let mut tokens = arguments.clone().into_iter();
    let maybe = tokens.next().is_some_and(|first| is_word(&first, "maybe"));
    let behind = tokens.clone().next();
    if maybe && matches!(behind, Some(TokenTree::Ident(_))) {
        return expression(tokens.collect(), reader);
    }
    expression(arguments, reader)
}

/// An expression, or any other tokens that hold some.
fn expression(tokens: TokenStream, reader: Reader<'_>) -> TokenStream {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut written = TokenStream::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        if let Some((fan_out, length)) = fan_out(&tokens[at..], reader) {
            written.extend(fan_out);
            at += length;
            continue;
        }
        let in_macro_call =
            matches!(&tokens[..at], [.., TokenTree::Ident(_), mark] if is_mark(mark, '!'));
        match token {
            TokenTree::Group(group) if !in_macro_call => written.extend([group_of(group, reader)]),
            _ => written.extend([token.clone()]),
        }
        at += 1;
    }
    written
}

fn group_of(group: &Group, reader: Reader<'_>) -> TokenTree {
    let content = match group.delimiter() {
        Delimiter::Brace => block(group.stream(), Value::Kept, reader),
        _ => expression(group.stream(), reader),
    };
    rebuilt(group, content)
}

/// The `for` at the beginning, if it runs steps, as a loop that collects a value for each item; and
/// how many tokens it takes.
fn fan_out(tokens: &[TokenTree], reader: Reader<'_>) -> Option<(TokenStream, usize)> {
    let [first, second, ..] = tokens else { return None };
    // `for<'a>` belongs to a type.
    if !is_word(first, "for") || is_mark(second, '<') {
        return None;
    }
    let at = tokens.iter().position(|token| is_word(token, "in"))?;
    let at = at + tokens[at..].iter().position(is_braces)?;
    let TokenTree::Group(group) = &tokens[at] else { return None };
    if !waits(group.stream()) {
        return None;
    }
    let head = expression(tokens[..at].iter().cloned().collect(), reader);
    let body = group_of(group, reader);
    let all = Ident::new("__all", Span::mixed_site());
    let collected = quote::quote_spanned! {Span::mixed_site()=>
        {
            let mut #all = ::std::vec::Vec::new();
            #head { #all.push(#body); }
            #all
        }
    };
    Some((collected, at + 1))
}

/// Whether something is awaited in it.
pub(crate) fn waits(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Group(group) => waits(group.stream()),
        token => is_word(&token, "await"),
    })
}

/// For an editor, the braces with what they hold, behind the statements of `front`.
pub(crate) fn body(
    braces: &Group,
    value: Value,
    front: &TokenStream,
    rt: &TokenStream,
) -> TokenStream {
    let content = block(braces.stream(), value, Reader::Editor { rt });
    rebuilt(braces, quote!(#front #content)).into_token_stream()
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::{Reader, Value, block};

    #[test]
    fn puts_declarations_into_an_order() {
        let body = quote! {
            let text = format!("{price}");
            let price = quote(item).await?;
            let _ = &text;
            let item = 7;
            let all = for _ in 0..item { quote(item).await };
            text
        };
        let plain = quote! {
            let item = 7;
            let price = quote(item).await?;
            let text = format!("{price}");
            let _ = &text;
            let all = {
                let mut __all = ::std::vec::Vec::new();
                for _ in 0..item { __all.push({ quote(item).await }); }
                __all
            };
            text
        };
        assert_eq!(
            block(body, Value::Kept, Reader::Editor { rt: &quote!(rt) }).to_string(),
            plain.to_string()
        );
    }

    #[test]
    fn attributes_become_uses() {
        let body = quote! {
            #[allow(unused)]
            #[after(first, second)]
            #[compensate(maybe release(&stock))]
            #[retry(max_attempts = 3, jitter, when = is_temporary)]
            let stock = reserve().await?;
            Ok(stock)
        };
        let plain = quote! {
            let _ = &first;
            let _ = &second;
            let _ = rt::options::in_retry::max_attempts;
            let _ = 3;
            let _ = rt::options::in_retry::jitter;
            let _ = rt::options::in_retry::when;
            let _ = is_temporary;
            #[allow(unused)]
            let stock = reserve().await?;
            let _ = release(&stock);
            Ok(stock)
        };
        assert_eq!(
            block(body, Value::Kept, Reader::Editor { rt: &quote!(rt) }).to_string(),
            plain.to_string()
        );
    }

    #[test]
    fn fan_outs_have_values() {
        let body = quote! {
            let mails = for address in addresses { mail(address).await };
            let count = { let mut count = 0; for _ in 0..3 { count += 1; } count };
            mails
        };
        let plain = quote! {
            let mails = {
                let mut __all = ::std::vec::Vec::new();
                for address in addresses { __all.push({ mail(address).await }); }
                __all
            };
            let count = { let mut count = 0; for _ in 0..3 { count += 1; } count };
            mails
        };
        assert_eq!(
            block(body, Value::Kept, Reader::Editor { rt: &quote!(rt) }).to_string(),
            plain.to_string()
        );
    }

    #[test]
    fn unused_values_are_dropped() {
        let body = quote! {
            if ready { mail().await } else { 7 }
            match size { Small => mail().await, Large => { let a = 1; pack(a).await } }
            for item in items { if item { pack(item).await } }
            done
        };
        let plain = quote! {
            if ready { mail().await; } else { 7; };
            match size { Small => { mail().await; }, Large => { let a = 1; pack(a).await; } };
            {
                let mut __all = ::std::vec::Vec::new();
                for item in items { __all.push({ if item { pack(item).await; }; }); }
                __all
            };
            done
        };
        assert_eq!(block(body, Value::Kept, Reader::Rustc).to_string(), plain.to_string());
    }

    #[test]
    fn half_typed_lines_pass_through() {
        let body = quote! {
            let first = valid.
            let second = if let Some(n) = first && let Some(m) = n { pay(valid. ).await } else { 1 };
            first
        };
        let plain = quote! {
            let first = valid.;
            let second = if let Some(n) = first && let Some(m) = n { pay(valid. ).await } else { 1 };
            first
        };
        assert_eq!(
            block(body, Value::Kept, Reader::Editor { rt: &quote!(rt) }).to_string(),
            plain.to_string()
        );
    }
}
