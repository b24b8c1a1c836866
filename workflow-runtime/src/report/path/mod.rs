//! The chain of steps that decided how long a run lasted.

mod index;
mod needs;
mod walk;

use std::time::Duration;

use crate::report::collect::Collected;

/// The chain of steps that decided how long a run lasted: if one of them had been quicker, the
/// run would have been, too, up to the point where another chain is the longest.
///
/// It is found from its end: the step that ended last, before it the one that ended last of
/// those that it needed, and so on back to the start of the run. What a step needs is what its
/// [`Graph`](crate::Graph) says: values, `#[after]`, the condition of the branch that contains
/// it. A call of a workflow is replaced by the steps of that workflow. An item that waited for
/// its turn under `#[concurrency]` comes after the last step of the item that made room. After
/// a failure come the compensations.
///
/// In a run that was cut off or is still going on, the last step is one that was running then:
/// of several, the one that started first.
///
/// `running`, `backoff`, `compensating` and `idle` add up to the duration of the run. With
/// `serde`, durations are milliseconds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct LongestPath {
    /// Its steps, in the order in which they ran.
    pub steps: Vec<PathStep>,
    /// How long attempts of these steps ran.
    pub running: Duration,
    /// How long these steps waited between their attempts.
    pub backoff: Duration,
    /// How long compensations lasted.
    pub compensating: Duration,
    /// The time when none of these steps ran: between two of them, before the first and after the
    /// last. It is close to zero unless the thread was busy with something else, or something
    /// that is not a step took a while.
    pub idle: Duration,
    /// The part of `running` and `backoff` that passed only because items waited for their
    /// turn under `#[concurrency]`.
    pub limited: Duration,
}

/// One step of the longest path. With `serde`, durations are milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct PathStep {
    /// Which one: a position in [`Report::steps`](crate::Report::steps).
    pub step: usize,
    /// Whether it is the step's compensation.
    pub compensation: bool,
    /// Whether it is on the path only because an item waited for its turn under
    /// `#[concurrency]`, and this one was in the way.
    pub in_the_way: bool,
    /// From its start to its end, including waits between attempts.
    pub duration: Duration,
    /// The part of its duration that it spent waiting between its attempts.
    pub backoff: Duration,
    /// From the end of the one before it, or from the start of the run, to its start.
    pub idle: Duration,
}

/// Something that takes time: the step at this position, or its compensation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Activity {
    Step(usize),
    Undo(usize),
}

pub(super) fn longest_path(run: &Collected) -> LongestPath {
    let mut path = LongestPath::default();
    let mut before = Duration::ZERO;
    for found in walk::walk(run) {
        let (step, start, end, backoff) = times(run, found.activity);
        // With several threads, one may be reported before another that ended earlier.
        let (start, end) = (start.max(before), end.max(before));
        let duration = end.saturating_sub(start);
        let backoff = backoff.min(duration);
        let compensation = matches!(found.activity, Activity::Undo(_));
        let idle = start.saturating_sub(before);
        path.idle += idle;
        if compensation {
            path.compensating += duration;
        } else {
            path.running += duration.saturating_sub(backoff);
            path.backoff += backoff;
        }
        if found.in_the_way {
            path.limited += duration;
        }
        let in_the_way = found.in_the_way;
        path.steps.push(PathStep { step, compensation, in_the_way, duration, backoff, idle });
        before = end;
    }
    path.idle += run.wall.saturating_sub(before);
    path
}

/// The position, the start, the end and the backoff.
fn times(run: &Collected, activity: Activity) -> (usize, Duration, Duration, Duration) {
    let (at, start, end, attempts) = match activity {
        Activity::Step(at) => {
            let step = &run.steps[at];
            (at, step.start.unwrap_or_default(), step.end, &step.attempts)
        }
        Activity::Undo(at) => {
            let undo = run.steps[at].compensation.as_ref().expect("it has been undone");
            (at, undo.start, undo.end, &undo.attempts)
        }
    };
    let backoff = attempts.iter().map(|attempt| attempt.wait).sum();
    (at, start, end.unwrap_or(run.wall), backoff)
}
