//! Text inside HTML.

use std::fmt::{self, Display, Formatter};

use crate::graph::visible::is_hidden;

/// Shows a text as it is, anywhere in a page, with escapes such as `\u{202e}` for what a page
/// cannot contain or a reader would not see.
pub(super) struct Escaped<'t>(pub(super) &'t str);

impl Display for Escaped<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let special = |letter| match letter {
            '&' | '<' | '>' | '"' | '\'' => true,
            '\n' | '\t' => false,
            letter => is_hidden(letter),
        };
        let mut rest = self.0;
        while let Some(at) = rest.find(special) {
            let (before, from) = rest.split_at(at);
            f.write_str(before)?;
            let mut letters = from.chars();
            match letters.next() {
                Some('&') => f.write_str("&amp;")?,
                Some('<') => f.write_str("&lt;")?,
                Some('>') => f.write_str("&gt;")?,
                Some('"') => f.write_str("&quot;")?,
                Some('\'') => f.write_str("&#39;")?,
                letter => letter.map_or(Ok(()), |it| write!(f, "{}", it.escape_default()))?,
            }
            rest = letters.as_str();
        }
        f.write_str(rest)
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
            "&lt;/script&gt;&lt;img src=&#39;x&#39; onerror=&quot;a&amp;b&quot;&gt;\\u{0}\n"
        );
    }

    #[test]
    fn nothing_is_there_that_is_not_seen() {
        let text = "\u{202e}exe\u{200b}\u{9b}\r\tß";
        assert_eq!(Escaped(text).to_string(), "\\u{202e}exe\\u{200b}\\u{9b}\\r\tß");
    }
}
