//! What can be read about a run: one row that cannot be read does not hide the others.

use serde::Serialize;
use workflow_journal::{JournalStore, Kind, Record, SentSignal, StoreError};

use crate::failure::Failure;
use crate::shown::{self, Text};

/// Everything that is recorded about a run or was sent to it.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) records: Vec<Record>,
    pub(crate) signals: Vec<SentSignal>,
    pub(crate) unreadable: Vec<Unreadable>,
}

/// What cannot be read, and why.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Unreadable {
    /// The path of a step, if it belongs to one.
    path: Option<String>,
    problem: String,
}

impl Unreadable {
    /// As a line of text.
    pub(crate) fn line(&self) -> String {
        let problem = Text::from(&*self.problem);
        match &self.path {
            Some(path) => format!("record of `{}`: {problem}", shown::name(path)),
            None => problem.to_string(),
        }
    }

    fn of(error: StoreError, what: &str) -> Result<Self, Failure> {
        match error {
            StoreError::Corrupt { path, problem, .. } if !path.is_empty() => {
                Ok(Self { path: Some(path), problem })
            }
            StoreError::Corrupt { problem, .. } => {
                Ok(Self { path: None, problem: format!("{what}: {problem}") })
            }
            error => Err(error.into()),
        }
    }
}

impl Found {
    pub(crate) async fn of(store: &dyn JournalStore, run: &str) -> Result<Self, Failure> {
        let mut found = Self::default();
        match store.records_found(run).await {
            Ok(rows) => {
                for row in rows {
                    match row {
                        Ok(record) => found.records.push(record),
                        Err(error) => found.unreadable.push(Unreadable::of(error, "a record")?),
                    }
                }
            }
            Err(error) => found.unreadable.push(Unreadable::of(error, "a record")?),
        }
        match store.signals(run).await {
            Ok(signals) => found.signals = signals,
            Err(error) => {
                // Signals have names instead of paths.
                let Unreadable { path, problem } = Unreadable::of(error, "a signal")?;
                let problem = path.map_or(problem.clone(), |name| {
                    format!("a signal `{name}`, so that none is shown: {problem}")
                });
                found.unreadable.push(Unreadable { path: None, problem });
            }
        }
        Ok(found)
    }

    /// The paths of the steps that should have been undone and could not be, in the order of the
    /// last attempts.
    pub(crate) fn not_undone(&self) -> Vec<&str> {
        not_undone(&self.records)
    }
}

pub(crate) fn not_undone(records: &[Record]) -> Vec<&str> {
    let mut paths: Vec<&str> = Vec::new();
    let mut places = std::collections::HashMap::new();
    for record in records.iter().filter(|record| !record.path.is_empty()) {
        match record.kind {
            Kind::Compensation if record.output != "null" => {
                places.insert(&*record.path, paths.len());
                paths.push(&record.path);
            }
            // Undone after all, or executed again since.
            Kind::Compensation | Kind::Step => {
                if let Some(place) = places.remove(&*record.path) {
                    paths[place] = "";
                }
            }
            _ => {}
        }
    }
    paths.retain(|path| !path.is_empty());
    paths
}

#[cfg(test)]
mod tests {
    use workflow_journal::{Kind, Record, StoreError, Timestamp};

    use super::{Unreadable, not_undone};

    fn record(path: &str, kind: Kind, output: &str) -> Record {
        Record::new(path, kind, output, Timestamp(0))
    }

    #[test]
    fn a_step_is_not_undone_until_that_succeeds_or_it_runs_again() {
        let mut records = vec![
            record("stock", Kind::Step, "1"),
            record("payment", Kind::Step, "1"),
            record("", Kind::Compensation, "\"no money\""),
            record("payment", Kind::Compensation, "\"closed\""),
            record("stock", Kind::Compensation, "\"lost\""),
        ];
        assert_eq!(not_undone(&records), ["payment", "stock"]);
        records[3].output = "null".to_owned();
        assert_eq!(not_undone(&records), ["stock"]);
        records.push(record("stock", Kind::Step, "2"));
        assert_eq!(not_undone(&records), [""; 0]);
    }

    #[test]
    fn what_cannot_be_read_is_a_line() {
        let line = |path: &str| {
            let problem = "-1 is too small\n".to_owned();
            let error = StoreError::Corrupt { run: "one".into(), path: path.into(), problem };
            Unreadable::of(error, "a record").unwrap().line()
        };
        assert_eq!(line("pay\u{1b}"), "record of `pay\\u{1b}`: -1 is too small\\n");
        assert_eq!(line(""), "a record: -1 is too small\\n");
        let gone = StoreError::NoSuchRun { run: "one".into() };
        assert!(Unreadable::of(gone, "a record").is_err(), "what else goes wrong is an error");
    }
}
