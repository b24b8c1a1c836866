//! duroxide, which is a program of its own.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::Outcome;

const MANIFEST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/duroxide/Cargo.toml");

/// Which options it has.
#[derive(Clone, Copy)]
pub(crate) enum Options {
    Default,
    Tuned,
}

/// Builds it, so that this is not part of what is measured.
pub(crate) fn build() -> Outcome<()> {
    let built = cargo("build").status()?;
    built.success().then_some(()).ok_or_else(|| "duroxide cannot be built".into())
}

/// Nothing if a run has failed.
pub(crate) fn time(
    file: &Path,
    at_once: usize,
    each: usize,
    options: Options,
) -> Outcome<Option<Duration>> {
    let mut run = cargo("run");
    run.arg("--").arg(file).arg(at_once.to_string()).arg(each.to_string());
    if matches!(options, Options::Tuned) {
        run.arg("tuned");
    }
    let output = run.stderr(Stdio::inherit()).output()?;
    let text = String::from_utf8(output.stdout)?;
    // It writes its log before, to the same place.
    let seconds = text.lines().last().and_then(|line| line.parse().ok());
    if seconds.is_none() {
        eprintln!("duroxide has failed with {at_once} runs at once");
    }
    Ok(seconds.map(Duration::from_secs_f64))
}

fn cargo(command: &str) -> Command {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args([command, "--quiet", "--release", "--locked", "--manifest-path", MANIFEST]);
    let target = concat!(env!("CARGO_MANIFEST_DIR"), "/target");
    cargo.args(["--target-dir", target]);
    cargo
}
