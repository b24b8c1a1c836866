//! Finds what must not appear inside an ordinary expression.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{Expr, Macro, Path};

use super::depth::is_unparsed;
use super::names;
use crate::walk::{self, Part};

/// An `.await` of the workflow itself: not one in a closure, an async block or an item.
pub(crate) struct Await {
    pub(crate) span: Span,
    /// What is awaited, if that can be determined.
    pub(crate) call: Option<Expr>,
    /// It is followed by a `?`.
    pub(crate) question: bool,
}

/// The first `.await` in `expr`; of nested ones, the innermost. Macro calls are searched, too.
pub(crate) fn first_await(expr: &Expr) -> Option<Await> {
    find(expr).wait
}

/// The first `return` in `expr` that would leave the workflow.
pub(crate) fn first_return(expr: &Expr) -> Option<Span> {
    find(expr).leave
}

/// The first `break` or `continue` in `expr` that would leave a loop outside of `expr`.
pub(crate) fn first_break(expr: &Expr) -> Option<(Span, &'static str)> {
    find(expr).stop
}

/// The first `?` in `expr` that would leave the workflow.
pub(crate) fn first_question(expr: &Expr) -> Option<Span> {
    find(expr).question
}

/// Whether `expr` holds a `?` that would leave the workflow.
pub(crate) fn has_question(expr: &Expr) -> bool {
    first_question(expr).is_some()
}

/// The first macro in `expr` that awaits several futures, such as `tokio::join!`.
pub(crate) fn first_join(expr: &Expr) -> Option<&Path> {
    find(expr).join
}

/// Whether `expr` calls a macro that may hold an `.await`. That cannot be known from the tokens of
/// the user's own macros.
pub(crate) fn may_wait(expr: &Expr) -> bool {
    let mut may_wait = false;
    walk::expr(expr, &mut |part| match part {
        Part::Expr(expr) => !matches!(expr, Expr::Closure(_) | Expr::Async(_) | Expr::Const(_)),
        Part::Macro(mac) => {
            may_wait |= is_opaque(mac);
            false
        }
        Part::Item => false,
        _ => true,
    });
    may_wait
}

fn is_opaque(mac: &Macro) -> bool {
    if is_unparsed(&mac.path) {
        return calls_unknown(mac.tokens.clone());
    }
    let name = mac.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
    !is_known(&name)
}

