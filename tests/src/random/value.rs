//! The values of random workflows. Each has a digest, and what a workflow computes is
//! computed from digests, so that the interpreter can do the same without types.

use super::context::Fault;

/// What stands for a value in computations.
pub trait Digest {
    /// The number that stands for it.
    fn digest(&self) -> u64;
}

impl Digest for u64 {
    fn digest(&self) -> u64 {
        *self
    }
}

impl Digest for String {
    /// All texts show numbers.
    fn digest(&self) -> u64 {
        self.parse().expect("the text shows a number")
    }
}

impl<D: Digest> Digest for Vec<D> {
    fn digest(&self) -> u64 {
        mix(&self.iter().map(Digest::digest).collect::<Vec<_>>())
    }
}

impl Digest for Result<u64, Fault> {
    fn digest(&self) -> u64 {
        match self {
            Ok(value) => mix(&[1, *value]),
            Err(fault) => mix(&[2, fault.key.id.into()]),
        }
    }
}

impl<D: Digest + ?Sized> Digest for &D {
    fn digest(&self) -> u64 {
        (**self).digest()
    }
}

/// A value that borrows from another one, and sees it to its own end.
#[derive(Clone)]
pub struct View<'v> {
    number: u64,
    of: &'v (dyn Digest + Sync),
}

impl<'v> View<'v> {
    /// Shows the same number.
    pub fn of(value: &'v (impl Digest + Sync)) -> Self {
        Self::numbered(value.digest(), value)
    }

    /// Shows this number.
    pub fn numbered(number: u64, value: &'v (impl Digest + Sync)) -> Self {
        Self { number, of: value }
    }
}

impl Digest for View<'_> {
    fn digest(&self) -> u64 {
        // What it has borrowed is still there.
        self.of.digest();
        self.number
    }
}

macro_rules! tuples {
    ($(($($Value:ident $value:ident)*))*) => {$(
        impl<$($Value: Digest),*> Digest for ($($Value,)*) {
            fn digest(&self) -> u64 {
                let ($($value,)*) = self;
                mix(&[$($value.digest()),*])
            }
        }
    )*};
}

tuples! {
    ()
    (A a B b)
    (A a B b C c)
    (A a B b C c D d)
}

/// A number that follows from all of them and from their order.
#[must_use]
pub fn mix(numbers: &[u64]) -> u64 {
    let step = |mixed: u64, number: &u64| {
        let mixed = (mixed ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        mixed ^ (mixed >> 29)
    };
    numbers.iter().fold(0x0000_5eed, step)
}

/// The digest of a value.
pub fn digest(value: impl Digest) -> u64 {
    value.digest()
}

/// A condition that holds for half of the values.
pub fn odd(value: impl Digest) -> bool {
    value.digest() % 2 == 1
}

/// Something for two thirds of the values.
pub fn small(value: impl Digest) -> Option<u64> {
    let number = value.digest();
    (number % 3 != 0).then_some(number / 3)
}

/// 0, 1 or 2.
pub fn pick(value: impl Digest) -> u64 {
    (value.digest() >> 8) % 3
}

/// What a workflow may match on.
#[derive(Debug)]
pub enum Choice {
    /// For a third of the values.
    First(u64),
    /// For another third.
    Second(u64),
    /// For the rest.
    Third,
}

/// A choice that follows from the value.
pub fn choose(value: impl Digest) -> Choice {
    let number = value.digest();
    match (number >> 4) % 3 {
        0 => Choice::First(number / 5),
        1 => Choice::Second(number / 7),
        _ => Choice::Third,
    }
}

/// Up to five numbers.
pub fn items(value: impl Digest) -> Vec<u64> {
    let number = value.digest();
    (0..number % 6).map(|at| mix(&[number, at])).collect()
}

/// One to three.
pub fn limit(value: impl Digest) -> usize {
    match value.digest() % 3 {
        0 => 1,
        1 => 2,
        _ => 3,
    }
}
