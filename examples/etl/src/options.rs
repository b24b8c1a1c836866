use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use clap::Parser;

use super::{Database, EtlError, Faults, Job};

/// How long a database that is far away needs for a chunk.
const PACE: Duration = Duration::from_millis(400);

/// Loads flights into an SQLite database, and shows it while it runs
#[derive(Debug, Clone, PartialEq, Parser)]
#[command(name = "etl")]
pub struct Options {
    /// The file of the database
    #[arg(default_value_os_t = std::env::temp_dir().join("workflow-flights.sqlite"))]
    pub database: PathBuf,
    /// Which faults happen
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub seed: u64,
    /// In which share of the attempts a fault happens, from 0 to 1
    #[arg(long, value_name = "RATE", default_value_t = 0.15, value_parser = share)]
    pub faults: f64,
    /// Without the wait for a database that is far away
    #[arg(long)]
    pub fast: bool,
}

impl Options {
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

fn share(text: &str) -> Result<f64, String> {
    let number = text.parse().ok().filter(|number| (0.0..=1.0).contains(number));
    number.ok_or_else(|| "it is not a number from 0 to 1".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(arguments: &str) -> Result<Options, clap::Error> {
        Options::try_parse_from(format!("etl {arguments}").split_whitespace())
    }

    #[test]
    fn takes_options_in_any_order() {
        let options = parse("--seed 9 --fast x.sqlite --faults 0.5").unwrap();
        let all = Options { database: "x.sqlite".into(), seed: 9, faults: 0.5, fast: true };
        assert_eq!(options, all);
        let Options { seed, faults, fast, .. } = parse("").unwrap();
        assert_eq!((seed, faults, fast), (1, 0.15, false));
    }

    #[test]
    fn a_share_is_from_0_to_1() {
        for faults in ["2", "-0.1", "NaN", "many"] {
            let error = parse(&format!("--faults={faults}")).unwrap_err().to_string();
            assert!(error.contains("not a number from 0 to 1"), "{error}");
        }
    }
}
