//! Paths of steps.

use std::borrow::Cow;

/// The path as a graph has it: `pages.fetch` for `pages[3].fetch`.
pub(crate) fn without_positions(path: &str) -> Cow<'_, str> {
    match path.split_once('[') {
        None => Cow::Borrowed(path),
        // An item itself, of which there are most.
        Some((before, number)) if number.find(']') == Some(number.len() - 1) => {
            Cow::Borrowed(before)
        }
        Some((before, rest)) => {
            let mut plain = before.to_owned();
            for part in rest.split('[') {
                plain.push_str(part.split_once(']').map_or("", |(_, behind)| behind));
            }
            Cow::Owned(plain)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::without_positions;

    #[test]
    fn a_declaration_has_no_positions() {
        for (path, place) in [
            ("pages", "pages"),
            ("pages[3]", "pages"),
            ("pages[3].links", "pages.links"),
            ("pages[3].links[12]", "pages.links"),
            ("site.pages[3].links[12].fetch", "site.pages.links.fetch"),
        ] {
            assert_eq!(without_positions(path), place);
        }
    }
}
