//! The records of a run, in the order in which they were written.

use std::collections::{BTreeMap, HashMap};

use crate::Record;

#[derive(Debug, Default)]
pub(super) struct Records {
    last: u64,
    by_number: BTreeMap<u64, Record>,
    /// The numbers of a path's records. There is at most one record of each kind.
    by_path: HashMap<String, Vec<u64>>,
}

impl Records {
    /// Adds a record as the last one, and removes an earlier one with the same path and kind.
    pub(super) fn write(&mut self, record: Record) {
        self.last += 1;
        let numbers = self.by_path.entry(record.path.clone()).or_default();
        let by_number = &self.by_number;
        let old = numbers
            .iter()
            .position(|number| by_number.get(number).is_some_and(|old| old.kind == record.kind));
        if let Some(old) = old {
            self.by_number.remove(&numbers.swap_remove(old));
        }
        numbers.push(self.last);
        self.by_number.insert(self.last, record);
    }

    /// Removes all records of these paths.
    pub(super) fn erase(&mut self, paths: &[String]) {
        for path in paths {
            for number in self.by_path.remove(path).into_iter().flatten() {
                self.by_number.remove(&number);
            }
        }
    }

    pub(super) fn all(&self) -> Vec<Record> {
        self.by_number.values().cloned().collect()
    }
}
