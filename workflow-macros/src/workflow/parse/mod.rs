//! From tokens to [`syntax`](super::syntax), skipping what does not parse.

mod attributes;
mod compensate;
mod form;
mod policy;
mod recorded;
mod recover;
mod refuse;
mod twice;
mod unlike;
mod was;

pub(super) use refuse::{borrowed_value, certainly_no_result, value_type};

use proc_macro2::{Span, TokenStream};
use syn::parse::ParseStream;
use syn::spanned::Spanned;
use syn::{AttrStyle, Attribute, Block, Expr, Pat, Stmt, Token, Type, braced};

use self::attributes::workflow_attribute;
use self::form::declaration;
use self::recover::{expect_semicolon, misspelt_let, syntax_error, value_is_missing};
use self::twice::each_once;
use self::unlike::{awaited_in_front, goes_on, outer_attributes, unlike_rust};
use super::configuration::Configuration;
use super::syntax::{Binding, Body, Decl, Form, Options, Workflow};
use crate::invisible::see_through_types;
use crate::report::Report;
use crate::signature::refuse_qualifiers;
use crate::unsized_output::refuse_unsized;
use crate::walk;

/// Parses everything that one `workflow!` holds.
pub(crate) fn parse(
    input: ParseStream<'_>,
    configuration: &Configuration,
    report: &mut Report,
) -> Vec<Workflow> {
    let mut workflows = Vec::new();
    while !input.is_empty() {
        match parse_workflow(input, configuration, report) {
            Ok(workflow) => workflows.extend(workflow),
            Err(error) => {
                report.syntax_error(&error);
                // What follows a broken signature cannot be told apart from its body.
                let _ = input.parse::<TokenStream>();
            }
        }
    }
    each_once(workflows, report)
}

/// Parses one function. `None` if it is configured out.
fn parse_workflow(
    input: ParseStream<'_>,
    configuration: &Configuration,
    report: &mut Report,
) -> syn::Result<Option<Workflow>> {
    let mut own = Report::default();
    let mut attrs = input.call(Attribute::parse_outer)?;
    let vis = input.parse()?;
    if !function_follows(input) {
        refuse::no_function(input, report);
        return Err(syn::Error::new(Span::call_site(), ""));
    }
    let mut sig: syn::Signature = input.parse()?;
    refuse::no_body(input, &sig)?;
    let content;
    let brace = braced!(content in input);
    attrs.extend(inner_attributes(&content)?);
    // rustdoc shows them.
    let conditions: Vec<Attribute> =
        attrs.iter().filter(|attr| attr.path().is_ident("cfg")).cloned().collect();
    if !configuration.keeps(&mut attrs) {
        content.parse::<TokenStream>()?;
        return Ok(None);
    }
    attrs.retain(|attr| !attr.path().is_ident("cfg"));
    attrs.extend(conditions);
    configuration.signature(&mut sig);
    walk::signature_mut(&mut sig, &mut see_through_types);
    let mut options = Options::default();
    attrs.retain(|attr| !refuse::front(attr, &mut own));
    attrs.retain(|attr| !refuse::of_no_workflow(attr, &mut own));
    attrs.retain(|attr| !workflow_attribute(attr, &mut options, &mut own));
    if options.durable.is_some() {
        refuse::nameless_inputs(&sig, &mut own);
        refuse::inputs_without_type(&sig, &mut own);
        refuse::no_result(&sig, &mut own);
    }
    was::check_workflow(&options, &sig.ident, &mut own);
    if sig.asyncness.is_none() {
        let text = format!("workflow `{}` must be an `async fn`", sig.ident);
        own.error(sig.fn_token, text).help("add `async`");
    }
    let has_no_size = refuse_unsized(&mut sig.output, &mut own);
    refuse_qualifiers(&sig, "workflow", &mut own);
    if let Some(receiver) = sig.receiver() {
        own.error(receiver.self_token, "a workflow has no `self`").help(
            "take the value as an input: move the workflow out of the `impl`, write `shop: &Shop` in \
             place of `self`, and call `name(&shop, …)`",
        );
    }
    // Types of the body follow from the return type.
    let source = if has_no_size { TokenStream::new() } else { content.fork().parse()? };
    let (body, semicolon) = parse_body(&content, configuration, &mut own);
    let (faulty, torn, problems) = (!own.is_empty(), own.is_torn(), own.places());
    report.append(own);
    Ok(Some(Workflow {
        attrs,
        vis,
        sig,
        body,
        source,
        problems,
        braces: brace.span.join(),
        end: brace.span.close(),
        semicolon,
        faulty,
        torn,
        options,
        siblings: Vec::new(),
        signals: Vec::new(),
    }))
}

