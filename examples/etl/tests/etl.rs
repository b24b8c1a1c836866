//! The flights: what is in the database is what is in the files, whatever goes wrong.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::{Read, Write},
    path::{Path, PathBuf},
};

use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use workflow_example_etl::{Database, EtlError, Faults, Job, Options, Summary, bundled, etl};
use workflow_runtime::{Recorder, Run};

/// The lines of a bundled file behind its header, as their fields.
fn lines(name: &str) -> Vec<Vec<String>> {
    let file = fs::File::open(bundled().join(name)).unwrap();
    let mut text = String::new();
    GzDecoder::new(file).read_to_string(&mut text).unwrap();
    let fields = |line: &str| line.split(',').map(str::to_owned).collect();
    text.lines().skip(1).map(fields).collect()
}

/// A folder of this test alone, that is removed in the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("workflow-etl-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let mut file =
            GzEncoder::new(fs::File::create(self.0.join(name)).unwrap(), Compression::fast());
        file.write_all(text.as_ref()).unwrap();
        file.finish().unwrap();
    }

    /// Small files that are right.
    fn with_files(name: &str) -> Self {
        let folder = Self::new(name);
        folder.write("flights.csv.gz", FLIGHTS);
        folder.write("weather.csv.gz", WEATHER);
        folder.write("planes.csv.gz", PLANES);
        folder
    }

    /// The bundled files, with the first so many flights.
    fn with_bundled(name: &str, flights: usize) -> Self {
        let folder = Self::new(name);
        for file in ["weather.csv.gz", "planes.csv.gz"] {
            fs::copy(bundled().join(file), folder.0.join(file)).unwrap();
        }
        let header = FLIGHTS.lines().next().unwrap().to_owned();
        let rows = lines("flights.csv.gz").into_iter().take(flights).map(|row| row.join(","));
        let text: Vec<_> = std::iter::once(header).chain(rows).collect();
        folder.write("flights.csv.gz", text.join("\n"));
        folder
    }

    fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

const FLIGHTS: &str = "month,day,hour,carrier,flight,origin,dest,tailnum,dep_delay\n\
    1,1,5,UA,1545,EWR,IAH,N14228,20\n\
    1,1,5,UA,1714,LGA,IAH,N24211,-4\n\
    1,1,6,DL,461,LGA,ATL,NA,NA\n";
const WEATHER: &str = "origin,month,day,hour,wind_speed,precip,visib\n\
    EWR,1,1,5,10.5,0.02,10\n\
    LGA,1,1,5,30.1,0,10\n\
    LGA,1,1,6,3,0,0.5\n";
const PLANES: &str = "tailnum,year,seats\nN14228,1999,149\nN24211,1998,149\n";

/// All that is in the database.
#[derive(Debug, PartialEq)]
struct Content {
    flights: Vec<String>,
    delays: Vec<String>,
    rejected: Vec<String>,
}

fn content(database: &Database) -> Content {
    let rows = |query: &str| {
        let columns = |row: &rusqlite::Row<'_>| {
            let count = row.as_ref().column_count();
            let values = (0..count).map(|column| row.get::<_, rusqlite::types::Value>(column));
            values.collect::<Result<Vec<_>, _>>().map(|values| format!("{values:?}"))
        };
        database.query(query, columns).unwrap()
    };
    Content {
        flights: rows("SELECT * FROM flights ORDER BY month, day, hour, carrier, number, origin"),
        delays: ["hour", "weather", "carrier"]
            .iter()
            .flat_map(|kind| rows(&format!("SELECT * FROM delays_by_{kind} ORDER BY {kind}")))
            .collect(),
        rejected: rows("SELECT * FROM rejected ORDER BY source, line"),
    }
}

async fn load(folder: &Path, faults: Faults) -> (Summary, Content, Recorder) {
    let database = Database::in_memory().unwrap();
    let job = Job::new(folder, database.clone()).faults(faults);
    let recorder = Recorder::new();
    let summary = Run::new().observe(recorder.clone()).execute(etl(&job)).await.unwrap();
    (summary, content(&database), recorder)
}

