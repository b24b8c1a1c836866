//! Text inside HTML.

use std::fmt::{self, Display, Formatter, Write};

/// Shows a text as it is, wherever in a page it stands.
pub(super) struct Escaped<'t>(pub(super) &'t str);

impl Display for Escaped<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for letter in self.0.chars() {
            match letter {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                // Pages can't hold the other control characters.
                '\n' | '\t' => f.write_char(letter)?,
                _ if letter.is_control() => f.write_char('\u{fffd}')?,
                _ => f.write_char(letter)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Escaped;

    #[test]
    fn nothing_can_be_taken_for_markup() {
        let text = "</script><img src='x' onerror=\"a&b\">\0\n";
        assert_eq!(
            Escaped(text).to_string(),
            "&lt;/script&gt;&lt;img src=&#39;x&#39; onerror=&quot;a&amp;b&quot;&gt;\u{fffd}\n"
        );
    }
}
