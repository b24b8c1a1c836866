//! `async_dag`: a graph of closures that runs once.

use async_dag::{Graph, NodeIndex};
use workflow_benches::shapes::fan_out;
use workflow_benches::step::plain;
use workflow_benches::subject::SEED;

use super::{Driver, Entry, Shape};

async fn one(a: u64) -> u64 {
    plain::step1(&a).await.expect("no step fails")
}

async fn two(a: u64, b: u64) -> u64 {
    plain::step2(&a, &b).await.expect("no step fails")
}

fn root(graph: &mut Graph<'static>, seed: u64) -> NodeIndex {
    graph.add_task(move || async move { plain::step0(seed).await.expect("no step fails") })
}

fn child(graph: &mut Graph<'static>, parent: NodeIndex) -> NodeIndex {
    let added = graph.add_child_task(parent, one, 0);
    added.expect("the types fit")
}

/// A graph and the tasks whose outputs are its result.
struct Built {
    shape: Shape,
    graph: Graph<'static>,
    results: Vec<NodeIndex>,
}

fn build(shape: Shape) -> Built {
    let mut graph = Graph::new();
    let results = match shape {
        Shape::Chain => {
            let first = root(&mut graph, SEED);
            vec![(0..4).fold(first, |last, _| child(&mut graph, last))]
        }
        Shape::Diamond => {
            let top = root(&mut graph, SEED);
            let left = child(&mut graph, top);
            let right = child(&mut graph, top);
            let bottom = graph.add_child_task(left, two, 0).expect("the types fit");
            let second = graph.update_dependency(right, bottom, 1);
            second.expect("the types fit");
            vec![bottom]
        }
        Shape::Parallel => (0..3).map(|i| root(&mut graph, SEED + i)).collect(),
        Shape::FanOut => {
            let source = root(&mut graph, SEED);
            let mut item = |item| {
                let task = move |source: u64| async move {
                    let output = plain::step_item(&source, item).await;
                    output.expect("no step fails")
                };
                let added = graph.add_child_task(source, task, 0);
                added.expect("the types fit")
            };
            (0..fan_out::ITEMS).map(&mut item).collect()
        }
    };
    Built { shape, graph, results }
}

async fn run(built: &mut Built) -> u64 {
    built.graph.run().await;
    let output = |&index| built.graph.get_value(index).expect("every task ran");
    super::result(built.shape, built.results.iter().map(output))
}

pub(crate) fn entries(shape: Shape, driver: &Driver) -> [Entry; 2] {
    let names = ["async_dag", "async_dag, built each run"];
    super::one_shot(shape, names, driver, move || build(shape), run)
}
