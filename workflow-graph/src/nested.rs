//! Which nodes contain which.

use std::ops::Range;

use super::{Graph, Node, Parent};

impl Graph {
    /// The nodes inside a branch, a fan-out or a block, at any depth, by their numbers: they follow
    /// it directly.
    ///
    /// # Panics
    ///
    /// If the graph has no node with this number.
    ///
    /// ```
    /// # use workflow_runtime::{step, workflow};
    /// # #[step]
    /// # async fn fetch(page: u32) -> u32 { page }
    /// # #[step]
    /// # async fn store(pages: usize) -> usize { pages }
    /// # workflow! {
    /// #     async fn crawl(pages: Vec<u32>) -> usize {
    /// #         let texts = for page in pages { fetch(page).await };
    /// #         let stored = store(texts.len()).await;
    /// #         stored
    /// #     }
    /// # }
    /// let graph = &crawl::GRAPH;
    /// let paths: Vec<_> = graph.inside(0).map(|node| graph.nodes()[node].path()).collect();
    /// assert_eq!((graph.nodes()[0].path(), paths), ("texts", vec!["texts.fetch"]));
    /// ```
    #[must_use]
    pub fn inside(&self, node: usize) -> Range<usize> {
        let first = node + 1;
        let stands_in = |other: &Node| other.parent.is_some_and(|parent| parent.node >= node);
        first..first + self.nodes[first..].iter().take_while(|other| stands_in(other)).count()
    }

    /// The branches, fan-outs and blocks that contain a node, from the innermost outwards, each
    /// with the arm.
    ///
    /// # Panics
    ///
    /// If the graph has no node with this number.
    ///
    /// ```
    /// # use workflow_runtime::{step, workflow};
    /// # #[step]
    /// # async fn fetch(page: u32) -> u32 { page }
    /// # workflow! {
    /// #     async fn crawl(sites: Vec<Vec<u32>>) -> usize {
    /// #         let counts = for pages in sites {
    /// #             let texts = for page in pages { fetch(page).await };
    /// #             texts.len()
    /// #         };
    /// #         counts.len()
    /// #     }
    /// # }
    /// let graph = &crawl::GRAPH;
    /// let fetch = graph.nodes().len() - 1;
    /// let around: Vec<_> =
    ///     graph.around(fetch).map(|parent| graph.nodes()[parent.node].path()).collect();
    /// assert_eq!(around, ["counts.texts", "counts"]);
    /// ```
    pub fn around(&self, node: usize) -> impl Iterator<Item = Parent> + use<'_> {
        let parent = |node: usize| self.nodes[node].parent;
        std::iter::successors(parent(node), move |inner| parent(inner.node))
    }
}
