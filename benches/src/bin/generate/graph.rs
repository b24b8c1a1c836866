//! Graphs: read, or made.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde::Deserialize;

/// Steps in topological order.
pub(crate) struct Graph {
    pub(crate) steps: Vec<Step>,
    /// One sentence for the generated file.
    pub(crate) about: String,
}

/// A step and the indices of those whose outputs it takes.
pub(crate) struct Step {
    pub(crate) name: String,
    pub(crate) parents: Vec<usize>,
}

impl Graph {
    /// The graph of that name: `chain_N`, `layered_N`, or one of `graphs/`.
    pub(crate) fn named(name: &str) -> Self {
        let size = |prefix| name.strip_prefix(prefix).and_then(|n| n.parse().ok());
        if let Some(size) = size("chain_") {
            Self::chain(size)
        } else if let Some(size) = size("layered_") {
            Self::layered(size)
        } else {
            Self::read(name)
        }
    }

    fn read(name: &str) -> Self {
        #[derive(Deserialize)]
        struct File {
            name: String,
            tasks: Vec<Task>,
        }

        #[derive(Deserialize)]
        struct Task {
            id: String,
            parents: Vec<String>,
        }

        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("graphs/{name}.json"));
        let text =
            fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let file: File = serde_json::from_str(&text)
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));

        let index = |id: &String| {
            let found = file.tasks.iter().position(|task| task.id == *id);
            found.unwrap_or_else(|| panic!("{name}: no task {id}"))
        };
        let steps = file.tasks.iter().map(|task| Step {
            name: task.id.clone(),
            parents: task.parents.iter().map(index).collect(),
        });
        Self { steps: steps.collect(), about: format!("`{}` of `WfCommons`", file.name) }.checked()
    }

    fn chain(size: usize) -> Self {
        let steps = (0..size).map(|i| Step {
            name: format!("n{i}"),
            parents: i.checked_sub(1).into_iter().collect(),
        });
        Self { steps: steps.collect(), about: format!("A chain of {size} steps") }.checked()
    }

    /// About as many layers as steps in a layer. A step takes the output of one
    /// to three others, the first of the layer before its own.
    fn layered(size: usize) -> Self {
        let mut random = Random(size as u64);
        let width = size.isqrt();
        let mut steps: Vec<Step> = Vec::new();
        let mut previous = 0..0;
        while steps.len() < size {
            let start = steps.len();
            let end = size.min(start + width / 2 + random.below(width) + 1);
            for i in start..end {
                let mut parents = BTreeSet::new();
                if !previous.is_empty() {
                    parents.insert(previous.start + random.below(previous.len()));
                    for _ in 0..random.below(3) {
                        // Three of four from the layer before, to keep most edges short.
                        let from = if random.below(4) == 0 { 0 } else { previous.start };
                        parents.insert(from + random.below(previous.end - from));
                    }
                }
                steps.push(Step { name: format!("n{i}"), parents: parents.into_iter().collect() });
            }
            previous = start..end;
        }
        Self { steps, about: format!("{size} steps in random layers") }.checked()
    }

    fn checked(self) -> Self {
        for (i, step) in self.steps.iter().enumerate() {
            let sorted = step.parents.iter().all(|&parent| parent < i);
            assert!(sorted, "{} stands before one of its parents", step.name);
        }
        self
    }

    /// The steps whose output nothing takes: the graph's results.
    pub(crate) fn sinks(&self) -> Vec<usize> {
        (0..self.steps.len())
            .filter(|&i| !self.steps.iter().any(|step| step.parents.contains(&i)))
            .collect()
    }

    /// Steps by the length of the longest path to them.
    pub(crate) fn levels(&self) -> Vec<Vec<usize>> {
        let mut level_of: Vec<usize> = Vec::new();
        let mut levels: Vec<Vec<usize>> = Vec::new();
        for (i, step) in self.steps.iter().enumerate() {
            let above = step.parents.iter().map(|&parent| level_of[parent] + 1);
            let level = above.max().unwrap_or(0);
            level_of.push(level);
            levels.resize_with(levels.len().max(level + 1), Vec::new);
            levels[level].push(i);
        }
        levels
    }
}

/// `SplitMix64`: the same graph for the same size, everywhere.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^= z >> 31;
        usize::try_from(z % bound as u64).expect("less than a usize")
    }
}
