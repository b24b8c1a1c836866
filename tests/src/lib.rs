//! Tests of the public behaviour live in `tests/`; what several of them share is here.

// A test's helper panics where the test has to fail, and is never printed.
#![allow(clippy::missing_panics_doc, missing_debug_implementations)]

pub mod graphs;
pub mod random;
pub mod saga;
