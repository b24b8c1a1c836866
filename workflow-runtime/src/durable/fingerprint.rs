//! How to find out whether a step is still the one that was recorded.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::durable::changes::is_called;
use crate::durable::notes::{chose, contradict};
use crate::graph::path::StepPath;
use crate::graph::{Graph, NodeKind, Source};
use crate::run::Site;

/// A step as it was when it was recorded.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Fingerprint {
    function: String,
    output: String,
    /// The steps whose outputs it depends on, directly or through plain values and branches.
    needs: Vec<String>,
    /// How `needs` was determined: the first form named inputs and plain values, too.
    #[serde(default, skip_serializing_if = "is_first")]
    form: u32,
    /// The full path of the function, as far as the compiler reveals it; empty if the function is
    /// in the module that contained the run's workflow when the run was started, as most functions
    /// are.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    at: String,
    /// Its record has replaced an older one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) again: bool,
    /// The plain values and choices that it was given, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    given: BTreeMap<String, String>,
    /// Its output cannot be recorded.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) lost: bool,
}

/// The form of the fingerprints that are written now.
const FORM: u32 = 2;

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_first(form: &u32) -> bool {
    *form == 0
}

impl Fingerprint {
    pub(crate) fn of(step: &Site<'_>) -> Self {
        Self::with(step, &Needs::of(step.graph, step.node))
    }

    /// The fingerprint of a step with these dependencies.
    pub(super) fn with(step: &Site<'_>, needs: &Needs) -> Self {
        let nodes = step.graph.nodes();
        let needs = needs.steps.iter().map(|&node| nodes[node].path().to_owned());
        let needs: BTreeSet<String> = needs.collect();
        let function = nodes[step.node].function().unwrap_or_default().to_owned();
        Self {
            function,
            output: without_modules(step.output),
            needs: needs.into_iter().collect(),
            form: FORM,
            at: path_in(step.function).unwrap_or_default().to_owned(),
            ..Self::default()
        }
    }

    /// The same for a step that is given these plain values and choices.
    pub(crate) fn given(self, given: BTreeMap<String, String>) -> Self {
        Self { given, ..self }
    }

    /// The same in a run whose workflow was in this module.
    pub(super) fn in_module(mut self, module: &str) -> Self {
        if self.at == self.in_it(module) {
            self.at = String::new();
        }
        self
    }

    /// The path that the function has in a module.
    fn in_it(&self, module: &str) -> String {
        format!("{module}::{}", self.function)
    }

    /// The same for a step whose output cannot be recorded.
    pub(crate) fn lost(self) -> Self {
        Self { lost: true, ..self }
    }

    /// The first plain value or choice that is different now. A value or choice that was added or
    /// removed proves nothing about the others.
    pub(super) fn other_value(&self, now: &BTreeMap<String, String>) -> Option<&str> {
        let differs = |(name, value): &(&String, &String)| {
            now.get(*name).is_some_and(|now| contradict(value, now))
        };
        self.given.iter().find(differs).map(|(name, _)| &**name)
    }

    /// Whether the note about the branch of this name says that it chose this arm, whatever the arm
    /// bound; `None` if there is no such note.
    pub(super) fn chose(&self, name: &str, arm: &str) -> Option<bool> {
        self.given.get(name).map(|given| chose(given, arm))
    }

    pub(crate) fn to_json(&self) -> String {
        serde_json::to_string(self).expect("it holds nothing but texts")
    }

    /// The same for a record that replaces an older one.
    pub(super) fn again(json: &str) -> String {
        match Self::read(json) {
            Some(fingerprint) => Self { again: true, ..fingerprint }.to_json(),
            None => json.to_owned(),
        }
    }

    /// The fingerprint of a record; `None` if it has another form.
    pub(super) fn read(json: &str) -> Option<Self> {
        serde_json::from_str(json).ok()
    }

    /// Whether the step's function is in another module than before. In a workflow that has moved
    /// as well, that makes it another step, unless the current step declares that name as a former
    /// one. `module` contained the workflow when the run was started.
    pub(super) fn moved(&self, before: &Self, step: &Site<'_>, module: &str) -> Option<String> {
        // The first form did not contain the path.
        if self.at.is_empty() || before.form < FORM {
            return None;
        }
        let was = if before.at.is_empty() { before.in_it(module) } else { before.at.clone() };
        let former = step.graph.nodes()[step.node].former_functions();
        let moved = self.at != was && !former.contains(&&*before.function);
        moved.then(|| format!("its function was `{was}` and is `{}`", self.at))
    }

    /// What differs from `before`, except for names that the current step declares as former ones;
    /// `None` if nothing does.
    pub(super) fn change(&self, before: &Self, step: &Site<'_>) -> Option<String> {
        let node = &step.graph.nodes()[step.node];
        let changed = |what: &str, before: &str, now: &str, former: &[&str]| {
            let same = before == now || former.contains(&before);
            (!same).then(|| format!("{what} was `{before}` and is `{now}`"))
        };
        changed("its function", &before.function, &self.function, node.former_functions())
            .or_else(|| changed("its output", &before.output, &self.output, node.former_outputs()))
            .or_else(|| {
                let (before, now) = (before.needs_in(step.graph), self.needs_in(step.graph));
                changed("what it depends on", &before, &now, &[])
            })
    }

    /// Whether it depended on the same steps as this node does.
    pub(super) fn needs_as(&self, graph: &Graph, node: usize) -> bool {
        let now = Needs::of(graph, node).steps.into_iter();
        let now: BTreeSet<_> = now.map(|node| graph.nodes()[node].path()).collect();
        let now = now.into_iter().collect::<Vec<_>>().join(", ");
        self.needs_in(graph) == now
    }

