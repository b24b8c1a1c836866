//! Invisible groups: what rustc puts around a fragment that a `macro_rules!` has taken, such as
//! `$e:expr`, so that it stays one operand.
//!
//! If such a group comes back from a procedural macro, rustc ignores it: `$a * $b` with `1 + 2` for
//! `$b` would be `$a * 1 + 2`. So groups that matter are replaced by parentheses.

use proc_macro2::{Delimiter, Group, Spacing, Span, TokenStream, TokenTree};
use syn::parse::ParseStream;
use syn::{Expr, Type, TypeParen};

use crate::tokens::rebuilt;
use crate::walk::PartMut;

/// The tokens without invisible groups. The contents of a group are put in parentheses, unless they
/// are one operand anyway: a name, a literal, a block, a call, or everything between two commas.
pub(crate) fn seen_through(tokens: TokenStream) -> TokenStream {
    if !has_invisible(&tokens) {
        return tokens;
    }
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut seen = TokenStream::new();
    for (at, token) in tokens.iter().enumerate() {
        let TokenTree::Group(group) = token else {
            seen.extend([token.clone()]);
            continue;
        };
        let inner = seen_through(group.stream());
        let before = &tokens[..at];
        let next = tokens.get(at + 1);
        if group.delimiter() == Delimiter::None && is_operand(before, &inner, next) {
            seen.extend(inner);
        } else if group.delimiter() == Delimiter::None && takes_parentheses(&inner) {
            let mut operand = Group::new(Delimiter::Parenthesis, inner);
            operand.set_span(Span::mixed_site().located_at(group.span()));
            seen.extend([TokenTree::Group(operand)]);
        } else if has_invisible(&group.stream()) {
            seen.extend([rebuilt(group, inner)]);
        } else {
            seen.extend([token.clone()]);
        }
    }
    seen
}

/// The contents of an invisible group, and of further ones inside it, if there is nothing beside
/// them.
pub(crate) fn opened(tokens: TokenStream) -> TokenStream {
    let mut all = tokens.clone().into_iter();
    match (all.next(), all.next()) {
        (Some(TokenTree::Group(group)), None) if group.delimiter() == Delimiter::None => {
            opened(group.stream())
        }
        _ => tokens,
    }
}

/// The next group in braces, even if it is inside an invisible one.
pub(crate) fn braces(input: ParseStream<'_>) -> syn::Result<Group> {
    let place = input.span();
    let mut next: TokenTree = input.parse()?;
    loop {
        let TokenTree::Group(group) = next else { break };
        if group.delimiter() == Delimiter::Brace {
            return Ok(group);
        }
        let mut inner = opened(group.stream()).into_iter();
        match (group.delimiter(), inner.next(), inner.next()) {
            (Delimiter::None, Some(only), None) => next = only,
            _ => break,
        }
    }
    Err(syn::Error::new(place, "expected curly braces"))
}

/// On a walk, leaves types without invisible groups.
pub(crate) fn see_through_types(part: PartMut<'_>) -> bool {
    if let PartMut::Type(ty) = part {
        while let Type::Group(group) = ty {
            let inner = (*group.elem).clone();
            // `&$t` with `dyn A + B` has to stay one type.
            *ty = if matches!(inner, Type::TraitObject(_)) {
                let paren_token = syn::token::Paren(group.group_token.span);
                Type::Paren(TypeParen { attrs: Vec::new(), paren_token, elem: Box::new(inner) })
            } else {
                inner
            };
        }
    }
    true
}

fn has_invisible(tokens: &TokenStream) -> bool {
    tokens.clone().into_iter().any(|token| match token {
        TokenTree::Group(group) => {
            group.delimiter() == Delimiter::None || has_invisible(&group.stream())
        }
        _ => false,
    })
}

/// Whether it is an expression, or a pattern that reads like one, or a type of several bounds.
fn takes_parentheses(inner: &TokenStream) -> bool {
    let is_expression = match syn::parse2(inner.clone()) {
        Ok(Expr::Let(_)) | Err(_) => false,
        Ok(_) => true,
    };
    is_expression || matches!(syn::parse2(inner.clone()), Ok(Type::TraitObject(_)))
}

