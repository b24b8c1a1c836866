//! How numbers, times and bars are written.

use std::time::Duration;

use crate::graph::visible::is_hidden;

/// The text on one line, without control codes and invisible characters: an error may contain
/// anything.
pub(super) fn one_line(text: &str) -> String {
    text.split(|c: char| is_hidden(c) || c == ' ')
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// `0.4s`, `12s`, `3m 05s`, `1h 02m`.
pub(super) fn time(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match seconds {
        0..10 => format!("{}.{}s", seconds, duration.subsec_millis() / 100),
        10..60 => format!("{seconds}s"),
        60..3600 => format!("{}m {:02}s", seconds / 60, seconds % 60),
        _ => format!("{}h {:02}m", seconds / 3600, seconds / 60 % 60),
    }
}

/// A wait before another attempt: `400ms`, and longer ones as [`time`] writes them.
pub(super) fn wait(duration: Duration) -> String {
    if duration < Duration::from_secs(1) {
        format!("{}ms", duration.as_millis())
    } else {
        time(duration)
    }
}

/// `1 retry`, `12 retries`.
pub(super) fn counted(count: u64, one: &str, many: &str) -> String {
    let count_text = indicatif::HumanCount(count);
    format!("{count_text} {}", if count == 1 { one } else { many })
}

/// A bar of this many columns, full if `done` is everything there is to do.
pub(super) fn bar(done: usize, all: usize, columns: usize) -> (String, String) {
    let halves = (2 * columns * done.min(all)).checked_div(all).unwrap_or(2 * columns);
    let full = "━".repeat(halves / 2) + if halves % 2 == 1 { "╸" } else { "" };
    let rest = "─".repeat(columns - halves.div_ceil(2));
    (full, rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_grow_coarser() {
        let texts = [0, 400, 9_990, 12_700, 185_000, 3_720_000]
            .map(|milliseconds| time(Duration::from_millis(milliseconds)));
        assert_eq!(texts, ["0.0s", "0.4s", "9.9s", "12s", "3m 05s", "1h 02m"]);
        assert_eq!(wait(Duration::from_millis(400)), "400ms");
        assert_eq!(wait(Duration::from_millis(1500)), "1.5s");
    }

    #[test]
    fn a_bar_has_its_columns_whatever_is_done() {
        for done in 0..=7 {
            let (full, rest) = bar(done, 7, 10);
            assert_eq!(full.chars().count() + rest.chars().count(), 10, "{done}");
        }
        assert_eq!(bar(1, 2, 4), ("━━".to_owned(), "──".to_owned()));
        assert_eq!(bar(0, 0, 2), ("━━".to_owned(), String::new()));
    }

    #[test]
    fn an_error_can_send_nothing_to_the_terminal() {
        assert_eq!(one_line("two\nlines\tand \u{1b}[31mred\r"), "two lines and [31mred");
        assert_eq!(one_line("\u{202e}fdp.exe\u{9b}2J"), "fdp.exe 2J");
    }
}
