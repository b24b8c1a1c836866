//! Where the variables of a region are kept.

use super::usage::Summary;

/// Where a variable is kept, which determines what its users get.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Storage {
    /// In the variable itself, which was ready before the region; users borrow it.
    Before,
    /// In a `Shared`; users borrow it.
    Shared,
    /// In an `Option`; its one user consumes it.
    Owned,
    /// In a `Lent`; users borrow it and the last one consumes it.
    Lent,
    /// In a `Deferred`; users borrow it, some of them while they run.
    Deferred,
    /// In a `DeferredLent`; users borrow it, some of them while they run, and the last one
    /// consumes it.
    DeferredLent,
    /// In a `DeferredOwned`; its one user consumes it while it runs. It cannot say that the value
    /// never comes, so it is not for workflows that go on after a failure.
    DeferredOwned,
    /// In a slot outside the region; users borrow it there.
    Outside,
    /// In a place outside of the whole body; users borrow it there.
    Place,
    /// In a slot outside the region, where the branch that declares it puts it; users borrow it
    /// there.
    Held,
}

/// Where a variable comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Home {
    /// It was ready before the region.
    Before,
    /// A branch of the region declares it.
    Branch,
    /// A branch declares it, and it has a place outside of the whole body.
    Place,
    /// A branch declares it, and it has a slot outside of the region.
    Held,
    /// A branch only waits for it: it is in a slot outside.
    Outside,
}

/// A branch that uses a variable.
#[derive(Debug, Clone, Copy)]
pub(crate) struct User {
    pub(crate) usage: Summary,
    /// No other user runs after this one starts.
    pub(crate) last: bool,
    /// How it waits, if it may start before the variable is ready.
    pub(crate) waits: Option<Waits>,
    /// It is a single call or expression.
    pub(crate) is_plain: bool,
}

/// How a branch that is already running waits for a variable.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Waits {
    /// In one place at most, which can then take the value.
    pub(crate) once: bool,
    /// Every path through the branch that takes the value does so after all that borrow it.
    pub(crate) takes_last: bool,
}

impl User {
    /// Whether it can be given the value itself, once all others are done with it.
    fn can_consume(self) -> bool {
        let once = self.waits.is_none_or(|waits| waits.once || waits.takes_last);
        self.last && self.usage.consumes() && once
    }
}

/// The simplest storage that serves the users. `goes_on` is whether the workflow goes on after a
/// failure.
pub(crate) fn choose(home: Home, users: &[User], needed_later: bool, goes_on: bool) -> Storage {
    let shared = match home {
        Home::Outside => return Storage::Outside,
        Home::Place => return Storage::Place,
        Home::Held => return Storage::Held,
        Home::Before => Storage::Before,
        Home::Branch => Storage::Shared,
    };
    // The value may leave its place only if nothing after the region needs it.
    let consumed_last = !needed_later
        && users.iter().any(|user| user.can_consume())
        && users.iter().filter(|user| !user.last).all(|user| !user.usage.takes_all);
    if users.iter().any(|user| user.waits.is_some()) {
        return match users {
            [User { usage, waits: Some(Waits { once: true, .. }), .. }]
                if usage.consumes() && !goes_on && !needed_later =>
            {
                Storage::DeferredOwned
            }
            _ if consumed_last => Storage::DeferredLent,
            _ => Storage::Deferred,
        };
    }
    match users {
        [] => Storage::Owned,
        _ if needed_later => shared,
        [user] => {
            // A single plain call that borrows and copies needs only a borrow.
            let borrows_only = user.is_plain && user.usage.borrows;
            if user.usage.consumes() && !borrows_only { Storage::Owned } else { shared }
        }
        _ if consumed_last => Storage::Lent,
        _ => shared,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn users() -> impl Strategy<Value = Vec<User>> {
        let user = any::<([bool; 5], Option<(bool, bool)>)>().prop_map(
            |([borrows, takes_part, takes_all, last, is_plain], waits)| {
                let usage = Summary { borrows, takes_part, takes_all };
                let waits = waits.map(|(once, takes_last)| Waits { once, takes_last });
                User { usage, last, waits, is_plain }
            },
        );
        prop::collection::vec(user, 0..5)
    }

    fn home() -> impl Strategy<Value = Home> {
        prop::sample::select(vec![
            Home::Before,
            Home::Branch,
            Home::Place,
            Home::Held,
            Home::Outside,
        ])
    }

    proptest! {
        /// No user is given the value while another still needs it, and no user waits at a slot
        /// that cannot wake it.
        #[test]
        fn what_is_chosen_serves_all_users(
            home in home(),
            users in users(),
            needed_later: bool,
            goes_on: bool,
        ) {
            let storage = choose(home, &users, needed_later, goes_on);
            let in_region = matches!(home, Home::Before | Home::Branch);
            let waits = users.iter().any(|user| user.waits.is_some());
            match storage {
                Storage::Outside => prop_assert_eq!(home, Home::Outside),
                Storage::Place => prop_assert_eq!(home, Home::Place),
                Storage::Held => prop_assert_eq!(home, Home::Held),
                Storage::Before => prop_assert!(home == Home::Before && !waits),
                Storage::Shared => prop_assert!(home == Home::Branch && !waits),
                Storage::Deferred => prop_assert!(in_region && waits),
                Storage::Owned => {
                    prop_assert!(in_region && !waits && users.len() < 2);
                    prop_assert!(users.is_empty() || !needed_later);
                }
                Storage::DeferredOwned => {
                    prop_assert!(in_region && users.len() == 1 && users[0].waits.is_some_and(|waits| waits.once));
                    prop_assert!(!needed_later && !goes_on);
                }
                Storage::Lent | Storage::DeferredLent => {
                    prop_assert!(in_region && !needed_later);
                    prop_assert_eq!(waits, storage == Storage::DeferredLent);
                    prop_assert!(users.iter().any(|user| user.can_consume()));
                    prop_assert!(users.iter().all(|user| user.last || !user.usage.takes_all));
                }
            }
        }

        /// If the value can be handed over, it is, so that code with a value that cannot be copied
        /// compiles.
        #[test]
        fn the_last_user_gets_the_value(users in users(), goes_on: bool) {
            let storage = choose(Home::Branch, &users, false, goes_on);
            let others_borrow = users.iter().all(|user| user.last || !user.usage.takes_all);
            let borrows_only = |user: &User| user.is_plain && user.usage.borrows;
            if users.iter().any(|user| user.can_consume() && !borrows_only(user)) && others_borrow {
                let gives = matches!(
                    storage,
                    Storage::Owned
                        | Storage::Lent
                        | Storage::DeferredLent
                        | Storage::DeferredOwned
                );
                prop_assert!(gives, "{storage:?}");
            }
        }
    }
}
