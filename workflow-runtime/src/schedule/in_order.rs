//! Values that arrive in any order, in the order of their numbers.

use std::collections::VecDeque;

/// Values that arrive in any order. What has arrived in order takes no more space than a list of
/// them.
pub(super) struct InOrder<V> {
    values: Vec<V>,
    /// What has arrived too early: first comes the value after the one that is missing.
    early: VecDeque<Option<V>>,
}

impl<V> InOrder<V> {
    /// Room for so many at first.
    pub(super) fn of(values: usize) -> Self {
        Self { values: Vec::with_capacity(values), early: VecDeque::new() }
    }

    /// The value with this number, which comes only once.
    pub(super) fn put(&mut self, number: usize, value: V) {
        let Some(at) = (number - self.values.len()).checked_sub(1) else {
            self.values.push(value);
            while let Some(Some(next)) = self.early.pop_front() {
                self.values.push(next);
            }
            return;
        };
        if self.early.len() <= at {
            self.early.resize_with(at + 1, || None);
        }
        self.early[at] = Some(value);
    }

    /// All values, if each has come.
    pub(super) fn take(&mut self) -> Vec<V> {
        core::mem::take(&mut self.values)
    }
}

#[cfg(test)]
mod tests {
    use super::InOrder;

    /// Every order in which so many values can arrive.
    fn orders(values: usize) -> Vec<Vec<usize>> {
        if values == 0 {
            return vec![Vec::new()];
        }
        let insert = |order: &Vec<usize>, at: usize| {
            let mut order = order.clone();
            order.insert(at, values - 1);
            order
        };
        let shorter = orders(values - 1);
        shorter.iter().flat_map(|order| (0..values).map(move |at| insert(order, at))).collect()
    }

    #[test]
    fn whatever_the_order_of_arrival() {
        for order in orders(6) {
            let mut values = InOrder::of(order.len());
            for &number in &order {
                values.put(number, number);
            }
            assert_eq!(values.take(), [0, 1, 2, 3, 4, 5], "{order:?}");
        }
    }
}
