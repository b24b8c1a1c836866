//! The paths of a step, and of what is around it.

use crate::graph::path::{StepPath, name_of};
use crate::run::Site;

impl Site<'_> {
    /// The path of another node, as seen from here: for a node in the same items, the path includes
    /// these items.
    pub(crate) fn path_of(&self, node: usize) -> String {
        let nodes = self.graph.nodes();
        let (own, other) = (nodes[self.node].path(), nodes[node].path());
        let depth = StepPath(own).depth();
        let parts: Vec<&str> = StepPath(self.path).parts().collect();
        let (outside, here) = parts.split_at(parts.len().saturating_sub(depth));
        let mut path: Vec<&str> = outside.to_vec();
        let mut same = true;
        let names: Vec<&str> = StepPath(other).parts().collect();
        for (at, name) in names.iter().enumerate() {
            let here = here.get(at).filter(|here| name_of(here) == *name);
            same = same && here.is_some() && at + 1 < names.len();
            path.push(here.filter(|_| same).copied().unwrap_or(name));
        }
        path.join(".")
    }

    /// The paths that the step had under its own former names and those of the scopes around it.
    pub(crate) fn former_paths(&self) -> Vec<String> {
        let nodes = self.graph.nodes();
        let around = self.graph.around(self.node).map(|parent| parent.node);
        let mut around: Vec<usize> = std::iter::once(self.node).chain(around).collect();
        if around.iter().all(|&node| nodes[node].former_names().is_empty()) {
            return Vec::new();
        }
        around.reverse();
        let parts: Vec<&str> = StepPath(self.path).parts().collect();
        let (outside, own) = parts.split_at(parts.len().saturating_sub(around.len()));
        let mut paths = vec![outside.join(".")];
        for (part, &node) in own.iter().zip(&around) {
            let position = &part[name_of(part).len()..];
            let names = nodes[node].former_names().iter().map(|name| format!("{name}{position}"));
            let names: Vec<String> = std::iter::once((*part).to_owned()).chain(names).collect();
            let longer = |path: &String| {
                let dot = if path.is_empty() { "" } else { "." };
                names.iter().map(|name| format!("{path}{dot}{name}")).collect::<Vec<_>>()
            };
            paths = paths.iter().flat_map(longer).collect();
        }
        paths.retain(|path| **path != **self.path);
        paths
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::graph::{Graph, Node, NodeKind};

    #[test]
    fn the_path_of_another_node_has_the_same_items() {
        static NODES: [Node; 5] = [
            Node::new("key", NodeKind::Value, None, "", 0, None),
            Node::new("pages", NodeKind::FanOut { concurrency: None }, None, "", 0, None),
            Node::new("pages.total", NodeKind::Value, None, "", 0, None),
            Node::new("pages.links", NodeKind::FanOut { concurrency: None }, None, "", 0, None),
            Node::new("pages.links.fetch", NodeKind::Step, None, "", 0, None),
        ];
        static GRAPH: Graph = Graph::new("crawl", &[], &NODES, &[]);
        let path: Arc<str> = "site.pages[3].links[7].fetch".into();
        let site = Site { path: &path, graph: &GRAPH, node: 4, output: "", function: "" };
        assert_eq!(site.path_of(0), "site.key");
        assert_eq!(site.path_of(2), "site.pages[3].total");
        assert_eq!(site.path_of(3), "site.pages[3].links");
        assert_eq!(site.path_of(1), "site.pages");
    }
}
