//! What cannot appear in a `workflow!`, and what to write instead.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::ParseStream;
use syn::spanned::Spanned;
use syn::{Attribute, Expr, ExprReturn, Signature, Token};
use workflow_graph::near::similar;

use super::super::awaits::{Await, first_await, first_break, first_join, first_return};
use super::super::syntax::Binding;
use crate::attribute::is_macro;
use crate::pattern::bound_by;
use crate::report::{Report, shown};
use crate::step::no_step;

const SET: &str =
    "a body is a set of declarations, each of which starts as soon as what it names is ready";

/// Something that is not a function.
pub(super) fn no_function(input: ParseStream<'_>, report: &mut Report) {
    let found =
        input.fork().parse::<TokenTree>().map_or_else(|_| TokenStream::new(), TokenTree::into);
    let body = input.peek(Token![let]) || input.peek(Token![#]);
    let problem = report.error(found, "only functions can stand in a `workflow!`");
    if body {
        problem.help("put the declarations into a function: `async fn name(…) -> … { … }`");
    } else {
        problem.help(
            "write `async fn name(…) -> … { … }`, and anything else outside of the `workflow!`",
        );
    }
}

/// Something other than a body behind the signature.
pub(super) fn no_body(input: ParseStream<'_>, sig: &Signature) -> syn::Result<()> {
    if input.peek(syn::token::Brace) {
        return Ok(());
    }
    let text = match sig.output {
        _ if input.peek(Token![;]) || input.is_empty() => "expected the workflow's body in braces",
        syn::ReturnType::Default => "expected `->` and a type, or the body in braces",
        syn::ReturnType::Type(..) => "expected the body in braces",
    };
    Err(input.error(text))
}

pub(super) fn item(item: &syn::Item, report: &mut Report) {
    let keyword = item_keyword(item.to_token_stream());
    report
        .error(keyword, "an item cannot stand in a workflow's body")
        .note(SET)
        .help("move the item out of the workflow");
}

/// The first token that is neither an attribute nor a visibility.
fn item_keyword(tokens: TokenStream) -> TokenStream {
    let first =
        tokens.into_iter().find(|token| matches!(token, TokenTree::Ident(ident) if ident != "pub"));
    first.into_iter().collect()
}

/// `let x;`
pub(super) fn no_value(semicolon: Token![;], report: &mut Report) {
    report
        .error(semicolon, "a declaration needs a value")
        .help("write `let name = step(…).await?;`");
}

/// `let … else`
pub(super) fn let_else(otherwise: Token![else], report: &mut Report) {
    report
        .error(otherwise, "`let … else` cannot stand in a workflow's body")
        .note("a body is a set of declarations; none of them can leave it early but by `?`")
        .help(
            "use `match`, or turn the value into a `Result` and let `?` leave: \
             `let order = found.ok_or(error)?;`",
        );
}

/// `loop` or `while`
pub(super) fn repetition(keyword: impl ToTokens, name: &str, report: &mut Report) {
    report
        .error(keyword, format!("a `{name}` cannot stand in a workflow's body"))
        .note("a body is a set of declarations, each of which runs once, as soon as what it names is ready")
        .help(
            "write `let results = for item in items { … };` to run steps for each of many items, \
             or move the loop into a step",
        );
}

/// `return` as a statement. If it is the last one, its value is still taken as the result.
pub(super) fn return_statement(result: &ExprReturn, last: bool, report: &mut Report) {
    let problem = report.error(result.return_token, "a `return` cannot stand in a workflow's body");
    problem.note("a body is a set of declarations; its last line is the result");
    match &result.expr {
        Some(value) if last => {
            problem.help(&format!("write `{}`, without a semicolon", shown(value)));
        }
        _ => leave_otherwise(problem),
    }
}

fn leave_otherwise(problem: &mut crate::report::Problem) {
    problem.help(
        "leave early by `?` on an `Err`, or choose the result by `if` or `match` in the last line",
    );
}

/// `attempts += 1`
pub(super) fn assignment(expr: &Expr, report: &mut Report) -> bool {
    let (left, operator) = match expr {
        Expr::Assign(assign) => (&assign.left, assign.eq_token.to_token_stream()),
        Expr::Binary(binary) if assigns(&binary.op) => (&binary.left, binary.op.to_token_stream()),
        _ => return false,
    };
    let Expr::Path(path) = &**left else { return false };
    let Some(name) = path.path.get_ident() else { return false };
    report
        .error(operator, "an assignment cannot stand in a workflow's body")
        .note("a body is a set of declarations in any order, so a name has one value")
        .help(&format!("declare another name: `let new_{name} = …;`"));
    true
}

fn assigns(op: &syn::BinOp) -> bool {
    use syn::BinOp::{
        AddAssign, BitAndAssign, BitOrAssign, BitXorAssign, DivAssign, MulAssign, RemAssign,
        ShlAssign, ShrAssign, SubAssign,
    };
    matches!(
        op,
        AddAssign(_)
            | SubAssign(_)
            | MulAssign(_)
            | DivAssign(_)
            | RemAssign(_)
            | BitXorAssign(_)
            | BitAndAssign(_)
            | BitOrAssign(_)
            | ShlAssign(_)
            | ShrAssign(_)
    )
}

/// Reports what keeps an expression from running at once and ending where it is. Returns whether
/// the expression can be kept despite the error.
pub(super) fn unordinary(expr: &Expr, binding: Option<&Binding>, report: &mut Report) -> bool {
    if let Some(found) = first_await(expr) {
        nested_await(&found, binding, report);
    }
    if let Some(path) = first_join(expr) {
        join(path, report);
    }
    if let Some(span) = first_return(expr) {
        let problem =
            report.error(Ident::new("here", span), "a `return` cannot stand in a workflow's body");
        problem.note("a body is a set of declarations; its last line is the result");
        leave_otherwise(problem);
    }
    let Some((span, keyword)) = first_break(expr) else { return true };
    report
        .error(Ident::new("here", span), format!("a `{keyword}` cannot stand in a workflow's body"))
        .note("the items of a `for` run at the same time, and each runs to its end")
        .help("choose beforehand what to run, as in `for order in orders.into_iter().filter(…)`, or leave by `?`");
    false
}

fn nested_await(found: &Await, binding: Option<&Binding>, report: &mut Report) {
    let question = if found.question { "?" } else { "" };
    let (name, call) = match &found.call {
        Some(call) => (step_name(call), shown(call)),
        None => (None, "step(…)".to_owned()),
    };
    let mut name = name.unwrap_or_else(|| "value".to_owned());
    if binding.is_some_and(|binding| bound_by(&binding.pat).iter().any(|(var, _)| *var == name)) {
        name.push_str("_output");
    }
    report
        .error(Ident::new("here", found.span), "a step must have a declaration of its own")
        .note("each declaration starts as soon as what it names is ready, so a step cannot hide inside an expression")
        .help(&format!("write `let {name} = {call}.await{question};`, and use `{name}` here"));
}

/// A name for the output of a call.
fn step_name(call: &Expr) -> Option<String> {
    super::super::functions::function_name(call)
}

/// `tokio::join!(…)`
fn join(path: &syn::Path, report: &mut Report) {
    let name = path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
    let at = Ident::new("here", path.segments.last().map_or_else(|| path.span(), Spanned::span));
    let problem = report.error(at, format!("`{name}!` cannot stand in a workflow's body"));
    if name.starts_with("select") {
        problem.note(SET).help("move it into a step");
    } else {
        problem.note("declarations that do not name each other run at the same time anyway").help(
            "write a declaration for each of its steps: `let payment = charge(&order).await?;`",
        );
    }
}

/// The inputs of a durable workflow are recorded under their names.
pub(super) fn nameless_inputs(sig: &Signature, report: &mut Report) {
    for input in &sig.inputs {
        let syn::FnArg::Typed(typed) = input else { continue };
        let named = matches!(&*typed.pat, syn::Pat::Ident(pat) if pat.subpat.is_none());
        if !named {
            report
                .error(&typed.pat, "an input of a durable workflow needs a name")
                .note("it is recorded by its name")
                .help(
                    "give it one, and take it apart in the body: `let Order { id, .. } = order;`",
                );
        }
    }
}

/// A durable workflow returns a `Result`. Only rustc knows whether a type with another name is one.
pub(super) fn no_result(sig: &Signature, report: &mut Report) {
    const HEADLINE: &str = "a durable workflow returns a `Result`";
    const NOTE: &str = "a run that fails keeps its record, and goes on from the step that failed";
    match &sig.output {
        syn::ReturnType::Default => {
            let help = "write what it comes to: `-> Result<Receipt, OrderError>`";
            report.error(&sig.ident, HEADLINE).note(NOTE).help(help);
        }
        syn::ReturnType::Type(_, ty) if certainly_no_result(ty) => {
            let help = format!("write `-> Result<{}, OrderError>`", shown(ty));
            report.error(ty, HEADLINE).note(NOTE).help(&help);
        }
        syn::ReturnType::Type(_, ty) => {
            if let Some(borrowed) = borrowed_value(ty) {
                report
                    .error(borrowed, "the result of a durable workflow cannot be borrowed")
                    .note("it is recorded, and whoever asks for it later reads it from the journal")
                    .help("return a value of its own: `String` for `&str`, or a clone");
            }
        }
    }
}

/// `T` of `Result<T, E>`.
pub(crate) fn value_type(result: &syn::Type) -> Option<&syn::Type> {
    let syn::Type::Path(path) = result else { return None };
    let last = path.path.segments.last()?;
    let syn::PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    arguments.args.iter().find_map(|argument| match argument {
        syn::GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}

/// A reference in the value of a result.
pub(crate) fn borrowed_value(result: &syn::Type) -> Option<&syn::TypeReference> {
    value_type(result).and_then(reference)
}

/// The first reference in a type, if it is one of the data.
fn reference(ty: &syn::Type) -> Option<&syn::TypeReference> {
    match ty {
        syn::Type::Reference(reference) => Some(reference),
        syn::Type::Paren(paren) => reference(&paren.elem),
        syn::Type::Group(group) => reference(&group.elem),
        syn::Type::Tuple(tuple) => tuple.elems.iter().find_map(reference),
        syn::Type::Path(_) => value_type(ty).and_then(reference),
        _ => None,
    }
}

/// A by-value input of a durable workflow is read from its record as a type with a name.
pub(super) fn inputs_without_type(sig: &Signature, report: &mut Report) {
    for input in &sig.inputs {
        let syn::FnArg::Typed(typed) = input else { continue };
        let is_reference = matches!(&*typed.ty, syn::Type::Reference(_));
        if let (false, Some(at)) = (is_reference, first_impl(typed.ty.to_token_stream())) {
            report
                .error(at, "an input of a durable workflow cannot be an `impl Trait`")
                .note("it is recorded, and read again by its type")
                .help("write its type, or a parameter for it; or take it by reference");
        }
    }
}

fn first_impl(tokens: TokenStream) -> Option<TokenTree> {
    tokens.into_iter().find_map(|token| match token {
        TokenTree::Ident(word) if word == "impl" => Some(TokenTree::Ident(word)),
        TokenTree::Group(group) => first_impl(group.stream()),
        _ => None,
    })
}

pub(crate) fn certainly_no_result(ty: &syn::Type) -> bool {
    const OTHERS: [&str; 12] = [
        "bool", "char", "f64", "i32", "i64", "u8", "u32", "u64", "usize", "Option", "String", "Vec",
    ];
    match ty {
        syn::Type::Path(path) => path
            .path
            .segments
            .last()
            .is_some_and(|last| OTHERS.iter().any(|name| last.ident == name)),
        syn::Type::Tuple(_) | syn::Type::Reference(_) | syn::Type::Array(_) => true,
        _ => false,
    }
}

/// Reports `.await()` and `.await??` on the call of a step.
pub(super) fn around_await(expr: &Expr, report: &mut Report) -> bool {
    let is_await = |expr: &Expr| matches!(expr, Expr::Await(_));
    let called = |expr: &Expr| match expr {
        Expr::Call(call) if is_await(&call.func) => Some(call.paren_token.span.join()),
        _ => None,
    };
    let parentheses = match expr {
        Expr::Try(attempt) => called(&attempt.expr),
        expr => called(expr),
    };
    if let Some(place) = parentheses {
        report.slip(Ident::new("here", place), "`.await` takes no parentheses").help("remove them");
        return true;
    }
    let twice = matches!(expr, Expr::Try(outer)
        if matches!(&*outer.expr, Expr::Try(inner) if is_await(&inner.expr)));
    if let (true, Expr::Try(outer)) = (twice, expr) {
        report
            .error(outer.question_token, "a step takes one `?`")
            .note("what follows a step is a declaration of its own")
            .help("ask the inner result there: `let value = result?;`");
    }
    twice
}

/// Reports an attribute that makes a step or a workflow of the function, which is one already. Returns
/// whether it is one.
pub(super) fn front(attr: &Attribute, report: &mut Report) -> bool {
    match attr.path().segments.last().map(|last| last.ident.to_string()).as_deref() {
        Some("step") => no_step(attr, report),
        Some("workflow") => {
            report.error(attr.path(), "the function is a workflow already").help("remove this");
        }
        _ => return false,
    }
    true
}

/// Reports an attribute that says something of a declaration, and one whose name is nearly that of a
/// workflow's attribute. Returns whether it is one. Any other may be a macro of the user's.
pub(super) fn of_no_workflow(attr: &Attribute, report: &mut Report) -> bool {
    let Some(name) = attr.path().get_ident().map(ToString::to_string) else { return false };
    if DECLARED.contains(&&*name) {
        let problem = report.error(attr.path(), format!("`{name}` cannot stand on a workflow"));
        problem.note("it is an attribute of a declaration");
        if name == "timeout" || name == "deadline" {
            problem.help(
                "write it above a step in the body, or limit the whole run: `Run::new().deadline(…)`",
            );
        } else {
            problem.help("write it above a declaration in the body");
        }
        return true;
    }
    if is_macro(attr)
        && let Some(near) = similar(&name, NAMED_AT_LENGTH)
        && near != name
    {
        report
            .error(attr.path(), format!("unknown attribute `{name}` on a workflow"))
            .help(&format!("an attribute with a similar name exists: `{near}`"));
        return true;
    }
    false
}

/// Attributes that only declarations have.
const DECLARED: [&str; 7] =
    ["after", "compensate", "concurrency", "deadline", "record", "retry", "timeout"];

/// Attributes of workflows whose names are too long to be mistaken for those of others.
const NAMED_AT_LENGTH: [&str; 2] = ["durable", "on_failure"];
