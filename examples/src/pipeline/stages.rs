use std::{path::Path, time::Duration};

use tokio::time::sleep;
use workflow_runtime::step;

use super::{
    CleanError, CleanRow, EnrichError, ImportError, Measurement, RawRow, Record, Stations,
    TransformError, ValidateError,
};
use crate::data::{DataError, read_text};

/// Reads the rows with their line numbers. What they hold is for later stages to judge.
#[step]
pub(super) async fn extract(source: &Path) -> Result<Vec<(u64, RawRow)>, DataError> {
    let text = read_text(source).await?;
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    reader
        .records()
        .map(|row| row.map(|row| (row.position().map_or(0, csv::Position::line), row)))
        .collect::<Result<_, _>>()
        .map_err(|error| DataError::Csv { path: source.to_owned(), source: error })
}

/// Makes all rows look alike.
#[step]
pub(super) async fn clean(row: RawRow) -> Result<CleanRow, CleanError> {
    if row.len() != 4 {
        return Err(CleanError::FieldCount(row.len()));
    }
    let field = |index: usize, name| match row[index].trim() {
        "" | "-" | "n/a" => Err(CleanError::Missing(name)),
        text => Ok(text),
    };
    Ok(CleanRow {
        station: field(0, "station")?.to_uppercase(),
        time: field(1, "time")?.replace(' ', "T"),
        temperature: field(2, "temperature")?.to_owned(),
        humidity: field(3, "humidity")?.trim_end_matches(['%', ' ']).to_owned(),
    })
}

/// Reads the fields, temperatures in either unit.
#[step]
pub(super) async fn transform(row: CleanRow) -> Result<Measurement, TransformError> {
    let (date, time) = row.time.split_once('T').unwrap_or((&row.time, ""));
    Ok(Measurement {
        date: date.parse()?,
        time: time_of_day(time).ok_or_else(|| TransformError::Time(time.to_owned()))?,
        temperature: row.temperature.parse()?,
        humidity: row.humidity.parse().map_err(|_| TransformError::Humidity(row.humidity))?,
        station: row.station,
    })
}

/// Adds what is known of the station, and the dew point.
#[step]
pub(super) async fn enrich(
    stations: &Stations,
    measurement: Measurement,
) -> Result<Record, EnrichError> {
    // The lookup at a service, which is why several rows at once are worth it.
    sleep(Duration::from_millis(5)).await;
    let station = stations
        .get(&measurement.station)
        .ok_or_else(|| EnrichError(measurement.station.clone()))?;
    Ok(Record {
        name: station.name.clone(),
        region: station.region.clone(),
        altitude: station.altitude,
        dew_point: measurement.temperature.dew_point(measurement.humidity),
        measurement,
    })
}

/// Checks that the values are possible where they were measured.
#[step]
pub(super) async fn validate(stations: &Stations, record: &Record) -> Result<(), ValidateError> {
    let Measurement { station, temperature, humidity, .. } = &record.measurement;
    if *humidity > 100 {
        return Err(ValidateError::Humidity(*humidity));
    }
    match stations.get(station) {
        Some(station) if !(station.lowest..=station.highest).contains(temperature) => {
            Err(ValidateError::Temperature {
                name: station.name.clone(),
                temperature: *temperature,
                lowest: station.lowest,
                highest: station.highest,
            })
        }
        _ => Ok(()),
    }
}

/// Writes the records to the target.
#[step]
pub(super) async fn load(target: &Path, records: &[Record]) -> Result<(), ImportError> {
    let failed = |source| ImportError::Write { path: target.to_owned(), source };
    let table = table(records).map_err(|error| failed(error.into()))?;
    tokio::fs::write(target, table).await.map_err(failed)
}

fn table(records: &[Record]) -> csv::Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record([
        "date",
        "time",
        "station",
        "name",
        "region",
        "altitude",
        "temperature",
        "humidity",
        "dew_point",
    ])?;
    for Record { measurement, name, region, altitude, dew_point } in records {
        let Measurement { station, date, time: (hour, minute), temperature, humidity } =
            measurement;
        writer.write_record([
            &date.to_string(),
            &format!("{hour:02}:{minute:02}"),
            station,
            name,
            region,
            &altitude.to_string(),
            &temperature.to_string(),
            &humidity.to_string(),
            &dew_point.to_string(),
        ])?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

/// Hours and minutes of a time like `06:30`.
fn time_of_day(text: &str) -> Option<(u8, u8)> {
    let (hour, minute) = text.split_once(':')?;
    let (hour, minute) = (hour.parse().ok()?, minute.parse().ok()?);
    (hour < 24 && minute < 60).then_some((hour, minute))
}
