//! Finds the names that were meant: for the macros and the runtime.

pub use strsim::osa_distance as distance;

/// The candidate most similar to `name`, if one is near enough to be a typing mistake.
#[must_use]
pub fn similar<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let (mut nearest, mut least) = (None, slips(name) + 1);
    for candidate in candidates {
        let distance = distance(name, candidate);
        if distance < least {
            (nearest, least) = (Some(candidate), distance);
        }
    }
    nearest
}

/// How far away the name that was meant may be.
#[must_use]
pub fn slips(name: &str) -> usize {
    name.chars().count().max(3) / 3
}

#[cfg(test)]
mod tests {
    use super::{distance, similar};

    #[test]
    fn counts_slips() {
        assert_eq!(distance("timeot", "timeout"), 1);
        assert_eq!(distance("fraud_chek", "fraud_check"), 1);
        assert_eq!(distance("retyr", "retry"), 1);
        assert_eq!(distance("", "abc"), 3);
    }

    #[test]
    fn names_nothing_far_away() {
        assert_eq!(similar("paymnet", ["payment", "stock"]), Some("payment"));
        assert_eq!(similar("invoice", ["payment", "stock"]), None);
    }
}