    /// What it depends on, by the names that the steps have in this graph.
    fn needs_in(&self, graph: &Graph) -> String {
        let nodes = graph.nodes();
        let now = |need: &String| {
            let known = nodes.iter().find(|node| node.path() == need);
            let names: Vec<&str> = StepPath(need).parts().collect();
            let renamed = || (0..nodes.len()).find(|&node| is_called(graph, node, &names));
            let renamed = || renamed().map(|node| &nodes[node]);
            match known.or_else(renamed) {
                // Inputs and plain values do not count.
                Some(node) => node.is_step().then(|| node.path().to_owned()),
                None if self.form < FORM => None,
                None => Some(need.clone()),
            }
        };
        let mut steps: BTreeSet<String> = self.needs.iter().filter_map(now).collect();
        if self.form < FORM {
            // What it depended on through plain values, as they are now.
            let between = self.needs.iter().filter_map(|need| {
                nodes.iter().position(|node| node.path() == need && !node.is_step())
            });
            let (mut further, mut seen) = (Needs::default(), BTreeSet::new());
            between.for_each(|node| further.reach(graph, node, &mut seen, false));
            steps.extend(further.steps.into_iter().map(|node| nodes[node].path().to_owned()));
        }
        steps.into_iter().collect::<Vec<_>>().join(", ")
    }
}

/// What a node depends on.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Needs {
    /// The nearest steps.
    pub(super) steps: BTreeSet<usize>,
    /// The nearest plain values.
    pub(super) values: BTreeSet<usize>,
    /// The branches that contain it, and the branches, blocks and fan-outs that it depends on
    /// before any step.
    pub(super) scopes: BTreeSet<usize>,
}

impl Needs {
    pub(super) fn of(graph: &Graph, node: usize) -> Self {
        let mut needs = Self::default();
        let mut seen = BTreeSet::new();
        // Anything in a scope depends on what the scope depends on.
        let mut around = graph.nodes()[node].parent();
        needs.follow(graph, node, &mut seen, false);
        while let Some(parent) = around {
            let inside = &graph.nodes()[parent.node];
            if matches!(inside.kind(), NodeKind::Branch { .. }) {
                needs.scopes.insert(parent.node);
            }
            around = inside.parent();
        }
        needs
    }

    /// What a value, or the result of a scope, depends on.
    pub(super) fn behind(graph: &Graph, node: usize) -> Self {
        let mut needs = Self::default();
        let mut seen = BTreeSet::from([node]);
        for inner in graph.inside(node) {
            needs.reach(graph, inner, &mut seen, false);
        }
        needs.follow(graph, node, &mut seen, false);
        needs
    }

    /// Adds the dependencies of `node`.
    fn follow(&mut self, graph: &Graph, node: usize, seen: &mut BTreeSet<usize>, behind: bool) {
        for edge in graph.edges().iter().filter(|edge| edge.to == node) {
            if let Source::Node(from) = edge.from {
                self.reach(graph, from, seen, behind);
            }
        }
    }

    /// Adds a node, or what represents it. Behind a plain value only steps count: everything else
    /// that it depends on shows in the value itself.
    fn reach(&mut self, graph: &Graph, node: usize, seen: &mut BTreeSet<usize>, behind: bool) {
        if !seen.insert(node) {
            return;
        }
        match graph.nodes()[node].kind() {
            NodeKind::Step | NodeKind::Workflow => {
                self.steps.insert(node);
            }
            NodeKind::Value => {
                if !behind {
                    self.values.insert(node);
                }
                self.follow(graph, node, seen, true);
            }
            _ => {
                if !behind {
                    self.scopes.insert(node);
                }
                // The steps in it produce its value; what it depends on itself shows in them.
                let inner: Vec<usize> = graph.inside(node).collect();
                for &inner in &inner {
                    self.reach(graph, inner, seen, true);
                }
                if !inner.iter().any(|&inner| graph.nodes()[inner].is_step()) {
                    self.follow(graph, node, seen, behind);
                }
            }
        }
    }
}

/// The path of the function whose future has this type.
fn path_in(future: &'static str) -> Option<&'static str> {
    let (before, _) = future.split_once("::{{closure}}")?;
    Some(before.rsplit(['<', ',', ' ', '(']).next().unwrap_or(before))
}

/// A type name without the modules of its parts: where a type is defined does not matter for what
/// is recorded of it.
fn without_modules(name: &str) -> String {
    let mut text = String::new();
    let mut word = String::new();
    let mut letters = name.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter == ':' && letters.peek() == Some(&':') {
            letters.next();
            word.clear();
        } else if letter.is_alphanumeric() || letter == '_' {
            word.push(letter);
        } else {
            text.push_str(&std::mem::take(&mut word));
            text.push(letter);
        }
    }
    text + &word
}

#[cfg(test)]
mod tests {
    use super::{path_in, without_modules};

    #[test]
    fn types_have_no_modules() {
        let long = "core::option::Option<(alloc::vec::Vec<shop::order::Line>, &'static [u8; 4])>";
        assert_eq!(without_modules(long), "Option<(Vec<Line>, &'static [u8; 4])>");
        assert_eq!(without_modules("u32"), "u32");
    }

    #[test]
    fn the_type_of_a_future_names_its_function() {
        let future = "runtime::step::Leaf<shop::price::{{closure}}, shop::price::{{closure}}>";
        assert_eq!(path_in(future), Some("shop::price"));
        assert_eq!(path_in("runtime::Sleep"), None);
    }
}
