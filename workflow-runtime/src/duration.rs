//! Durations as people write them, read where a constant can be made of them.

use std::time::Duration;

/// A hundred years, which no timer has to reach.
pub(crate) const MOST: u64 = 100 * 365 * 24 * 60 * 60 * 1000;

/// Reads a duration such as `"250ms"`, in milliseconds. `None` if it is none.
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

/// The milliseconds of a delay: part of one counts as a whole one, and no more than a hundred
/// years are waited.
pub(crate) const fn millis(duration: Duration) -> u64 {
    let whole = duration.as_millis();
    if whole >= MOST as u128 {
        return MOST;
    }
    #[expect(clippy::cast_possible_truncation, reason = "it is at most `MOST`")]
    let whole = whole as u64;
    if duration.subsec_nanos() % 1_000_000 == 0 { whole } else { whole + 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

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
