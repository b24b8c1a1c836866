//! From tokens to [`syntax`](super::syntax), past what does not parse.

use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::parse::ParseStream;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Attribute, Block, Expr, Pat, Stmt, Token, braced};

use super::awaits::{first_await, first_return};
use super::syntax::{Binding, Body, Branch, Call, Decl, FanOut, Form, IfArm, MatchArm, Workflow};
use crate::report::{Report, similar};

/// Parses everything that one `workflow!` holds.
pub(crate) fn parse(input: ParseStream<'_>, report: &mut Report) -> Vec<Workflow> {
    let mut workflows = Vec::new();
    while !input.is_empty() {
        match parse_workflow(input, report) {
            Ok(workflow) => workflows.push(workflow),
            Err(error) => {
                report.syntax_error(&error);
                // What follows a broken signature can't be told apart from its body.
                let _ = input.parse::<TokenStream>();
            }
        }
    }
    workflows
}

fn parse_workflow(input: ParseStream<'_>, report: &mut Report) -> syn::Result<Workflow> {
    let mut attrs = input.call(Attribute::parse_outer)?;
    let vis = input.parse()?;
    let sig: syn::Signature = input.parse()?;
    let content;
    let brace = braced!(content in input);
    attrs.retain(|attr| !workflow_attribute(attr, report));
    if sig.asyncness.is_none() {
        let text = format!("workflow `{}` must be an `async fn`", sig.ident);
        report.error(sig.fn_token, text).help("add `async`");
    }
    if let Some(receiver) = sig.receiver() {
        report.error(receiver.self_token, "a workflow has no `self`").help(
            "take the value as an input: `shop: &Shop` in place of `&self`, and call it as \
             `name(self, …)`",
        );
    }
    let body = parse_body(&content, report);
    Ok(Workflow {
        attrs,
        vis,
        sig,
        body,
        braces: brace.span.join(),
        end: brace.span.close(),
        siblings: Vec::new(),
    })
}

/// Whether the attribute is one of the workflow's own; it is checked and then done with.
fn workflow_attribute(attr: &Attribute, report: &mut Report) -> bool {
    if attr.path().is_ident("on_failure") {
        match attr.parse_args::<Ident>() {
            Ok(what) if what == "cancel" => {}
            Ok(what) if what == "finish" => {
                report
                    .error(&what, "`on_failure(finish)` is not available yet")
                    .help("remove it: the first error then stops the workflow at once");
            }
            _ => {
                report
                    .error(attr, "`on_failure` says what the first error does to the other steps")
                    .help("write `#[on_failure(cancel)]`");
            }
        }
        true
    } else if attr.path().is_ident("durable") {
        report.error(attr, "`#[durable]` is not available yet").help("remove it");
        true
    } else {
        false
    }
}

/// The outermost body, statement by statement: one that does not parse is reported and
/// left out, and the rest stays.
fn parse_body(input: ParseStream<'_>, report: &mut Report) -> Body {
    let mut body = Body { decls: Vec::new(), tail: None };
    while !input.is_empty() {
        if let Err(error) = parse_statement(input, &mut body, report) {
            report.syntax_error(&error);
            skip_statement(input);
        }
    }
    body
}

/// Goes on behind the next semicolon, or at the next `let`.
fn skip_statement(input: ParseStream<'_>) {
    while !input.is_empty() && !input.peek(Token![let]) {
        if input.parse::<Token![;]>().is_ok() {
            return;
        }
        let _ = input.parse::<proc_macro2::TokenTree>();
    }
}

fn parse_statement(
    input: ParseStream<'_>,
    body: &mut Body,
    report: &mut Report,
) -> syn::Result<()> {
    if input.parse::<Option<Token![;]>>()?.is_some() {
        return Ok(());
    }
    let attrs = input.call(Attribute::parse_outer)?;
    if input.peek(Token![let]) {
        body.decls.extend(parse_let(input, attrs, report)?);
        return Ok(());
    }
    if item_follows(input) {
        refuse_item(&input.parse()?, report);
        return Ok(());
    }
    let expr = Expr::parse_with_earlier_boundary_rule(input)?;
    let semicolon = input.parse::<Option<Token![;]>>()?.is_some();
    if !semicolon && !input.is_empty() && !stands_alone(&expr) {
        report.syntax_error(&input.error("expected `;`"));
    }
    let decl = declaration(attrs, expr.span(), None, expr, report);
    if semicolon || !input.is_empty() {
        body.decls.extend(decl);
    } else {
        body.tail = decl.map(Box::new);
    }
    Ok(())
}

