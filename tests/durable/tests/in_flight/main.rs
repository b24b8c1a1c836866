//! Two steps and their records, in every order: what is recorded is undone or used.
//!
//! A store is told when to do what it was asked for and when to answer, and so are the steps.
//! After each move of the run, everything that could happen next is tried in turn.
//!
//! With the environment variable `WORKFLOW_INTERLEAVINGS=all`, the second process after a death is
//! tried in every order, too.

mod ends;
mod explore;
mod gates;
mod process;
mod scenario;
mod shapes;
mod world;