/// The attributes at the start of a body. They mean the same as in front of it.
fn inner_attributes(input: ParseStream<'_>) -> syn::Result<Vec<Attribute>> {
    let mut attrs = input.call(Attribute::parse_inner)?;
    for attr in &mut attrs {
        attr.style = AttrStyle::Outer;
    }
    Ok(attrs)
}

fn function_follows(input: ParseStream<'_>) -> bool {
    let starts = input.peek(Token![fn])
        || input.peek(Token![async])
        || input.peek(Token![unsafe])
        || input.peek(Token![extern]);
    starts || (input.peek(Token![const]) && (input.peek2(Token![fn]) || input.peek2(Token![async])))
}

/// The outermost body, statement by statement: one that does not parse is reported and left out,
/// and the rest stays. Also returns the semicolon that ends the body, if there is one.
fn parse_body(
    input: ParseStream<'_>,
    configuration: &Configuration,
    report: &mut Report,
) -> (Body, Option<Span>) {
    let mut body = Body { decls: Vec::new(), tail: None, braces: None };
    let mut semicolon = None;
    while !input.is_empty() {
        let start = input.fork();
        match parse_statement(input, configuration, &mut body, report) {
            Ok(end) => semicolon = end,
            Err(error) => {
                syntax_error(&start, input, &error, report);
                skip_statement(input);
            }
        }
    }
    (body, semicolon)
}

/// Reports that a statement goes on where it should end. What else is on its line belongs to the same
/// mistake.
fn end_statement(input: ParseStream<'_>, expr: &Expr, report: &mut Report) {
    if unlike_rust(input, expr, report) {
        skip_statement(input);
        return;
    }
    let goes_on = goes_on(input, expr);
    expect_semicolon(input, expr, report);
    if goes_on {
        skip_statement(input);
    }
}

/// Skips to after the next semicolon, or to the next `let`.
fn skip_statement(input: ParseStream<'_>) {
    while !input.is_empty() && !input.peek(Token![let]) {
        if input.parse::<Token![;]>().is_ok() {
            return;
        }
        let _ = input.parse::<proc_macro2::TokenTree>();
    }
}

/// Parses one statement. Returns its semicolon if the statement could have been the result without
/// it.
fn parse_statement(
    input: ParseStream<'_>,
    configuration: &Configuration,
    body: &mut Body,
    report: &mut Report,
) -> syn::Result<Option<Span>> {
    if input.parse::<Option<Token![;]>>()?.is_some() {
        return Ok(None);
    }
    let mut attrs = outer_attributes(input, report)?;
    if !configuration.keeps(&mut attrs) {
        // It still has to be a statement, as in Rust.
        configured_out(input)?;
        return Ok(None);
    }
    let let_token = match input.parse::<Option<Token![let]>>()? {
        Some(let_token) => Some(let_token),
        None => misspelt_let(input, report),
    };
    if let Some(let_token) = let_token {
        body.decls.extend(parse_let(input, let_token, attrs, configuration, report)?);
        return Ok(None);
    }
    if item_follows(input) {
        refuse::item(&input.parse()?, report);
        return Ok(None);
    }
    if awaited_in_front(input, report)? {
        skip_statement(input);
        return Ok(None);
    }
    let mut expr = Expr::parse_with_earlier_boundary_rule(input)?;
    configuration.expr(&mut expr);
    let semicolon = input.parse::<Option<Token![;]>>()?;
    if let Expr::Return(result) = expr {
        let last = input.is_empty();
        refuse::return_statement(&result, last, report);
        if let (true, Some(result)) = (last, result.expr) {
            body.tail = declaration(attrs, result.span(), None, *result, report).map(Box::new);
        }
        return Ok(None);
    }
    if semicolon.is_none() && !input.is_empty() && !stands_alone(&expr) {
        end_statement(input, &expr, report);
    }
    let span = expr.span();
    let decl = declaration(attrs, span, None, expr, report);
    if semicolon.is_some() || !input.is_empty() {
        let is_value = matches!(decl, Some(Decl { form: Form::Value(_), .. }));
        body.decls.extend(decl);
        return Ok(semicolon.filter(|_| is_value).map(|semicolon| semicolon.span));
    }
    body.tail = Some(Box::new(decl.unwrap_or_else(|| unreadable(span, None))));
    Ok(None)
}

