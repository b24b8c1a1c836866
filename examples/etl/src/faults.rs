use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use super::EtlError;
use workflow_examples::dice::Dice;

/// A piece of work has at most so many faults in a row, and a step has an attempt more.
const MOST_IN_A_ROW: u32 = 4;

/// Temporary faults at random: the same for the same seed, whatever runs beside what.
#[derive(Debug, Default)]
pub struct Faults {
    seed: u64,
    /// Of a thousand attempts so many fail.
    per_thousand: u64,
    attempts: Mutex<HashMap<(&'static str, u64), u32>>,
}

/// When an attempt fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum When {
    /// Before it has done anything.
    Before,
    /// When all is done, and only the answer gets lost.
    After,
}

impl Faults {
    /// Faults in this share of attempts, from 0 to 1.
    #[must_use]
    pub fn new(seed: u64, rate: f64) -> Self {
        // A share of thousand is small and positive.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let per_thousand = (rate.clamp(0.0, 1.0) * 1000.0).round() as u64;
        Self { seed, per_thousand, ..Self::default() }
    }

    /// Does the work `stage` on the piece `number`, unless a fault comes before it; or the fault
    /// comes after it.
    pub(super) fn around<T>(
        &self,
        stage: &'static str,
        number: u64,
        work: impl FnOnce() -> Result<T, EtlError>,
    ) -> Result<T, EtlError> {
        let fault = self.next(stage, number);
        if fault == Some(When::Before) {
            return Err(EtlError::Fault("busy, try again later"));
        }
        let done = work()?;
        if fault == Some(When::After) {
            return Err(EtlError::Fault("the connection was lost before the answer"));
        }
        Ok(done)
    }

    fn next(&self, stage: &'static str, number: u64) -> Option<When> {
        if self.per_thousand == 0 {
            return None;
        }
        let mut attempts = self.attempts.lock().unwrap_or_else(PoisonError::into_inner);
        let attempt = attempts.entry((stage, number)).or_default();
        *attempt += 1;
        if *attempt > MOST_IN_A_ROW {
            return None;
        }
        let mut place = number * 64 + u64::from(*attempt);
        for byte in stage.bytes() {
            place = place.wrapping_mul(31).wrapping_add(u64::from(byte));
        }
        let mut dice = Dice::new(Dice::new(self.seed).roll(u64::MAX) ^ place);
        let strikes = dice.roll(1000) < self.per_thousand;
        strikes.then(|| if dice.roll(2) == 0 { When::Before } else { When::After })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn struck(faults: &Faults) -> Vec<Option<When>> {
        (0..200).map(|number| faults.next("load", number)).collect()
    }

    #[test]
    fn a_seed_says_what_goes_wrong() {
        let of = |seed, rate| struck(&Faults::new(seed, rate));
        assert_eq!(of(7, 0.3), of(7, 0.3));
        assert_ne!(of(7, 0.3), of(8, 0.3));
        assert!(of(7, 0.0).iter().all(Option::is_none));
        let all = of(7, 1.0);
        assert!(all.contains(&Some(When::Before)) && all.contains(&Some(When::After)));
        assert!(!all.contains(&None));
    }

    #[test]
    fn every_fault_passes() {
        let faults = Faults::new(7, 1.0);
        let mut tries = 0;
        while faults.around("load", 1, || Ok(())).is_err() {
            tries += 1;
        }
        assert_eq!(tries, MOST_IN_A_ROW);
    }
}
