//! Text in pictures: how wide it may get, cut if it is too long, and escaped.

use crate::scopes::lines;
use std::fmt;

/// The width of a letter in the fonts that the style names, relative to the font's size. The widest
/// of them needs 0.62.
const LETTER: f64 = 0.64;

/// A line of a label.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) text: String,
    pub(super) size: f64,
}

impl Line {
    /// The text in one line, with the middle left out if it has more than `most` columns.
    pub(super) fn new(text: &str, size: f64, most: usize) -> Self {
        Self { text: cut(&one_line(text), most), size }
    }

    /// An upper bound on the width that it is drawn with.
    pub(super) fn width(&self) -> f64 {
        let columns = u32::try_from(columns(&self.text)).unwrap_or(u32::MAX);
        f64::from(columns) * self.size * LETTER
    }

    /// The height of the line, including the space to the next.
    pub(super) fn height(&self) -> f64 {
        (self.size * 1.35).round()
    }
}

pub(super) fn one_line(text: &str) -> String {
    lines(text).collect::<Vec<_>>().join(" ")
}

fn columns(text: &str) -> usize {
    text.chars().map(column).sum()
}

/// Scripts after the European ones have wide letters, or come from another font.
fn column(letter: char) -> usize {
    match letter {
        ..'\u{590}' => 1,
        '\u{590}'..='\u{ffff}' => 2,
        _ => 3,
    }
}

fn cut(text: &str, most: usize) -> String {
    if columns(text) <= most {
        return text.to_owned();
    }
    let fitting = |letters: &mut dyn Iterator<Item = char>, room: usize| {
        let mut used = 0;
        let fits = |letter: &char| {
            used += column(*letter);
            used <= room
        };
        letters.take_while(fits).collect::<Vec<_>>()
    };
    let room = most.saturating_sub(2);
    let start = fitting(&mut text.chars(), room - room / 2);
    let end = fitting(&mut text.chars().rev(), room / 2);
    start.into_iter().chain(['…']).chain(end.into_iter().rev()).collect()
}

/// Text as written in XML and HTML, in elements and in attributes.
pub(super) struct Escaped<'a>(pub(super) &'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        while let Some(at) = rest.find(['&', '<', '>', '"', '\'']) {
            let (before, from) = rest.split_at(at);
            f.write_str(before)?;
            f.write_str(match from.as_bytes()[0] {
                b'&' => "&amp;",
                b'<' => "&lt;",
                b'>' => "&gt;",
                b'"' => "&quot;",
                _ => "&#39;",
            })?;
            rest = &from[1..];
        }
        f.write_str(rest)
    }
}

/// A length with one digit after the point, if it needs one.
pub(super) struct Length(pub(super) f64);

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Adding 0 makes -0 a 0.
        write!(f, "{}", (self.0 * 10.0).round() / 10.0 + 0.0)
    }
}
