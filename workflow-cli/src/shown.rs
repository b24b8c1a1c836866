//! How values are shown to people.

use std::fmt::{self, Display};
use std::time::{Duration, SystemTime};

use anstyle::Style;
pub(crate) use workflow_graph::visible::Visible;
use workflow_graph::visible::is_hidden;
use workflow_journal::{StoredState, Timestamp};

/// Longer values are cut in tables.
const VALUE: usize = 60;
/// Longer names, ids and paths are cut.
const NAME: usize = 160;
/// Longer errors, in bytes, are cut.
const ERROR: usize = 20_000;

/// A text from a journal, or from the caller of the command. It can only be printed with escapes
/// for everything that affects a terminal, a table or a reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Text(String);

impl<T: Into<String>> From<T> for Text {
    fn from(text: T) -> Self {
        Self(text.into())
    }
}

impl Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Visible(&self.0).fmt(f)
    }
}

pub(crate) fn coloured(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

/// Whether the run's undoing has failed: some of what it did is still in effect.
pub(crate) fn has_failed_undoing(state: StoredState) -> bool {
    state.name() == "undo_failed"
}

/// A value, without its end if it is long.
pub(crate) fn value(text: &str) -> String {
    let (start, is_whole) = fitting(text.chars(), VALUE);
    if is_whole { start.concat() } else { format!("{}…", start.concat()) }
}

/// A name, an id or a path, without its middle if it is long.
pub(crate) fn name(text: &str) -> String {
    let (start, is_whole) = fitting(text.chars(), NAME);
    if is_whole {
        return start.concat();
    }
    let (start, _) = fitting(text.chars(), NAME / 2);
    let (mut end, _) = fitting(text.chars().rev(), NAME / 2 - 1);
    end.reverse();
    format!("{}…{}", start.concat(), end.concat())
}

/// The first letters, escaped, that fit into this many columns, and whether these are all.
fn fitting(letters: impl Iterator<Item = char>, columns: usize) -> (Vec<String>, bool) {
    let mut left = columns;
    let mut shown = Vec::new();
    for letter in letters {
        let piece = if is_hidden(letter) {
            letter.escape_default().to_string()
        } else {
            letter.to_string()
        };
        match left.checked_sub(piece.chars().count()) {
            Some(room) => left = room,
            None => return (shown, false),
        }
        shown.push(piece);
    }
    (shown, true)
}

/// The lines of an error. An error is what the user looks for, so it is cut only if it is too long
/// to be read.
pub(crate) fn error(text: &str) -> Vec<String> {
    let end = (0..=ERROR.min(text.len())).rev().find(|&end| text.is_char_boundary(end));
    let end = end.unwrap_or(0);
    let mut lines: Vec<_> = text[..end].lines().map(|line| Visible(line).to_string()).collect();
    if end < text.len() {
        lines.push(format!("… and {} bytes more", thousands(text.len() - end)));
    }
    if lines.is_empty() { vec![String::new()] } else { lines }
}

/// The error that a record holds as JSON, on one line.
pub(crate) fn recorded_error(json: &str) -> String {
    let text = serde_json::from_str::<String>(json).unwrap_or_else(|_| json.to_owned());
    error(&text).join("\\n")
}

/// The time since then, in its largest unit: `2h`.
pub(crate) fn age(moment: Timestamp) -> String {
    let seconds = u64::try_from(Timestamp::now().0.saturating_sub(moment.0)).unwrap_or(0) / 1000;
    match seconds {
        0..60 => format!("{seconds}s"),
        60..3600 => format!("{}m", seconds / 60),
        3600..86_400 => format!("{}h", seconds / 3600),
        _ => format!("{}d", seconds / 86_400),
    }
}

pub(crate) fn ago(moment: Timestamp) -> String {
    format!("{} ago", age(moment))
}

/// A moment in UTC, in the format of RFC 3339.
pub(crate) fn utc(moment: Timestamp) -> String {
    // A later moment cannot be shown, and occurs only in a damaged journal.
    const LAST: u64 = 253_402_300_799_999;
    let millis = u64::try_from(moment.0).unwrap_or(0).min(LAST);
    let time = SystemTime::UNIX_EPOCH + Duration::from_millis(millis);
    humantime::format_rfc3339_millis(time).to_string()
}

pub(crate) fn took(start: Timestamp, end: Timestamp) -> String {
    let millis = u64::try_from(end.0.saturating_sub(start.0)).unwrap_or(0);
    humantime::format_duration(Duration::from_millis(millis)).to_string()
}

/// `1 run`, `12,345 runs`.
pub(crate) fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{} {noun}s", thousands(number)) }
}

