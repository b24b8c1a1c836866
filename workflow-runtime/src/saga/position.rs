//! Where a step is in a workflow's fan-outs.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// The item of each fan-out around a step, from the innermost outwards.
#[derive(Clone, Default)]
pub struct ItemPosition(Option<Arc<Item>>);

/// One item of a fan-out.
struct Item {
    outside: ItemPosition,
    /// Which item it is, if each item starts only when the one before it is done.
    turn: Option<u64>,
}

/// Outside any fan-out.
pub fn outermost() -> ItemPosition {
    ItemPosition(None)
}

/// Inside one more item of a fan-out with this limit.
pub fn item(outside: &ItemPosition, limit: Option<usize>) -> ItemPosition {
    // Of two items, the one that starts later has the higher number.
    static TURNS: AtomicU64 = AtomicU64::new(0);
    let in_turn = limit.is_some_and(|limit| limit <= 1);
    let turn = in_turn.then(|| TURNS.fetch_add(1, Ordering::Relaxed));
    ItemPosition(Some(Arc::new(Item { outside: outside.clone(), turn })))
}

impl ItemPosition {
    /// A number for each item, from the outermost inwards, preceded by 0 for the workflow itself.
    pub(super) fn numbers(&self) -> Vec<usize> {
        let mut numbers = match &self.0 {
            Some(item) => item.outside.numbers(),
            None => return vec![0],
        };
        // Items live as long as their positions, so no two have the same address.
        numbers.extend(self.0.as_ref().map(|item| Arc::as_ptr(item) as usize));
        numbers
    }

    /// Which item of each fan-out it is, from the outermost inwards, for fan-outs whose items run
    /// one after another.
    pub(super) fn turns(&self) -> Vec<Option<u64>> {
        let Some(item) = &self.0 else { return Vec::new() };
        let mut turns = item.outside.turns();
        turns.push(item.turn);
        turns
    }
}
