//! How large a graph may be to be drawn. Larger ones, which someone has constructed or a damaged
//! journal contains, would take minutes, or the whole stack, for a picture that shows nothing
//! useful.

use std::fmt;

use crate::{Graph, NodeKind};

/// With more nodes, inputs or arms, a graph is not drawn.
pub const STEPS: usize = 2_000;
/// With more dependencies, a graph is not drawn.
pub const DEPENDENCIES: usize = 20_000;
/// With deeper nesting, a graph is not drawn: pictures are written by recursive functions.
pub const LEVELS: usize = 100;

/// Why a graph is not drawn. It is displayed as a sentence without a full stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TooLarge {
    /// It has too much of something.
    Many { what: &'static str, count: usize, most: usize },
    /// Its arrows would pass more places than this.
    Tangled { most: usize },
}

impl fmt::Display for TooLarge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Many { what, count, most } => {
                let (count, most) = (thousands(count), thousands(most));
                write!(f, "the graph has {count} {what}; it is not drawn above {most}")
            }
            Self::Tangled { most } => {
                let most = thousands(most);
                write!(f, "the graph's arrows pass more than {most} places; it is not drawn")
            }
        }
    }
}

impl Graph {
    /// What the graph has too much of to be drawn; `None` if it is drawn.
    #[doc(hidden)]
    #[must_use]
    pub fn too_large(&self) -> Option<TooLarge> {
        let arms = |node: &crate::Node| match node.kind {
            NodeKind::Branch { arms } => arms.len(),
            _ => 0,
        };
        let counts = [
            ("steps", self.nodes.len(), STEPS),
            ("inputs", self.inputs.len(), STEPS),
            ("arms", self.nodes.iter().map(arms).sum(), STEPS),
            ("dependencies", self.edges.len(), DEPENDENCIES),
        ];
        let too_many = counts.into_iter().find(|(_, count, most)| count > most);
        let (what, count, most) = too_many.or_else(|| {
            let levels = self.depths().into_iter().max().unwrap_or(0);
            (levels > LEVELS).then_some(("levels of nesting", levels, LEVELS))
        })?;
        Some(TooLarge::Many { what, count, most })
    }

    /// How many scopes contain each node. A nested node follows its parent.
    pub(crate) fn depths(&self) -> Vec<usize> {
        let mut depths: Vec<usize> = Vec::with_capacity(self.nodes.len());
        for node in self.nodes {
            let outer = node.parent.and_then(|parent| depths.get(parent.node));
            depths.push(outer.map_or(0, |outer| outer + 1));
        }
        depths
    }
}

/// `12,345`.
fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::TooLarge;

    #[test]
    fn says_what_there_is_too_much_of() {
        assert_eq!(
            TooLarge::Many { what: "steps", count: 20_000, most: 2_000 }.to_string(),
            "the graph has 20,000 steps; it is not drawn above 2,000"
        );
    }
}
