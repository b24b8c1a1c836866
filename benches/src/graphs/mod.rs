//! The larger graphs, written by `cargo run -p workflow-benches --bin generate`.
//!
//! `declared` is the workflow. By hand, a graph that sequence and join can
//! express is `nested`; any other one is `levels`, with a barrier after each,
//! and `slots`, one branch a step.

// Each function is one graph, however long, and names its steps as the graph does.
#![allow(clippy::many_single_char_names, clippy::too_many_lines)]

pub mod blast;
pub mod chain_100;
pub mod epigenomics;
pub mod layered_310;
pub mod layered_58;
pub mod soykb;
pub mod srasearch;
