//! With the features on and no subscriber, a direct call costs no more memory than without.

#[path = "../../tests/cost.rs"]
mod cost;
