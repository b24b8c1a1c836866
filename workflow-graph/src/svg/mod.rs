//! A graph as a self-contained picture, in SVG.

mod boxes;
mod draw;
mod scene;
mod text;
mod wire;

use crate::Graph;

impl Graph {
    /// The graph as an [SVG] picture: a file, or a part of an HTML page.
    ///
    /// Every kind of node has its own shape and colour. Arms of branches, bodies of `for` and
    /// blocks are frames; an arm's title says how it is chosen. Data flows along solid arrows,
    /// `#[after]` is a dashed one, and thick ones lead from a branch to its arms. Text that is too
    /// long for its box has an ellipsis in the middle; the whole text is the box's tooltip.
    ///
    /// The same graph always gives the same text. It contains no script, no `id` and no empty line,
    /// and refers to nothing outside of it.
    ///
    /// [SVG]: https://developer.mozilla.org/docs/Web/SVG
    ///
    /// ```
    /// # use workflow_runtime::{step, workflow};
    /// # #[step]
    /// # async fn double(number: u32) -> u32 { number * 2 }
    /// # workflow! {
    /// #     async fn quadruple(number: u32) -> u32 {
    /// #         let twice = double(number).await;
    /// #         let result = double(twice).await;
    /// #         result
    /// #     }
    /// # }
    /// let svg = quadruple::GRAPH.to_svg();
    /// assert!(svg.starts_with("<svg"));
    /// assert!(svg.contains(r#"<g class="node step" data-node="1">"#));
    /// ```
    ///
    /// # Colours and links
    ///
    /// A viewer that prefers dark colours gets them. On a page, the style sheet can change more:
    /// everything is in an `svg` with the class `workflow-graph`, whose colours are variables.
    ///
    /// | part | class | attributes |
    /// |---|---|---|
    /// | an input | `input` | `data-input`, its position in [`inputs`](Self::inputs) |
    /// | a node | `node`, its kind (`step`, `workflow`, `branch`, `fan-out`, `value`, `block`), and `frame` if it contains others | `data-node`, its position in [`nodes`](Self::nodes) |
    /// | an arm of a branch | `arm`, and `frame` or `empty` | `data-branch` and `data-arm` |
    /// | an arrow | `edge`, and `data`, `order` or `to-arm` | `data-from` and `data-to`: an input is `i0`, a node `n0`, and the first arm of a branch `n0a0` |
    ///
    /// | variable | the colour of |
    /// |---|---|
    /// | `--wg-ink`, `--wg-back` | text, and the background |
    /// | `--wg-line` | arrows |
    /// | `--wg-step`, `--wg-workflow`, `--wg-branch`, `--wg-fan-out`, `--wg-value`, `--wg-frame` | nodes by their kinds; the last is that of blocks |
    ///
    /// An arrow that leads into a frame is drawn in two parts, one outside and one inside.
    #[must_use]
    pub fn to_svg(&self) -> String {
        self.to_svg_with(&|_| None)
    }

    /// The same picture, with additional classes for some of the nodes.
    #[doc(hidden)]
    #[must_use]
    pub fn to_svg_with(&self, classes: &dyn Fn(usize) -> Option<String>) -> String {
        match scene::scene(self) {
            Ok(area) => draw::Picture { graph: self, area, classes }.to_string(),
            Err(large) => draw::Sentence { graph: self, large }.to_string(),
        }
    }
}
