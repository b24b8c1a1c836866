//! How far sequence and join express a graph.

use crate::graph::Graph;

/// A graph, or a part of one, taken apart.
pub(crate) enum Shape {
    Step(usize),
    Sequence(Vec<Shape>),
    Join(Vec<Shape>),
    /// Neither a sequence nor a join.
    Irreducible(Vec<usize>),
}

impl Shape {
    pub(crate) fn of(graph: &Graph) -> Self {
        let order = Order::of(graph);
        Self::of_part(&order, (0..graph.steps.len()).collect())
    }

    fn of_part(order: &Order, steps: Vec<usize>) -> Self {
        if let [step] = steps[..] {
            return Self::Step(step);
        }
        let apart = components(&steps, |a, b| order.compares(a, b));
        if apart.len() > 1 {
            return Self::Join(Self::of_parts(order, apart));
        }
        let after_each_other = components(&steps, |a, b| !order.compares(a, b));
        if after_each_other.len() > 1 {
            return Self::Sequence(Self::of_parts(order, after_each_other));
        }
        Self::Irreducible(steps)
    }

    fn of_parts(order: &Order, parts: Vec<Vec<usize>>) -> Vec<Self> {
        parts.into_iter().map(|part| Self::of_part(order, part)).collect()
    }

    /// The steps in it.
    pub(crate) fn steps(&self) -> Vec<usize> {
        match self {
            Self::Step(step) => vec![*step],
            Self::Sequence(parts) | Self::Join(parts) => {
                parts.iter().flat_map(Self::steps).collect()
            }
            Self::Irreducible(steps) => steps.clone(),
        }
    }

    /// The size of its largest part that is neither a sequence nor a join.
    pub(crate) fn largest_irreducible(&self) -> usize {
        match self {
            Self::Step(_) => 0,
            Self::Sequence(parts) | Self::Join(parts) => {
                let sizes = parts.iter().map(Self::largest_irreducible);
                sizes.max().unwrap_or(0)
            }
            Self::Irreducible(steps) => steps.len(),
        }
    }
}

/// Which step must be done before which.
struct Order {
    before: Vec<Vec<bool>>,
}

impl Order {
    fn of(graph: &Graph) -> Self {
        let mut before: Vec<Vec<bool>> = Vec::new();
        for step in &graph.steps {
            let mut row = vec![false; graph.steps.len()];
            for &parent in &step.parents {
                row[parent] = true;
                for (known, earlier) in row.iter_mut().zip(&before[parent]) {
                    *known |= earlier;
                }
            }
            before.push(row);
        }
        Self { before }
    }

    fn compares(&self, a: usize, b: usize) -> bool {
        self.before[a][b] || self.before[b][a]
    }
}

/// The connected components, each sorted, in the order of their first steps.
fn components(steps: &[usize], connected: impl Fn(usize, usize) -> bool) -> Vec<Vec<usize>> {
    let mut left = steps.to_vec();
    let mut components = Vec::new();
    while !left.is_empty() {
        let mut component = vec![left.remove(0)];
        let mut next = 0;
        while next < component.len() {
            let step = component[next];
            let (found, others) = left.into_iter().partition(|&other| connected(step, other));
            left = others;
            component.extend::<Vec<usize>>(found);
            next += 1;
        }
        component.sort_unstable();
        components.push(component);
    }
    components
}
