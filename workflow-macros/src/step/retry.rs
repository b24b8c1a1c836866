//! The option `retry`, and the attribute of that name.

use proc_macro2::{TokenStream, TokenTree};
use syn::{Expr, ExprCall, ExprLit, Ident, Lit};
use workflow_graph::near::similar;

use super::items::{Names, Value, items};
use super::options::wrong_form;
use crate::duration::{self, Time, is_literal, peeled};
use crate::report::Report;

/// `retry(max_attempts = N, …)` or `retry = EXPR`.
#[derive(Clone)]
pub(crate) struct Retry {
    pub(crate) attempts: Attempts,
    /// A `fn(&E) -> bool`.
    pub(crate) when: Option<Expr>,
}

/// How often, and how fast.
#[derive(Clone)]
pub(crate) enum Attempts {
    /// As this expression says, which is a `Retry`.
    Given(Expr),
    /// As the options say.
    Listed { max: Number, backoff: Backoff, jitter: bool },
}

/// A number, or an expression of its type.
#[derive(Clone)]
pub(crate) enum Number<T = u32> {
    Literal(T),
    Given(Expr),
}

impl<T> Number<T> {
    fn given(&self) -> Option<&Expr> {
        match self {
            Self::Literal(_) => None,
            Self::Given(value) => Some(value),
        }
    }

    fn given_mut(&mut self) -> Option<&mut Expr> {
        match self {
            Self::Literal(_) => None,
            Self::Given(value) => Some(value),
        }
    }
}

/// The delays between attempts.
#[derive(Clone)]
pub(crate) enum Backoff {
    None,
    Constant { delay: Time },
    Exponential { first: Time, factor: Number<f32>, max: Option<Time> },
}

impl Retry {
    /// The policy that a single expression gives.
    pub(crate) fn given(value: Expr) -> Self {
        Self { attempts: Attempts::Given(value), when: None }
    }

    /// All expressions that are not literals.
    pub(crate) fn expressions(&self) -> Vec<&Expr> {
        let (max, backoff) = match &self.attempts {
            Attempts::Given(value) => return vec![value],
            Attempts::Listed { max, backoff, .. } => (max, backoff),
        };
        let delays = match backoff {
            Backoff::None => Vec::new(),
            Backoff::Constant { delay } => vec![delay.given()],
            Backoff::Exponential { first, factor, max } => {
                vec![first.given(), factor.given(), max.as_ref().and_then(Time::given)]
            }
        };
        std::iter::once(max.given()).chain(delays).flatten().collect()
    }

    /// All expressions that are not literals, and `when`, mutably.
    pub(crate) fn code_mut(&mut self) -> Vec<&mut Expr> {
        let mut code: Vec<&mut Expr> = self.when.iter_mut().collect();
        match &mut self.attempts {
            Attempts::Given(value) => code.push(value),
            Attempts::Listed { max, backoff, .. } => {
                code.extend(max.given_mut());
                match backoff {
                    Backoff::None => {}
                    Backoff::Constant { delay } => code.extend(delay.given_mut()),
                    Backoff::Exponential { first, factor, max } => {
                        code.extend(first.given_mut());
                        code.extend(factor.given_mut());
                        code.extend(max.as_mut().and_then(Time::given_mut));
                    }
                }
            }
        }
        code
    }
}

/// The backoff if none is given.
const DEFAULT: Backoff = Backoff::Exponential {
    first: Time::Millis(100),
    factor: Number::Literal(2.0),
    max: Some(Time::Millis(30_000)),
};

const BACKOFFS: &str = "the backoffs are `constant(\"1s\")`, `exponential(\"100ms\", factor = 2, \
                        max = \"5s\")` and `none`";

/// The options of `retry`.
const OPTIONS: [&str; 5] = ["max_attempts", "backoff", "jitter", "when", "policy"];

/// What the number of attempts is called elsewhere.
const COUNTS: [&str; 8] =
    ["attempts", "count", "limit", "max", "max_retries", "retries", "times", "tries"];

/// What is meant by the name of another library's option.
fn meant(name: &str) -> Option<&'static str> {
    COUNTS
        .contains(&name)
        .then_some("the number of attempts, with the first one, is `max_attempts = 3`")
}