/// `340 B`, `1.2 KiB`, `12 MiB`.
pub(crate) fn bytes(number: u64) -> String {
    const UNITS: [&str; 6] = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
    let units = UNITS.iter().zip((1..).map(|power| 1_u64 << (10 * power)));
    match units.take_while(|(_, size)| number >= *size).last() {
        None => format!("{number} B"),
        Some((unit, size)) => match (number / size, number % size * 10 / size) {
            (whole @ 0..10, tenths) => format!("{whole}.{tenths} {unit}"),
            (whole, _) => format!("{whole} {unit}"),
        },
    }
}

/// A text as one word of a command line; `None` if a terminal could not show it.
pub(crate) fn word(text: &str) -> Option<String> {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./:@%+=,".contains(letter);
    if text.contains(is_hidden) {
        None
    } else if !text.is_empty() && text.chars().all(is_plain) {
        Some(text.to_owned())
    } else {
        Some(format!("'{}'", text.replace('\'', "'\\''")))
    }
}

/// `12,345`.
pub(crate) fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Text, bytes, error, name, recorded_error, value, word};

    #[test]
    fn long_texts_are_cut_between_letters() {
        assert_eq!(value("short"), "short");
        let long = value(&"\u{202e}".repeat(1_000_000));
        assert_eq!(long, format!("{}…", "\\u{202e}".repeat(7)));
        let path = format!("first{}.last", "[1]".repeat(300_000));
        let shown = name(&path);
        assert!(shown.starts_with("first[1][1]") && shown.ends_with("[1].last"), "{shown}");
        assert_eq!(shown.chars().count(), 160);
        let fits = "é".repeat(160);
        assert_eq!(name(&fits), fits);
    }

    #[test]
    fn errors_are_whole_up_to_what_can_be_read() {
        let text = "a".repeat(10_000);
        assert_eq!(error(&text).concat(), text);
        assert_eq!(error("one\ntwo\u{7}"), ["one", "two\\u{7}"]);
        assert_eq!(error(""), [""]);
        let long = "é".repeat(20_000);
        assert_eq!(error(&long)[1], "… and 20,000 bytes more");
        assert_eq!(recorded_error("\"torn\\nup\""), "torn\\nup");
        assert_eq!(recorded_error("no JSON\u{9b}"), "no JSON\\u{9b}");
    }

    #[test]
    fn bytes_are_shown_in_their_largest_unit() {
        for (number, shown) in [
            (0, "0 B"),
            (1023, "1023 B"),
            (1024, "1.0 KiB"),
            (2047, "1.9 KiB"),
            (10 * 1024, "10 KiB"),
            (1024 * 1024 - 1, "1023 KiB"),
            (3 * 1024 * 1024 / 2, "1.5 MiB"),
            (u64::MAX, "15 EiB"),
        ] {
            assert_eq!(bytes(number), shown);
        }
    }

    #[test]
    fn words_are_quoted_where_a_shell_needs_it() {
        for (text, shown) in [
            ("cart-1042", Some("cart-1042")),
            ("a:b/c@d.e", Some("a:b/c@d.e")),
            ("", Some("''")),
            ("two words", Some("'two words'")),
            ("it's $HOME", Some("'it'\\''s $HOME'")),
            ("tab\t", None),
            ("\u{202e}", None),
        ] {
            assert_eq!(word(text).as_deref(), shown);
        }
    }

    #[test]
    fn no_text_gets_through_as_it_is() {
        let text = Text::from("a\u{1b}[31m\u{200b}\nb");
        assert_eq!(format!("{text}"), "a\\u{1b}[31m\\u{200b}\\nb");
    }
}
