//! Tests of the public behaviour live in `tests/`; what several of them share is here.

// A test's helper panics where the test has to fail.
#![allow(clippy::missing_panics_doc)]

pub mod graphs;
pub mod random;
pub mod saga;
