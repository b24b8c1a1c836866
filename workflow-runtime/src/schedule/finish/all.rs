//! The values of several branches, if each has one.

/// The outcome of a branch: its value, or nothing if it failed or something that it needed did.
pub struct Finished<T>(Option<T>);

impl<T> Finished<T> {
    pub(super) fn with(value: T) -> Self {
        Self(Some(value))
    }

    pub(super) fn without() -> Self {
        Self(None)
    }
}

/// Several [`Finished`].
pub trait All {
    /// Their values.
    type Values;

    /// Their values, if each has one.
    fn all(self) -> Option<Self::Values>;
}

/// The values of several branches, if each has one.
pub fn all<A: All>(finished: A) -> Option<A::Values> {
    finished.all()
}

impl<T> All for Finished<T> {
    type Values = T;

    fn all(self) -> Option<T> {
        self.0
    }
}

impl<T: All> All for Vec<T> {
    type Values = Vec<T::Values>;

    fn all(self) -> Option<Vec<T::Values>> {
        self.into_iter().map(All::all).collect()
    }
}

/// A join or a fan-out of branches that never fail does not fail itself.
impl<A: All, F> All for Result<A, F> {
    type Values = A::Values;

    fn all(self) -> Option<A::Values> {
        self.ok()?.all()
    }
}

macro_rules! tuples {
    ($(($($Part:ident $part:ident)+))+) => {$(
        impl<$($Part: All),+> All for ($($Part,)+) {
            type Values = ($($Part::Values,)+);

            fn all(self) -> Option<Self::Values> {
                let ($($part,)+) = self;
                Some(($($part.all()?,)+))
            }
        }
    )+};
}

tuples! {
    (A a B b)
    (A a B b C c)
    (A a B b C c D d)
    (A a B b C c D d E e)
    (A a B b C c D d E e F f)
    (A a B b C c D d E e F f G g)
    (A a B b C c D d E e F f G g H h)
}
