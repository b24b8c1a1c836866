//! The paths of steps in a run.

use std::borrow::Cow;

/// The path of a step, a fan-out or an item in a run: `site.pages[3].fetch`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StepPath<'p>(pub &'p str);

impl<'p> StepPath<'p> {
    /// The parts between the dots: `site`, `pages[3]`, `fetch`.
    #[must_use]
    pub fn parts(self) -> impl DoubleEndedIterator<Item = &'p str> {
        self.0.split('.')
    }

    /// The parts without the positions of items: `site`, `pages`, `fetch`.
    #[must_use]
    pub fn names(self) -> impl DoubleEndedIterator<Item = &'p str> {
        self.parts().map(name_of)
    }

    /// The name of the last part.
    #[must_use]
    pub fn name(self) -> &'p str {
        name_of(self.0.rsplit('.').next().unwrap_or(self.0))
    }

    /// How many parts there are.
    #[must_use]
    pub fn depth(self) -> usize {
        self.parts().count()
    }

    /// Whether it is the path of an item, or of something inside one.
    #[must_use]
    pub fn is_in_item(self) -> bool {
        self.0.contains('[')
    }

    /// For an item, its fan-out and its position in it: `site.pages` and 3 for `site.pages[3]`.
    #[must_use]
    pub fn item(self) -> Option<(&'p str, usize)> {
        let (fan_out, position) = self.0.strip_suffix(']')?.rsplit_once('[')?;
        Some((fan_out, position.parse().ok()?))
    }

    /// The paths of everything that contains it, from the outermost, and its own: `site`,
    /// `site.pages`, `site.pages[3]`, `site.pages[3].fetch`.
    pub fn with_around(self) -> impl Iterator<Item = &'p str> {
        let Self(path) = self;
        path.match_indices(['.', '[']).map(move |(end, _)| &path[..end]).chain([path])
    }

    /// The path of the declaration, which all items of a fan-out share: `site.pages.fetch`.
    #[must_use]
    pub fn declared(self) -> Cow<'p, str> {
        match self.0.split_once('[') {
            None => Cow::Borrowed(self.0),
            // An item itself, which is the most common case.
            Some((before, number)) if number.find(']') == Some(number.len() - 1) => {
                Cow::Borrowed(before)
            }
            Some(_) => Cow::Owned(self.with_positions("")),
        }
    }

    /// The path with `[*]` for the position of each item: `site.pages[*].fetch`.
    #[must_use]
    pub fn pattern(self) -> String {
        self.with_positions("[*]")
    }

    fn with_positions(self, position: &str) -> String {
        let mut parts = self.0.split('[');
        let mut path = String::with_capacity(self.0.len());
        path.push_str(parts.next().unwrap_or_default());
        for part in parts {
            path.push_str(position);
            path.push_str(part.split_once(']').map_or("", |(_, behind)| behind));
        }
        path
    }
}

/// A part of a path without the positions of items: `pages` of `pages[3]`.
#[must_use]
pub fn name_of(part: &str) -> &str {
    part.split_once('[').map_or(part, |(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::StepPath;

    #[test]
    fn a_declaration_has_no_positions() {
        for (path, declared, pattern) in [
            ("stock", "stock", "stock"),
            ("pages[3]", "pages", "pages[*]"),
            ("pages[3].links", "pages.links", "pages[*].links"),
            ("pages[3].links[12]", "pages.links", "pages[*].links[*]"),
            ("site.pages[3].links", "site.pages.links", "site.pages[*].links"),
            ("pages[3].links[14].fetch", "pages.links.fetch", "pages[*].links[*].fetch"),
        ] {
            assert_eq!(StepPath(path).declared(), declared);
            assert_eq!(StepPath(path).pattern(), pattern);
            assert_eq!(StepPath(path).is_in_item(), path != declared);
            assert_eq!(StepPath(path).names().collect::<Vec<_>>().join("."), declared);
        }
    }

    #[test]
    fn it_is_told_with_all_that_it_stands_in() {
        let path = StepPath("site.pages[3].fetch");
        let around: Vec<_> = path.with_around().collect();
        assert_eq!(around, ["site", "site.pages", "site.pages[3]", "site.pages[3].fetch"]);
        assert_eq!((path.depth(), path.name()), (3, "fetch"));
        assert_eq!(path.parts().nth(1), Some("pages[3]"));
    }

    #[test]
    fn only_an_item_has_a_position() {
        assert_eq!(StepPath("site.pages[3]").item(), Some(("site.pages", 3)));
        for path in ["site.pages", "site.pages[3].fetch", "pages[x]", "pages]"] {
            assert_eq!(StepPath(path).item(), None, "{path}");
        }
    }
}
