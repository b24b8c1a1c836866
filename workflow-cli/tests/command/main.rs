//! The command as users run it.

mod bad;
mod change;
mod damaged;
mod delete;
mod export;
mod hostile;
mod pages;
mod postgres;
mod real;
mod runs;
// Not all of it is needed here.
#[allow(dead_code)]
#[path = "../../../workflow-journal/tests/postgres/server.rs"]
mod server;
mod show;
mod sizes;
mod support;
mod sweep;
mod undoing;
