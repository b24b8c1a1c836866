//! What a declaration is: a step, a branch, a fan-out, or a value.

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::{Attribute, Block, Expr, Pat, Stmt, Token};

use super::super::awaits::first_await;
use super::super::configuration::statement_attributes;
use super::super::depth::{holds_step, parsed, parsed_if};
use super::super::syntax::{
    Binding, Body, Branch, Call, Compensate, Decl, FanOut, Form, IfArm, MatchArm,
};
use super::attributes::{arm_attributes, attributes};
use super::policy::above_call;
use super::recorded::recorded;
use super::{refuse, unreadable};
use crate::report::Report;

/// Turns an expression, whose attributes may still be on it, into a declaration. `None` if it
/// cannot be declared.
pub(super) fn declaration(
    mut attrs: Vec<Attribute>,
    span: Span,
    binding: Option<Binding>,
    mut expr: Expr,
    report: &mut Report,
) -> Option<Decl> {
    if let Some(more) = statement_attributes(&mut expr) {
        attrs.append(more);
    }
    let own = attributes(attrs, report);
    if refuse::assignment(&expr, report) {
        return None;
    }
    let Some(mut form) = form(expr, binding.as_ref(), report) else {
        return binding.map(|binding| unreadable(span, Some(binding)));
    };
    if let Some(attr) = &own.record {
        form = recorded(form, attr, binding.as_ref(), report);
    }
    match (&mut form, own.concurrency) {
        (Form::FanOut(fan_out), Some((_, limit))) => fan_out.concurrency = Some(limit),
        (_, Some((attr, _))) => {
            report
                .error(attr.path(), "`concurrency` belongs on a `for`")
                .note("it says how many items of a fan-out may run at once")
                .help("remove it");
        }
        (_, None) => {}
    }
    above_call(&mut form, own.policy, report);
    let compensate = own.compensate.and_then(|(attr, compensate)| {
        if matches!(compensate, Compensate::Itself) && !is_call(&form) {
            report
                .error(attr.path(), "`compensate` says what undoes the declaration")
                .help("write the step that does: `#[compensate(refund(&payment))]`");
            return None;
        }
        if matches!(compensate, Compensate::Maybe(_)) && !is_call(&form) {
            report
                .error(attr.path(), "`maybe` is for what undoes a call of a step")
                .note("it runs for a step that was cut off, too, which may or may not have done its work")
                .help("remove `maybe`, or write the attribute on the step");
            return None;
        }
        Some(compensate)
    });
    if let Some(was) = own.was.as_ref().filter(|was| was.says_of_step())
        && !matches!(form, Form::Step(_))
    {
        report
            .error(was.place(), "`function` and `output` of `was` are for steps")
            .note("what else is declared has neither in a run's record")
            .help("give only its former name: `#[was(name)]`");
    }
    Some(Decl { span, lints: own.lints, after: own.after, compensate, was: own.was, binding, form })
}

/// Whether it is a call of a step, which takes time and may be cut off.
fn is_call(form: &Form) -> bool {
    matches!(form, Form::Step(call) if call.record.is_none())
}

fn form(expr: Expr, binding: Option<&Binding>, report: &mut Report) -> Option<Form> {
    let bound = binding.is_some();
    match expr {
        Expr::Paren(paren) if first_await(&paren.expr).is_some() => {
            form(*paren.expr, binding, report)
        }
        Expr::Group(group) => form(*group.expr, binding, report),
        Expr::Try(attempt) if matches!(*attempt.expr, Expr::Await(_)) => {
            let Expr::Await(wait) = *attempt.expr else { unreachable!("it has just matched") };
            Some(call(wait, Some(attempt.question_token), report))
        }
        Expr::Await(wait) => Some(call(wait, None, report)),
        expr if refuse::around_await(&expr, report) => form(without_last(expr), binding, report),
        Expr::If(_) if has_await(&expr) => {
            let mut arms = Vec::new();
            if_arms(expr, &mut arms, report);
            Some(Form::Branch(Branch::If(arms)))
        }
        Expr::Match(choice) if has_await(&Expr::Match(choice.clone())) => {
            refuse::unordinary(&choice.expr, None, report);
            let arms = choice.arms.into_iter().map(|arm| match_arm(arm, report)).collect();
            let scrutinee = *choice.expr;
            Some(Form::Branch(Branch::Match { match_token: choice.match_token, scrutinee, arms }))
        }
        Expr::ForLoop(repeat) if bound || has_await(&Expr::ForLoop(repeat.clone())) => {
            refuse::unordinary(&repeat.expr, None, report);
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
            refuse::repetition(repeat.while_token, "while", report);
            None
        }
        Expr::Loop(repeat) if has_await(&Expr::Loop(repeat.clone())) || !bound => {
            refuse::repetition(repeat.loop_token, "loop", report);
            None
        }
        expr => refuse::unordinary(&expr, binding, report).then_some(Form::Value(expr)),
    }
}

