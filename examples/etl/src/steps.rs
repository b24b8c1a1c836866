//! A step that reads or writes is tried five times. It may have done its work when it fails,
//! so doing it once more comes to the same.

use std::{collections::HashMap, sync::Arc, thread::sleep};

use workflow_runtime::step;

use super::{
    EtlError, Flight, Job, Plane, Rejection, Summary, Totals, Weather,
    chunk::{Chunk, Chunks, RawRows},
    rows::{Row, Time},
    summary::{CleanChunk, Cleaned},
};

/// What flights are looked up in.
#[derive(Debug)]
pub(super) struct Lookup {
    weather: HashMap<(String, Time), &'static str>,
    years: HashMap<String, u16>,
    rejected: Vec<Rejection>,
}

/// A flight with what else is known of it.
#[derive(Debug)]
pub(super) struct Enriched {
    pub(super) flight: Flight,
    pub(super) weather: &'static str,
    pub(super) plane_year: Option<u16>,
}

/// What of a chunk of flights outlasts it.
#[derive(Debug)]
pub(super) struct Part {
    totals: Totals,
    flights: u64,
    rejected: Vec<Rejection>,
}

/// Reads a file. What its rows hold is for later stages to judge.
#[step(blocking, retry(max_attempts = 5, backoff = exponential("50ms", max = "500ms"), jitter))]
pub(super) fn extract<T: Row>(job: Job) -> Result<Chunks, EtlError> {
    let source = T::source(&job);
    job.faults
        .around("extract", T::NAME.len() as u64, || Chunks::of(source.read()?, source, T::HEADER))
}

/// Makes sure that the database has its tables. What they hold stays.
#[step(blocking, retry(max_attempts = 5, backoff = exponential("50ms", max = "500ms"), jitter))]
pub(super) fn create_tables(job: Job) -> Result<(), EtlError> {
    job.faults.around("create", 0, || job.database.create_tables())
}

/// Reads the fields of rows, and puts aside what can't be used.
#[step]
pub(super) async fn clean<T: Row>(chunk: Chunk<RawRows>) -> CleanChunk<T> {
    chunk.with(|rows| Cleaned::of(&rows))
}

/// Has the weather and the planes at hand.
#[step]
pub(super) async fn index(
    hours: Vec<CleanChunk<Weather>>,
    fleet: Vec<CleanChunk<Plane>>,
) -> Lookup {
    let mut lookup =
        Lookup { weather: HashMap::new(), years: HashMap::new(), rejected: Vec::new() };
    for Chunk { rows: cleaned, .. } in hours {
        lookup.rejected.extend(cleaned.rejected);
        let known = cleaned.rows.into_iter().map(|hour| {
            let kind = kind_of(&hour);
            ((hour.origin, hour.at), kind)
        });
        lookup.weather.extend(known);
    }
    for Chunk { rows: cleaned, .. } in fleet {
        lookup.rejected.extend(cleaned.rejected);
        let known =
            cleaned.rows.into_iter().filter_map(|plane| Some((plane.tail_number, plane.year?)));
        lookup.years.extend(known);
    }
    lookup
}

/// The worst of it, in a word.
fn kind_of(hour: &Weather) -> &'static str {
    if hour.visibility < 3.0 {
        "poor sight"
    } else if hour.precipitation > 0.0 {
        "rain or snow"
    } else if hour.wind.is_some_and(|wind| wind >= 25.0) {
        "wind"
    } else {
        "fair"
    }
}

/// Adds the weather of a flight's hour, and the year of its plane.
#[step]
pub(super) async fn enrich(lookup: &Lookup, chunk: CleanChunk<Flight>) -> EnrichedChunk {
    let enriched = |flight: Flight| {
        let weather = lookup.weather.get(&(flight.origin.clone(), flight.at));
        Enriched {
            weather: weather.copied().unwrap_or("not known"),
            plane_year: lookup.years.get(&flight.tail_number).copied(),
            flight,
        }
    };
    Arc::new(chunk.with(|cleaned| EnrichedRows {
        flights: cleaned.rows.into_iter().map(enriched).collect(),
        rejected: cleaned.rejected,
    }))
}

/// Flights that are ready to be stored.
#[derive(Debug)]
pub(super) struct EnrichedRows {
    pub(super) flights: Vec<Enriched>,
    rejected: Vec<Rejection>,
}

/// Shared by the attempts to store it.
pub(super) type EnrichedChunk = Arc<Chunk<EnrichedRows>>;

/// Adds up the delays of a chunk.
#[step]
pub(super) async fn tally(chunk: &EnrichedChunk) -> Part {
    let mut totals = Totals::default();
    for flight in &chunk.rows.flights {
        totals.add_flight(flight);
    }
    let flights = chunk.rows.flights.len() as u64;
    Part { totals, flights, rejected: chunk.rows.rejected.clone() }
}

/// Stores the flights of a chunk, all of them or none.
#[step(blocking, retry(max_attempts = 5, backoff = exponential("50ms", max = "500ms"), jitter))]
pub(super) fn store_flights(job: Job, chunk: EnrichedChunk) -> Result<(), EtlError> {
    sleep(job.pace);
    job.faults.around("store", chunk.number, || job.database.store_flights(&chunk.rows.flights))
}

/// Adds up the chunks.
#[step]
pub(super) async fn combine(job: &Job, lookup: Lookup, parts: Vec<Part>) -> Summary {
    let mut summary = Summary {
        flights: 0,
        hours: lookup.weather.len(),
        planes: lookup.years.len(),
        rejected: lookup.rejected,
        totals: Totals::default(),
        most_chunks: job.flights.alive.most(),
    };
    for Part { totals, flights, rejected } in parts {
        summary.totals.add(totals);
        summary.flights += flights;
        summary.rejected.extend(rejected);
    }
    summary.rejected.sort();
    summary
}

/// Stores what the delays come to, and which rows were put aside, in place of what was there.
#[step(blocking, retry(max_attempts = 5, backoff = exponential("50ms", max = "500ms"), jitter))]
pub(super) fn store_totals(job: Job, summary: Summary) -> Result<(), EtlError> {
    job.faults.around("totals", 0, || job.database.store_totals(&summary))
}
