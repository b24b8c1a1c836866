//! Measurements against hand-written code and other crates.
//!
//! The library holds what is measured; `benches/` holds the measuring, and the
//! other crates. See the README beside `Cargo.toml`.

// No step fails: there is nothing to say about errors.
#![allow(clippy::missing_errors_doc)]

pub mod drive;
pub mod graphs;
// Textually the first of those that write its steps out.
#[macro_use]
pub mod step;
pub mod observed;
pub mod retried;
pub mod shapes;
pub mod slot;
pub mod subject;
