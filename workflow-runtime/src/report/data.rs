//! A report as data. Written by hand, because every user of the runtime has this and few need a
//! derive.

use std::time::Duration;

use serde_core::ser::{Serialize, SerializeStruct, Serializer};

use super::Report;
use super::groups::Group;
use super::model::{Attempt, Compensation, RunState, StepReport, StepState, Totals};
use super::path::{LongestPath, PathStep};

/// Milliseconds.
struct Millis(Duration);

impl Serialize for Millis {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.0.as_secs_f64() * 1_000.0)
    }
}

/// Each field under its name, as it is or converted by the function after `=>`.
macro_rules! fields {
    ($($type:ident { $($field:ident $(=> $as:expr)?),+ $(,)? })+) => {$(
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let names = [$(stringify!($field)),+];
                let mut fields = serializer.serialize_struct(stringify!($type), names.len())?;
                $(fields.serialize_field(stringify!($field), fields!(@ self.$field $(, $as)?))?;)+
                fields.end()
            }
        }
    )+};
    (@ $value:expr) => { &$value };
    (@ $value:expr, $as:expr) => { &$as(&$value) };
}

fn ms(duration: &Duration) -> Millis {
    Millis(*duration)
}

#[expect(clippy::ref_option, reason = "it is given a reference to the field")]
fn ms_or_null(duration: &Option<Duration>) -> Option<Millis> {
    duration.map(Millis)
}

fn text(text: &std::sync::Arc<str>) -> &str {
    text
}

fields! {
    Report { workflow, run_id, state, error, totals, longest_path, steps, groups }
    Totals {
        completed, failed, skipped, cancelled, running, retried, compensated, not_compensated,
        attempts, wall => ms, busy => ms, concurrency,
    }
    StepReport {
        path => text, function, calls_workflow, state, start => ms_or_null, end => ms_or_null,
        attempts, error, compensation,
    }
    Attempt { start => ms, end => ms_or_null, error, wait => ms }
    Compensation { start => ms, end => ms_or_null, attempts, error }
    Group {
        path, function, count, completed, failed, skipped, cancelled, running, retried,
        start => ms_or_null, end => ms_or_null, min => ms, median => ms, max => ms, shown,
    }
    LongestPath {
        steps, running => ms, backoff => ms, compensating => ms, idle => ms, limited => ms,
    }
    PathStep {
        step, compensation, in_the_way, duration => ms, backoff => ms, idle => ms,
    }
}

impl Serialize for RunState {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (index, name) = match self {
            Self::Running => (0, "running"),
            Self::Completed => (1, "completed"),
            Self::Failed => (2, "failed"),
            Self::Cancelled => (3, "cancelled"),
        };
        serializer.serialize_unit_variant("RunState", index, name)
    }
}

impl Serialize for StepState {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (index, name) = match self {
            Self::Running => (0, "running"),
            Self::Completed => (1, "completed"),
            Self::Failed => (2, "failed"),
            Self::Skipped => (3, "skipped"),
            Self::Cancelled => (4, "cancelled"),
        };
        serializer.serialize_unit_variant("StepState", index, name)
    }
}
