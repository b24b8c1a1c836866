use std::{collections::BTreeMap, path::PathBuf};

use serde::Deserialize;

use super::{InvalidTemperature, Temperature};
use crate::{
    data::DataError,
    date::{Date, InvalidDate},
};

/// A row as it stands in the file.
pub type RawRow = csv::StringRecord;

/// The stations by their codes.
pub type Stations = BTreeMap<String, Station>;

/// What is known of a weather station.
#[derive(Debug, Clone, Deserialize)]
pub struct Station {
    /// Its name.
    pub name: String,
    /// Where it is.
    pub region: String,
    /// How high it is, in metres.
    pub altitude: u16,
    /// The lowest temperature to believe.
    pub lowest: Temperature,
    /// The highest temperature to believe.
    pub highest: Temperature,
}

/// A row with all its fields, free of stray spaces.
#[derive(Debug, Clone)]
pub struct CleanRow {
    /// A station's code in capitals.
    pub station: String,
    /// Date and time, with a `T` between them.
    pub time: String,
    /// A temperature with its unit.
    pub temperature: String,
    /// The relative humidity, without the sign for percent.
    pub humidity: String,
}

/// What a row says.
#[derive(Debug, Clone)]
pub struct Measurement {
    /// A station's code.
    pub station: String,
    /// The day.
    pub date: Date,
    /// Hours and minutes.
    pub time: (u8, u8),
    /// The temperature.
    pub temperature: Temperature,
    /// The relative humidity in percent.
    pub humidity: u8,
}

/// A measurement with all that belongs to it.
#[derive(Debug, Clone)]
pub struct Record {
    /// The measurement.
    pub measurement: Measurement,
    /// The station's name.
    pub name: String,
    /// The station's region.
    pub region: String,
    /// The station's height in metres.
    pub altitude: u16,
    /// The temperature at which fog forms.
    pub dew_point: Temperature,
}

/// Why a row was rejected.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum RowError {
    /// It is not complete.
    #[error("clean: {0}")]
    Clean(#[from] CleanError),
    /// It does not say what it should.
    #[error("transform: {0}")]
    Transform(#[from] TransformError),
    /// It belongs to nothing that is known.
    #[error("enrich: {0}")]
    Enrich(#[from] EnrichError),
    /// It can't be true.
    #[error("validate: {0}")]
    Validate(#[from] ValidateError),
}

/// Why a row is not complete.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum CleanError {
    /// It has too few or too many fields.
    #[error("{0} fields instead of 4")]
    FieldCount(usize),
    /// A field says nothing.
    #[error("no {0}")]
    Missing(&'static str),
}

/// Why a field can't be read.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum TransformError {
    /// The date.
    #[error(transparent)]
    Date(#[from] InvalidDate),
    /// The time of day.
    #[error("`{0}` is no time of day")]
    Time(String),
    /// The temperature.
    #[error(transparent)]
    Temperature(#[from] InvalidTemperature),
    /// The humidity.
    #[error("`{0}` is no percentage")]
    Humidity(String),
}

/// Why nothing can be added to a row.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("no station `{0}`")]
pub struct EnrichError(pub String);

/// Why a row can't be true.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ValidateError {
    /// The place is never so cold or warm.
    #[error("{temperature} °C at {name}, where {lowest} to {highest} is possible")]
    Temperature {
        /// The station's name.
        name: String,
        /// What it says.
        temperature: Temperature,
        /// The lowest temperature to believe.
        lowest: Temperature,
        /// The highest temperature to believe.
        highest: Temperature,
    },
    /// Air can't hold so much.
    #[error("a humidity of {0} %")]
    Humidity(u8),
}

/// Why an import stopped.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The source can't be used.
    #[error(transparent)]
    Data(#[from] DataError),
    /// The target can't be written.
    #[error("cannot write {}: {source}", .path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}
