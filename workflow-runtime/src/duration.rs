//! Durations as people write them, read so that they can become constants.

use std::fmt::{self, Display, Formatter};
use std::time::Duration;

/// A hundred years; no timer has to last that long.
pub(crate) const MOST: u64 = 100 * 365 * 24 * 60 * 60 * 1000;

/// Reads a duration such as `"250ms"`, in milliseconds. `None` if it is not a duration.
pub(crate) const fn parse(text: &str) -> Option<u64> {
    let text = text.as_bytes();
    let (mut at, mut number) = (0, 0_u64);
    while at < text.len() && text[at].is_ascii_digit() {
        let digit = (text[at] - b'0') as u64;
        number = number.saturating_mul(10).saturating_add(digit);
        at += 1;
    }
    let factor = match (text.len() - at, at) {
        (_, 0) | (0, _) => return None,
        (1, _) => match text[at] {
            b's' => 1000,
            b'm' => 60 * 1000,
            b'h' => 60 * 60 * 1000,
            b'd' => 24 * 60 * 60 * 1000,
            _ => return None,
        },
        (2, _) if text[at] == b'm' && text[at + 1] == b's' => 1,
        _ => return None,
    };
    let millis = number.saturating_mul(factor);
    if millis > MOST { None } else { Some(millis) }
}

/// The milliseconds of a delay: part of a millisecond counts as a whole one, and no delay is
/// longer than a hundred years.
pub(crate) const fn millis(duration: Duration) -> u64 {
    let whole = duration.as_millis();
    if whole >= MOST as u128 {
        return MOST;
    }
    #[expect(clippy::cast_possible_truncation, reason = "it is at most `MOST`")]
    let whole = whole as u64;
    if duration.subsec_nanos() % 1_000_000 == 0 { whole } else { whole + 1 }
}

/// A duration as a person writes it, exactly: `3d`, `1h30m`, `90s`, `1.5s`, `250ms`.
pub(crate) struct Told(pub(crate) Duration);

impl Display for Told {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        // Less than two minutes is given in seconds, which is what most people would write.
        if self.0 < Duration::from_secs(120) && self.0 != Duration::from_secs(60) {
            return write!(f, "{:?}", self.0);
        }
        let seconds = self.0.as_secs();
        let parts = [(seconds / 86_400, 'd'), (seconds / 3600 % 24, 'h'), (seconds / 60 % 60, 'm')];
        for (number, unit) in parts.into_iter().filter(|&(number, _)| number > 0) {
            write!(f, "{number}{unit}")?;
        }
        let rest = Duration::new(seconds % 60, self.0.subsec_nanos());
        if rest.is_zero() { Ok(()) } else { write!(f, "{rest:?}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_told_as_people_write_them() {
        let told = |millis| Told(Duration::from_millis(millis)).to_string();
        assert_eq!([told(250), told(1500), told(10_000)], ["250ms", "1.5s", "10s"]);
        assert_eq!([told(60_000), told(90_000), told(150_000)], ["1m", "90s", "2m30s"]);
        assert_eq!([told(5_400_000), told(7_200_000)], ["1h30m", "2h"]);
        assert_eq!([told(3 * 86_400_000), told(90_061_001)], ["3d", "1d1h1m1.001s"]);
        assert_eq!([told(0), told(60_500)], ["0ns", "60.5s"]);
    }

    #[test]
    fn reads_durations() {
        assert_eq!(parse("250ms"), Some(250));
        assert_eq!(parse("90s"), Some(90_000));
        assert_eq!(parse("5m"), Some(300_000));
        assert_eq!(parse("2h"), Some(7_200_000));
        assert_eq!(parse("3d"), Some(259_200_000));
        assert_eq!(parse("0s"), Some(0));
        assert_eq!(parse("36500d"), Some(MOST));
        let wrong = [
            "",
            "3",
            "h",
            "ms",
            "3 h",
            " 3h",
            "3h ",
            "1.5h",
            "-1s",
            "1s500ms",
            "3S",
            "3µs",
            "3ns",
            "2w",
            "36501d",
            "99999999999999999999s",
            "18446744073709551616ms",
        ];
        for wrong in wrong {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn part_of_a_millisecond_counts_as_a_whole_one() {
        assert_eq!(millis(Duration::ZERO), 0);
        assert_eq!(millis(Duration::from_nanos(1)), 1);
        assert_eq!(millis(Duration::from_micros(1500)), 2);
        assert_eq!(millis(Duration::from_millis(7)), 7);
        assert_eq!(millis(Duration::MAX), MOST);
    }
}
