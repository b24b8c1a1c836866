//! `dagrs`: a graph of nodes and channels, which can be reset and run again.

use std::sync::Arc;

use dagrs::async_trait::async_trait;
use dagrs::{
    Action, Content, DefaultNode, EnvVar, Graph, InChannels, Node, NodeId, NodeTable, OutChannels,
    Output,
};
use workflow_benches::shapes::fan_out;
use workflow_benches::step::{Failed, plain};
use workflow_benches::subject::SEED;

use super::{Driver, Entry, Shape};

/// Which step a node runs.
enum Compute {
    Root(u64),
    One,
    Two,
    Item(u64),
}

impl Compute {
    async fn step(&self, inputs: &[u64]) -> Result<u64, Failed> {
        match (self, inputs) {
            (Self::Root(seed), []) => plain::step0(*seed).await,
            (Self::One, [a]) => plain::step1(a).await,
            (Self::Two, [a, b]) => plain::step2(a, b).await,
            (Self::Item(item), [source]) => plain::step_item(source, *item).await,
            _ => Err(Failed),
        }
    }
}

#[async_trait]
impl Action for Compute {
    async fn run(
        &self,
        inputs: &mut InChannels,
        outputs: &mut OutChannels,
        _: Arc<EnvVar>,
    ) -> Output {
        let input =
            |content: Result<Content, _>| -> Option<Arc<u64>> { content.ok()?.into_inner() };
        let inputs = inputs.map(input).await;
        let inputs: Option<Vec<u64>> = inputs.into_iter().map(|input| Some(*input?)).collect();
        let inputs = inputs.expect("every node before sent one");
        let output = self.step(&inputs).await.expect("no step fails");
        outputs.broadcast(Content::new(output)).await;
        Output::Out(Some(Content::new(output)))
    }
}

/// A graph and the nodes whose outputs are its result.
struct Built {
    shape: Shape,
    graph: Graph,
    results: Vec<NodeId>,
}

struct Builder {
    graph: Graph,
    table: NodeTable,
}

impl Builder {
    fn node(&mut self, name: String, action: Compute, parents: &[NodeId]) -> NodeId {
        let node = DefaultNode::with_action(name, action, &mut self.table);
        let id = node.id();
        self.graph.add_node(node).expect("its id is new");
        for parent in parents {
            self.graph.add_edge(*parent, [id]).expect("both are there");
        }
        id
    }
}

fn build(shape: Shape) -> Built {
    let mut builder = Builder { graph: Graph::new(), table: NodeTable::new() };
    let mut node = |name: &str, action, parents: &[_]| builder.node(name.into(), action, parents);
    let results = match shape {
        Shape::Chain => {
            let first = node("a", Compute::Root(SEED), &[]);
            let names = ["b", "c", "d", "e"];
            let last = names.iter().fold(first, |last, name| node(name, Compute::One, &[last]));
            vec![last]
        }
        Shape::Diamond => {
            let top = node("top", Compute::Root(SEED), &[]);
            let left = node("left", Compute::One, &[top]);
            let right = node("right", Compute::One, &[top]);
            vec![node("bottom", Compute::Two, &[left, right])]
        }
        Shape::Parallel => vec![
            node("a", Compute::Root(SEED), &[]),
            node("b", Compute::Root(SEED + 1), &[]),
            node("c", Compute::Root(SEED + 2), &[]),
        ],
        Shape::FanOut => {
            let source = node("source", Compute::Root(SEED), &[]);
            (0..fan_out::ITEMS)
                .map(|item| node(&format!("item {item}"), Compute::Item(item), &[source]))
                .collect()
        }
    };
    let Builder { mut graph, table } = builder;
    graph.set_env(EnvVar::new(table));
    Built { shape, graph, results }
}

async fn run(built: &mut Built) -> u64 {
    let report = built.graph.async_start().await;
    report.expect("no node fails");
    let outputs = built.graph.get_results::<u64>();
    let output = |id| **outputs[id].as_ref().expect("every node ran");
    super::result(built.shape, built.results.iter().map(output))
}

async fn run_again(built: &mut Built) -> u64 {
    let reset = built.graph.reset().await;
    reset.expect("it runs no more");
    run(built).await
}

pub(crate) fn entries(shape: Shape, driver: &Driver) -> [Entry; 2] {
    let build = move || build(shape);
    let whole = async move |(): &mut ()| run(&mut build()).await;
    let row = |version| shape.row(driver, version);
    [
        Entry::reusable(row("dagrs, reset each run"), driver, build, run_again),
        Entry::reusable(row("dagrs, built each run"), driver, || (), whole),
    ]
}
