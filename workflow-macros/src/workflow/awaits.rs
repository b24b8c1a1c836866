//! Finds what must not stand inside an ordinary expression.

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::Expr;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

/// The first `.await` in `expr` that is the workflow's own: not in a closure, an async
/// block or an item. Macro calls are looked into.
pub(crate) fn first_await(expr: &Expr) -> Option<Span> {
    let mut find = Find { wants: Wanted::Await, found: None };
    find.visit_expr(expr);
    find.found
}

/// The first `return` in `expr` that would leave the workflow.
pub(crate) fn first_return(expr: &Expr) -> Option<Span> {
    let mut find = Find { wants: Wanted::Return, found: None };
    find.visit_expr(expr);
    find.found
}

/// Whether `expr` holds a `?` that would leave the workflow.
pub(crate) fn has_question(expr: &Expr) -> bool {
    let mut find = Find { wants: Wanted::Question, found: None };
    find.visit_expr(expr);
    find.found.is_some()
}

#[derive(Clone, Copy, PartialEq)]
enum Wanted {
    Await,
    Return,
    Question,
}

struct Find {
    wants: Wanted,
    found: Option<Span>,
}

impl Find {
    fn found(&mut self, what: Wanted, span: Span) {
        if self.wants == what && self.found.is_none() {
            self.found = Some(span);
        }
    }
}

impl<'ast> Visit<'ast> for Find {
    fn visit_expr(&mut self, expr: &'ast Expr) {
        match expr {
            Expr::Closure(_) | Expr::Async(_) | Expr::Const(_) => return,
            Expr::Return(leave) => self.found(Wanted::Return, leave.return_token.span),
            _ => {}
        }
        visit::visit_expr(self, expr);
        // After what stands inside, so that the innermost of several is named first.
        match expr {
            Expr::Await(wait) => self.found(Wanted::Await, wait.await_token.span),
            Expr::Try(attempt) => self.found(Wanted::Question, attempt.question_token.span()),
            _ => {}
        }
    }

    fn visit_macro(&mut self, mac: &'ast syn::Macro) {
        self.look_into(mac.tokens.clone());
    }

    fn visit_item(&mut self, _: &'ast syn::Item) {}
}

impl Find {
    fn look_into(&mut self, tokens: TokenStream) {
        let mut after_dot = false;
        for token in tokens {
            match &token {
                TokenTree::Group(group) => self.look_into(group.stream()),
                TokenTree::Ident(ident) if after_dot && ident == "await" => {
                    self.found(Wanted::Await, ident.span());
                }
                TokenTree::Ident(ident) if ident == "return" => {
                    self.found(Wanted::Return, ident.span());
                }
                TokenTree::Punct(punct) if punct.as_char() == '?' => {
                    self.found(Wanted::Question, punct.span());
                }
                _ => {}
            }
            after_dot = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == '.');
        }
    }
}
