//! Some of the faults in real time, since a lease is one of the wall clock.

use std::time::Duration;

use tokio::task::JoinSet;
use workflow_durable_tests::{Failures, Method};

use crate::faults::{At, Fault};
use crate::run::{Case, Times};

const LEASE: Duration = Duration::from_millis(300);

/// Only what hangs takes as long as the limit.
const TIMES: Times = Times {
    lease: LEASE,
    short: Duration::from_millis(1),
    long: Duration::from_millis(250),
    limit: Duration::from_secs(10),
};

#[tokio::test]
async fn each_run_ends() {
    let mut runs = JoinSet::new();
    let faults = [
        Fault::FailsBefore,
        Fault::FailsFor(LEASE / 3),
        Fault::FailsFor(LEASE * 2),
        Fault::LateAfter(LEASE * 2),
        Fault::NeverBefore,
        Fault::NeverAfter,
        Fault::SilentFor(LEASE * 2),
    ];
    let methods = [Method::Claim, Method::Write, Method::Renew, Method::Signals, Method::Finish];
    for method in methods {
        for fault in faults {
            for fails in [false, true] {
                let case = Case { times: TIMES, fails, at: At::First(method), fault };
                runs.spawn(async move { (case, case.check().await) });
            }
        }
    }
    let mut failures = Failures::default();
    while let Some(ended) = runs.join_next().await {
        let (case, checked) = ended.expect("a panic of the run is seen in the case");
        if let Err(failure) = checked {
            let Case { fails, at, fault, .. } = case;
            failures.add(&format!("{fault:?} at {at:?}, fails: {fails}"), &failure);
        }
    }
    failures.panic_if_any();
}
