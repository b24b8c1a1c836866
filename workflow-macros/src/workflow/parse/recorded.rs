//! `#[record]`.

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::{Attribute, Expr, Token};

use super::super::awaits::first_question;
use super::super::syntax::{Binding, Branch, Call, Form};
use crate::pattern::bound_by;
use crate::report::{Report, shown};

/// The form of a declaration that has `#[record]`: a value becomes a step that computes it.
pub(super) fn recorded(
    form: Form,
    attr: &Attribute,
    binding: Option<&Binding>,
    report: &mut Report,
) -> Form {
    let what = match &form {
        Form::Value(_) => None,
        Form::Step(_) => {
            report
                .error(attr.path(), "a step is recorded anyway")
                .note("`#[record]` writes down a value that is not a call of a step")
                .help("remove it");
            return form;
        }
        Form::Branch(Branch::If(_)) => Some("an `if`"),
        Form::Branch(Branch::Match { .. }) => Some("a `match`"),
        Form::FanOut(_) => Some("a `for`"),
        Form::Block(_) => Some("a block"),
    };
    if let Some(what) = what {
        report
            .error(attr.path(), format!("`record` cannot stand on {what} with steps in it"))
            .note("the steps inside are recorded, each by itself")
            .help("remove it");
        return form;
    }
    let Form::Value(expr) = form else { return form };
    let is_named = binding.is_some_and(|binding| !bound_by(&binding.pat).is_empty());
    if !is_named {
        report
            .error(attr.path(), "`record` is for a value that has a name")
            .note("it is written down before what names it starts")
            .help(&format!("write `let value = {};`", shown(&expr)));
        return Form::Value(expr);
    }
    Form::Step(call(expr, attr.path().span()))
}

fn call(expr: Expr, record: Span) -> Call {
    // Errors in code that the user has not written are shown where the value is.
    let mixed_site = |place: Span| Span::mixed_site().located_at(place);
    let at = mixed_site(expr.span());
    let question = first_question(&expr).map(|question| Token![?](mixed_site(question)));
    let (dot, await_token) = (Token![.](at), Token![await](at));
    Call { expr, record: Some(record), dot, await_token, question, policy: Box::default() }
}
