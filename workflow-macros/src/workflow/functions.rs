//! The function that a call calls, and its arguments.

use quote::ToTokens;
use syn::Expr;

/// The name of the function that a call calls.
pub(crate) fn function_name(call: &Expr) -> Option<String> {
    match call {
        Expr::Call(call) => match &*call.func {
            Expr::Path(path) => Some(plain(&path.path.segments.last()?.ident.to_string())),
            _ => None,
        },
        Expr::MethodCall(call) => Some(plain(&call.method.to_string())),
        Expr::Paren(paren) => function_name(&paren.expr),
        Expr::Group(group) => function_name(&group.expr),
        Expr::Path(path) => Some(plain(&path.path.segments.last()?.ident.to_string())),
        _ => None,
    }
}

/// The arguments of a call; the receiver of a method is not one of them.
pub(crate) fn arguments(call: &Expr) -> Vec<&Expr> {
    match call {
        Expr::Call(call) => call.args.iter().collect(),
        Expr::MethodCall(call) => call.args.iter().collect(),
        _ => Vec::new(),
    }
}

pub(crate) fn arguments_mut(call: &mut Expr) -> Vec<&mut Expr> {
    match call {
        Expr::Call(call) => call.args.iter_mut().collect(),
        Expr::MethodCall(call) => call.args.iter_mut().collect(),
        _ => Vec::new(),
    }
}

/// The path of a function or method without its arguments, as written in the graph.
pub(crate) fn written_path(expr: &Expr) -> Option<String> {
    matches!(expr, Expr::Path(_) | Expr::Field(_)).then(|| written(expr))
}

/// The tokens without spaces, except where two words would become one: `<T as Trait>::new`,
/// `of::<&'static str>`.
fn written(tokens: &impl ToTokens) -> String {
    let text = tokens.to_token_stream().to_string();
    let mut written = String::new();
    for part in text.split_whitespace() {
        let is_word = |letter: char| letter == '_' || letter.is_alphanumeric();
        if written.ends_with(is_word) && part.starts_with(is_word) {
            written.push(' ');
        }
        written.push_str(part);
    }
    written
}

/// The function that a recorded value comes from: the first call in `SystemTime::now().elapsed()?`.
pub(crate) fn value_path(value: &Expr) -> Option<String> {
    match value {
        Expr::Try(attempt) => value_path(&attempt.expr),
        Expr::Paren(paren) => value_path(&paren.expr),
        Expr::Group(group) => value_path(&group.expr),
        Expr::MethodCall(call) => value_path(&call.receiver).or_else(|| function_path(value)),
        _ => function_path(value),
    }
}

/// The function that a call calls, as written: `shop::charge`.
pub(crate) fn function_path(call: &Expr) -> Option<String> {
    match call {
        Expr::Call(call) => match &*call.func {
            Expr::Path(path) => Some(written(path)),
            _ => None,
        },
        Expr::MethodCall(call) => match &*call.receiver {
            receiver @ (Expr::Path(_) | Expr::Field(_)) => {
                Some(format!("{}.{}", written(receiver), call.method))
            }
            _ => Some(format!(".{}", call.method)),
        },
        Expr::Paren(paren) => function_path(&paren.expr),
        Expr::Group(group) => function_path(&group.expr),
        _ => None,
    }
}

pub(crate) fn plain(name: &str) -> String {
    name.trim_start_matches("r#").to_owned()
}
