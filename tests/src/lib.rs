//! Tests of the public behaviour live in `tests/`.

pub mod graphs;
pub mod random;