/// The expression without its last `?`, or without the parentheses after `.await`.
fn without_last(expr: Expr) -> Expr {
    match expr {
        Expr::Try(attempt) => match *attempt.expr {
            Expr::Call(called) => Expr::Try(syn::ExprTry { expr: called.func, ..attempt }),
            inner => inner,
        },
        Expr::Call(called) => *called.func,
        expr => expr,
    }
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
        Stmt::Macro(call) => holds_step(&call.mac),
        Stmt::Item(_) => false,
    })
}

fn call(wait: syn::ExprAwait, question: Option<Token![?]>, report: &mut Report) -> Form {
    refuse::unordinary(&wait.base, None, report);
    Form::Step(Call {
        expr: *wait.base,
        record: None,
        dot: wait.dot_token,
        await_token: wait.await_token,
        question,
        policy: Box::default(),
    })
}

fn if_arms(expr: Expr, arms: &mut Vec<IfArm>, report: &mut Report) {
    let mut next = Some(expr);
    while let Some(expr) = next.take() {
        match parsed_if(expr) {
            Ok(Expr::If(branch)) => {
                refuse::unordinary(&branch.cond, None, report);
                arms.push(IfArm {
                    condition: Some((branch.if_token, *branch.cond)),
                    body: block_body(branch.then_branch, report),
                });
                next = branch.else_branch.map(|(_, otherwise)| *otherwise);
            }
            Ok(Expr::Block(block)) => {
                arms.push(IfArm { condition: None, body: block_body(block.block, report) });
            }
            Ok(other) => arms.push(IfArm { condition: None, body: arm_body(other, report) }),
            Err(error) => report.syntax_error(&error),
        }
    }
}

fn match_arm(arm: syn::Arm, report: &mut Report) -> MatchArm {
    if let Pat::Guard(guarded) = &arm.pat {
        refuse::unordinary(&guarded.guard, None, report);
    }
    let mut attrs = arm.attrs;
    let mut body = *arm.body;
    if let Expr::Block(block) = &mut body {
        attrs.append(&mut block.attrs);
    }
    MatchArm { lints: arm_attributes(attrs, report), body: arm_body(body, report), pat: arm.pat }
}

/// The body of a match arm: a block, or an expression on its own.
fn arm_body(expr: Expr, report: &mut Report) -> Body {
    match expr {
        Expr::Block(block) if block.label.is_none() && block.attrs.is_empty() => {
            block_body(block.block, report)
        }
        expr => {
            let tail = declaration(Vec::new(), expr.span(), None, expr, report);
            Body { decls: Vec::new(), tail: tail.map(Box::new), braces: None }
        }
    }
}

/// A block inside a statement, which syn has parsed as a whole.
fn block_body(block: Block, report: &mut Report) -> Body {
    let braces = Some(block.brace_token.span);
    let block = match parsed(block) {
        Ok(block) => block,
        Err(error) => {
            report.syntax_error(&error);
            return Body { decls: Vec::new(), tail: None, braces };
        }
    };
    let mut body = Body { decls: Vec::new(), tail: None, braces };
    let last = block.stmts.len().saturating_sub(1);
    for (at, stmt) in block.stmts.into_iter().enumerate() {
        let span = stmt.span();
        match stmt {
            Stmt::Local(local) => body.decls.extend(local_declaration(local, report)),
            Stmt::Item(item) => refuse::item(&item, report),
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
    let span = local.let_token.span;
    let (pat, ty) = match local.pat {
        Pat::Type(typed) => (*typed.pat, Some(*typed.ty)),
        pat => (pat, None),
    };
    let binding = Binding { let_token: local.let_token, pat, ty };
    let Some(init) = local.init else {
        refuse::no_value(local.semi_token, report);
        return Some(unreadable(span, Some(binding)));
    };
    if let Some((otherwise, _)) = init.diverge {
        refuse::let_else(otherwise, report);
        return Some(unreadable(span, Some(binding)));
    }
    declaration(local.attrs, span, Some(binding), *init.expr, report)
}
