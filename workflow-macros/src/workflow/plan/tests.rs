//! Properties of plans, on random orders.
//!
//! An order is first made so that each node only refers to nodes with lower numbers. Then it is
//! renumbered at random, as the source may declare nodes in any order.

// A matrix is easiest to read with two indices.
#![allow(clippy::needless_range_loop)]

use std::time::{Duration, Instant};

use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::{Branch, Order, Plan, plan};

/// What each node needs and watches.
#[derive(Debug, Clone)]
struct Graph {
    needs: Vec<Vec<usize>>,
    watches: Vec<Vec<usize>>,
}

impl Graph {
    fn new(needs: &[&[usize]]) -> Self {
        let needs: Vec<Vec<usize>> = needs.iter().map(|needs| needs.to_vec()).collect();
        let watches = vec![Vec::new(); needs.len()];
        Self { needs, watches }
    }

    fn len(&self) -> usize {
        self.needs.len()
    }

    fn plan(&self) -> Plan {
        plan(&Order::new(&self.needs, &self.watches)).expect("the graph has nodes")
    }

    /// The same graph, with node `at` renamed to `names[at]`.
    fn renamed(&self, names: &[usize]) -> Self {
        let rename = |lists: &[Vec<usize>]| {
            let mut renamed = vec![Vec::new(); lists.len()];
            for (at, list) in lists.iter().enumerate() {
                renamed[names[at]] = list.iter().map(|&other| names[other]).collect();
            }
            renamed
        };
        Self { needs: rename(&self.needs), watches: rename(&self.watches) }
    }

    /// For each node, which nodes are done before it starts.
    fn before(&self) -> Vec<Vec<bool>> {
        let mut before = vec![vec![false; self.len()]; self.len()];
        for at in self.topological() {
            for &need in &self.needs[at] {
                before[at][need] = true;
                for other in 0..self.len() {
                    before[at][other] |= before[need][other];
                }
            }
        }
        before
    }

    /// Each node after everything that it needs or watches.
    fn topological(&self) -> Vec<usize> {
        let mut sorted: Vec<usize> = Vec::new();
        while sorted.len() < self.len() {
            let next = (0..self.len()).find(|at| {
                let mut refers_to = self.needs[*at].iter().chain(&self.watches[*at]);
                !sorted.contains(at) && refers_to.all(|other| sorted.contains(other))
            });
            sorted.push(next.expect("the graph has no cycles"));
        }
        sorted
    }

    /// When each node starts and when it is done, by the longest path to it.
    fn times(&self, works: &[Work]) -> Vec<Times> {
        let mut times = vec![Times { start: 0, end: 0 }; self.len()];
        for at in self.topological() {
            let ends = |nodes: &[usize]| nodes.iter().map(|&node| times[node].end).max();
            let start = ends(&self.needs[at]).unwrap_or(0);
            times[at] = works[at].from(start, ends(&self.watches[at]));
        }
        times
    }
}

/// How long a node takes.
#[derive(Debug, Clone, Copy)]
struct Work {
    duration: u64,
    /// How long it still takes once what it watches is done.
    rest: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Times {
    start: u64,
    end: u64,
}

impl Work {
    fn from(self, start: u64, watched: Option<u64>) -> Times {
        let end = start + self.duration;
        Times { start, end: watched.map_or(end, |watched| end.max(watched + self.rest)) }
    }
}

/// Simulates the execution of plans.
struct Simulation<'a> {
    works: &'a [Work],
    times: Vec<Option<Times>>,
}

impl<'a> Simulation<'a> {
    fn run(plan: &Plan, works: &'a [Work]) -> Vec<Times> {
        let mut simulation = Self { works, times: vec![None; works.len()] };
        simulation.part(plan, 0, None);
        let times = simulation.times.into_iter();
        times.map(|times| times.expect("every node runs")).collect()
    }

