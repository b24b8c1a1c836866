//! The command `workflow`: works on the journal of durable runs, beside the processes that run
//! them.
//!
//! ```text
//! $ export WORKFLOW_JOURNAL=orders.db
//! $ workflow runs --state failed
//! ID         WORKFLOW  STATE   AGE  CHANGED  HELD BY
//! cart-1042  checkout  failed  2h   5m ago   -
//! $ workflow show cart-1042
//! $ workflow retry cart-1042
//! run `cart-1042` is unfinished again: whoever goes on with unfinished runs of `checkout` takes it up
//! ```
//!
//! | command | what it does |
//! |---|---|
//! | `runs` | lists runs, those first that changed last: `--workflow`, `--state`, `--older-than 2h`, `--json`; at most 100, or as `--limit N` or `--limit all` say |
//! | `show ID` | a run's inputs, its graph with the state of each step, its steps and signals; `--json` |
//! | `signal ID NAME JSON` | sends a value to a run that waits for it, or will; `-` reads the value from standard input |
//! | `retry ID` | makes a failed run unfinished again; of one whose undoing has failed, that is tried again |
//! | `cancel ID` | asks whoever holds the run, or holds it next, to cancel and undo it |
//! | `export ID --html FILE` | writes one page about the run that needs nothing else; `-` is standard output |
//!
//! # The journal
//!
//! `--journal` or the environment variable `WORKFLOW_JOURNAL` names it: the path of an SQLite
//! file, or an address that begins with `postgres://` or `postgresql://`. A file must be there;
//! the command makes none. In a database without a journal the store makes its tables, as it does
//! whenever it connects. Servers are reached without TLS.
//!
//! The command runs no steps: it only changes what the journal says. What `retry` and `cancel` ask
//! for is done by the process that works on the run, or by the next one that goes on with it.
//!
//! # What is shown
//!
//! `show` marks each node of the graph by what is recorded of it:
//!
//! - `✓` has completed,
//! - `◐` has completed in part,
//! - `▶` runs, or could, as all that it needs is there,
//! - `!` should have been undone and could not be: what it did is still done,
//! - `✗` could have completed when the run ended, and has not: it failed, was cut off, or is
//!   undone,
//! - `·` has not run.
//!
//! A journal records what has completed, so it cannot tell which of several `✗` has failed; the
//! run's error does. Where a step could not be undone, the head of `show` names it. Colours are
//! shown where the output is a terminal, unless `NO_COLOR` is set.
//!
//! Long values, paths and names are cut; `--json` has them whole. A graph of more than 2,000 steps
//! or 20,000 dependencies, or of more than 100 levels of nesting, is not drawn; all else of the
//! run is shown. The page of `export` leaves out records with paths of more than 2,000 bytes, and
//! says so.
//!
//! Nothing that a journal holds can do anything to a terminal: in place of control characters, of
//! marks of the writing direction and of characters without a width stand escapes such as
//! `\u{202e}`, in JSON `\u202e`.
//!
//! Where a row of the journal cannot be read, such as a run with a text that is not UTF-8, or a
//! record with a number that is out of range, all others are shown, and a line says which it is and
//! why. `show --json` lists such records under `unreadable`.
//!
//! The exit code is 0, or 1 with a message where something could not be done, or not all could be
//! read, or 2 for a command that cannot be understood.

mod arguments;
mod commands;
mod export;
mod failure;
mod found;
mod journal;
mod json;
mod marks;
mod progress;
mod run;
mod show;
mod shown;
mod waits;

use std::io::{ErrorKind, Write as _};
use std::process::ExitCode;

use clap::Parser as _;

use crate::arguments::Arguments;
use crate::failure::Failure;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match commands::run(arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever reads has seen enough, as in `workflow runs | head`.
        Err(Failure::Output(error)) if error.kind() == ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(failure) => {
            // There is nowhere left to say that it cannot be said.
            let _ = writeln!(anstream::stderr(), "error: {failure}");
            ExitCode::FAILURE
        }
    }
}
