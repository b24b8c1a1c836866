//! Keys for services that do a thing once.

use std::hash::BuildHasher;

use crate::run::current_step;

/// A key for services that do a thing only once for each key, such as a payment.
///
/// Inside of a step's own code it is the same for all attempts of this step, and in a durable run
/// also after a restart: the run's id and the step's path, as in `cart-1042/payment`. What undoes
/// the step has another one, and so has the step itself when it runs again after it was undone. Without a journal it is that of this
/// run alone. In a step that is awaited without any run, and outside of steps, each call gives
/// another one.
#[must_use]
pub fn idempotency_key() -> String {
    match current_step() {
        Some(step) => step.key(),
        None => unique(),
    }
}

/// A text that no other call gives.
pub(crate) fn unique() -> String {
    let random = std::hash::RandomState::new;
    format!("{:016x}{:016x}", random().hash_one(0), random().hash_one(1))
}
