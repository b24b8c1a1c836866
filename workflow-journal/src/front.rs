//! Where a list begins.

use crate::{Filter, Timestamp};

/// Which runs are left out at the front of a list: those that are younger than the only moment that
/// counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Front<'a> {
    All,
    /// Runs that were last updated before this moment.
    Before(Timestamp),
    /// Runs that come after this one.
    After(Timestamp, &'a str),
}

impl Filter {
    /// Of two criteria, only one leaves runs out that the other one does not. A database finds the
    /// front by one condition, and would read all runs before it by two.
    pub(crate) fn front(&self) -> Front<'_> {
        match (self.updated_before, &self.after) {
            (None, None) => Front::All,
            (Some(before), Some((moment, _))) if before <= *moment => Front::Before(before),
            (_, Some((moment, id))) => Front::After(*moment, id),
            (Some(before), None) => Front::Before(before),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_older_moment_counts() {
        let before = |moment| Filter::default().updated_before(Timestamp(moment));
        assert_eq!(Filter::default().front(), Front::All);
        assert_eq!(before(7).front(), Front::Before(Timestamp(7)));
        let after = |filter: Filter| filter.after(Timestamp(7), "a");
        assert_eq!(after(Filter::default()).front(), Front::After(Timestamp(7), "a"));
        // The run's own moment is not before 7, so neither is that of any run beside it.
        assert_eq!(after(before(7)).front(), Front::Before(Timestamp(7)));
        assert_eq!(after(before(6)).front(), Front::Before(Timestamp(6)));
        assert_eq!(after(before(8)).front(), Front::After(Timestamp(7), "a"));
    }
}
