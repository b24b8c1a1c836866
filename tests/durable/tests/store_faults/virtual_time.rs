//! Each fault at each call, in virtual time.

use std::time::Duration;

use tokio::runtime::Builder;
use workflow_durable_tests::{Failures, Method};

use crate::faults::{At, Fault};
use crate::run::{Came, Case, Times};

const LEASE: Duration = Duration::from_secs(30);

/// Two leases, and what the run takes itself.
const TIMES: Times = Times {
    lease: LEASE,
    short: Duration::from_millis(10),
    long: Duration::from_secs(25),
    limit: Duration::from_secs(2 * 30 + 30),
};

/// Runs with this fault at each call of the store in turn. Where `survives` holds for the call, the
/// run has to come to its end nevertheless.
fn at_each_call(fault: Fault, lasts: Duration, survives: impl Fn(Method) -> bool) {
    let mut failures = Failures::default();
    for fails in [false, true] {
        let times = Times { limit: TIMES.limit + lasts, ..TIMES };
        let whole = Case { times, fails, at: At::Nowhere, fault };
        let calls = in_virtual_time(whole.calls());
        for (number, (method, name)) in calls.into_iter().enumerate() {
            let case = Case { at: At::Number(number), ..whole };
            let failure = match in_virtual_time(case.check()) {
                Ok(Came::ToAnErrorFirst(error)) if survives(method) => {
                    Some(format!("the run ends, though it still has its lease\nwith: {error}"))
                }
                Ok(_) => None,
                Err(error) => Some(error),
            };
            if let Some(failure) = failure {
                failures.add(&format!("{fault:?} at {name}, fails: {fails}"), &failure);
            }
        }
    }
    failures.panic_if_any();
}

fn in_virtual_time<T>(future: impl Future<Output = T>) -> T {
    let runtime = Builder::new_current_thread().enable_time().start_paused(true).build();
    runtime.expect("a runtime can be made").block_on(future)
}

/// What is asked for while the run has its lease. What comes before may end it with an error.
fn holds_the_lease(method: Method) -> bool {
    matches!(method, Method::Write | Method::Renew | Method::Signals | Method::Erase)
}

fn never(_: Method) -> bool {
    false
}

#[test]
fn fails_once() {
    at_each_call(Fault::FailsBefore, Duration::ZERO, holds_the_lease);
}

#[test]
fn fails_once_after_it_is_done() {
    at_each_call(Fault::FailsAfter, Duration::ZERO, holds_the_lease);
}

#[test]
fn fails_for_less_than_the_lease() {
    let time = LEASE / 5;
    at_each_call(Fault::FailsFor(time), time, holds_the_lease);
}

#[test]
fn fails_for_longer_than_the_lease() {
    let time = LEASE * 2;
    at_each_call(Fault::FailsFor(time), time, never);
}

#[test]
fn answers_late() {
    let time = LEASE / 5;
    at_each_call(Fault::LateBefore(time), time, holds_the_lease);
    at_each_call(Fault::LateAfter(time), time, holds_the_lease);
}

#[test]
fn answers_later_than_the_lease() {
    let time = LEASE * 2;
    at_each_call(Fault::LateBefore(time), time, never);
    at_each_call(Fault::LateAfter(time), time, never);
}

#[test]
fn always_answers_late() {
    at_each_call(Fault::AllLate(LEASE / 15), LEASE * 2, |_| true);
}

#[test]
fn never_answers() {
    at_each_call(Fault::NeverBefore, Duration::ZERO, never);
}

#[test]
fn never_answers_after_it_is_done() {
    at_each_call(Fault::NeverAfter, Duration::ZERO, never);
}

#[test]
fn is_silent_for_longer_than_the_lease() {
    let time = LEASE * 2;
    at_each_call(Fault::SilentFor(time), time, never);
}
