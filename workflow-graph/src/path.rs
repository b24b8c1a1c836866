//! The paths of steps in a run.

/// The path of a declaration, which all items of a fan-out have in common: `pages.fetch` of
/// `pages[3].fetch`.
#[must_use]
pub fn declared(path: &str) -> String {
    let mut parts = path.split('[');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |path, part| path + part.split_once(']').map_or("", |(_, rest)| rest))
}

#[cfg(test)]
mod tests {
    use super::declared;

    #[test]
    fn leaves_out_the_positions_of_items() {
        assert_eq!(declared("pages[3].links[14].fetch"), "pages.links.fetch");
        assert_eq!(declared("pages[3]"), "pages");
        assert_eq!(declared("stock"), "stock");
    }
}
