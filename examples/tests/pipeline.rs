//! The import: bad rows stay isolated, good ones arrive in order, and they overlap.

use std::{path::PathBuf, time::Duration};

use tokio::time::Instant;
use workflow_examples::{
    data,
    pipeline::{ImportError, RawRow, RowError, Stations, Summary, import_readings, import_row},
};
use workflow_runtime::{Recorder, Run};

async fn stations() -> Stations {
    data::read_json(&data::bundled("pipeline/stations.json")).await.unwrap()
}

/// Imports the bundled readings and gives what was written, too.
async fn import(target: &str, run: Run) -> (Summary, String) {
    let source = data::bundled("pipeline/readings.csv");
    let target: PathBuf =
        std::env::temp_dir().join(format!("workflow-test-{}-{target}.csv", std::process::id()));
    let stations = stations().await;
    let summary = run.execute(import_readings(&source, &stations, &target)).await.unwrap();
    let written = data::read_text(&target).await.unwrap();
    std::fs::remove_file(&target).unwrap();
    (summary, written)
}

#[tokio::test(start_paused = true)]
async fn loads_good_rows_in_order() {
    let (summary, written) = import("order", Run::new()).await;

    assert_eq!(summary.loaded, 31);
    let lines: Vec<_> = written.lines().collect();
    assert_eq!(lines.len(), 1 + summary.loaded);
    assert_eq!(lines[0], "date,time,station,name,region,altitude,temperature,humidity,dew_point");
    assert!(lines[1].starts_with("2025-07-01,06:00,AMS,Amsterdam quay,Coast,2,"), "{}", lines[1]);
    let times: Vec<_> = lines[1..].iter().map(|line| &line[..16]).collect();
    assert!(times.is_sorted());

    let regions: Vec<_> =
        summary.regions.iter().map(|region| (region.name.as_str(), region.records)).collect();
    assert_eq!(regions, [("Coast", 12), ("Inland", 13), ("Mountain", 6)]);
}

#[tokio::test(start_paused = true)]
async fn says_what_is_wrong_with_each_bad_row() {
    let (summary, _) = import("rejected", Run::new()).await;
    let rejected: Vec<_> = summary
        .rejected
        .iter()
        .map(|rejection| format!("{} {}", rejection.line, rejection.reason))
        .collect();
    assert_eq!(
        rejected,
        [
            "9 clean: no temperature",
            "13 clean: 3 fields instead of 4",
            "18 transform: `2025-07-32` is no date: expected one like `2025-03-14`",
            "20 enrich: no station `KAX`",
            "26 validate: 85.0 °C at Summit hut, where -37.0 to 19.0 is possible",
            "29 validate: a humidity of 132 %",
            "33 transform: `warm` is no temperature: expected one like `18.4C` or `65.1F`",
            "38 transform: `25:00` is no time of day",
            "41 clean: no humidity",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_bad_row_stops_at_its_stage() {
    let recorder = Recorder::new();
    import("stages", Run::new().observe(recorder.clone())).await;

    // The first row passes all stages; the row on line 18 fails in the second.
    for stage in ["cleaned", "measured", "enriched", "validate"] {
        assert!(recorder.completed(&format!("outcomes[0].record.{stage}")), "{stage}");
    }
    assert!(recorder.completed("outcomes[16].record.cleaned"));
    assert!(!recorder.completed("outcomes[16].record.measured"));
    assert!(recorder.failed_steps().iter().any(|path| path == "outcomes[16].record.measured"));
    assert!(recorder.completed("load"));
}

#[tokio::test(start_paused = true)]
async fn eight_rows_are_looked_up_at_once() {
    let start = Instant::now();
    import("time", Run::new()).await;
    // On the paused clock: 5 ms for each of 34 lookups, eight at a time.
    let elapsed = start.elapsed();
    assert!(
        elapsed >= Duration::from_millis(25) && elapsed < Duration::from_millis(60),
        "{elapsed:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn one_row_can_be_imported_alone() {
    let row = RawRow::from(vec!["kas", "2025-07-01 06:00", "50.0F", "80 %"]);
    let record = import_row(&stations().await, row).await.unwrap();
    assert_eq!(
        (record.name.as_str(), record.dew_point.to_string().as_str()),
        ("Kassel park", "6.0")
    );

    let error = import_row(&stations().await, RawRow::from(vec!["kas"])).await.unwrap_err();
    assert!(matches!(error, RowError::Clean(_)));
}

#[tokio::test]
async fn a_target_that_cannot_be_written_is_an_error() {
    let source = data::bundled("pipeline/readings.csv");
    let target = data::bundled("nowhere/readings.csv");
    let error = import_readings(&source, &stations().await, &target).await.unwrap_err();
    assert!(matches!(error, ImportError::Write { .. }), "{error}");
}
