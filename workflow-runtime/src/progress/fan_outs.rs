//! The fan-outs of a run, and how many of their items are done.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use indicatif::HumanCount;
use tokio::time::Instant;

use super::text::{counted, time};
use crate::graph::path::StepPath;

/// The rate covers this long.
const WINDOW: Duration = Duration::from_secs(15);

/// All fan-outs, in the order in which they started. One in the body of another one is counted as
/// one, whichever item it belongs to.
#[derive(Default)]
pub(super) struct FanOuts {
    places: HashMap<String, usize>,
    all: Vec<FanOut>,
}

/// The items of one fan-out.
pub(super) struct FanOut {
    pub(super) place: String,
    pub(super) done: usize,
    /// `None` if an iterator did not say how many there are.
    pub(super) items: Option<usize>,
    samples: VecDeque<(Instant, usize)>,
}

impl FanOuts {
    pub(super) fn start(&mut self, path: &str, items: Option<usize>, at: Instant) -> &FanOut {
        let place = StepPath(path).declared();
        let index = match self.places.get(&*place) {
            Some(&index) => {
                let known = &mut self.all[index].items;
                *known = known.zip(items).map(|(known, more)| known + more);
                index
            }
            None => {
                let index = self.all.len();
                self.places.insert(place.clone().into_owned(), index);
                let samples = VecDeque::from([(at, 0)]);
                self.all.push(FanOut { place: place.into_owned(), done: 0, items, samples });
                index
            }
        };
        &self.all[index]
    }

    pub(super) fn finish_item(&mut self, path: &str) -> Option<&FanOut> {
        let fan_out = &mut self.all[*self.places.get(&*StepPath(path).declared())?];
        fan_out.done += 1;
        Some(fan_out)
    }

    pub(super) fn of_item(&self, path: &str) -> Option<&FanOut> {
        self.places.get(&*StepPath(path).declared()).map(|&index| &self.all[index])
    }

    pub(super) fn all(&mut self) -> &mut [FanOut] {
        &mut self.all
    }
}

impl FanOut {
    pub(super) fn is_done(&self) -> bool {
        self.items.is_some_and(|items| self.done >= items)
    }

    /// `1,204/4,096  310/s  9s left`, with the rate since the calls of the last few seconds.
    pub(super) fn counts(&mut self, now: Instant, separator: &str) -> String {
        let rate = self.rate(now);
        let mut parts = match self.items {
            Some(items) => {
                let (done, items) = (HumanCount(self.done as u64), HumanCount(items as u64));
                vec![format!("{done}/{items}")]
            }
            None => vec![counted(self.done as u64, "item", "items")],
        };
        if rate > 0.0 && !self.is_done() {
            parts.push(per_second(rate));
            if let Some(items) = self.items {
                let left = Duration::try_from_secs_f64(float(items - self.done) / rate);
                parts.push(format!("{} left", time(left.unwrap_or(Duration::MAX))));
            }
        }
        parts.join(separator)
    }

    fn rate(&mut self, now: Instant) -> f64 {
        while self.samples.len() > 1 && now.saturating_duration_since(self.samples[1].0) >= WINDOW {
            self.samples.pop_front();
        }
        let &(since, before) = self.samples.front().expect("there is one from the start");
        let seconds = now.saturating_duration_since(since).as_secs_f64();
        let rate = if seconds > 0.0 { float(self.done - before) / seconds } else { 0.0 };
        self.samples.push_back((now, self.done));
        rate
    }
}

/// For a rate, where a few items more or less make no difference.
#[expect(clippy::cast_precision_loss)]
fn float(items: usize) -> f64 {
    items as f64
}

fn per_second(rate: f64) -> String {
    if rate >= 10.0 {
        // Rounded, and far below where a float loses whole numbers.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let rate = rate.round() as u64;
        format!("{}/s", HumanCount(rate))
    } else {
        format!("{rate:.1}/s")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_is_that_of_the_last_seconds() {
        let start = Instant::now();
        let mut fan_outs = FanOuts::default();
        fan_outs.start("pages", Some(10_000), start);
        let mut counts_after = |seconds: u64, items: usize| {
            for index in 0..items {
                fan_outs.finish_item(&format!("pages[{index}]"));
            }
            fan_outs.all()[0].counts(start + Duration::from_secs(seconds), "  ")
        };
        assert_eq!(counts_after(10, 1000), "1,000/10,000  100/s  1m 30s left");
        assert_eq!(counts_after(20, 10), "1,010/10,000  51/s  2m 58s left");
        assert_eq!(counts_after(40, 40), "1,050/10,000  2.0/s  1h 14m left");
        assert_eq!(counts_after(50, 8950), "10,000/10,000");
    }

    #[test]
    fn without_a_number_of_items_there_is_no_time_left() {
        let start = Instant::now();
        let mut fan_outs = FanOuts::default();
        fan_outs.start("pages", None, start);
        fan_outs.finish_item("pages[0]");
        assert_eq!(fan_outs.all()[0].counts(start + Duration::from_secs(1), "  "), "1 item  1.0/s");
    }
}
