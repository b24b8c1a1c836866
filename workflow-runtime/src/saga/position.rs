//! Where in a workflow's fan-outs a step stands.

use std::sync::Arc;

/// The item of each fan-out around a step, from the innermost outwards.
#[derive(Clone, Default)]
pub struct ItemPosition(Option<Arc<Item>>);

/// One item of a fan-out.
struct Item {
    outside: ItemPosition,
}

/// Inside no fan-out.
pub fn outermost() -> ItemPosition {
    ItemPosition(None)
}

/// Inside one more item of a fan-out.
pub fn item(outside: &ItemPosition) -> ItemPosition {
    ItemPosition(Some(Arc::new(Item { outside: outside.clone() })))
}

impl ItemPosition {
    /// A number for each item, from the outermost inwards, behind 0 for the workflow itself.
    pub(super) fn numbers(&self) -> Vec<usize> {
        let mut numbers = match &self.0 {
            Some(item) => item.outside.numbers(),
            None => return vec![0],
        };
        // Items live as long as their positions, so no two have the same address.
        numbers.extend(self.0.as_ref().map(|item| Arc::as_ptr(item) as usize));
        numbers
    }
}
