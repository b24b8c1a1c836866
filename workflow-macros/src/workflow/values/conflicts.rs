//! Which users of a value conflict, so that both can have it only if it is copied.

/// Two branches, by their numbers, that use a variable in ways that may conflict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Conflict(pub(crate) usize, pub(crate) usize);

/// A branch that uses a variable.
#[derive(Debug, Clone, Copy)]
pub(crate) struct User {
    pub(crate) branch: usize,
    /// It copies or consumes the whole variable.
    pub(crate) takes_all: bool,
    /// The number of its node, if it is a single expression whose names all belong to the region.
    pub(crate) node: Option<usize>,
}

/// The first two users that cannot both have the value unless it is copied, in the order in which
/// they run, or else in the order of the source. `needs` tells whether a branch starts after
/// another is done.
pub(crate) fn first(users: &[User], needs: impl Fn(usize, usize) -> bool) -> Option<Conflict> {
    for (at, left) in users.iter().enumerate() {
        for right in &users[at + 1..] {
            let both = left.takes_all && right.takes_all;
            let either = left.takes_all || right.takes_all;
            let at_odds = both || either && !needs(right.branch, left.branch);
            if let (true, Some(left_node), Some(right_node)) = (at_odds, left.node, right.node) {
                let in_order = needs(right.branch, left.branch) || left_node < right_node;
                return Some(if in_order {
                    Conflict(left.branch, right.branch)
                } else {
                    Conflict(right.branch, left.branch)
                });
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(branch: usize, takes_all: bool, node: Option<usize>) -> User {
        User { branch, takes_all, node }
    }

    #[test]
    fn two_that_take_the_value_are_at_odds_whatever_their_order() {
        let users = [user(0, true, Some(5)), user(1, true, Some(3))];
        assert_eq!(first(&users, |_, _| false), Some(Conflict(1, 0)));
        assert_eq!(
            first(&users, |later, earlier| (later, earlier) == (1, 0)),
            Some(Conflict(0, 1))
        );
    }

    #[test]
    fn one_that_takes_it_is_at_odds_with_those_that_may_run_beside_it() {
        let users = [user(0, false, Some(0)), user(1, true, Some(1))];
        assert_eq!(first(&users, |_, _| false), Some(Conflict(0, 1)));
        assert_eq!(first(&users, |later, earlier| later > earlier), None);
        let looks = [user(0, false, Some(0)), user(1, false, Some(1))];
        assert_eq!(first(&looks, |_, _| false), None);
    }

    #[test]
    fn what_cannot_be_written_once_more_is_passed_over() {
        let users = [user(0, true, None), user(1, true, Some(1)), user(2, true, Some(2))];
        assert_eq!(first(&users, |_, _| false), Some(Conflict(1, 2)));
    }
}
