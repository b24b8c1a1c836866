//! The lines of a picture.

use crate::scopes::Spot;

/// How a line is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Data,
    Order,
    /// From a branch to one of its arms.
    Arm,
}

/// A line from one spot to another, or its part in one scope.
#[derive(Debug, Clone)]
pub(super) struct Wire {
    pub(super) from: Spot,
    pub(super) to: Spot,
    pub(super) style: Style,
    /// In the form of [`crate::layout::Layout::routes`].
    pub(super) points: Vec<(f64, f64)>,
    /// Whether it begins where a line from outside enters the scope.
    pub(super) enters: bool,
    /// Whether it ends at a box; otherwise it goes on inside of one.
    pub(super) arrow: bool,
}
