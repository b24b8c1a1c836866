use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    time::Duration,
};

use super::{Database, EtlError, Faults, Job};

/// What the program is asked to do: `[DATABASE] [--seed N] [--faults RATE] [--fast]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// The file of the database.
    pub database: PathBuf,
    /// Which faults happen.
    pub seed: u64,
    /// In which share of the attempts, from 0 to 1.
    pub faults: f64,
    /// Without the wait for a database that is far away.
    pub fast: bool,
}

/// Why the arguments can't be used.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}\nusage: etl [DATABASE] [--seed NUMBER] [--faults RATE from 0 to 1] [--fast]")]
pub struct OptionsError(String);

/// How long a database that is far away needs for a chunk.
const PACE: Duration = Duration::from_millis(400);

impl Default for Options {
    fn default() -> Self {
        let database = std::env::temp_dir().join("workflow-flights.sqlite");
        Self { database, seed: 1, faults: 0.15, fast: false }
    }
}

impl Options {
    /// Reads the arguments that follow the program's name.
    ///
    /// # Errors
    ///
    /// If they are other ones, or a value is none.
    pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Self, OptionsError> {
        let mut options = Self::default();
        let mut arguments = arguments.into_iter();
        while let Some(argument) = arguments.next() {
            let mut value = || {
                let text = arguments.next().and_then(|value| value.into_string().ok());
                text.ok_or_else(|| OptionsError(format!("{} needs a value", argument.display())))
            };
            match argument.to_str() {
                Some("--seed") => options.seed = number(&value()?)?,
                Some("--faults") => options.faults = number(&value()?)?,
                Some("--fast") => options.fast = true,
                Some(unknown) if unknown.starts_with('-') => {
                    return Err(OptionsError(format!("no such option: {unknown}")));
                }
                _ => options.database = argument.into(),
            }
        }
        if !(0.0..=1.0).contains(&options.faults) {
            return Err(OptionsError(format!("{} is not from 0 to 1", options.faults)));
        }
        Ok(options)
    }

    /// The job that was asked for, of the files in this folder.
    ///
    /// # Errors
    ///
    /// If the database can't be opened.
    pub fn job(&self, folder: &Path) -> Result<Job, EtlError> {
        let pace = if self.fast { Duration::ZERO } else { PACE };
        let faults = Faults::new(self.seed, self.faults);
        Ok(Job::new(folder, Database::open(&self.database)?).faults(faults).pace(pace))
    }
}

fn number<T: std::str::FromStr>(text: &str) -> Result<T, OptionsError> {
    text.parse().map_err(|_| OptionsError(format!("`{text}` is no such number")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(arguments: &str) -> Result<Options, OptionsError> {
        Options::parse(arguments.split_whitespace().map(OsString::from))
    }

    #[test]
    fn takes_options_in_any_order() {
        assert_eq!(parse(""), Ok(Options::default()));
        let all = Options { database: "x.sqlite".into(), seed: 9, faults: 0.5, fast: true };
        assert_eq!(parse("--seed 9 --fast x.sqlite --faults 0.5"), Ok(all));
    }

    #[test]
    fn says_what_is_wrong() {
        for (arguments, says) in [
            ("--sead 9", "no such option: --sead"),
            ("--seed", "--seed needs a value"),
            ("--seed many", "`many` is no such number"),
            ("--faults 2", "2 is not from 0 to 1"),
        ] {
            let error = parse(arguments).unwrap_err().to_string();
            assert!(error.starts_with(says) && error.contains("usage:"), "{error}");
        }
    }
}
