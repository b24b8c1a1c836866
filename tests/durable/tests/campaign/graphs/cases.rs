//! Which runs there are.

use workflow_durable_tests::Failures;

use super::Compiled;
use super::compiled::COMPILED;
use super::run::Case;
use crate::process::Cut;
use crate::random::generate::Dice;
use crate::sample::{chain, runs, some};

fn for_each_graph(test: impl Fn(&Compiled) -> Vec<Case>) {
    let (mut failures, mut count) = (Failures::default(), 0);
    for graph in COMPILED {
        for case in test(graph) {
            count += 1;
            let expected = graph.expected(case.failing.as_deref());
            if let Err(failure) = graph.check(&case, &expected) {
                failures.add(&format!("graph {} with {case:?}", graph.seed), &failure);
            }
        }
    }
    println!("{count} runs");
    failures.panic_if_any();
}

/// Nothing fails; then each step in turn.
fn all_failing(graph: &Compiled) -> Vec<Option<String>> {
    let steps = graph.expected(None).did.into_iter();
    [None].into_iter().chain(steps.map(Some)).collect()
}

#[test]
fn cut_at_each_poll() {
    for_each_graph(|graph| {
        let failing = some(all_failing(graph), runs(60), graph.seed);
        let cases = [None].into_iter().chain(failing).flat_map(|failing| {
            let cuts = 1..graph.polls(failing.as_deref());
            cuts.map(move |polls| {
                let cut = if polls % 4 == 0 { Cut::Dropped(polls) } else { Cut::Killed(polls) };
                Case { failing: failing.clone(), cuts: vec![cut] }
            })
        });
        some(cases.collect(), runs(60), graph.seed)
    });
}

#[test]
fn cut_again_and_again() {
    for_each_graph(|graph| {
        let mut dice = Dice::new(graph.seed);
        let failing = all_failing(graph);
        let polls = graph.polls(None);
        let cases = (0..runs(40)).map(|_| {
            let failing = if dice.percent(30) { None } else { dice.pick(&failing).clone() };
            Case { failing, cuts: chain(&mut dice, polls) }
        });
        cases.collect()
    });
}