/// Reads the contents of the parentheses of `retry`. `None` if they cannot be used.
pub(crate) fn parse(name: &Ident, options: TokenStream, report: &mut Report) -> Option<Retry> {
    let known = Names { owner: "`retry`", all: &OPTIONS, meant };
    let given: Vec<String> = options.clone().into_iter().map(|token| token.to_string()).collect();
    let mut problems = Report::default();
    let (mut max, mut backoff_given, mut jitter, mut when_given) = (None, DEFAULT, false, None);
    let mut policy: Option<Expr> = None;
    let mut listed: Vec<Ident> = Vec::new();
    let (options, mut counted) = without_number(options, &mut problems);
    for item in items(options, &known, &mut problems) {
        match (&*item.name.to_string(), item.value) {
            ("max_attempts", Value::Is(value)) => {
                counted = true;
                max = max_attempts(&value, &mut problems);
                listed.push(item.name);
            }
            ("backoff", Value::Is(value)) => {
                backoff_given = backoff(&value, &mut problems).unwrap_or(DEFAULT);
                listed.push(item.name);
            }
            ("jitter", Value::None) => {
                jitter = true;
                listed.push(item.name);
            }
            ("when", Value::Is(value)) => when_given = when(*value, &mut problems),
            ("policy", Value::Is(value)) => {
                policy = self::policy(*value, &mut problems);
                counted = true;
            }
            (option, value) => {
                counted |= option == "max_attempts" || option == "policy";
                wrong_form(&item.name, &value, example(option), &mut problems);
            }
        }
    }
    for option in listed.iter().filter(|_| policy.is_some()) {
        problems
            .error(option, format!("`policy` and `{option}` say the same thing"))
            .note("a `Retry` holds the number of attempts, the backoff and the jitter")
            .help(&format!("remove `{option}`"));
    }
    // A name that is not quite right has been reported.
    let slipped = |word: &String| {
        similar(word, ["max_attempts", "policy"]).is_some() || COUNTS.contains(&&**word)
    };
    if !counted && !given.iter().any(slipped) {
        let headline = "`retry` does not say how many attempts there are at most";
        problems.error(name, headline).help("write `retry(max_attempts = 3)`");
    }
    let usable = problems.is_empty();
    report.append(problems);
    let attempts = match (policy, max) {
        (Some(policy), _) => Attempts::Given(policy),
        (None, Some(max)) => Attempts::Listed { max, backoff: backoff_given, jitter },
        (None, None) => return None,
    };
    usable.then_some(Retry { attempts, when: when_given })
}

/// Reports `retry(3)`, and leaves the number out. Also returns whether there was one.
fn without_number(options: TokenStream, report: &mut Report) -> (TokenStream, bool) {
    let mut tokens = options.clone().into_iter();
    let Some(TokenTree::Literal(number)) = tokens.next() else { return (options, false) };
    report
        .error(&number, "an option of `retry` has a name")
        .help(&format!("write `retry(max_attempts = {number})`"));
    // The comma after it goes, too.
    (tokens.skip(1).collect(), true)
}

/// Takes the value of `retry = EXPR`, and checks the literals in it.
pub(crate) fn policy(value: Expr, report: &mut Report) -> Option<Expr> {
    if is_literal(&value) {
        report
            .error(&value, "expected a `Retry`")
            .help("write `retry(max_attempts = 3)`, or give a constant: `retry = CALM`");
        return None;
    }
    let mut problems = Report::default();
    check_calls(&value, &mut problems);
    let usable = problems.is_empty();
    report.append(problems);
    usable.then_some(value)
}

