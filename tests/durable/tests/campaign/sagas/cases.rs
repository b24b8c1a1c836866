//! Which runs there are.

use std::collections::BTreeSet;

use workflow_durable_tests::Failures;

use super::compiled::COMPILED;
use super::context::Faults;
use super::run::Case;
use super::{Compiled, Known};
use crate::process::Cut;
use crate::random::generate::Dice;
use crate::sample::{chain, runs, some};

fn for_each_saga(test: impl Fn(&Compiled, &Known) -> Vec<Case>) {
    let (mut failures, mut count) = (Failures::default(), 0);
    for saga in COMPILED {
        let known = saga.known();
        let whole = saga.expected(&Faults::default());
        let mut last = None;
        for case in test(saga, &known) {
            count += 1;
            let (faults, expected) = last
                .take()
                .unwrap_or_else(|| (Faults::default(), saga.expected(&Faults::default())));
            let expected =
                if faults == case.faults { expected } else { saga.expected(&case.faults) };
            if let Err(failure) = saga.check(&known, &case, &expected, &whole) {
                failures.add(&format!("saga {} with {case:?}", saga.seed), &failure);
            }
            last = Some((case.faults, expected));
        }
    }
    println!("{count} runs");
    failures.panic_if_any();
}

fn one(path: &str) -> BTreeSet<String> {
    BTreeSet::from([path.to_owned()])
}

/// Nothing fails; then each step in turn, and each of those that are tried again once.
fn all_faults(known: &Known) -> Vec<Faults> {
    let mut all = vec![Faults::default()];
    for (step, again) in &known.steps {
        all.push(Faults { steps: one(step), ..Faults::default() });
        if *again {
            all.push(Faults { once: one(step), ..Faults::default() });
        }
    }
    all
}

/// Each step fails, and then each compensation.
fn all_failing_undos(known: &Known) -> Vec<Faults> {
    let pairs = known.steps.iter().flat_map(|(step, _)| {
        let others = known.undoable.iter().filter(move |undo| *undo != step);
        others.map(move |undo| Faults { steps: one(step), undos: one(undo), ..Faults::default() })
    });
    pairs.collect()
}

/// Each of these faults with a cut at each poll; a sample of that.
fn cut_once(saga: &Compiled, faults: Vec<Faults>, otherwise: usize) -> Vec<Case> {
    // So that a sample has something of many.
    let faults = some(faults, otherwise, saga.seed);
    let cases = faults.into_iter().flat_map(|faults| {
        let polls = saga.polls(&faults);
        let cuts = (1..polls).map(|polls| match polls % 4 {
            0 => Cut::Dropped(polls),
            _ => Cut::Killed(polls),
        });
        cuts.map(move |cut| Case { faults: faults.clone(), cuts: vec![cut], again: Vec::new() })
    });
    some(cases.collect(), runs(otherwise), saga.seed)
}

#[test]
fn cut_at_each_poll() {
    for_each_saga(|saga, known| {
        let mut cases = cut_once(saga, vec![Faults::default()], 40);
        cases.extend(cut_once(saga, all_faults(known), 80));
        cases
    });
}

#[test]
fn cut_at_each_poll_of_a_run_that_cannot_be_undone() {
    for_each_saga(|saga, known| cut_once(saga, all_failing_undos(known), 40));
}

/// Saga 4 has a step whose failure ends a called workflow, and in that one a compensation that
/// fails. It is cut at every poll, among them those between that and the end of the run.
#[test]
fn cut_while_a_called_workflow_cannot_be_undone() {
    for_each_saga(|saga, _| {
        let (steps, undos) = (one("s2.s2.s4"), one("s2.s1.s1"));
        let faults = Faults { steps, undos, ..Faults::default() };
        let polls = if saga.seed == 4 { saga.polls(&faults) } else { 0 };
        let cuts = (1..polls).flat_map(|polls| [Cut::Dropped(polls), Cut::Killed(polls)]);
        let case = |cut| Case { faults: faults.clone(), cuts: vec![cut], again: Vec::new() };
        cuts.map(case).collect()
    });
}

#[test]
fn cut_again_and_again() {
    for_each_saga(|saga, known| {
        let mut dice = Dice::new(saga.seed);
        let (faults, undos) = (all_faults(known), all_failing_undos(known));
        let polls = saga.polls(&Faults::default());
        let cases = (0..runs(60)).map(|_| {
            let faults = match dice.below(10) {
                0 => Faults::default(),
                1 if !undos.is_empty() => dice.pick(&undos).clone(),
                _ => dice.pick(&faults).clone(),
            };
            let (cuts, again) = (chain(&mut dice, polls), chain(&mut dice, polls));
            Case { faults, cuts, again }
        });
        cases.collect()
    });
}