    /// Runs a part and returns when it is done.
    fn part(&mut self, plan: &Plan, start: u64, watched: Option<u64>) -> u64 {
        match plan {
            Plan::Node(node) => {
                let times = self.works[*node].from(start, watched);
                let earlier = self.times[*node].replace(times);
                assert_eq!(earlier, None, "node {node} runs twice");
                times.end
            }
            Plan::Sequence(parts) => {
                assert!(parts.len() > 1 && watched.is_none(), "{plan:?}");
                let run = |start, part| self.part(part, start, None);
                parts.iter().fold(start, run)
            }
            Plan::Join(parts) => {
                assert!(parts.len() > 1 && watched.is_none(), "{plan:?}");
                let ends = parts.iter().map(|part| self.part(part, start, None));
                ends.max().expect("a join has parts")
            }
            Plan::Region(branches) => {
                let mut ends: Vec<u64> = Vec::new();
                for (at, branch) in branches.iter().enumerate() {
                    for &other in branch.needs.iter().chain(&branch.watches) {
                        assert!(other < at, "branch {at} refers to branch {other}: {plan:?}");
                    }
                    let last = |of: &[usize]| of.iter().map(|&other| ends[other]).max();
                    let start = start.max(last(&branch.needs).unwrap_or(0));
                    let end = self.part(&branch.plan, start, last(&branch.watches));
                    ends.push(end);
                }
                ends.into_iter().max().expect("a region has branches")
            }
        }
    }
}

/// Notes for each node which nodes the plan puts before it.
fn implied(plan: &Plan, before: &mut [Vec<bool>]) {
    match plan {
        Plan::Node(_) => {}
        Plan::Sequence(parts) => {
            for (at, part) in parts.iter().enumerate() {
                implied(part, before);
                for earlier in &parts[..at] {
                    put_before(earlier, part, before);
                }
            }
        }
        Plan::Join(parts) => {
            for part in parts {
                implied(part, before);
            }
        }
        Plan::Region(branches) => {
            let mut earlier = vec![vec![false; branches.len()]; branches.len()];
            for (at, branch) in branches.iter().enumerate() {
                implied(&branch.plan, before);
                for &need in &branch.needs {
                    earlier[at][need] = true;
                    for other in 0..need {
                        earlier[at][other] |= earlier[need][other];
                    }
                }
                for other in (0..at).filter(|&other| earlier[at][other]) {
                    put_before(&branches[other].plan, &branch.plan, before);
                }
            }
        }
    }
}

fn put_before(earlier: &Plan, later: &Plan, before: &mut [Vec<bool>]) {
    for node in later.nodes() {
        for other in earlier.nodes() {
            before[node][other] = true;
        }
    }
}

/// Notes for each node which nodes it watches.
fn watched(plan: &Plan, watches: &mut [Vec<usize>]) {
    match plan {
        Plan::Node(_) => {}
        Plan::Sequence(parts) | Plan::Join(parts) => {
            for part in parts {
                watched(part, watches);
            }
        }
        Plan::Region(branches) => {
            for Branch { plan, watches: of, .. } in branches {
                watched(plan, watches);
                if !of.is_empty() {
                    // Both ends of a watch are nodes: only a node has parts that wait, and only a
                    // node announces its end.
                    watches[only_node(plan)] =
                        of.iter().map(|&other| only_node(&branches[other].plan)).collect();
                }
            }
        }
    }
}

fn only_node(plan: &Plan) -> usize {
    match plan {
        Plan::Node(node) => *node,
        _ => panic!("{plan:?} watches or is watched"),
    }
}

fn has_region(plan: &Plan) -> bool {
    match plan {
        Plan::Node(_) => false,
        Plan::Sequence(parts) | Plan::Join(parts) => parts.iter().any(has_region),
        Plan::Region(_) => true,
    }
}

/// Deterministic cases, the same on every machine.
fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        rng_seed: RngSeed::Fixed(cases.into()),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// Random numbers below random bounds, to build a graph from. They shrink towards nodes that refer
/// to nothing.
fn numbers() -> impl Strategy<Value = Vec<Vec<(usize, bool)>>> {
    let references = prop::collection::vec((any::<usize>(), prop::bool::weighted(0.2)), 0..4);
    prop::collection::vec(references, 1..=60)
}

/// Any graph of up to 60 nodes. `reach` is how far back a node refers at most.
fn graphs() -> impl Strategy<Value = Graph> {
    let reach = prop_oneof![Just(3_usize), Just(8), Just(60)];
    (numbers(), reach, any::<bool>()).prop_flat_map(|(numbers, reach, watching)| {
        let count = numbers.len();
        let mut graph = Graph { needs: vec![Vec::new(); count], watches: vec![Vec::new(); count] };
        for (at, references) in numbers.into_iter().enumerate().skip(1) {
            for (number, watches) in references {
                let other = at - 1 - number % at.min(reach);
                let lists = if watches && watching { &mut graph.watches } else { &mut graph.needs };
                lists[at].push(other);
            }
            for list in [&mut graph.needs[at], &mut graph.watches[at]] {
                list.sort_unstable();
                list.dedup();
            }
            let needs = graph.needs[at].clone();
            graph.watches[at].retain(|other| !needs.contains(other));
        }
        renamed(graph)
    })
}

