use std::{
    collections::BTreeSet,
    sync::{Mutex, PoisonError},
};

use super::Customer;

/// All customers, and who of them may not order now: stands for the database.
#[derive(Debug)]
pub struct Accounts {
    customers: Vec<Customer>,
    frozen: Mutex<BTreeSet<String>>,
}

impl Accounts {
    /// With nobody frozen.
    #[must_use]
    pub fn new(customers: Vec<Customer>) -> Self {
        Self { customers, frozen: Mutex::default() }
    }

    /// Whether a customer may not order.
    #[must_use]
    pub fn is_frozen(&self, id: &str) -> bool {
        self.frozen.lock().unwrap_or_else(PoisonError::into_inner).contains(id)
    }

    pub(super) fn find(&self, id: &str) -> Option<&Customer> {
        self.customers.iter().find(|customer| customer.id == id)
    }

    pub(super) fn freeze(&self, id: &str) {
        self.frozen.lock().unwrap_or_else(PoisonError::into_inner).insert(id.to_owned());
    }
}