#[tokio::test]
async fn the_database_has_what_the_files_have() {
    let (summary, content, _) = load(&bundled(), Faults::default()).await;
    let flights = lines("flights.csv.gz");
    assert_eq!(summary.flights, 109_119);
    assert_eq!(content.flights.len(), flights.len());

    // Counted once more, from the text of the file.
    let mut carriers = BTreeMap::<&str, (u64, u64, u64, i64)>::new();
    for flight in &flights {
        let (all, cancelled, late, minutes) = carriers.entry(&flight[3]).or_default();
        *all += 1;
        match flight[8].parse::<i64>() {
            Ok(delay) => {
                *minutes += delay;
                *late += u64::from(delay > 15);
            }
            Err(_) => *cancelled += 1,
        }
    }
    let by_carrier = summary.totals.by_carrier.iter();
    let counted: BTreeMap<_, _> = by_carrier
        .map(|(carrier, it)| (carrier.as_str(), (it.flights, it.cancelled, it.late, it.minutes)))
        .collect();
    assert_eq!(counted, carriers);

    let foggy: BTreeSet<_> = lines("weather.csv.gz")
        .into_iter()
        .filter(|hour| hour[4] != "NA" && hour[6].parse::<f64>().unwrap() < 3.0)
        .map(|hour| hour[..4].to_vec())
        .collect();
    let in_fog = flights.iter().filter(|flight| {
        foggy
            .contains([&flight[5], &flight[0], &flight[1], &flight[2]].map(Clone::clone).as_slice())
    });
    assert_eq!(summary.totals.by_weather["poor sight"].flights, in_fog.count() as u64);

    // Every group has every flight.
    let all = |delays: Vec<u64>| assert_eq!(delays.iter().sum::<u64>(), summary.flights);
    all(summary.totals.by_hour.values().map(|it| it.flights).collect());
    all(summary.totals.by_weather.values().map(|it| it.flights).collect());
}

#[tokio::test]
async fn rows_without_what_is_needed_are_reported() {
    let folder = Folder::with_bundled("rejected", 10);
    let (summary, content, _) = load(folder.path(), Faults::default()).await;
    let without = |name: &str, column: usize| {
        let rows = lines(name).into_iter().zip(2..);
        let without = rows.filter(|(fields, _)| fields[column] == "NA");
        without.map(|(_, line)| line).collect::<Vec<u64>>()
    };
    let rejected = |source: &str| {
        let of = summary.rejected.iter().filter(|rejection| rejection.source == source);
        of.map(|rejection| rejection.line).collect::<Vec<_>>()
    };
    assert_eq!(rejected("planes"), without("planes.csv.gz", 1));
    assert_eq!(rejected("weather"), without("weather.csv.gz", 4));
    assert_eq!(rejected("flights"), [0; 0]);
    assert_eq!(content.rejected.len(), 71);
    assert!(summary.to_string().contains("planes: 70 x the year is not known"), "{summary}");
}

#[tokio::test(start_paused = true)]
async fn faults_change_nothing() {
    let folder = Folder::with_bundled("faults", 20_000);
    let (summary, without, _) = load(folder.path(), Faults::default()).await;
    for seed in [1, 2, 3] {
        let (with_faults, with, recorder) = load(folder.path(), Faults::new(seed, 0.6)).await;
        assert!(recorder.failed_steps().is_empty());
        let events = recorder.events();
        let retries = events
            .iter()
            .filter(|event| matches!(event.kind, workflow_runtime::EventKind::Retrying { .. }));
        assert!(retries.count() > 15, "seed {seed}");
        assert_eq!(with, without, "seed {seed}");
        assert_eq!(with_faults.totals, summary.totals);
        assert_eq!(with_faults.rejected, summary.rejected);
    }
}

#[tokio::test]
async fn a_second_run_changes_nothing() {
    let folder = Folder::with_files("twice");
    let database = Database::open(&folder.path().join("flights.sqlite")).unwrap();
    let job = Job::new(folder.path(), database.clone());
    let first = etl(&job).await.unwrap();
    let then = content(&database);
    assert_eq!(then.flights.len(), 3);
    assert_eq!(etl(&job).await.unwrap(), first);
    assert_eq!(content(&database), then);

    // A flight that has been corrected takes the place of what was there.
    folder.write("flights.csv.gz", FLIGHTS.replace("N14228,20", "N14228,200"));
    let corrected = etl(&job).await.unwrap();
    assert_eq!(corrected.totals.by_carrier["UA"].minutes, 196);
    let now = content(&database);
    assert_eq!(now.flights.len(), 3);
    assert_ne!(now, then);
}

