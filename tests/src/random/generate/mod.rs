//! Makes random workflows and prints them as Rust source.
//!
//! The build script includes this module to print the workflows, and the library to know
//! what it has printed.

mod dice;
mod frame;
mod large;
mod make;
pub mod model;
mod names;
mod print;

pub use dice::Dice;
pub use large::large;
pub use make::{make, make_borrowing};
pub use print::{OnFailure, print, print_durable};
