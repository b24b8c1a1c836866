//! Durations and shares as people read them.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Three digits and a unit: `1.25 s`, `340 ms`, `2 m 05 s`.
pub(crate) fn duration(duration: Duration) -> String {
    let seconds = duration.as_secs_f64();
    match duration.as_nanos() {
        0 => "0 ms".to_owned(),
        1..999_500 => format!("{} µs", figures(seconds * 1e6)),
        999_500..999_500_000 => format!("{} ms", figures(seconds * 1e3)),
        999_500_000..59_950_000_000 => format!("{} s", figures(seconds)),
        59_950_000_000..3_599_500_000_000 => {
            let whole = seconds.round();
            format!("{} m {:02} s", (whole / 60.0).floor(), whole % 60.0)
        }
        _ => {
            let minutes = (seconds / 60.0).round();
            format!("{} h {:02} m", (minutes / 60.0).floor(), minutes % 60.0)
        }
    }
}

/// At most three digits, without trailing zeros.
fn figures(number: f64) -> String {
    let decimals = if number < 9.995 { 2 } else { usize::from(number < 99.95) };
    let text = format!("{number:.decimals$}");
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

/// The part as a percentage of the whole, such as `12 %`.
pub(crate) fn share(part: Duration, whole: Duration) -> String {
    if whole.is_zero() {
        return "0 %".to_owned();
    }
    let percent = part.as_secs_f64() * 100.0 / whole.as_secs_f64();
    if part > Duration::ZERO && percent < 1.0 {
        "<1 %".to_owned()
    } else {
        format!("{percent:.0} %")
    }
}

/// `1 step`, `2 steps`.
pub(crate) fn count(number: usize, noun: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{} {noun}{ending}", thousands(number))
}

/// `12,345`.
pub(crate) fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A moment such as `2026-11-24 03:07:09 UTC`.
pub(crate) fn utc(moment: SystemTime) -> String {
    let seconds = moment.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let (mut days, time) = (seconds / 86_400, seconds % 86_400);
    let is_leap = |year: u64| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let mut year = 1970;
    while days >= 365 + u64::from(is_leap(year)) {
        days -= 365 + u64::from(is_leap(year));
        year += 1;
    }
    let february = 28 + u64::from(is_leap(year));
    let mut month = 1;
    for length in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30] {
        if days < length {
            break;
        }
        days -= length;
        month += 1;
    }
    let (hour, minute, second) = (time / 3_600, time / 60 % 60, time % 60);
    format!("{year}-{month:02}-{:02} {hour:02}:{minute:02}:{second:02} UTC", days + 1)
}

#[cfg(test)]
mod tests {
    use super::{duration, share, thousands, utc};
    use std::time::{Duration, UNIX_EPOCH};

    #[test]
    fn moments_are_dates() {
        let at = |seconds| utc(UNIX_EPOCH + Duration::from_secs(seconds));
        assert_eq!(at(0), "1970-01-01 00:00:00 UTC");
        assert_eq!(at(951_782_400), "2000-02-29 00:00:00 UTC");
        assert_eq!(at(1_735_689_599), "2024-12-31 23:59:59 UTC");
        assert_eq!(at(1_772_323_200), "2026-03-01 00:00:00 UTC");
    }

    #[test]
    fn durations_have_three_figures() {
        let cases = [
            (0, "0 ms"),
            (400, "0.4 µs"),
            (12_300, "12.3 µs"),
            (999_600, "1 ms"),
            (340_000_000, "340 ms"),
            (1_254_000_000, "1.25 s"),
            (10_000_000_000, "10 s"),
            (59_990_000_000, "1 m 00 s"),
            (125_400_000_000, "2 m 05 s"),
            (7_380_000_000_000, "2 h 03 m"),
        ];
        for (nanos, text) in cases {
            assert_eq!(duration(Duration::from_nanos(nanos)), text, "{nanos}");
        }
    }

    #[test]
    fn small_shares_are_not_nothing() {
        let whole = Duration::from_secs(1);
        assert_eq!(share(Duration::from_millis(1), whole), "<1 %");
        assert_eq!(share(Duration::from_millis(126), whole), "13 %");
        assert_eq!(share(Duration::ZERO, Duration::ZERO), "0 %");
    }

    #[test]
    fn thousands_are_grouped() {
        assert_eq!(thousands(999), "999");
        assert_eq!(thousands(1_234_567), "1,234,567");
    }
}
