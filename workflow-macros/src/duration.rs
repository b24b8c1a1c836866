//! Durations as people write them.

use syn::{Expr, ExprLit, Lit, LitStr, UnOp};

use crate::report::Report;

/// How long something may take.
#[derive(Clone)]
pub(crate) enum Time {
    /// This many milliseconds.
    Millis(u64),
    /// As long as this expression says, which is a `Duration`.
    Given(Expr),
}

impl Time {
    /// The expression, if it is not a literal.
    pub(crate) fn given(&self) -> Option<&Expr> {
        match self {
            Self::Millis(_) => None,
            Self::Given(value) => Some(value),
        }
    }

    /// The same, mutably.
    pub(crate) fn given_mut(&mut self) -> Option<&mut Expr> {
        match self {
            Self::Millis(_) => None,
            Self::Given(value) => Some(value),
        }
    }
}

/// Reads a duration such as `"250ms"`, or accepts an expression that evaluates to one. `example` is
/// one that is valid here.
pub(crate) fn time(value: &Expr, example: &str, report: &mut Report) -> Option<Time> {
    if is_literal(value) {
        return read(value, example, report).map(Time::Millis);
    }
    Some(Time::Given(value.clone()))
}

/// Whether it is a literal, possibly with a minus in front.
pub(crate) fn is_literal(value: &Expr) -> bool {
    match peeled(value) {
        Expr::Lit(_) => true,
        Expr::Unary(unary) => matches!(unary.op, UnOp::Neg(_)) && is_literal(&unary.expr),
        _ => false,
    }
}

/// The expression without the invisible groups that a macro puts around what it was given.
pub(crate) fn peeled(value: &Expr) -> &Expr {
    match value {
        Expr::Group(group) => peeled(&group.expr),
        value => value,
    }
}

/// The text, if it is a string literal.
pub(crate) fn text_of(value: &Expr) -> Option<&LitStr> {
    match peeled(value) {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text),
        _ => None,
    }
}

/// A hundred years, which no timer has to reach.
const MOST: u64 = 100 * 365 * 24 * 60 * 60 * 1000;

/// Reads a duration such as `"250ms"`, in milliseconds. `example` is one that is valid here.
pub(crate) fn read(value: &Expr, example: &str, report: &mut Report) -> Option<u64> {
    let Some(text) = text_of(value) else {
        report
            .error(value, "expected a duration")
            .help(&format!("write a whole number and its unit as a string: `{example}`"));
        return None;
    };
    match parse(&text.value()) {
        Ok(millis) => Some(millis),
        Err(refusal) => {
            refuse(text, example, refusal, report);
            None
        }
    }
}

/// Reports the text of a pause that cannot be read. A pause of zero length is allowed.
pub(crate) fn pause(text: &LitStr, report: &mut Report) {
    match parse(&text.value()) {
        Ok(_) => {}
        Err((headline, _)) if headline == ZERO => {}
        Err(refusal) => refuse(text, "sleep(\"10s\")", refusal, report),
    }
}

/// Whether the text of a pause can be read.
pub(crate) fn is_pause(text: &str) -> bool {
    parse(text).map_or_else(|(headline, _)| headline == ZERO, |_| true)
}

fn refuse(text: &LitStr, example: &str, (headline, help): Refusal, report: &mut Report) {
    report.error(text, headline).help(&help.unwrap_or_else(|| {
        format!("write a whole number and `ms`, `s`, `m`, `h` or `d`: `{example}`")
    }));
}

const ZERO: &str = "a duration cannot be zero";

/// The headline of an error, and its help if there is something better than the usual help.
type Refusal = (String, Option<String>);

fn parse(text: &str) -> Result<u64, Refusal> {
    let digits = text.trim_end_matches(|letter: char| !letter.is_ascii_digit());
    let unit = &text[digits.len()..];
    let whole = !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
    let factor = match unit {
        "ms" => 1,
        "s" => 1000,
        "m" => 60 * 1000,
        "h" => 60 * 60 * 1000,
        "d" => 24 * 60 * 60 * 1000,
        "w" if whole => {
            let help = days(digits).map(|days| format!("write it in days: `\"{days}d\"`"));
            return Err((format!("a duration has no unit `{unit}`"), help));
        }
        "us" | "µs" | "ns" if whole => {
            let help = "the shortest duration is `\"1ms\"`".to_owned();
            return Err((format!("a duration has no unit `{unit}`"), Some(help)));
        }
        _ => return Err((format!("`{text}` is not a duration"), None)),
    };
    if !whole {
        let help = fraction(digits, factor)
            .map(|millis| format!("write a whole number of a smaller unit: `\"{millis}ms\"`"));
        return Err((format!("`{text}` is not a duration"), help));
    }
    // There are only digits, so a number that does not fit is too large.
    let millis = digits.parse().unwrap_or(u64::MAX).saturating_mul(factor);
    if millis == 0 {
        return Err((ZERO.to_owned(), Some(SHORTEST.to_owned())));
    }
    if millis > MOST {
        let help = "the longest duration is `\"36500d\"`, a hundred years".to_owned();
        return Err((format!("the duration `{text}` is too long"), Some(help)));
    }
    Ok(millis)
}

const SHORTEST: &str = "the shortest duration is `\"1ms\"`; for no limit or no delay leave the \
                        option out";

fn days(weeks: &str) -> Option<u64> {
    weeks.parse::<u64>().ok()?.checked_mul(7)
}

/// `1.5` of a unit in milliseconds, if that is a whole number of them.
fn fraction(digits: &str, factor: u64) -> Option<u64> {
    let (whole, part) = digits.split_once('.')?;
    let scale = 10_u64.checked_pow(part.len().try_into().ok()?)?;
    let tenths = format!("{whole}{part}").parse::<u64>().ok()?.checked_mul(factor)?;
    (tenths > 0 && tenths % scale == 0).then_some(tenths / scale)
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn reads_every_unit() {
        let read = |text| parse(text).ok();
        assert_eq!(read("250ms"), Some(250));
        assert_eq!(read("10s"), Some(10_000));
        assert_eq!(read("5m"), Some(300_000));
        assert_eq!(read("2h"), Some(7_200_000));
        assert_eq!(read("3d"), Some(259_200_000));
        assert_eq!(read("876000h"), Some(3_153_600_000_000));
    }

    #[test]
    fn says_what_is_wrong() {
        let said = |text| parse(text).unwrap_err();
        assert_eq!(said("2w").1.unwrap(), "write it in days: `\"14d\"`");
        assert_eq!(said("1.5s").1.unwrap(), "write a whole number of a smaller unit: `\"1500ms\"`");
        assert_eq!(said("0s").0, "a duration cannot be zero");
        assert_eq!(
            said("99999999999999999999h").0,
            "the duration `99999999999999999999h` is too long"
        );
        for text in ["", "s", "10", "10 s", "ten seconds", "-1s", "1s500ms", "1.5.2s", "10S"] {
            assert_eq!(said(text).0, format!("`{text}` is not a duration"));
        }
    }
}
