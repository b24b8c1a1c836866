//! Which item of a fan-out is which, when the run goes on.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::durable::identity::Identity;

/// The items of a fan-out as they are recorded.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct KeptItems {
    #[serde(skip)]
    count: usize,
    /// What each is; empty where that cannot be told, or was not recorded.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    items: Vec<String>,
    /// The type says nothing of what an item is.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    unknown: bool,
}

/// The items of today against those that are recorded.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    /// They are the same: the place in the record of each item of today.
    Same(Vec<usize>),
    /// They are others.
    Other(String),
}

impl KeptItems {
    pub(super) fn of(items: &[Option<Identity>]) -> Self {
        let known: Option<Vec<String>> =
            items.iter().map(|item| item.as_ref().map(|item| item.as_str().to_owned())).collect();
        Self { count: items.len(), unknown: known.is_none(), items: known.unwrap_or_default() }
    }

    pub(super) fn read(count: &str, fingerprint: &str) -> Self {
        let items: Self = serde_json::from_str(fingerprint).unwrap_or_default();
        Self { count: count.parse().unwrap_or_default(), ..items }
    }

    pub(super) fn to_json(&self) -> String {
        serde_json::to_string(self).expect("it holds nothing but texts")
    }
}

/// Where in the record each item is: its own place where that fits, or else that of an equal one.
pub(super) fn places(before: &KeptItems, now: &KeptItems) -> Comparison {
    let KeptItems { count, .. } = *now;
    if before.count != count {
        return Comparison::Other(format!("it had {} items and has {count}", before.count));
    }
    if (before.unknown || now.unknown) && count > 1 {
        return Comparison::Other(
            "its items cannot be told apart after a restart: derive `Serialize` or `Hash` for \
             their type"
                .to_owned(),
        );
    }
    // Of what an older version has recorded, only the count is known.
    if before.items.len() != count || now.items == before.items {
        return Comparison::Same((0..count).collect());
    }
    let mut free: HashMap<&str, Vec<usize>> = HashMap::new();
    for (place, item) in before.items.iter().enumerate().rev() {
        free.entry(item).or_default().push(place);
    }
    let mut places = Vec::new();
    for (at, item) in now.items.iter().enumerate() {
        match free.get_mut(&**item).and_then(Vec::pop) {
            Some(place) => places.push(place),
            None => {
                return Comparison::Other(format!("its items are others: item {at} is a new one"));
            }
        }
    }
    Comparison::Same(places)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(items: &[&str]) -> KeptItems {
        let items: Vec<String> = items.iter().map(|&item| item.to_owned()).collect();
        KeptItems { count: items.len(), items, unknown: false }
    }

    #[test]
    fn items_are_found_again_wherever_they_stand() {
        let before = kept(&["a", "b", "c", "b"]);
        let same = |places: &[usize]| Comparison::Same(places.to_vec());
        assert_eq!(places(&before, &kept(&["a", "b", "c", "b"])), same(&[0, 1, 2, 3]));
        assert_eq!(places(&before, &kept(&["b", "c", "b", "a"])), same(&[1, 2, 3, 0]));
    }

    #[test]
    fn other_items_are_told() {
        let before = kept(&["a", "b"]);
        let other = |text: &str| Comparison::Other(text.to_owned());
        assert_eq!(places(&before, &kept(&["a"])), other("it had 2 items and has 1"));
        let text = "its items are others: item 1 is a new one";
        assert_eq!(places(&before, &kept(&["b", "c"])), other(text));
        // The same one twice is not the same as two.
        assert_eq!(places(&before, &kept(&["a", "a"])), other(text));
    }

    #[test]
    fn what_cannot_be_told_is_an_error_where_it_matters() {
        let unknown = |count| KeptItems { count, items: Vec::new(), unknown: true };
        assert_eq!(places(&unknown(1), &unknown(1)), Comparison::Same(vec![0]));
        assert!(matches!(places(&unknown(2), &unknown(2)), Comparison::Other(_)));
    }

    #[test]
    fn an_older_record_has_only_the_count() {
        let before = KeptItems::read("2", "{}");
        assert_eq!(places(&before, &kept(&["a", "b"])), Comparison::Same(vec![0, 1]));
        let written = kept(&["a", "b"]);
        assert_eq!(KeptItems::read("2", &written.to_json()), written);
    }
}
