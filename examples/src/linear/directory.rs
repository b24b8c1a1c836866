use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

/// The accounts that exist: stands for the database.
#[derive(Debug, Default)]
pub struct Directory {
    ids: Mutex<BTreeMap<String, u32>>,
}

impl Directory {
    /// Without any account.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Gives an address a new account id; nothing if it has one already.
    pub(super) fn register(&self, email: &str) -> Option<u32> {
        let mut ids = self.ids.lock().unwrap_or_else(PoisonError::into_inner);
        if ids.contains_key(email) {
            return None;
        }
        let id = ids.values().max().map_or(1001, |last| last + 1);
        ids.insert(email.to_owned(), id);
        Some(id)
    }
}
