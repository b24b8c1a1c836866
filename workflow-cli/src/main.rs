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
//! | `runs` | lists runs, the most recently changed first: `--workflow`, `--state`, `--older-than 2h`, `--json`; at most 100, or as many as `--limit N` or `--limit all` say; `--after ID` lists the next page; `--sizes` also shows how many bytes the records of each run take |
//! | `show ID` | a run's inputs, its graph with the state of each step, its steps and signals; `--json` |
//! | `signal ID NAME JSON` | sends a value to a run that waits for it, or will; `-` reads the value from standard input |
//! | `retry ID` | makes a failed run unfinished again; if its undoing has failed, that is tried again |
//! | `cancel ID` | asks the current or next holder of the run to cancel and undo it |
//! | `export ID --html FILE` | writes one self-contained page about the run; `-` is standard output |
//! | `delete ID` | deletes a run that has ended, with its records and signals |
//! | `sweep --completed 30d` | deletes runs that completed longer ago; `--failed 90d` and `--cancelled 30d` say the same of other runs, and at least one of the three is needed; `--workflow`, `--dry-run` |
//! | `vacuum` | gives the space of deleted runs in an SQLite file back to the system |
//!
//! # The journal
//!
//! `--journal` or the environment variable `WORKFLOW_JOURNAL` names it: the path of an SQLite file,
//! or an address that begins with `postgres://` or `postgresql://`. A file must exist; the command
//! does not create one. In a database without a journal the store creates its tables, as it does
//! whenever it connects. Servers are reached without TLS.
//!
//! The command runs no steps: it only changes what the journal says. What `retry` and `cancel`
//! request is done by the process that works on the run, or by the next one that resumes it.
//!
//! # Pages
//!
//! If there are more runs than `runs` shows, a note says how to list the next ones:
//!
//! ```text
//! $ workflow runs --state completed
//! …
//! there are more than these 100: `--after cart-942 --changed-at 2026-11-24T14:56:13.411Z` lists the next, `--limit all` lists all
//! $ workflow runs --state completed --after cart-942 --changed-at 2026-11-24T14:56:13.411Z
//! ```
//!
//! A run that changes between two pages moves to the front of the list: no other run is left out or
//! shown twice because of that. Without `--changed-at`, the list goes on from where the run is now,
//! so if it has changed since, runs are shown twice.
//!
//! # Deleting
//!
//! A journal keeps all runs until someone deletes them. `delete` and `sweep` delete only runs that
//! have ended. An unfinished one has to be cancelled first, since nothing would undo what it has
//! done. `sweep` also leaves runs that could not be undone; `delete` does not. The journal forgets
//! the id of a deleted run: when a program starts a run of that id again, all its steps run again.
//!
//! `sweep` deletes a hundred runs at a time, so that running ones are not held up. It can be
//! interrupted, and started again. `sweep --dry-run` counts.
//!
//! The file of SQLite does not shrink by that, but its free space is used again. `vacuum` makes the
//! file smaller. It writes the whole file anew, and every other request to the journal waits
//! meanwhile: run it while little is done. PostgreSQL uses the space again by itself.
//!
//! # What is shown
//!
//! `show` marks each node of the graph by what is recorded about it:
//!
//! - `✓` has completed,
//! - `◐` has completed in part,
//! - `▶` is running, or could run, as everything that it needs is available,
//! - `!` should have been undone and could not be: what it did is still done,
//! - `✗` has failed,
//! - `↩` is undone,
//! - `·` has not run.
//!
//! If a step could not be undone, the head of `show` names it. Colours are shown
//! if the output is a terminal, unless `NO_COLOR` is set.
//!
//! Long values, paths and names are cut; `--json` has them whole. A graph of more than 2,000 steps
//! or 20,000 dependencies, or of more than 100 levels of nesting, is not drawn; everything else
//! about the run is shown. The page of `export` leaves out records with paths of more than 2,000
//! bytes, or inside more than 50 items, and says so.
//!
//! Nothing in a journal can affect a terminal: control characters, marks of the writing direction
//! and characters without a width are replaced by escapes such as `\u{202e}`, in JSON `\u202e`.
//!
//! If a row of the journal cannot be read, such as a run with a text that is not UTF-8, or a record
//! with a number that is out of range, all others are shown, and a line says which row it is and
//! why. `show --json` lists such records under `unreadable`.
//!
//! The exit code is 0; or 1 with a message if something could not be done, or not everything could
//! be read; or 2 for a command that cannot be understood.

mod arguments;
mod commands;
mod delete;
mod export;
mod failure;
mod found;
mod journal;
mod json;
mod marks;
mod progress;
mod run;
mod runs;
mod show;
mod shown;
mod sweep;
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
        // The reader has seen enough, as in `workflow runs | head`.
        Err(Failure::Output(error)) if error.kind() == ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(failure) => {
            // If this cannot be written either, there is nowhere left to report it.
            let _ = writeln!(anstream::stderr(), "error: {failure}");
            ExitCode::FAILURE
        }
    }
}