fn parse_let(
    input: ParseStream<'_>,
    attrs: Vec<Attribute>,
    report: &mut Report,
) -> syn::Result<Option<Decl>> {
    let let_token: Token![let] = input.parse()?;
    let pat = Pat::parse_single(input)?;
    let ty =
        if input.parse::<Option<Token![:]>>()?.is_some() { Some(input.parse()?) } else { None };
    if input.peek(Token![;]) {
        let semicolon: Token![;] = input.parse()?;
        report
            .error(semicolon, "a declaration needs a value")
            .help("write `let name = step(…).await?;`");
        return Ok(None);
    }
    input.parse::<Token![=]>()?;
    let expr: Expr = input.parse()?;
    if input.peek(Token![else]) {
        let otherwise: Token![else] = input.parse()?;
        input.parse::<Block>()?;
        refuse_let_else(otherwise, report);
    }
    if input.parse::<Option<Token![;]>>()?.is_none() {
        // While the line is being typed, what it says so far stays in the expansion.
        report.syntax_error(&input.error("expected `;`"));
    }
    let binding = Binding { let_token, pat, ty };
    Ok(declaration(attrs, let_token.span, Some(binding), expr, report))
}

/// Items are no declarations; none of these words can begin an expression statement.
fn item_follows(input: ParseStream<'_>) -> bool {
    let is = |what: fn(ParseStream<'_>) -> bool| what(input);
    is(|i| i.peek(Token![fn]) || i.peek(Token![struct]) || i.peek(Token![enum]))
        || is(|i| i.peek(Token![use]) || i.peek(Token![impl]) || i.peek(Token![mod]))
        || is(|i| i.peek(Token![trait]) || i.peek(Token![type]) || i.peek(Token![static]))
        || is(|i| i.peek(Token![const]) && !i.peek2(syn::token::Brace))
        || is(|i| i.peek(Token![async]) && i.peek2(Token![fn]))
        || is(|i| i.peek(syn::Ident) && i.peek2(Token![!]) && i.peek3(syn::Ident))
}

fn refuse_item(item: &syn::Item, report: &mut Report) {
    let keyword = item_keyword(item.to_token_stream());
    report
        .error(keyword, "an item cannot stand in a workflow's body")
        .note("a body is a set of declarations, each of which starts as soon as what it names is ready")
        .help("move the item out of the `workflow!`");
}

/// The first token that is no attribute and no visibility.
fn item_keyword(tokens: TokenStream) -> TokenStream {
    let first = tokens
        .into_iter()
        .find(|token| matches!(token, proc_macro2::TokenTree::Ident(ident) if ident != "pub"));
    first.into_iter().collect()
}

fn refuse_let_else(otherwise: Token![else], report: &mut Report) {
    report
        .error(otherwise, "`let … else` cannot stand in a workflow's body")
        .note("a body is a set of declarations; none of them can leave it early but by `?`")
        .help("use `match`, or turn the value into a `Result` and let `?` leave: `let x = value.ok_or(error)?;`");
}

/// Whether the expression is a statement without a semicolon behind it.
fn stands_alone(expr: &Expr) -> bool {
    match expr {
        Expr::If(_)
        | Expr::Match(_)
        | Expr::ForLoop(_)
        | Expr::While(_)
        | Expr::Loop(_)
        | Expr::Block(_)
        | Expr::Unsafe(_) => true,
        Expr::Macro(call) => matches!(call.mac.delimiter, syn::MacroDelimiter::Brace(_)),
        _ => false,
    }
}

/// A declaration's own attributes.
#[derive(Default)]
struct Attributes {
    after: Vec<Ident>,
    concurrency: Option<(Attribute, Expr)>,
}

fn attributes(attrs: Vec<Attribute>, report: &mut Report) -> Attributes {
    let mut own = Attributes::default();
    for attr in attrs {
        let name = attr.path().get_ident().map(ToString::to_string).unwrap_or_default();
        match &*name {
            "doc" => {}
            "after" => {
                let list = Punctuated::<Ident, Token![,]>::parse_terminated;
                match attr.parse_args_with(list) {
                    Ok(names) if !names.is_empty() => own.after.extend(names),
                    _ => {
                        report
                            .error(&attr, "`after` takes the names of steps")
                            .help("write `#[after(payment, stock)]`");
                    }
                }
            }
            "concurrency" => match attr.parse_args::<Expr>() {
                Ok(limit) if limit.to_token_stream().to_string() == "0" => {
                    report
                        .error(&limit, "with `#[concurrency(0)]` no item could ever run")
                        .help("write how many items may run at once, such as `#[concurrency(8)]`");
                }
                Ok(limit) => own.concurrency = Some((attr, limit)),
                Err(_) => {
                    report
                        .error(
                            &attr,
                            "`concurrency` takes the number of items that may run at once",
                        )
                        .help("write `#[concurrency(8)]`");
                }
            },
            "compensate" => {
                report.error(&attr, "`#[compensate]` is not available yet").help("remove it");
            }
            _ => {
                let known = ["after", "concurrency"];
                let problem = report
                    .error(attr.path(), format!("unknown attribute `{name}` on a declaration"));
                if let Some(near) = similar(&name, known) {
                    problem.help(&format!("an attribute with a similar name exists: `{near}`"));
                }
                problem.note(
                    "the attributes of a declaration are `#[after(…)]` and `#[concurrency(…)]`",
                );
            }
        }
    }
    own
}

/// Makes a declaration of an expression, whose attributes may still be on it. `None`
/// where it is something that cannot be declared.
fn declaration(
    mut attrs: Vec<Attribute>,
    span: proc_macro2::Span,
    binding: Option<Binding>,
    mut expr: Expr,
    report: &mut Report,
) -> Option<Decl> {
    attrs.append(&mut take_attributes(&mut expr));
    let own = attributes(attrs, report);
    let mut form = form(expr, binding.is_some(), report)?;
    match (&mut form, own.concurrency) {
        (Form::FanOut(fan_out), Some((_, limit))) => fan_out.concurrency = Some(limit),
        (_, Some((attr, _))) => {
            report
                .error(attr, "`concurrency` belongs on a `for`")
                .note("it says how many items of a fan-out may run at once");
        }
        (_, None) => {}
    }
    Some(Decl { span, after: own.after, binding, form })
}

fn take_attributes(expr: &mut Expr) -> Vec<Attribute> {
    match expr {
        Expr::Try(expr) => std::mem::take(&mut expr.attrs),
        Expr::Await(expr) => std::mem::take(&mut expr.attrs),
        Expr::If(expr) => std::mem::take(&mut expr.attrs),
        Expr::Match(expr) => std::mem::take(&mut expr.attrs),
        Expr::ForLoop(expr) => std::mem::take(&mut expr.attrs),
        Expr::Block(expr) => std::mem::take(&mut expr.attrs),
        Expr::Macro(expr) => std::mem::take(&mut expr.attrs),
        Expr::Call(expr) => std::mem::take(&mut expr.attrs),
        Expr::MethodCall(expr) => std::mem::take(&mut expr.attrs),
        _ => Vec::new(),
    }
}

fn form(expr: Expr, bound: bool, report: &mut Report) -> Option<Form> {
    match expr {
        Expr::Paren(paren) if first_await(&paren.expr).is_some() => {
            form(*paren.expr, bound, report)
        }
        Expr::Group(group) => form(*group.expr, bound, report),
        Expr::Try(attempt) if matches!(*attempt.expr, Expr::Await(_)) => {
            let Expr::Await(wait) = *attempt.expr else { unreachable!("it has just matched") };
            Some(call(wait, Some(attempt.question_token), report))
        }
        Expr::Await(wait) => Some(call(wait, None, report)),
        Expr::If(_) if has_await(&expr) => {
            let mut arms = Vec::new();
            if_arms(expr, &mut arms, report);
            Some(Form::Branch(Branch::If(arms)))
        }
        Expr::Match(choice) if has_await(&Expr::Match(choice.clone())) => {
            ordinary(&choice.expr, report);
            let arms = choice
                .arms
                .into_iter()
                .map(|arm| MatchArm { body: arm_body(*arm.body, report), pat: arm.pat });
            let arms = arms.collect();
            let scrutinee = *choice.expr;
            Some(Form::Branch(Branch::Match { match_token: choice.match_token, scrutinee, arms }))
        }
        Expr::ForLoop(repeat) if bound || has_await(&Expr::ForLoop(repeat.clone())) => {
            ordinary(&repeat.expr, report);
            if let Some(label) = &repeat.label {
                report
                    .error(label, "a fan-out has no label")
                    .note("its items run at the same time, so that none can break or continue it");
            }
            Some(Form::FanOut(FanOut {
                pat: *repeat.pat,
                items: *repeat.expr,
                concurrency: None,
                body: block_body(repeat.body, report),
            }))
        }
        Expr::Block(block) if block.label.is_none() && block_has_await(&block.block) => {
            Some(Form::Block(block_body(block.block, report)))
        }
        Expr::While(repeat) if has_await(&Expr::While(repeat.clone())) || !bound => {
            refuse_loop(repeat.while_token, "while", report)
        }
        Expr::Loop(repeat) if has_await(&Expr::Loop(repeat.clone())) || !bound => {
            refuse_loop(repeat.loop_token, "loop", report)
        }
        expr => {
            ordinary(&expr, report);
            Some(Form::Value(expr))
        }
    }
}

fn refuse_loop(keyword: impl ToTokens, name: &str, report: &mut Report) -> Option<Form> {
    report
        .error(keyword, format!("a `{name}` cannot stand in a workflow's body"))
        .note("a body is a set of declarations, each of which runs once, as soon as what it names is ready")
        .help("write `let results = for item in items { … };` to run steps for each of many items, or move the loop into a step");
    None
}

fn has_await(expr: &Expr) -> bool {
    first_await(expr).is_some()
}

fn block_has_await(block: &Block) -> bool {
    block.stmts.iter().any(|stmt| match stmt {
        Stmt::Local(local) => {
            local.init.as_ref().is_some_and(|init| first_await(&init.expr).is_some())
        }
        Stmt::Expr(expr, _) => has_await(expr),
        Stmt::Macro(_) | Stmt::Item(_) => false,
    })
}

fn call(wait: syn::ExprAwait, question: Option<Token![?]>, report: &mut Report) -> Form {
    ordinary(&wait.base, report);
    Form::Step(Call {
        expr: *wait.base,
        dot: wait.dot_token,
        await_token: wait.await_token,
        question,
    })
}

/// Checks that an expression is one that runs at once and ends where it stands.
fn ordinary(expr: &Expr, report: &mut Report) {
    if let Some(span) = first_await(expr) {
        report
            .error(Ident::new("await", span), "a step must have a declaration of its own")
            .note("each declaration starts as soon as what it names is ready, so a step cannot hide inside an expression")
            .help("write `let value = step(…).await?;` and use `value` here");
    }
    if let Some(span) = first_return(expr) {
        report
            .error(Ident::new("here", span), "a `return` cannot stand in a workflow's body")
            .note("a body is a set of declarations; its last line is the result")
            .help("leave early by `?` on an `Err`, or choose the result by `if` or `match` in the last line");
    }
}

fn if_arms(expr: Expr, arms: &mut Vec<IfArm>, report: &mut Report) {
    match expr {
        Expr::If(branch) => {
            ordinary(&branch.cond, report);
            arms.push(IfArm {
                condition: Some((branch.if_token, *branch.cond)),
                body: block_body(branch.then_branch, report),
            });
            if let Some((_, otherwise)) = branch.else_branch {
                if_arms(*otherwise, arms, report);
            }
        }
        Expr::Block(block) => {
            arms.push(IfArm { condition: None, body: block_body(block.block, report) });
        }
        other => {
            arms.push(IfArm { condition: None, body: arm_body(other, report) });
        }
    }
}

/// The body of a match arm: a block, or an expression on its own.
fn arm_body(expr: Expr, report: &mut Report) -> Body {
    match expr {
        Expr::Block(block) if block.label.is_none() && block.attrs.is_empty() => {
            block_body(block.block, report)
        }
        expr => {
            let tail = declaration(Vec::new(), expr.span(), None, expr, report);
            Body { decls: Vec::new(), tail: tail.map(Box::new) }
        }
    }
}

/// A block inside a statement, which syn has parsed as a whole.
fn block_body(block: Block, report: &mut Report) -> Body {
    let mut body = Body { decls: Vec::new(), tail: None };
    let last = block.stmts.len().saturating_sub(1);
    for (at, stmt) in block.stmts.into_iter().enumerate() {
        let span = stmt.span();
        match stmt {
            Stmt::Local(local) => body.decls.extend(local_declaration(local, report)),
            Stmt::Item(item) => refuse_item(&item, report),
            Stmt::Expr(expr, semicolon) => {
                let decl = declaration(Vec::new(), span, None, expr, report);
                if semicolon.is_none() && at == last {
                    body.tail = decl.map(Box::new);
                } else {
                    body.decls.extend(decl);
                }
            }
            Stmt::Macro(call) => {
                let expr = Expr::Macro(syn::ExprMacro { attrs: call.attrs, mac: call.mac });
                let decl = declaration(Vec::new(), span, None, expr, report);
                if call.semi_token.is_none() && at == last {
                    body.tail = decl.map(Box::new);
                } else {
                    body.decls.extend(decl);
                }
            }
        }
    }
    body
}

fn local_declaration(local: syn::Local, report: &mut Report) -> Option<Decl> {
    let (pat, ty) = match local.pat {
        Pat::Type(typed) => (*typed.pat, Some(*typed.ty)),
        pat => (pat, None),
    };
    let Some(init) = local.init else {
        report
            .error(local.semi_token, "a declaration needs a value")
            .help("write `let name = step(…).await?;`");
        return None;
    };
    if let Some((otherwise, _)) = init.diverge {
        refuse_let_else(otherwise, report);
    }
    let binding = Binding { let_token: local.let_token, pat, ty };
    declaration(local.attrs, local.let_token.span, Some(binding), *init.expr, report)
}
