//! Random workflows with compensations, in which each step fails in turn, and each pair of
//! steps: what was done is undone, in the right order and at the right time.

use std::collections::BTreeMap;

use workflow_tests::saga::context::{Fails, Faults};
use workflow_tests::saga::{COMPILED, Compiled, DRAINING, Plan, What, run};

#[test]
fn without_a_fault() {
    for_each_saga(|check| check.run(&Faults::default()));
}

#[test]
fn each_step() {
    for_each_saga(|check| {
        for fault in check.plan.steps().iter().flat_map(ways_to_fail) {
            check.run(&failing([fault]));
        }
    });
}

#[test]
fn each_pair_of_steps() {
    for_each_saga(|check| {
        let steps = check.plan.steps();
        let mut pairs = 0;
        for (at, first) in steps.iter().enumerate() {
            for second in &steps[at + 1..] {
                let both = |fails| [(first.0.clone(), fails), (second.0.clone(), fails)];
                check.run(&failing(both(Fails::Permanently)));
                // One of the other combinations; each has its turn.
                let (mut first, mut second) = (ways_to_fail(first), ways_to_fail(second));
                let other = pairs % (first.len() * second.len());
                pairs += 1;
                if other > 0 {
                    let second = second.swap_remove(other / first.len());
                    check.run(&failing([first.swap_remove(other % first.len()), second]));
                }
            }
        }
    });
}

#[test]
fn each_compensation() {
    for_each_saga(|check| {
        let steps = check.plan.steps();
        for (step, _) in &steps {
            let mut faults = failing([(step.clone(), Fails::Permanently)]);
            for event in check.plan.run(&faults).events {
                if !matches!(event.what, What::Compensated(_)) {
                    continue;
                }
                let again = steps.contains(&(event.path.clone(), true));
                for (path, fails) in ways_to_fail(&(event.path, again)) {
                    if fails != Fails::Times(3) {
                        faults.undos = BTreeMap::from([(path, fails)]);
                        check.run(&faults);
                    }
                }
            }
        }
    });
}

struct Check {
    saga: Compiled,
    plan: Plan,
    runs: usize,
    failures: Vec<String>,
}

fn for_each_saga(test: impl Fn(&mut Check)) {
    let (mut runs, mut failures) = (0, Vec::new());
    for saga in COMPILED.iter().chain(DRAINING) {
        let plan = Plan::new(&(saga.make)(saga.seed));
        let mut check = Check { saga: *saga, plan, runs: 0, failures: Vec::new() };
        test(&mut check);
        runs += check.runs;
        // The first is that with the fewest faults.
        failures.extend(check.failures.into_iter().next());
    }
    println!("{runs} runs");
    assert!(failures.is_empty(), "{} sagas:\n\n{}", failures.len(), failures.join("\n\n"));
}

/// Each way in which a step can fail, the simplest one first.
fn ways_to_fail((path, again): &(String, bool)) -> Vec<(String, Fails)> {
    let ways = [Fails::Permanently, Fails::Times(1), Fails::Times(3)];
    let ways = if *again { &ways[..] } else { &ways[..1] };
    ways.iter().map(|fails| (path.clone(), *fails)).collect()
}

fn failing<const N: usize>(steps: [(String, Fails); N]) -> Faults {
    Faults { steps: steps.into(), undos: BTreeMap::new() }
}

impl Check {
    fn run(&mut self, faults: &Faults) {
        self.runs += 1;
        if let Err(error) = self.compare(faults) {
            self.failures.push(format!("seed {} with {faults:?}:\n{error}", self.saga.seed));
        }
    }

    fn compare(&self, faults: &Faults) -> Result<(), String> {
        let expected = self.plan.run(faults);
        if expected.is_tie {
            return Err("two things happen at the same time: choose another seed".to_owned());
        }
        let observed = run(&self.saga, faults, usize::MAX);
        let left = (observed.live, observed.tasks, observed.open_workflows);
        if left != (0, 0, 0) {
            return Err(format!("{left:?} steps, tasks and workflows are left"));
        }
        let (mut log, mut events) = (observed.log, observed.events);
        let is_compared = |path: &str| self.plan.is_outside_items(path);
        events.retain(|event| event.what != What::Skipped || is_compared(&event.path));
        log.sort();
        events.sort();
        same("attempts", &expected.log, &log)?;
        same("events", &expected.events, &events)?;
        if (observed.end, &observed.error) != (expected.end, &expected.error) {
            let (at, error) = (observed.end, &observed.error);
            let (should_at, should_error) = (expected.end, &expected.error);
            return Err(format!("{error:?} at {at} instead of {should_error:?} at {should_at}"));
        }
        Ok(())
    }
}

/// What stands in one of two sorted lists only, if anything does.
fn same<T: Ord + std::fmt::Debug>(
    what: &str,
    expected: &[T],
    observed: &[T],
) -> Result<(), String> {
    if expected == observed {
        return Ok(());
    }
    let missing: Vec<_> = expected.iter().filter(|item| !observed.contains(item)).collect();
    let unexpected: Vec<_> = observed.iter().filter(|item| !expected.contains(item)).collect();
    Err(format!("{what}: missing {missing:#?}, and not expected {unexpected:#?}"))
}