fn renamed(graph: Graph) -> impl Strategy<Value = Graph> {
    let names: Vec<usize> = (0..graph.len()).collect();
    Just(names).prop_shuffle().prop_map(move |names| graph.renamed(&names))
}

fn works() -> impl Strategy<Value = Vec<Work>> {
    // Waiting for something that is already there does not take longer than not waiting.
    let work = (0_u64..1000)
        .prop_flat_map(|duration| (Just(duration), 0..=duration))
        .prop_map(|(duration, rest)| Work { duration, rest });
    prop::collection::vec(work, 60)
}

/// How a series-parallel graph is composed.
#[derive(Debug, Clone)]
enum Composition {
    Node,
    Series(Vec<Composition>),
    Parallel(Vec<Composition>),
}

impl Composition {
    /// Adds its nodes and returns them. Each of its first nodes needs all of `before`.
    fn add_to(&self, needs: &mut Vec<Vec<usize>>, before: &[usize]) -> Vec<usize> {
        match self {
            Self::Node => {
                needs.push(before.to_vec());
                vec![needs.len() - 1]
            }
            Self::Series(parts) => {
                let mut nodes: Vec<usize> = Vec::new();
                for part in parts {
                    let before: Vec<usize> = before.iter().chain(&nodes).copied().collect();
                    let more = part.add_to(needs, &before);
                    nodes.extend(more);
                }
                nodes
            }
            Self::Parallel(parts) => {
                parts.iter().flat_map(|part| part.add_to(needs, before)).collect()
            }
        }
    }
}

/// A series-parallel graph, without some of the needs that others imply.
fn series_parallel() -> impl Strategy<Value = Graph> {
    let composition = Just(Composition::Node).prop_recursive(5, 60, 5, |part| {
        let parts = prop::collection::vec(part, 2..=5);
        prop_oneof![
            parts.clone().prop_map(Composition::Series),
            parts.prop_map(Composition::Parallel),
        ]
    });
    let kept = prop::collection::vec(any::<bool>(), 64);
    (composition, kept).prop_flat_map(|(composition, kept)| {
        let mut needs = Vec::new();
        composition.add_to(&mut needs, &[]);
        let mut graph = Graph { watches: vec![Vec::new(); needs.len()], needs };
        let before = graph.before();
        for needs in &mut graph.needs {
            let all = needs.clone();
            needs.retain(|&need| {
                kept[need % kept.len()] || !all.iter().any(|&other| before[other][need])
            });
        }
        renamed(graph)
    })
}

proptest! {
    #![proptest_config(config(500))]

    #[test]
    fn holds_each_node_once(graph in graphs()) {
        let mut nodes = graph.plan().nodes();
        nodes.sort_unstable();
        prop_assert_eq!(nodes, (0..graph.len()).collect::<Vec<_>>());
    }

    #[test]
    fn implies_the_given_order(graph in graphs()) {
        let plan = graph.plan();
        let mut before = vec![vec![false; graph.len()]; graph.len()];
        implied(&plan, &mut before);
        prop_assert_eq!(&before, &graph.before(), "{:?}", plan);
    }

    #[test]
    fn watches_what_is_not_done_before(graph in graphs()) {
        let plan = graph.plan();
        let mut watches = vec![Vec::new(); graph.len()];
        watched(&plan, &mut watches);
        let before = graph.before();
        for (at, of) in watches.iter_mut().enumerate() {
            of.sort_unstable();
            let mut expected = graph.watches[at].clone();
            expected.retain(|&other| !before[at][other]);
            expected.sort_unstable();
            prop_assert_eq!(&*of, &expected, "of {} in {:?}", at, plan);
        }
    }

    #[test]
    fn starts_every_node_at_the_end_of_the_longest_path(graph in graphs(), works in works()) {
        let plan = graph.plan();
        let times = Simulation::run(&plan, &works[..graph.len()]);
        prop_assert_eq!(times, graph.times(&works), "{:?}", plan);
    }

    #[test]
    fn needs_no_region_for_what_is_series_parallel(graph in series_parallel()) {
        let plan = graph.plan();
        prop_assert!(!has_region(&plan), "{:?}", plan);
    }
}

fn nodes(numbers: impl IntoIterator<Item = usize>) -> Vec<Plan> {
    numbers.into_iter().map(Plan::Node).collect()
}

