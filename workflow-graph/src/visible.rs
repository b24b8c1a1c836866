//! Texts from elsewhere, displayed so that they can be read in full and have no effect.

use std::fmt;

/// What a reader would not see, or what changes how the text around it is seen: control characters,
/// marks of the writing direction, and characters without a width. The last are those that Unicode
/// calls default ignorable; its other format characters are included if they have no visible glyph.
/// XML cannot hold U+FFFE and U+FFFF.
const HIDDEN: [(char, char); 21] = [
    ('\0', '\u{1f}'),
    ('\u{7f}', '\u{9f}'),
    ('\u{ad}', '\u{ad}'),
    ('\u{34f}', '\u{34f}'),
    ('\u{61c}', '\u{61c}'),
    ('\u{115f}', '\u{1160}'),
    ('\u{17b4}', '\u{17b5}'),
    ('\u{180b}', '\u{180f}'),
    ('\u{200b}', '\u{200f}'),
    ('\u{2028}', '\u{202e}'),
    ('\u{2060}', '\u{206f}'),
    ('\u{3164}', '\u{3164}'),
    ('\u{fe00}', '\u{fe0f}'),
    ('\u{feff}', '\u{feff}'),
    ('\u{ffa0}', '\u{ffa0}'),
    ('\u{fff0}', '\u{fffb}'),
    ('\u{fffe}', '\u{ffff}'),
    ('\u{13430}', '\u{1343f}'),
    ('\u{1bca0}', '\u{1bca3}'),
    ('\u{1d173}', '\u{1d17a}'),
    ('\u{e0000}', '\u{e0fff}'),
];

/// Whether a reader would not see it, or it changes how the text around it is seen.
#[must_use]
pub fn is_hidden(letter: char) -> bool {
    if matches!(letter, ' '..='~') {
        return false;
    }
    let range = HIDDEN.partition_point(|&(_, last)| last < letter);
    HIDDEN.get(range).is_some_and(|&(first, _)| first <= letter)
}

/// Displays a text on one line, with escapes such as `\u{202e}` or `\n` in place of every character
/// for which [`is_hidden`] holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Visible<'a>(pub &'a str);

impl fmt::Display for Visible<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        while let Some(at) = rest.find(is_hidden) {
            let (before, from) = rest.split_at(at);
            f.write_str(before)?;
            let mut letters = from.chars();
            letters.next().map_or(Ok(()), |letter| write!(f, "{}", letter.escape_default()))?;
            rest = letters.as_str();
        }
        f.write_str(rest)
    }
}

#[cfg(test)]
mod tests {
    use super::{HIDDEN, Visible, is_hidden};

    #[test]
    fn what_does_something_is_escaped() {
        for (text, shown) in [
            ("a\u{1b}[2Jb", "a\\u{1b}[2Jb"),
            ("\u{9b}31m", "\\u{9b}31m"),
            ("a\tb\r\nc", "a\\tb\\r\\nc"),
            ("\u{202e}txt.exe", "\\u{202e}txt.exe"),
            ("\u{2066}a\u{2069}", "\\u{2066}a\\u{2069}"),
            ("\u{61c}\u{200e}\u{200f}", "\\u{61c}\\u{200e}\\u{200f}"),
            ("zero\u{200b}width\u{feff}", "zero\\u{200b}width\\u{feff}"),
            ("\u{e0041}", "\\u{e0041}"),
            ("\0", "\\u{0}"),
        ] {
            assert_eq!(Visible(text).to_string(), shown);
        }
    }

    #[test]
    fn what_can_be_read_stays() {
        let text = "naïve Ελλάδα עברית العربية 日本語 e\u{301} 🚀 \\u{202e} \"'`~";
        assert_eq!(Visible(text).to_string(), text);
    }

    #[test]
    fn all_ranges_are_found() {
        assert!(HIDDEN.is_sorted_by(|a, b| a.0 <= a.1 && a.1 < b.0));
        for (first, last) in HIDDEN {
            assert!(is_hidden(first) && is_hidden(last), "{first:?} to {last:?}");
        }
        for letter in (char::MIN..=char::MAX).filter(|letter| letter.is_control()) {
            assert!(is_hidden(letter), "{letter:?}");
        }
    }
}
