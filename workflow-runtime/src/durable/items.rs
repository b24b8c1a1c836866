//! Which item of a fan-out is which when a run is resumed.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::durable::identity::Identity;

/// The items of a fan-out as they are recorded.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct KeptItems {
    #[serde(skip)]
    count: usize,
    /// How many places before the current items belong to items that are gone.
    #[serde(default, skip_serializing_if = "is_zero")]
    gone: usize,
    /// The identity of each item, by its place; empty if the item is gone, cannot be identified, or
    /// was not recorded.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    items: Vec<String>,
    /// The type does not allow an item to be identified.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    unknown: bool,
    /// The record has replaced one with other items.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) again: bool,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// More items than a run can have.
const MOST: usize = 1 << 24;

/// The current items compared with the recorded ones.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    /// They are the same: the place in the record of each current item.
    Same(Vec<usize>),
    /// They are different.
    Other {
        change: String,
        /// Their places if the run continues all the same: items that were there before keep their
        /// places, and the others get places that were never used.
        places: Vec<usize>,
        /// What is to be recorded in that case.
        kept: KeptItems,
    },
}

impl KeptItems {
    pub(super) fn of(items: &[Option<Identity>]) -> Self {
        let known: Option<Vec<String>> =
            items.iter().map(|item| item.as_ref().map(|item| item.as_str().to_owned())).collect();
        Self {
            count: items.len(),
            unknown: known.is_none(),
            items: known.unwrap_or_default(),
            ..Self::default()
        }
    }

    pub(super) fn read(count: &str, fingerprint: &str) -> Self {
        let items: Self = serde_json::from_str(fingerprint).unwrap_or_default();
        Self { count: count.parse().unwrap_or_default(), ..items }
    }

    pub(super) fn to_json(&self) -> String {
        serde_json::to_string(self).expect("it holds nothing but texts")
    }

    /// How many places there are, including those of items that are gone.
    pub(super) fn places(&self) -> usize {
        // A damaged record can have any count.
        self.items.len().max(self.gone.saturating_add(self.count).min(MOST))
    }
}

/// The place of each item in the record: its own place if that fits, otherwise the place of an
/// equal item.
pub(super) fn places(before: &KeptItems, now: &KeptItems) -> Comparison {
    let KeptItems { count, .. } = *now;
    let same_count = before.count == count;
    let in_order = || (before.gone..before.gone.saturating_add(count)).collect();
    let counts = || format!("it had {} items and has {count}", before.count);
    // For records of an older version, only the count is known.
    if before.unknown || now.unknown || before.items.is_empty() {
        let is_told = same_count && (count <= 1 || !(before.unknown || now.unknown));
        if is_told {
            return Comparison::Same(in_order());
        }
        let change = if same_count {
            "its items cannot be told apart after a restart: derive `Serialize` or `Hash` for \
             their type"
                .to_owned()
        } else {
            counts()
        };
        let gone = before.places();
        let places = (gone..gone + count).collect();
        let (known, unknown) = (now.items.iter().cloned(), now.unknown);
        let mut items = vec![String::new(); if unknown { 0 } else { gone }];
        items.extend(known);
        let gone = if unknown { gone } else { 0 };
        let kept = KeptItems { count, gone, items, unknown, again: true };
        return Comparison::Other { change, places, kept };
    }
    if same_count && now.items == before.items {
        return Comparison::Same(in_order());
    }
    let mut free: HashMap<&str, Vec<usize>> = HashMap::new();
    for (place, item) in before.items.iter().enumerate().rev() {
        free.entry(item).or_default().push(place);
    }
    let mut kept = vec![String::new(); before.items.len()];
    let (mut places, mut new) = (Vec::new(), None);
    for (at, item) in now.items.iter().enumerate() {
        let known = free.get_mut(&**item).and_then(Vec::pop);
        if known.is_none() {
            new = new.or(Some(at));
            kept.push(String::new());
        }
        let place = known.unwrap_or(kept.len() - 1);
        kept[place].clone_from(item);
        places.push(place);
    }
    let change = match new {
        _ if !same_count => counts(),
        Some(at) => format!("its items are others: item {at} is a new one"),
        None => return Comparison::Same(places),
    };
    let kept = KeptItems { count, items: kept, again: true, ..KeptItems::default() };
    Comparison::Other { change, places, kept }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(items: &[&str]) -> KeptItems {
        let items: Vec<String> = items.iter().map(|&item| item.to_owned()).collect();
        KeptItems { count: items.len(), items, ..KeptItems::default() }
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
        let told = |now: &[&str]| match places(&before, &kept(now)) {
            Comparison::Other { change, places, kept } => (change, places, kept.items.join("|")),
            Comparison::Same(places) => panic!("{places:?}"),
        };
        let text = "its items are others: item 1 is a new one".to_owned();
        assert_eq!(told(&["a"]), ("it had 2 items and has 1".to_owned(), vec![0], "a|".to_owned()));
        assert_eq!(told(&["b", "c"]), (text.clone(), vec![1, 2], "|b|c".to_owned()));
        // One item twice is not the same as two items.
        assert_eq!(told(&["a", "a"]), (text, vec![0, 2], "a||a".to_owned()));
        // The place of an item that is gone is not used for another one later.
        let after = KeptItems { count: 2, ..kept(&["", "b", "c"]) };
        assert_eq!(places(&after, &kept(&["c", "b"])), Comparison::Same(vec![2, 1]));
        assert_eq!(after.places(), 3);
        let Comparison::Other { places, kept, .. } = places(&unknown(2), &unknown(2)) else {
            panic!("they cannot be told apart")
        };
        assert_eq!((places, kept.places()), (vec![2, 3], 4));
    }

    fn unknown(count: usize) -> KeptItems {
        KeptItems { count, unknown: true, ..KeptItems::default() }
    }

    #[test]
    fn what_cannot_be_told_is_an_error_where_it_matters() {
        assert_eq!(places(&unknown(1), &unknown(1)), Comparison::Same(vec![0]));
        assert!(matches!(places(&unknown(2), &unknown(2)), Comparison::Other { .. }));
    }

    #[test]
    fn an_older_record_has_only_the_count() {
        let before = KeptItems::read("2", "{}");
        assert_eq!(places(&before, &kept(&["a", "b"])), Comparison::Same(vec![0, 1]));
        let written = kept(&["a", "b"]);
        assert_eq!(KeptItems::read("2", &written.to_json()), written);
    }
}
