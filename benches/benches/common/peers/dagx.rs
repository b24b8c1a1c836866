//! `dagx`: a graph whose tasks are spawned, or given to a spawner of one's own.

use std::cell::RefCell;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::Poll;

use dagx::{DagRunner, Task, TaskHandle, task};
use workflow_benches::shapes::fan_out;
use workflow_benches::step::plain;
use workflow_benches::subject::SEED;

use super::{Driver, Entry, Shape};

struct Root(u64);

#[task]
impl Root {
    async fn run(&self) -> u64 {
        plain::step0(self.0).await.expect("no step fails")
    }
}

struct One;

#[task]
impl One {
    async fn run(a: &u64) -> u64 {
        plain::step1(a).await.expect("no step fails")
    }
}

struct Two;

#[task]
impl Two {
    async fn run(a: &u64, b: &u64) -> u64 {
        plain::step2(a, b).await.expect("no step fails")
    }
}

struct Item(u64);

#[task]
impl Item {
    async fn run(&self, source: &u64) -> u64 {
        plain::step_item(source, self.0).await.expect("no step fails")
    }
}

/// A graph and the tasks whose outputs are its result.
struct Graph {
    shape: Shape,
    runner: DagRunner,
    results: Vec<TaskHandle<u64>>,
}

fn build(shape: Shape) -> Graph {
    let runner = DagRunner::new();
    let root = |seed| TaskHandle::from(runner.add_task(Root(seed)));
    let one = |a| runner.add_task(One).depends_on(a);
    let results = match shape {
        Shape::Chain => vec![one(&one(&one(&one(&root(SEED)))))],
        Shape::Diamond => {
            let top = root(SEED);
            let (left, right) = (one(&top), one(&top));
            vec![runner.add_task(Two).depends_on((&left, &right))]
        }
        Shape::Parallel => vec![root(SEED), root(SEED + 1), root(SEED + 2)],
        Shape::FanOut => {
            let source = root(SEED);
            let item = |item| runner.add_task(Item(item)).depends_on(source);
            (0..fan_out::ITEMS).map(item).collect()
        }
    };
    Graph { shape, runner, results }
}

fn results(graph: &Graph) -> u64 {
    let output = |handle| graph.runner.get(handle).expect("every task ran");
    super::result(graph.shape, graph.results.iter().map(output))
}

async fn run_spawning(graph: &mut Graph) -> u64 {
    let spawn = |task| drop(tokio::spawn(task));
    let run = graph.runner.run(spawn).await;
    run.expect("no task panics");
    results(graph)
}

async fn run_without_spawning(graph: &mut Graph) -> u64 {
    let tasks = RefCell::new(Vec::<Pin<Box<dyn Future<Output = ()> + Send>>>::new());
    let mut run = pin!(graph.runner.run(|task| tasks.borrow_mut().push(task)));
    let run = poll_fn(|cx| {
        if let Poll::Ready(result) = run.as_mut().poll(cx) {
            return Poll::Ready(result);
        }
        let mut tasks = tasks.borrow_mut();
        tasks.retain_mut(|task| task.as_mut().poll(cx).is_pending());
        Poll::Pending
    });
    run.await.expect("no task panics");
    results(graph)
}

/// The documented way on tokio.
pub(crate) fn spawning(shape: Shape, driver: &Driver) -> [Entry; 2] {
    let names = ["dagx", "dagx, built each run"];
    super::one_shot(shape, names, driver, move || build(shape), run_spawning)
}

/// With a spawner that keeps the tasks and polls them beside the graph itself:
/// as concurrent, without a task of the runtime for each.
pub(crate) fn without_spawning(shape: Shape, driver: &Driver) -> [Entry; 2] {
    let names = ["dagx without spawning", "dagx without spawning, built each run"];
    super::one_shot(shape, names, driver, move || build(shape), run_without_spawning)
}