#[test]
fn plans_nothing_for_an_empty_scope() {
    assert_eq!(plan(&Order::new(&[], &[])), None);
}

#[test]
fn plans_a_chain_as_a_sequence() {
    assert_eq!(Graph::new(&[&[]]).plan(), Plan::Node(0));
    let chain = Graph::new(&[&[], &[0], &[0, 1], &[2]]);
    assert_eq!(chain.plan(), Plan::Sequence(nodes(0..4)));
    let backwards = Graph::new(&[&[1], &[2], &[]]);
    assert_eq!(backwards.plan(), Plan::Sequence(nodes([2, 1, 0])));
}

#[test]
fn plans_diamonds_as_sequences_and_joins() {
    assert_eq!(Graph::new(&[&[], &[], &[]]).plan(), Plan::Join(nodes(0..3)));
    let diamond = Graph::new(&[&[], &[0], &[0], &[1, 2]]);
    let join = Plan::Join(nodes(1..3));
    let expected = Plan::Sequence(vec![Plan::Node(0), join, Plan::Node(3)]);
    assert_eq!(diamond.plan(), expected);
    // A diamond in place of one side of a diamond.
    let nested = Graph::new(&[&[], &[0], &[1], &[1], &[2, 3], &[0], &[4, 5]]);
    let inner = Plan::Sequence(vec![Plan::Node(1), Plan::Join(nodes(2..4)), Plan::Node(4)]);
    let join = Plan::Join(vec![inner, Plan::Node(5)]);
    let expected = Plan::Sequence(vec![Plan::Node(0), join, Plan::Node(6)]);
    assert_eq!(nested.plan(), expected);
}

fn branch(node: usize, needs: &[usize], watches: &[usize]) -> Branch {
    Branch { plan: Plan::Node(node), needs: needs.to_vec(), watches: watches.to_vec() }
}

#[test]
fn plans_the_smallest_irreducible_order_as_a_region() {
    let graph = Graph::new(&[&[], &[], &[0], &[0, 1]]);
    let expected = Plan::Region(vec![
        branch(0, &[], &[]),
        branch(1, &[], &[]),
        branch(2, &[0], &[]),
        branch(3, &[0, 1], &[]),
    ]);
    assert_eq!(graph.plan(), expected);
}

#[test]
fn keeps_chains_and_twins_in_a_region_together() {
    // The same with two more nodes after the first, and a twin of the second.
    let graph = Graph::new(&[&[], &[], &[0], &[0, 1, 6], &[2], &[4], &[]]);
    let Plan::Region(branches) = graph.plan() else { panic!("it is irreducible") };
    let plans: Vec<Plan> = branches.into_iter().map(|branch| branch.plan).collect();
    let expected =
        [Plan::Node(0), Plan::Join(nodes([1, 6])), Plan::Sequence(nodes([2, 4, 5])), Plan::Node(3)];
    for part in expected {
        assert!(plans.contains(&part), "{part:?} is not in {plans:?}");
    }
}

#[test]
fn watches_only_in_a_region() {
    let mut graph = Graph::new(&[&[], &[], &[0]]);
    graph.watches[2] = vec![1];
    let expected =
        Plan::Region(vec![branch(0, &[], &[]), branch(1, &[], &[]), branch(2, &[0], &[1])]);
    assert_eq!(graph.plan(), expected);
    // What is done before the start anyway is not watched.
    graph.needs[2].push(1);
    assert!(!has_region(&graph.plan()));
}

/// Layers whose nodes need some of the layer before.
fn layered(count: usize, width: usize) -> Graph {
    let needs = |at: usize| {
        let earlier = (at / width).checked_sub(1).map(|layer| layer * width);
        let near = |layer: usize| [0, 1, 3].map(|step| layer + (at * 5 + step) % width);
        earlier.map(near).into_iter().flatten().collect()
    };
    Graph { needs: (0..count).map(needs).collect(), watches: vec![Vec::new(); count] }
}

/// The longest time that planning may take: many times what a debug build needs, so that only an
/// algorithm that grows too fast fails.
const LIMIT: Duration = Duration::from_secs(5);

#[test]
fn plans_large_graphs_fast() {
    for graph in [layered(310, 12), layered(1000, 25), layered(1000, 1), layered(1000, 1000)] {
        let start = Instant::now();
        let plan = graph.plan();
        let took = start.elapsed();
        assert!(took < LIMIT, "{} nodes took {took:?}", graph.len());
        assert_eq!(plan.nodes().len(), graph.len());
    }
}
