//! One row of the table.

use std::fmt;
use std::hint::black_box;
use std::time::{Duration, Instant};

use workflow_benches::subject::Subject;

use super::driver::Driver;

/// A version of a case, and how to run it.
pub(crate) struct Entry {
    pub(crate) case: &'static str,
    pub(crate) version: &'static str,
    pub(crate) steps: usize,
    /// The size of its future, where one future is all there is.
    pub(crate) bytes: Option<usize>,
    /// How many runs can be made ready at once.
    at_once: u64,
    batch: Box<dyn Fn(u64) -> Batch>,
}

/// Some runs for which all is ready. It gives the last result.
pub(crate) type Batch = Box<dyn FnMut() -> u64>;

impl Entry {
    /// What can run many times once it is made. Only the runs
    /// are measured.
    pub(crate) fn reusable<R: 'static>(
        (case, version, steps): (&'static str, &'static str, usize),
        driver: &Driver,
        prepare: impl Fn() -> R + 'static,
        run: impl AsyncFn(&mut R) -> u64 + Copy + 'static,
    ) -> Self {
        let driver = driver.clone();
        let batch = move |times| -> Batch {
            let driver = driver.clone();
            let mut ready = prepare();
            Box::new(move || {
                driver.block_on(async {
                    let mut last = 0;
                    for _ in 0..times {
                        last = black_box(run(&mut ready).await);
                    }
                    last
                })
            })
        };
        Self { case, version, steps, bytes: None, at_once: u64::MAX, batch: Box::new(batch) }
    }

    /// What must be made anew for each run. Neither making it
    /// nor dropping it is measured.
    pub(crate) fn one_shot<R: 'static>(
        (case, version, steps): (&'static str, &'static str, usize),
        driver: &Driver,
        prepare: impl Fn() -> R + 'static,
        run: impl AsyncFn(&mut R) -> u64 + Copy + 'static,
    ) -> Self {
        let driver = driver.clone();
        let batch = move |times| -> Batch {
            let driver = driver.clone();
            let mut ready: Vec<R> = (0..times).map(|_| prepare()).collect();
            Box::new(move || {
                driver.block_on(async {
                    let mut last = 0;
                    for ready in &mut ready {
                        last = black_box(run(ready).await);
                    }
                    last
                })
            })
        };
        Self { case, version, steps, bytes: None, at_once: 100, batch: Box::new(batch) }
    }

    /// So many runs, after which others have gone: no first-time work is in them.
    pub(crate) fn warm(&self, times: u64) -> Batch {
        (self.batch)(1)();
        (self.batch)(times)
    }

    /// How long so many runs take.
    pub(crate) fn time(&self, mut times: u64) -> Duration {
        let mut elapsed = Duration::ZERO;
        while times > 0 {
            let now = times.min(self.at_once);
            let mut batch = (self.batch)(now);
            let start = Instant::now();
            black_box(batch());
            elapsed += start.elapsed();
            times -= now;
        }
        elapsed
    }
}

impl From<Subject> for Entry {
    fn from(subject: Subject) -> Self {
        Self {
            case: subject.case,
            version: subject.version,
            steps: subject.steps,
            bytes: Some((subject.bytes)()),
            at_once: u64::MAX,
            batch: Box::new(move |times| Box::new(move || (subject.run)(times))),
        }
    }
}

/// Unique, and a good file name.
impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} - {}", self.case, self.version)
    }
}