fn parse_let(
    input: ParseStream<'_>,
    let_token: Token![let],
    attrs: Vec<Attribute>,
    configuration: &Configuration,
    report: &mut Report,
) -> syn::Result<Option<Decl>> {
    let mut pat = Pat::parse_single(input)?;
    configuration.pat(&mut pat);
    let mut ty: Option<Type> =
        if input.parse::<Option<Token![:]>>()?.is_some() { Some(input.parse()?) } else { None };
    if let Some(ty) = &mut ty {
        walk::ty_mut(ty, &mut see_through_types);
    }
    if input.peek(Token![;]) {
        refuse::no_value(input.parse()?, report);
        return Ok(Some(unreadable(let_token.span, Some(Binding { let_token, pat, ty }))));
    }
    let equals: Token![=] = input.parse()?;
    if value_is_missing(input, equals, report) {
        return Ok(Some(unreadable(let_token.span, Some(Binding { let_token, pat, ty }))));
    }
    if awaited_in_front(input, report)? {
        skip_statement(input);
        return Ok(Some(unreadable(let_token.span, Some(Binding { let_token, pat, ty }))));
    }
    let mut expr: Expr = input.parse()?;
    configuration.expr(&mut expr);
    let binding = Binding { let_token, pat, ty };
    if input.peek(Token![else]) {
        refuse::let_else(input.parse()?, report);
        input.parse::<Block>()?;
        input.parse::<Option<Token![;]>>()?;
        return Ok(Some(unreadable(let_token.span, Some(binding))));
    }
    if input.parse::<Option<Token![;]>>()?.is_none() {
        // While the line is being typed, what has been typed so far stays in the expansion.
        end_statement(input, &expr, report);
    }
    Ok(declaration(attrs, let_token.span, Some(binding), expr, report))
}

/// Reads a statement that is configured out.
fn configured_out(input: ParseStream<'_>) -> syn::Result<()> {
    if input.peek(Token![let]) || item_follows(input) {
        input.parse::<Stmt>()?;
        return Ok(());
    }
    Expr::parse_with_earlier_boundary_rule(input)?;
    input.parse::<Option<Token![;]>>()?;
    Ok(())
}

/// Stands in for a declaration that has been reported, so that its names are still known.
fn unreadable(span: Span, binding: Option<Binding>) -> Decl {
    let nothing = Body { decls: Vec::new(), tail: None, braces: None };
    let form = Form::Block(nothing);
    Decl { span, lints: Vec::new(), after: Vec::new(), compensate: None, was: None, binding, form }
}

/// Whether an item follows. Items are not declarations, and none of these words can begin an
/// expression statement.
fn item_follows(input: ParseStream<'_>) -> bool {
    let is = |what: fn(ParseStream<'_>) -> bool| what(input);
    is(|i| i.peek(Token![fn]) || i.peek(Token![struct]) || i.peek(Token![enum]))
        || is(|i| i.peek(Token![use]) || i.peek(Token![impl]) || i.peek(Token![mod]))
        || is(|i| i.peek(Token![trait]) || i.peek(Token![type]) || i.peek(Token![static]))
        || is(|i| i.peek(Token![const]) && !i.peek2(syn::token::Brace))
        || is(|i| i.peek(Token![async]) && i.peek2(Token![fn]))
        || is(|i| i.peek(syn::Ident) && i.peek2(Token![!]) && i.peek3(syn::Ident))
}

/// Whether the expression is a statement without a semicolon after it.
fn stands_alone(expr: &Expr) -> bool {
    match expr {
        Expr::If(_)
        | Expr::Match(_)
        | Expr::ForLoop(_)
        | Expr::While(_)
        | Expr::Loop(_)
        | Expr::Block(_)
        | Expr::Const(_)
        | Expr::Unsafe(_) => true,
        Expr::Macro(call) => matches!(call.mac.delimiter, syn::MacroDelimiter::Brace(_)),
        _ => false,
    }
}
