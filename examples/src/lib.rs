//! Small real programs, one for each pattern of workflow.
//!
//! The modules `linear`, `parallel`, `diamond`, `conditional` and `pipeline` are one example each:
//! its types in `model`, its steps in `steps`, what it prints in `report`, and the workflow itself
//! at the top. The binary of the same name runs it on the files in `data/`. The other modules are
//! what the examples share, also those that are packages of their own.

pub mod cli;
pub mod conditional;
pub mod data;
pub mod date;
pub mod diamond;
pub mod dice;
pub mod linear;
pub mod money;
pub mod parallel;
pub mod pipeline;
