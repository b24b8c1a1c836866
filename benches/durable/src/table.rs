//! Times of versions that take turns, and the table of them.

use std::time::Duration;

use crate::plan::STEPS;

/// The times of one version: seconds a step, one for each round.
pub(crate) struct Timed {
    name: &'static str,
    times: Vec<f64>,
}

impl Timed {
    pub(crate) fn new(name: &'static str) -> Self {
        Self { name, times: Vec::new() }
    }

    /// Adds a round of so many runs.
    pub(crate) fn add(&mut self, time: Duration, runs: usize) {
        self.times.push(time.as_secs_f64() / count(runs * STEPS));
    }

    /// The median; no number if every round has failed.
    pub(crate) fn seconds_a_step(&self) -> f64 {
        if self.times.is_empty() {
            return f64::NAN;
        }
        let mut times = self.times.clone();
        times.sort_unstable_by(f64::total_cmp);
        times[times.len() / 2]
    }
}

pub(crate) fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).expect("there are not so many"))
}

pub(crate) fn head(of: &str) {
    println!("| runs at once | version | steps per second | ms a step | of {of} |");
    println!("|---:|---|---:|---:|---:|");
}

/// The first version is the one that the others are compared with.
pub(crate) fn lines(at_once: usize, versions: &[Timed]) {
    let first = versions[0].seconds_a_step();
    for version in versions {
        let (name, seconds) = (version.name, version.seconds_a_step());
        if seconds.is_nan() {
            println!("| {at_once} | {name} | failed | | |");
            continue;
        }
        let (speed, share) = (1.0 / seconds, first / seconds);
        println!("| {at_once} | {name} | {speed:.0} | {:.3} | {share:.2} |", seconds * 1000.0);
    }
}