/// Whether `inner`, the contents of an invisible group, means the same without the group.
fn is_operand(before: &[TokenTree], inner: &TokenStream, next: Option<&TokenTree>) -> bool {
    let inner: Vec<TokenTree> = inner.clone().into_iter().collect();
    if begins(before) && ends(next) {
        return true;
    }
    match &inner[..] {
        [TokenTree::Group(block)] if block.delimiter() == Delimiter::Brace => {
            // A statement ends after a block at its beginning.
            ends(next) || !matches!(next, Some(TokenTree::Punct(_)))
        }
        [] | [_] => true,
        tokens => is_chain(tokens) && !is_called_field(tokens, next),
    }
}

/// Whether an expression begins here, with nothing in front that could bind more tightly.
fn begins(before: &[TokenTree]) -> bool {
    let punct = |back: usize| match before.len().checked_sub(back).map(|at| &before[at]) {
        Some(TokenTree::Punct(punct)) => Some(punct),
        _ => None,
    };
    match before.last() {
        None => true,
        Some(TokenTree::Punct(last)) => {
            let joint = punct(2).filter(|before| before.spacing() == Spacing::Joint);
            match (last.as_char(), joint.map(proc_macro2::Punct::as_char)) {
                (',' | ';', _) | ('=', None) | ('>', Some('=')) => true,
                // The last `=` of `a == b` does not begin one.
                _ => false,
            }
        }
        Some(TokenTree::Group(group)) => group.delimiter() == Delimiter::Brace,
        Some(TokenTree::Ident(word)) => word == "return" || word == "let",
        Some(TokenTree::Literal(_)) => false,
    }
}

/// Whether an expression ends here.
fn ends(next: Option<&TokenTree>) -> bool {
    match next {
        None => true,
        Some(TokenTree::Punct(punct)) => matches!(punct.as_char(), ',' | ';'),
        Some(_) => false,
    }
}

/// Whether the tokens are an operand followed by `.name`, `(…)`, `[…]`, `?`, `::name` and `!(…)`,
/// all of which bind more tightly than anything that could surround it.
fn is_chain(tokens: &[TokenTree]) -> bool {
    let mut rest = tokens.iter().peekable();
    let starts = match rest.next() {
        Some(TokenTree::Ident(word)) => !begins_expression(&word.to_string()),
        Some(TokenTree::Literal(_)) => true,
        Some(TokenTree::Group(group)) => group.delimiter() != Delimiter::Brace,
        Some(TokenTree::Punct(colon)) if colon.as_char() == ':' => {
            let second =
                matches!(rest.next(), Some(TokenTree::Punct(next)) if next.as_char() == ':');
            second && matches!(rest.next(), Some(TokenTree::Ident(_)))
        }
        _ => false,
    };
    if !starts {
        return false;
    }
    while let Some(token) = rest.next() {
        let fits = match token {
            TokenTree::Group(group) => {
                matches!(group.delimiter(), Delimiter::Parenthesis | Delimiter::Bracket)
            }
            TokenTree::Punct(punct) => match punct.as_char() {
                '?' => true,
                '!' => matches!(rest.peek(), Some(TokenTree::Group(group))
                    if group.delimiter() != Delimiter::Brace),
                '.' => {
                    matches!(rest.next(), Some(TokenTree::Ident(_) | TokenTree::Literal(_)))
                }
                ':' => {
                    let colon = rest.next();
                    matches!(colon, Some(TokenTree::Punct(colon)) if colon.as_char() == ':')
                        && match rest.next() {
                            Some(TokenTree::Ident(_)) => true,
                            Some(TokenTree::Punct(open)) if open.as_char() == '<' => {
                                skip_generics(&mut rest)
                            }
                            _ => false,
                        }
                }
                _ => false,
            },
            TokenTree::Ident(_) | TokenTree::Literal(_) => false,
        };
        if !fits {
            return false;
        }
    }
    true
}

