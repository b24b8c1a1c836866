//! Random durations.

use std::fmt;

use proptest::prelude::*;

use super::context::{Key, Pace, Pacing};

/// Looks up what a step does. There are fewer entries than steps, so that a failing case
/// shrinks to a few numbers.
#[derive(Clone)]
pub struct Table(Vec<Pace>);

impl Table {
    /// With these entries.
    #[must_use]
    pub fn new(entries: Vec<Pace>) -> Self {
        Self(entries)
    }
}

impl fmt::Debug for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // On one line, even where all else is not.
        write!(f, "{:?}", self.0)
    }
}

impl Pacing for Table {
    fn pace(&self, key: Key) -> Pace {
        let way = key.at.numbers().fold(0, |sum: usize, number| sum * 7 + number + 1);
        let id = usize::try_from(key.id).expect("there are few steps");
        self.0[(id + 13 * way) % self.0.len()]
    }
}

/// Steps that sleep, yield or return at once.
pub fn tables() -> impl Strategy<Value = Table> {
    let pace = prop_oneof![
        8 => (0_u64..50).prop_map(Pace::Sleep),
        1 => (1_u32..3).prop_map(Pace::Yield),
    ];
    prop::collection::vec(pace, 1..40).prop_map(Table::new)
}
