//! Processes that are killed, stopped, and fight for the same runs.
//!
//! A part of the moments by default; with the environment variable `WORKFLOW_KILLS=all`, every
//! one.

#![cfg(unix)]

mod checks;
mod ends;
mod fights;
mod kills;
mod log;
mod process;
mod snapshot;
mod stops;
mod unrest;