/// Whether the tokens call a macro that may wait.
fn calls_unknown(tokens: TokenStream) -> bool {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    tokens.iter().enumerate().any(|(at, token)| match token {
        TokenTree::Group(group) => calls_unknown(group.stream()),
        TokenTree::Ident(name) => {
            let called = is(&tokens, Some(at + 1), '!')
                && matches!(tokens.get(at + 2), Some(TokenTree::Group(_)));
            called && !is_known(&name.to_string())
        }
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}

/// Macros that never wait: those of the standard library, and the most common ones of other crates.
fn is_known(name: &str) -> bool {
    const KNOWN: [&str; 26] = [
        "vec",
        "matches",
        "concat",
        "stringify",
        "env",
        "option_env",
        "include_str",
        "include_bytes",
        "include",
        "line",
        "column",
        "file",
        "module_path",
        "cfg",
        "dbg",
        "json",
        "assert_matches",
        "unimplemented",
        "addr_of",
        "thread_local",
        "hashmap",
        "btreemap",
        "smallvec",
        "eyre",
        "span",
        "event",
    ];
    names::formats(name) || KNOWN.contains(&name)
}

fn find(expr: &Expr) -> Found<'_> {
    let mut found = Found::default();
    found.expr(expr);
    found
}

#[derive(Default)]
struct Found<'ast> {
    wait: Option<Await>,
    leave: Option<Span>,
    stop: Option<(Span, &'static str)>,
    question: Option<Span>,
    join: Option<&'ast Path>,
    /// The number of enclosing loops.
    loops: usize,
}

impl<'ast> Found<'ast> {
    fn part(&mut self, part: Part<'ast>) -> bool {
        match part {
            Part::Expr(expr) => self.expr(expr),
            Part::Macro(mac) => self.mac(mac),
            Part::Item => {}
            _ => return true,
        }
        false
    }

    fn expr(&mut self, expr: &'ast Expr) {
        match expr {
            Expr::Closure(_) | Expr::Async(_) | Expr::Const(_) => return,
            Expr::Return(leave) => {
                self.leave.get_or_insert(leave.return_token.span);
            }
            Expr::Break(stop) if stop.label.is_none() && self.loops == 0 => {
                self.stop.get_or_insert((stop.break_token.span, "break"));
            }
            Expr::Continue(stop) if stop.label.is_none() && self.loops == 0 => {
                self.stop.get_or_insert((stop.continue_token.span, "continue"));
            }
            _ => {}
        }
        let repeats = matches!(expr, Expr::ForLoop(_) | Expr::While(_) | Expr::Loop(_));
        self.loops += usize::from(repeats);
        let awaited = self.wait.is_some();
        walk::inside_expr(expr, &mut |part| self.part(part));
        self.loops -= usize::from(repeats);
        // After the nested expressions, so that the innermost of several is reported first.
        match expr {
            Expr::Await(wait) if self.wait.is_none() => {
                let call = Some((*wait.base).clone());
                self.wait = Some(Await { span: wait.await_token.span, call, question: false });
            }
            Expr::Try(attempt) => {
                self.question.get_or_insert(attempt.question_token.span());
                if let (false, Some(wait)) = (awaited, &mut self.wait) {
                    wait.question |= matches!(&*attempt.expr, Expr::Await(inner)
                        if wait.call.as_ref().is_some_and(|call| is_written_as(call, &inner.base)));
                }
            }
            _ => {}
        }
    }

    fn mac(&mut self, mac: &'ast Macro) {
        if joins(&mac.path) {
            self.join.get_or_insert(&mac.path);
        }
        self.look_into(mac.tokens.clone());
    }
}

fn is_written_as(one: &Expr, other: &Expr) -> bool {
    one.to_token_stream().to_string() == other.to_token_stream().to_string()
}

impl Found<'_> {
    fn look_into(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        for (at, token) in tokens.iter().enumerate() {
            match token {
                TokenTree::Group(group) => self.look_into(group.stream()),
                TokenTree::Ident(ident)
                    if ident == "await" && is(&tokens, at.checked_sub(1), '.') =>
                {
                    let call = syn::parse2(awaited(&tokens[..at - 1])).ok();
                    let question = is(&tokens, Some(at + 1), '?');
                    self.wait.get_or_insert(Await { span: ident.span(), call, question });
                }
                TokenTree::Ident(ident) if ident == "return" => {
                    self.leave.get_or_insert(ident.span());
                }
                TokenTree::Punct(punct) if punct.as_char() == '?' => {
                    self.question.get_or_insert(punct.span());
                }
                _ => {}
            }
        }
    }
}

fn is(tokens: &[TokenTree], at: Option<usize>, punct: char) -> bool {
    let token = at.and_then(|at| tokens.get(at));
    matches!(token, Some(TokenTree::Punct(token)) if token.as_char() == punct)
}

/// The tokens at the end of `tokens` that are the operand of `.await`.
fn awaited(tokens: &[TokenTree]) -> TokenStream {
    let belongs = |token: &&TokenTree| match token {
        TokenTree::Punct(punct) => matches!(punct.as_char(), '.' | ':' | '?'),
        TokenTree::Group(_) | TokenTree::Ident(_) | TokenTree::Literal(_) => true,
    };
    let length = tokens.iter().rev().take_while(belongs).count();
    tokens[tokens.len() - length..].iter().cloned().collect()
}

/// The macros of the usual crates, by their own name alone or with the crate's name in front.
fn joins(path: &Path) -> bool {
    let name = path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
    let joins = matches!(&*name, "join" | "try_join" | "select" | "select_biased");
    let first = path.segments.first().map(|first| first.ident.to_string()).unwrap_or_default();
    joins && (path.segments.len() == 1 || first == "tokio" || first.starts_with("futures"))
}