/// Checks the literals in `Retry::attempts(3).constant("1s")`.
fn check_calls(value: &Expr, report: &mut Report) {
    match peeled(value) {
        Expr::MethodCall(call) => {
            check_calls(&call.receiver, report);
            let texts = call.args.iter().filter(|argument| is_literal(argument));
            match &*call.method.to_string() {
                "constant" if starts_as_retry(&call.receiver) => texts.for_each(|text| {
                    duration::read(text, "constant(\"1s\")", report);
                }),
                "exponential" if starts_as_retry(&call.receiver) => {
                    let millis: Vec<_> = texts
                        .map(|text| duration::read(text, "exponential(\"100ms\", \"5s\")", report))
                        .collect();
                    if let [Some(first), Some(max)] = millis[..]
                        && max < first
                    {
                        shorter(&call.args[1], report);
                    }
                }
                "factor" if starts_as_retry(&call.receiver) => texts.for_each(|number| {
                    read_factor(number, report);
                }),
                _ => {}
            }
        }
        Expr::Call(call) if starts_as_retry(value) => {
            for number in call.args.iter().filter(|argument| is_literal(argument)) {
                max_attempts(number, report);
            }
        }
        Expr::Paren(paren) => check_calls(&paren.expr, report),
        _ => {}
    }
}

/// Whether it is `Retry::attempts(…)`, possibly with methods called on it.
fn starts_as_retry(value: &Expr) -> bool {
    match peeled(value) {
        Expr::MethodCall(call) => starts_as_retry(&call.receiver),
        Expr::Paren(paren) => starts_as_retry(&paren.expr),
        Expr::Call(call) => match peeled(&call.func) {
            Expr::Path(path) => {
                let mut ends = path.path.segments.iter().rev().map(|segment| &segment.ident);
                ends.next().is_some_and(|function| function == "attempts")
                    && ends.next().is_some_and(|of| of == "Retry")
            }
            _ => false,
        },
        _ => false,
    }
}

fn shorter(max: &Expr, report: &mut Report) {
    report
        .error(max, "the longest delay is shorter than the first one")
        .help("give `max` a longer duration, or use `constant(\"1s\")`");
}

fn example(option: &str) -> &str {
    match option {
        "max_attempts" => "max_attempts = 3",
        "backoff" => "backoff = constant(\"1s\")",
        "when" => "when = |error| error.is_busy()",
        "policy" => "policy = CALM",
        flag => flag,
    }
}

fn max_attempts(value: &Expr, report: &mut Report) -> Option<Number> {
    if !is_literal(value) {
        return Some(Number::Given(value.clone()));
    }
    let number = match peeled(value) {
        Expr::Lit(ExprLit { lit: Lit::Int(number), .. }) => number.base10_parse::<u32>().ok(),
        _ => None,
    };
    match number {
        None => {
            report
                .error(value, "`max_attempts` is a whole number")
                .help("write `max_attempts = 3`, or give a constant of type `u32`");
            None
        }
        Some(0) => {
            report
                .error(value, "with `max_attempts = 0` the step would never run")
                .note("the first attempt counts")
                .help("write `max_attempts = 2` for one retry");
            None
        }
        Some(number) => Some(Number::Literal(number)),
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
    let delay = duration::time(delay, "constant(\"1s\")", report)?;
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
    let first = duration::time(first, "exponential(\"100ms\")", report)?;
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
                let longest = duration::time(value, "max = \"5s\"", report)?;
                if let (Time::Millis(first), Time::Millis(longest)) = (&first, &longest)
                    && longest < first
                {
                    shorter(value, report);
                    return None;
                }
                max = Some(longest);
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
    let factor = factor.unwrap_or(Number::Literal(2.0));
    Some(Backoff::Exponential { first, factor, max })
}

fn read_factor(value: &Expr, report: &mut Report) -> Option<Number<f32>> {
    if !is_literal(value) {
        return Some(Number::Given(value.clone()));
    }
    let number = match peeled(value) {
        Expr::Lit(ExprLit { lit: Lit::Int(number), .. }) => number.base10_parse::<f32>().ok(),
        Expr::Lit(ExprLit { lit: Lit::Float(number), .. }) => number.base10_parse::<f32>().ok(),
        _ => None,
    };
    let factor = number.filter(|factor| factor.is_finite() && *factor >= 1.0);
    if factor.is_none() {
        report
            .error(value, "`factor` is a number that is at least 1")
            .help("write `factor = 2` or `factor = 1.5`, or give a constant of type `f32`");
    }
    factor.map(Number::Literal)
}
