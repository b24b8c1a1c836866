use std::collections::BTreeMap;

use super::{Record, RowError, Temperature};

/// What became of an import.
#[derive(Debug)]
pub struct Summary {
    /// The number of records in the target.
    pub loaded: usize,
    /// The rows left out, in the order of the source.
    pub rejected: Vec<Rejection>,
    /// What was loaded, by region.
    pub regions: Vec<Region>,
}

/// A row left out.
#[derive(Debug)]
pub struct Rejection {
    /// Its line in the source.
    pub line: u64,
    /// Why.
    pub reason: RowError,
}

/// What was loaded of one region.
#[derive(Debug)]
pub struct Region {
    /// Its name.
    pub name: String,
    /// The number of records.
    pub records: usize,
    /// The lowest temperature.
    pub lowest: Temperature,
    /// The mean temperature.
    pub mean: Temperature,
    /// The highest temperature.
    pub highest: Temperature,
}

/// Parts the good rows from the bad ones.
pub(super) fn sort_out(
    outcomes: Vec<(u64, Result<Record, RowError>)>,
) -> (Vec<Record>, Vec<Rejection>) {
    let (mut records, mut rejected) = (Vec::new(), Vec::new());
    for (line, outcome) in outcomes {
        match outcome {
            Ok(record) => records.push(record),
            Err(reason) => rejected.push(Rejection { line, reason }),
        }
    }
    (records, rejected)
}

impl Summary {
    pub(super) fn new(records: &[Record], rejected: Vec<Rejection>) -> Self {
        let mut temperatures = BTreeMap::<&str, Vec<Temperature>>::new();
        for record in records {
            temperatures.entry(&record.region).or_default().push(record.measurement.temperature);
        }
        let regions = temperatures
            .into_iter()
            .filter_map(|(name, temperatures)| Region::new(name, &temperatures));
        Self { loaded: records.len(), rejected, regions: regions.collect() }
    }
}

impl Region {
    fn new(name: &str, temperatures: &[Temperature]) -> Option<Self> {
        Some(Self {
            name: name.to_owned(),
            records: temperatures.len(),
            lowest: *temperatures.iter().min()?,
            mean: Temperature::mean(temperatures)?,
            highest: *temperatures.iter().max()?,
        })
    }
}