/// Skips past the `>` that ends a list of generic arguments.
fn skip_generics<'a>(tokens: &mut impl Iterator<Item = &'a TokenTree>) -> bool {
    let mut open = 1;
    let mut arrow = false;
    for token in tokens {
        match token {
            TokenTree::Punct(punct) => {
                match punct.as_char() {
                    '<' => open += 1,
                    '>' if !arrow => open -= 1,
                    _ => {}
                }
                arrow = punct.as_char() == '-';
            }
            _ => arrow = false,
        }
        if open == 0 {
            return true;
        }
    }
    false
}

/// Keywords that begin an expression which extends as far as possible.
fn begins_expression(word: &str) -> bool {
    matches!(
        word,
        "async"
            | "break"
            | "const"
            | "continue"
            | "for"
            | "if"
            | "let"
            | "loop"
            | "match"
            | "move"
            | "mut"
            | "ref"
            | "return"
            | "static"
            | "unsafe"
            | "while"
            | "yield"
    )
}

/// `(app.handler)(order)` calls a field; without the group it would be a method call.
fn is_called_field(tokens: &[TokenTree], next: Option<&TokenTree>) -> bool {
    let called = matches!(next, Some(TokenTree::Group(group))
        if group.delimiter() == Delimiter::Parenthesis);
    let field = match tokens {
        [.., TokenTree::Punct(dot), TokenTree::Ident(_) | TokenTree::Literal(_)] => {
            dot.as_char() == '.'
        }
        _ => false,
    };
    called && field
}

#[cfg(test)]
mod tests {
    use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

    use super::seen_through;

    /// `«` and `»` stand for an invisible group.
    fn tokens(text: &str) -> TokenStream {
        let mut parts = text.splitn(2, '«');
        let before: TokenStream = parts.next().unwrap_or_default().parse().expect("tokens");
        let Some(rest) = parts.next() else { return before };
        let (inner, after) = rest.split_once('»').expect("the group ends");
        let group = Group::new(Delimiter::None, inner.parse().expect("tokens"));
        let mut all = before;
        all.extend([TokenTree::Group(group)]);
        all.extend(tokens(after));
        all
    }

    fn groups(tokens: TokenStream) -> usize {
        let count = |token| match token {
            TokenTree::Group(group) => {
                usize::from(group.delimiter() == Delimiter::None) + groups(group.stream())
            }
            _ => 0,
        };
        tokens.into_iter().map(count).sum()
    }

    #[test]
    fn only_what_is_one_operand_anyway_loses_its_group() {
        for text in [
            "max_attempts = «3»",
            "max_attempts = «-3», jitter",
            "let x = «a + b» ;",
            "«shop.charge(order)».await",
            "«a::b::<u8, C<D>>(x)»?",
            "1 => «{ 2 }»",
            "if c «{ 1 }» else «{ 2 }»",
            "f, «|a, b| a + b», g",
            "a * «b.c[0]?.d»",
            "«» fn f",
            "«pub (crate)» fn f",
        ] {
            assert_eq!(groups(seen_through(tokens(text))), 0, "{text}");
        }
        for (text, seen) in [
            ("a * «b + c»", "a * (b + c)"),
            ("a == «b && c» ;", "a == (b && c) ;"),
            ("- «a as u8»", "- (a as u8)"),
            ("«app.handler»(x)", "(app . handler) (x)"),
            ("«{ a }».await", "({ a }) . await"),
            ("«|a| a».await", "(| a | a) . await"),
            ("let x : & «dyn A + B» ;", "let x : & (dyn A + B) ;"),
        ] {
            let seen: TokenStream = seen.parse().expect("tokens");
            assert_eq!(seen_through(tokens(text)).to_string(), seen.to_string(), "{text}");
        }
        // Types and statements need no parentheses.
        for text in ["f :: < «Vec<u8>» > ()", "«let a = 1»"] {
            assert!(!seen_through(tokens(text)).to_string().contains("(Vec"), "{text}");
        }
    }
}
