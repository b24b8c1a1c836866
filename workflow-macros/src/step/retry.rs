//! The option `retry`.

use proc_macro2::TokenStream;
use syn::{Expr, ExprCall, ExprLit, Ident, Lit};
use workflow_graph::near::similar;

use super::items::{Names, Value, items};
use super::options::wrong_form;
use crate::duration;
use crate::report::Report;

/// `retry(max_attempts = N, …)`.
pub(super) struct Retry {
    pub(super) max_attempts: u32,
    pub(super) backoff: Backoff,
    pub(super) jitter: bool,
    /// A `fn(&E) -> bool`.
    pub(super) when: Option<Expr>,
}

/// The delays between attempts, in milliseconds.
pub(super) enum Backoff {
    None,
    Constant { delay: u64 },
    Exponential { first: u64, factor: f32, max: Option<u64> },
}

/// What is waited where nothing is said of it.
const DEFAULT: Backoff = Backoff::Exponential { first: 100, factor: 2.0, max: Some(30_000) };

const BACKOFFS: &str = "the backoffs are `constant(\"1s\")`, `exponential(\"100ms\", factor = 2, \
                        max = \"5s\")` and `none`";

/// Reads what stands in the parentheses of `retry`. `None` if it cannot be used.
pub(super) fn parse(name: &Ident, options: TokenStream, report: &mut Report) -> Option<Retry> {
    let known = Names { owner: "`retry`", names: &["max_attempts", "backoff", "jitter", "when"] };
    let given: Vec<String> = options.clone().into_iter().map(|token| token.to_string()).collect();
    let mut problems = Report::default();
    let mut retry = Retry { max_attempts: 0, backoff: DEFAULT, jitter: false, when: None };
    let mut counted = false;
    for item in items(options, &known, &mut problems) {
        match (&*item.name.to_string(), item.value) {
            ("max_attempts", Value::Is(value)) => {
                counted = true;
                retry.max_attempts = max_attempts(&value, &mut problems).unwrap_or(0);
            }
            ("backoff", Value::Is(value)) => {
                retry.backoff = backoff(&value, &mut problems).unwrap_or(DEFAULT);
            }
            ("jitter", Value::None) => retry.jitter = true,
            ("when", Value::Is(value)) => retry.when = when(*value, &mut problems),
            (option, value) => {
                counted |= option == "max_attempts";
                wrong_form(&item.name, &value, example(option), &mut problems);
            }
        }
    }
    // A slip in its name has been reported.
    let slipped = |word: &String| similar(word, ["max_attempts"]).is_some();
    if !counted && !given.iter().any(slipped) {
        let headline = "`retry` does not say how many attempts there are at most";
        problems.error(name, headline).help("write `retry(max_attempts = 3)`");
    }
    let usable = problems.is_empty();
    report.append(problems);
    usable.then_some(retry)
}

fn example(option: &str) -> &str {
    match option {
        "max_attempts" => "max_attempts = 3",
        "backoff" => "backoff = constant(\"1s\")",
        "when" => "when = |error| error.is_busy()",
        flag => flag,
    }
}

fn max_attempts(value: &Expr, report: &mut Report) -> Option<u32> {
    let number = match value {
        Expr::Lit(ExprLit { lit: Lit::Int(number), .. }) => number.base10_parse::<u32>().ok(),
        _ => None,
    };
    match number {
        None => {
            report
                .error(value, "`max_attempts` is a whole number")
                .help("write it as a literal: `max_attempts = 3`");
            None
        }
        Some(0) => {
            report
                .error(value, "with `max_attempts = 0` the step would never run")
                .note("the first attempt counts")
                .help("write `max_attempts = 2` for one retry");
            None
        }
        number => number,
    }
}

fn when(value: Expr, report: &mut Report) -> Option<Expr> {
    if matches!(value, Expr::Path(_) | Expr::Closure(_)) {
        return Some(value);
    }
    report
        .error(&value, "`when` takes a function or a closure")
        .help("write `when = is_busy` or `when = |error| error.is_busy()`");
    None
}

