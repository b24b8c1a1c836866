use std::str::FromStr;

use serde::{Deserialize, Deserializer, de::DeserializeOwned};

use super::{Job, Source};

/// What a file holds one of a line.
pub(super) trait Row: DeserializeOwned + Send + Sync + 'static {
    /// What the stage that reads it is called.
    const NAME: &'static str;
    /// The file's columns, in the order of the fields.
    const HEADER: &'static [&'static str];

    fn source(job: &Job) -> &Source;

    /// Why the row can't be used, where it can't.
    fn check(&self) -> Result<(), &'static str>;
}

/// A scheduled departure.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Flight {
    /// The hour of the scheduled departure.
    pub at: Time,
    /// The airline's code.
    pub carrier: String,
    /// The flight's number.
    pub number: u32,
    /// The airport it leaves.
    pub origin: String,
    /// The airport it goes to.
    pub dest: String,
    /// The plane's tail number, or `NA`.
    pub tail_number: String,
    /// In minutes, negative if it left early. `None` if it was cancelled.
    #[serde(deserialize_with = "known")]
    pub delay: Option<i64>,
}

/// What the weather was at an airport for an hour.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Weather {
    /// The airport.
    pub origin: String,
    /// The hour.
    pub at: Time,
    /// In miles an hour.
    #[serde(deserialize_with = "known")]
    pub wind: Option<f64>,
    /// In inches.
    pub precipitation: f64,
    /// In miles.
    pub visibility: f64,
}

/// A plane.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Plane {
    /// Its tail number.
    pub tail_number: String,
    /// When it was built.
    #[serde(deserialize_with = "known")]
    pub year: Option<u16>,
    /// How many seats it has.
    pub seats: u16,
}

/// An hour of 2013, local time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
pub struct Time {
    /// From 1.
    pub month: u8,
    /// From 1.
    pub day: u8,
    /// From 0.
    pub hour: u8,
}

impl Time {
    fn check(self) -> Result<(), &'static str> {
        let Self { month, day, hour } = self;
        let exists = (1..=12).contains(&month) && (1..=31).contains(&day) && hour < 24;
        if exists { Ok(()) } else { Err("no such hour") }
    }
}

impl Row for Flight {
    const NAME: &'static str = "flights";
    const HEADER: &'static [&'static str] =
        &["month", "day", "hour", "carrier", "flight", "origin", "dest", "tailnum", "dep_delay"];

    fn source(job: &Job) -> &Source {
        &job.flights
    }

    fn check(&self) -> Result<(), &'static str> {
        self.at.check()?;
        match self.delay {
            Some(delay) if !(-120..=2880).contains(&delay) => Err("no such delay"),
            _ if self.carrier.len() != 2 => Err("no such carrier"),
            _ => Ok(()),
        }
    }
}

impl Row for Weather {
    const NAME: &'static str = "weather";
    const HEADER: &'static [&'static str] =
        &["origin", "month", "day", "hour", "wind_speed", "precip", "visib"];

    fn source(job: &Job) -> &Source {
        &job.weather
    }

    fn check(&self) -> Result<(), &'static str> {
        self.at.check()?;
        if self.wind.is_some() { Ok(()) } else { Err("the wind is not known") }
    }
}

impl Row for Plane {
    const NAME: &'static str = "planes";
    const HEADER: &'static [&'static str] = &["tailnum", "year", "seats"];

    fn source(job: &Job) -> &Source {
        &job.planes
    }

    fn check(&self) -> Result<(), &'static str> {
        if self.year.is_some() { Ok(()) } else { Err("the year is not known") }
    }
}

/// A value, or `NA`.
fn known<'de, D: Deserializer<'de>, T: FromStr>(deserializer: D) -> Result<Option<T>, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text == "NA" {
        return Ok(None);
    }
    let wrong = || serde::de::Error::custom(format!("`{text}` is no number"));
    text.parse().map(Some).map_err(|_| wrong())
}
