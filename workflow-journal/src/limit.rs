//! How much a store accepts at once.

use crate::StoreError;

/// Refuses texts that are too large before any part of them is copied or sent.
pub(crate) fn check_size(place: &str, size: usize, largest: usize) -> Result<(), StoreError> {
    if size <= largest {
        return Ok(());
    }
    let source = format!(
        "{size} bytes of text are too many: the limit is {largest} bytes ({} MiB)",
        largest / 1024 / 1024
    );
    Err(StoreError::Refused { place: place.to_owned(), source: source.into() })
}

/// Cuts the text of an error if it is too large, since a run must be able to end.
pub(crate) fn cut(mut text: String, largest: usize) -> String {
    const MARK: &str = " […]";
    if text.len() > largest {
        let fits = largest.saturating_sub(MARK.len());
        let end = (0..=fits).rev().find(|&end| text.is_char_boundary(end));
        text.truncate(end.unwrap_or_default());
        text.push_str(MARK);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_error_names_size_and_limit() {
        assert!(check_size("orders.db", 1024 * 1024, 1024 * 1024).is_ok());
        let error = check_size("orders.db", 1024 * 1024 + 1, 1024 * 1024).unwrap_err();
        assert!(!error.is_transient());
        assert_eq!(
            error.to_string(),
            "orders.db failed: 1048577 bytes of text are too many: the limit is 1048576 bytes (1 MiB)"
        );
    }

    #[test]
    fn a_text_is_cut_between_characters() {
        assert_eq!(cut("no stock".into(), 8), "no stock");
        // The crab has four bytes, and only two of them would fit.
        assert_eq!(cut("no 🦀 in stock".into(), 11), "no  […]");
        assert_eq!(cut("no 🦀 in stock".into(), 13), "no 🦀 […]");
    }
}