fn backoff(value: &Expr, report: &mut Report) -> Option<Backoff> {
    let (name, call) = match value {
        Expr::Call(call) => (name_of(&call.func), Some(call)),
        value => (name_of(value), None),
    };
    let Some(name) = name else {
        report.error(value, "expected a backoff").note(BACKOFFS);
        return None;
    };
    match (&*name.to_string(), call) {
        ("none", None) => Some(Backoff::None),
        ("constant", Some(call)) => constant(call, report),
        ("exponential", Some(call)) => exponential(call, report),
        ("none", Some(call)) => {
            report.error(call, "`none` takes no arguments").help("write `backoff = none`");
            None
        }
        ("constant" | "exponential", None) => {
            report
                .error(name, format!("backoff `{name}` needs a delay"))
                .help(&format!("write `backoff = {name}(\"100ms\")`"));
            None
        }
        (text, _) => {
            let problem = report.error(name, format!("unknown backoff `{name}`"));
            if let Some(near) = similar(text, ["constant", "exponential", "none"]) {
                problem.help(&format!("a backoff with a similar name exists: `{near}`"));
            }
            problem.note(BACKOFFS);
            None
        }
    }
}

fn name_of(value: &Expr) -> Option<&Ident> {
    match value {
        Expr::Path(path) => path.path.get_ident(),
        _ => None,
    }
}

fn constant(call: &ExprCall, report: &mut Report) -> Option<Backoff> {
    let mut args = call.args.iter();
    let (Some(delay), None) = (args.next(), args.next()) else {
        report
            .error(call, "backoff `constant` takes one delay")
            .help("write `backoff = constant(\"1s\")`");
        return None;
    };
    let delay = duration::read(delay, "constant(\"1s\")", report)?;
    Some(Backoff::Constant { delay })
}

fn exponential(call: &ExprCall, report: &mut Report) -> Option<Backoff> {
    let example = "exponential(\"100ms\", factor = 2, max = \"5s\")";
    let mut args = call.args.iter();
    let Some(first) = args.next() else {
        report
            .error(call, "backoff `exponential` needs a first delay")
            .help(&format!("write `backoff = {example}`"));
        return None;
    };
    let first = duration::read(first, "exponential(\"100ms\")", report)?;
    let (mut factor, mut max) = (None, None);
    for arg in args {
        let (name, value) = match arg {
            Expr::Assign(assign) => (name_of(&assign.left), Some(&*assign.right)),
            _ => (None, None),
        };
        let name = name.map(ToString::to_string);
        match (name.as_deref(), value) {
            (Some("factor"), Some(value)) if factor.is_none() => {
                factor = Some(read_factor(value, report)?);
            }
            (Some("max"), Some(value)) if max.is_none() => {
                let millis = duration::read(value, "max = \"5s\"", report)?;
                if millis < first {
                    report
                        .error(value, "the longest delay is shorter than the first one")
                        .help("give `max` a longer duration, or use `constant(\"1s\")`");
                    return None;
                }
                max = Some(millis);
            }
            (Some(name @ ("factor" | "max")), Some(_)) => {
                let text = format!("option `{name}` is given twice");
                report.error(arg, text).help("remove one of the two");
                return None;
            }
            _ => {
                report
                    .error(arg, "expected an option of `exponential`")
                    .note("the options are `factor` and `max`")
                    .help(&format!("write `{example}`"));
                return None;
            }
        }
    }
    Some(Backoff::Exponential { first, factor: factor.unwrap_or(2.0), max })
}

fn read_factor(value: &Expr, report: &mut Report) -> Option<f32> {
    let number = match value {
        Expr::Lit(ExprLit { lit: Lit::Int(number), .. }) => number.base10_parse::<f32>().ok(),
        Expr::Lit(ExprLit { lit: Lit::Float(number), .. }) => number.base10_parse::<f32>().ok(),
        _ => None,
    };
    let factor = number.filter(|factor| factor.is_finite() && *factor >= 1.0);
    if factor.is_none() {
        report
            .error(value, "`factor` is a number that is at least 1")
            .help("write it as a literal: `factor = 2` or `factor = 1.5`");
    }
    factor
}
