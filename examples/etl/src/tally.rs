use std::collections::BTreeMap;

use super::steps::Enriched;

/// A flight that leaves so many minutes late is late.
const LATE: i64 = 15;

/// What the delays of some flights come to. In whole numbers, so that it is the same in
/// whatever order they are added.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Delays {
    /// The flights that were scheduled.
    pub flights: u64,
    /// Those of them that were cancelled.
    pub cancelled: u64,
    /// Those that left more than a quarter of an hour late.
    pub late: u64,
    /// The delays of those that left, in minutes.
    pub minutes: i64,
}

/// The delays of all flights.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Totals {
    /// By the hour of the day in which they were to leave.
    pub by_hour: BTreeMap<u8, Delays>,
    /// By the weather then.
    pub by_weather: BTreeMap<&'static str, Delays>,
    /// By the airline's code.
    pub by_carrier: BTreeMap<String, Delays>,
}

impl Delays {
    fn add_flight(&mut self, delay: Option<i64>) {
        self.flights += 1;
        match delay {
            None => self.cancelled += 1,
            Some(delay) => {
                self.minutes += delay;
                self.late += u64::from(delay > LATE);
            }
        }
    }

    fn add(&mut self, other: Self) {
        self.flights += other.flights;
        self.cancelled += other.cancelled;
        self.late += other.late;
        self.minutes += other.minutes;
    }

    /// The mean delay of the flights that left, in minutes.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "there are no 2^52 flights")]
    pub fn mean(self) -> f64 {
        self.minutes as f64 / (self.flights - self.cancelled).max(1) as f64
    }
}

impl Totals {
    pub(super) fn add_flight(&mut self, flight: &Enriched) {
        let Enriched { flight, weather, .. } = flight;
        let groups = [
            self.by_hour.entry(flight.at.hour).or_default(),
            self.by_weather.entry(weather).or_default(),
            self.by_carrier.entry(flight.carrier.clone()).or_default(),
        ];
        for group in groups {
            group.add_flight(flight.delay);
        }
    }

    pub(super) fn add(&mut self, other: Self) {
        add_groups(&mut self.by_hour, other.by_hour);
        add_groups(&mut self.by_weather, other.by_weather);
        add_groups(&mut self.by_carrier, other.by_carrier);
    }
}

fn add_groups<K: Ord>(all: &mut BTreeMap<K, Delays>, part: BTreeMap<K, Delays>) {
    for (group, delays) in part {
        all.entry(group).or_default().add(delays);
    }
}