#[tokio::test]
async fn a_bad_row_is_put_aside_and_the_others_go_on() {
    let folder = Folder::with_files("bad");
    let bad = [
        "13,1,5,UA,1,EWR,IAH,N14228,2",
        "1,1,5,UA,one,EWR,IAH,N14228,2",
        "1,1,5,UA,1,EWR,IAH,N14228,soon",
        "1,1,5,UA,1",
        "1,1,5,UNITED,1,EWR,IAH,N14228,2",
        "1,1,5,UA,1,EWR,IAH,N14228,99999",
    ];
    let mut text = (FLIGHTS.to_owned() + &bad.join("\n") + "\n").into_bytes();
    text.extend(b"1,1,5,UA,2,EWR,IAH,N\xff,2\n1,1,7,UA,3,EWR,IAH,N14228,2\n");
    folder.write("flights.csv.gz", text);

    let database = Database::in_memory().unwrap();
    let summary = etl(&Job::new(folder.path(), database.clone())).await.unwrap();
    assert_eq!(summary.flights, 4);
    let rejected: Vec<_> =
        summary.rejected.iter().map(|it| (it.line, it.reason.as_str())).collect();
    assert_eq!(
        rejected,
        [
            (5, "no such hour"),
            (6, "invalid digit found in string"),
            (7, "`soon` is no number"),
            (8, "5 fields instead of 9"),
            (9, "no such carrier"),
            (10, "no such delay"),
            (11, "no UTF-8"),
        ]
    );
    assert_eq!(content(&database).rejected.len(), 7);
}

#[tokio::test]
async fn a_file_that_cannot_be_used_stops_it_at_once() {
    let folder = Folder::with_files("missing");
    let database = Database::in_memory().unwrap();
    let job = Job::new(folder.path(), database.clone());
    let no_tables = || database.query("SELECT name FROM sqlite_schema", |_| Ok(())).unwrap();

    folder.write("planes.csv.gz", "tail,year,seats\n");
    let recorder = Recorder::new();
    let error = Run::new().observe(recorder.clone()).execute(etl(&job)).await.unwrap_err();
    assert!(matches!(error, EtlError::Header { .. }), "{error}");
    assert!(error.to_string().contains("has the columns `tail,year,seats` and not `tailnum,"));
    // No use in trying again.
    assert_eq!(recorder.attempts("planes"), 1);
    assert!(no_tables().is_empty());

    fs::remove_file(folder.path().join("planes.csv.gz")).unwrap();
    let error = etl(&job).await.unwrap_err();
    assert!(error.to_string().starts_with("cannot read "), "{error}");
    assert!(error.to_string().contains("planes.csv.gz"), "{error}");

    fs::write(folder.path().join("planes.csv.gz"), PLANES).unwrap();
    let error = etl(&job).await.unwrap_err();
    assert!(matches!(error, EtlError::Read { .. }), "{error}");
    assert!(no_tables().is_empty());
}

#[tokio::test(start_paused = true)]
async fn no_more_chunks_are_in_memory_than_are_taken_at_once() {
    let folder = Folder::with_bundled("memory", 20_000);
    for faults in [Faults::default(), Faults::new(5, 0.6)] {
        let (summary, _, _) = load(folder.path(), faults).await;
        assert_eq!(summary.most_chunks, 8);
    }
}

#[tokio::test]
async fn the_options_make_the_job() {
    let folder = Folder::with_files("options");
    let database = folder.path().join("flights.sqlite");
    let options = Options { database: database.clone(), seed: 1, faults: 0.0, fast: true };
    let summary = etl(&options.job(folder.path()).unwrap()).await.unwrap();
    assert_eq!(
        summary.totals.by_weather.keys().collect::<Vec<_>>(),
        [&"poor sight", &"rain or snow", &"wind"]
    );
    assert_eq!(content(&Database::open(&database).unwrap()).flights.len(), 3);
}
