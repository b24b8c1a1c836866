//! The small graphs, each written by hand and declared as a workflow.

pub mod chain_5;
pub mod diamond;
pub mod fan_out;
pub mod heavy_diamond;
pub mod items;
pub mod nested_diamonds;
pub mod parallel_3;
pub mod uneven_chains;
pub mod window;
