//! Two steps and their records, in every order: what is recorded is undone or used.
//!
//! A store is told when to do what it was asked for and when to answer, and so are the steps.
//! After each move of the run, everything that could happen next is tried in turn.
//!
//! Of cases with hundreds of ways a part is tried. The environment variable
//! `WORKFLOW_INTERLEAVINGS=10000` says how large a part; then the process that goes on after a death
//! is tried in every order, too.

mod ends;
mod explore;
mod gates;
mod process;
mod scenario;
mod shapes;
mod world;
