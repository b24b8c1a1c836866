//! The options of `#[step]`.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Expr, Ident, Path};

use super::items::{Names, Value, items};
use super::policy::policy_values;
use super::retry::{self, Retry};
use crate::duration::{self, Time};
use crate::report::Report;

/// All options.
pub(crate) const OPTIONS: [&str; 6] =
    ["retry", "timeout", "deadline", "blocking", "spawn", "crate"];

/// What the attribute says.
#[derive(Default)]
pub(super) struct Options {
    pub(super) retry: Option<Retry>,
    pub(super) timeout: Option<Time>,
    pub(super) deadline: Option<Time>,
    pub(super) elsewhere: Option<Elsewhere>,
    /// The path under which the runtime is known, if it is given.
    pub(super) krate: Option<Path>,
    /// The names of all options that are given.
    pub(super) given: Vec<Ident>,
}

/// Where the body runs, if not where the step is polled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Elsewhere {
    /// On the blocking pool.
    Blocking,
    /// On a separate task.
    Spawn,
}

impl Options {
    /// Whether an attempt ends when its time is up.
    pub(super) fn limited(&self) -> bool {
        self.timeout.is_some() || self.deadline.is_some()
    }

    /// All values of options that are not literals.
    pub(super) fn expressions(&self) -> Vec<&Expr> {
        policy_values(self.retry.as_ref(), (self.timeout.as_ref(), self.deadline.as_ref()))
    }

    /// The option as it is given, which also tells where it is.
    pub(super) fn given(&self, name: &str) -> Option<&Ident> {
        self.given.iter().find(|given| *given == name)
    }
}

/// Reads the options; reports everything that is wrong with them.
pub(super) fn parse(options: TokenStream, report: &mut Report) -> Options {
    let known = Names { owner: "the `step` attribute", all: &OPTIONS, meant };
    let mut parsed = Options::default();
    for item in items(options, &known, report) {
        match (&*item.name.to_string(), item.value) {
            ("retry", Value::List(list)) => {
                parsed.retry = retry::parse(&item.name, list.stream(), report);
            }
            ("retry", Value::Is(value)) => {
                parsed.retry = retry::policy(*value, report).map(Retry::given);
            }
            ("timeout", Value::Is(value)) => {
                parsed.timeout = duration::time(&value, "timeout = \"10s\"", report);
            }
            ("deadline", Value::Is(value)) => {
                parsed.deadline = duration::time(&value, "deadline = \"1m\"", report);
            }
            ("crate", Value::Is(value)) => match *value {
                Expr::Path(path) => parsed.krate = Some(path.path),
                other => {
                    report
                        .error(&other, "option `crate` takes a path")
                        .help("write where this crate is re-exported: `crate = company::flow`");
                }
            },
            ("blocking", Value::None) => parsed.elsewhere = Some(Elsewhere::Blocking),
            ("spawn", Value::None) => parsed.elsewhere = Some(Elsewhere::Spawn),
            (name, value) => wrong_form(&item.name, &value, example(name), report),
        }
        parsed.given.push(item.name);
    }
    parsed
}

/// What is meant by the name of another library's option, or by one that stands elsewhere.
fn meant(name: &str) -> Option<&'static str> {
    match name {
        "retries" | "max_retries" | "attempts" | "max_attempts" | "tries" => {
            Some("write `retry(max_attempts = 3)`")
        }
        "backoff" | "jitter" | "when" => {
            Some("it is an option of `retry`: write `retry(max_attempts = 3, …)`")
        }
        _ => None,
    }
}

fn example(option: &str) -> &str {
    match option {
        "retry" => "retry(max_attempts = 3)",
        "timeout" => "timeout = \"10s\"",
        "deadline" => "deadline = \"1m\"",
        "crate" => "crate = company::flow",
        flag => flag,
    }
}

/// Reports how an option is written.
pub(super) fn wrong_form(name: &Ident, value: &Value, example: &str, report: &mut Report) {
    let (at, headline) = match value {
        Value::None => (name.to_token_stream(), format!("option `{name}` needs a value")),
        Value::Is(value) if *name == example => {
            (value.to_token_stream(), format!("option `{name}` takes no value"))
        }
        Value::List(list) if *name == example => {
            (list.to_token_stream(), format!("option `{name}` takes no value"))
        }
        Value::Is(value) => {
            (value.to_token_stream(), format!("option `{name}` takes a list of its own options"))
        }
        Value::List(list) => {
            (list.to_token_stream(), format!("option `{name}` takes a value behind `=`"))
        }
    };
    report.error(at, headline).help(&format!("write `{example}`"));
}
