//! What the command understands.

use std::time::Duration;

use clap::{ArgGroup, Args, Parser, Subcommand};
use workflow_journal::{StoredState, Timestamp};

/// Works on the journal of durable runs.
#[derive(Debug, Parser)]
#[command(name = "workflow", version)]
pub(crate) struct Arguments {
    /// The journal: an SQLite file, or postgres://…
    #[arg(
        long,
        global = true,
        env = "WORKFLOW_JOURNAL",
        hide_env_values = true,
        value_name = "PATH|URL"
    )]
    pub(crate) journal: Option<String>,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Lists runs, the most recently changed first
    Runs(Runs),
    /// Shows a run: its inputs, its graph, its steps and its signals
    Show(Show),
    /// Sends a value to a run that waits for it, or will
    Signal(Signal),
    /// Makes a failed run unfinished again, so that it resumes from the step that failed, or tries
    /// again to undo what it could not undo
    Retry(One),
    /// Asks the current or next holder of the run to cancel and undo it
    Cancel(One),
    /// Writes a page about a run
    Export(Export),
    /// Deletes a run that has ended, with its records and signals
    Delete(One),
    /// Deletes runs that ended long ago, with their records and signals
    ///
    /// Only the given states are swept, each by its own age: the time since the run ended. Runs that
    /// are unfinished, or that could not be undone, are never swept.
    Sweep(Sweep),
    /// Gives the space of deleted runs in an SQLite file back to the system
    ///
    /// It writes the whole file anew, and every other request to the journal waits meanwhile.
    Vacuum,
}

#[derive(Debug, Args)]
pub(crate) struct Runs {
    /// Only runs of this workflow
    #[arg(long, value_name = "NAME")]
    pub(crate) workflow: Option<String>,
    #[arg(long, value_parser = state, help = states())]
    pub(crate) state: Option<StoredState>,
    /// Only runs that have not changed for this long: 90s, 2h, 3d
    #[arg(long, value_name = "DURATION", value_parser = humantime::parse_duration)]
    pub(crate) older_than: Option<Duration>,
    /// At most this many, the most recently changed ones; `all` for no limit
    #[arg(long, value_name = "N|all", value_parser = limit, default_value = "100")]
    pub(crate) limit: Limit,
    /// Only runs that come after this one in the list: the next page
    #[arg(long, value_name = "ID", allow_hyphen_values = true)]
    pub(crate) after: Option<String>,
    /// When that run had last changed in the page before, if it may have changed since:
    /// 2026-11-24T14:56:13.411Z
    #[arg(long, value_name = "MOMENT", value_parser = moment, requires = "after")]
    pub(crate) changed_at: Option<Timestamp>,
    /// Also how many bytes the records of each run take
    #[arg(long)]
    pub(crate) sizes: bool,
    /// As JSON, with everything that is known about each run
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Show {
    /// The run's id
    pub(crate) id: String,
    /// As JSON, with whole values
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Signal {
    /// The run's id
    pub(crate) id: String,
    /// The signal's name
    pub(crate) name: String,
    /// Its value as JSON; `-` reads it from standard input
    #[arg(allow_hyphen_values = true)]
    pub(crate) json: String,
}

#[derive(Debug, Args)]
pub(crate) struct One {
    /// The run's id
    pub(crate) id: String,
}

#[derive(Debug, Args)]
pub(crate) struct Export {
    /// The run's id
    pub(crate) id: String,
    /// The page's file, which is replaced; standard output with `-`, or without a file
    #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = "-")]
    pub(crate) html: String,
}

#[derive(Debug, Args)]
#[command(group(
    ArgGroup::new("ages").args(["completed", "failed", "cancelled"]).required(true).multiple(true)
))]
pub(crate) struct Sweep {
    /// Runs that completed longer ago than this: 12h, 30d
    #[arg(long, value_name = "AGE", value_parser = humantime::parse_duration)]
    pub(crate) completed: Option<Duration>,
    /// Runs that failed longer ago than this, which could have been retried until now
    #[arg(long, value_name = "AGE", value_parser = humantime::parse_duration)]
    pub(crate) failed: Option<Duration>,
    /// Runs that were cancelled longer ago than this
    #[arg(long, value_name = "AGE", value_parser = humantime::parse_duration)]
    pub(crate) cancelled: Option<Duration>,
    /// Only runs of this workflow
    #[arg(long, value_name = "NAME")]
    pub(crate) workflow: Option<String>,
    /// Only says how many runs it would delete
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// How many runs are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Limit {
    All,
    Most(usize),
}

fn limit(text: &str) -> Result<Limit, String> {
    match text {
        "all" => Ok(Limit::All),
        number => {
            number.parse().map(Limit::Most).map_err(|_| "it is a number, or `all`".to_owned())
        }
    }
}

fn moment(text: &str) -> Result<Timestamp, String> {
    humantime::parse_rfc3339(text).map(Timestamp::from).map_err(|error| error.to_string())
}

fn states() -> String {
    format!("Only runs in this state: {}", names_of_states())
}

fn names_of_states() -> String {
    StoredState::ALL.iter().map(|state| state.name()).collect::<Vec<_>>().join(", ")
}

fn state(name: &str) -> Result<StoredState, String> {
    StoredState::from_name(name).ok_or_else(|| format!("the states are {}", names_of_states()))
}
