//! The wall clock, for events.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::Instant;

/// For this many nanoseconds, the wall clock is assumed to keep pace with the monotonic one: 10 ms.
const AGREE: u64 = 10_000_000;

/// A moment in a run.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moment {
    pub(crate) at: Instant,
    /// How many nanoseconds after the start of the run that is. Between two such numbers, a duration
    /// takes much less than between two instants.
    pub(crate) since_start: u64,
}

impl Moment {
    /// How long ago it was so many nanoseconds after the start of the run.
    pub(crate) fn duration_since(self, since_start: u64) -> Duration {
        Duration::from_nanos(self.since_start.saturating_sub(since_start))
    }
}

/// Knows the wall clock's time of moments that are now. It reads that clock only now and
/// then: doing so for each event would be a seventh of what an observer costs. There is no
/// lock, either: a thread that finds one number from one reading and one from another is off
/// by no more than the clocks have drifted apart in between.
pub(crate) struct Clock {
    began: Instant,
    /// Until when, in nanoseconds from `began`, the wall clock need not be read.
    good_until: AtomicU64,
    /// The wall clock's time at `began`, in nanoseconds since 1970, according to the last reading.
    wall: AtomicI64,
}

impl Clock {
    pub(crate) fn new() -> Self {
        Self { began: Instant::now(), good_until: AtomicU64::new(0), wall: AtomicI64::new(0) }
    }

    pub(crate) fn now(&self) -> Moment {
        self.moment_of(Instant::now())
    }

    fn moment_of(&self, at: Instant) -> Moment {
        let passed = at.saturating_duration_since(self.began);
        Moment { at, since_start: u64::try_from(passed.as_nanos()).unwrap_or(u64::MAX) }
    }

    /// The moment that is so many nanoseconds after the start of the run.
    pub(crate) fn moment(&self, since_start: u64) -> Instant {
        self.began + Duration::from_nanos(since_start)
    }

    pub(crate) fn wall(&self, now: Moment) -> SystemTime {
        let passed = now.since_start;
        let wall = if passed < self.good_until.load(Ordering::Relaxed) {
            self.wall.load(Ordering::Relaxed)
        } else {
            let wall = nanos(SystemTime::now()).saturating_sub_unsigned(passed);
            self.wall.store(wall, Ordering::Relaxed);
            self.good_until.store(passed.saturating_add(AGREE), Ordering::Relaxed);
            wall
        };
        wall_moment(wall.saturating_add_unsigned(passed))
    }
}

/// In nanoseconds since 1970: 64 bits reach to the year 2262.
fn nanos(moment: SystemTime) -> i64 {
    let nanos = |duration: Duration| i64::try_from(duration.as_nanos()).unwrap_or(i64::MAX);
    match moment.duration_since(UNIX_EPOCH) {
        Ok(after) => nanos(after),
        Err(before) => -nanos(before.duration()),
    }
}

fn wall_moment(nanos: i64) -> SystemTime {
    let distance = Duration::from_nanos(nanos.unsigned_abs());
    if nanos < 0 { UNIX_EPOCH - distance } else { UNIX_EPOCH + distance }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_exact() {
        for nanos_since in [0, 1, -1, 1_772_323_200_123_456_789] {
            assert_eq!(nanos(wall_moment(nanos_since)), nanos_since);
        }
    }

    #[test]
    fn it_follows_the_monotonic_clock_between_two_readings() {
        let clock = Clock::new();
        let before = SystemTime::now();
        let wall = |at: Instant| clock.wall(clock.moment_of(at));
        let first = wall(clock.began);
        assert!(before <= first && first <= SystemTime::now());
        let later = Duration::from_nanos(AGREE - 1);
        assert_eq!(wall(clock.began + later), first + later);
    }

    #[test]
    fn it_is_read_again_after_a_while() {
        let clock = Clock::new();
        let wall = |at: Instant| clock.wall(clock.moment_of(at));
        wall(clock.began);
        // This moment is said to be now, so the wall clock says what it says now.
        let later = wall(clock.began + Duration::from_secs(1000));
        assert!(later <= SystemTime::now());
    }
}
