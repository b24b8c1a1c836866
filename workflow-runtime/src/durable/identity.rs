//! What a value is, as a text short enough to be stored with each record.
//!
//! It shows whether a value that is computed again is still the same, and which item of a fan-out
//! is which. Two values that are the same as JSON have the same identity, in whatever order a hash
//! map or a set holds them.

// Only generated code names these types.
#![allow(missing_debug_implementations)]

use std::any::type_name;
use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use siphasher::sip128::{Hasher128, SipHasher24};

pub use crate::run::Identity;

fn of_json(json: &str, unordered: bool) -> Identity {
    let mut hasher = SipHasher24::new();
    hash_json(json, unordered, &mut hasher);
    of(&hasher)
}

fn of(hasher: &SipHasher24) -> Identity {
    Identity::new(format!("{:032x}", hasher.finish128().as_u128()))
}

/// Whether two JSON texts are the same value: numbers are compared by their digits, objects in any
/// order. With `unordered`, arrays can be in any order, too.
pub(crate) fn same_json(left: &str, right: &str, unordered: bool) -> bool {
    left == right || of_json(left, unordered) == of_json(right, unordered)
}

/// Whether a value that is read from this JSON can be written in another order each time, like a
/// `HashSet`.
pub(crate) fn is_unordered<T: Serialize + Deserialize<'static>>(json: &str) -> bool {
    // With fewer than two elements, there is no order.
    if !json.contains('[') || !json.contains(',') {
        return false;
    }
    // A set of two has the same order every other time; a large one never does.
    let tries = if json.len() < 1000 { 24 } else { 4 };
    let read = || serde_json::to_string(&read::<T>(json)?).ok();
    let Some(first) = read() else { return false };
    // The order of a map does not count, so any remaining difference is in the order of an array.
    (1..tries).any(|_| read().is_some_and(|again| !same_json(&first, &again, false)))
}

/// Reads a value that borrows nothing from the text.
fn read<T: Deserialize<'static>>(json: &str) -> Option<T> {
    T::deserialize(&mut serde_json::Deserializer::from_reader(json.as_bytes())).ok()
}

/// Deeper values than this cannot be read back anyway.
const DEEPEST: usize = 128;

fn hash_json(json: &str, unordered: bool, hasher: &mut SipHasher24) {
    hash_value(json, unordered, 0, hasher);
}

fn hash_value(json: &str, unordered: bool, depth: usize, hasher: &mut SipHasher24) {
    let json = json.trim();
    let hash_inner = |value: &RawValue, hasher: &mut SipHasher24| {
        hash_value(value.get(), unordered, depth + 1, hasher);
    };
    match json.as_bytes().first().filter(|_| depth < DEEPEST) {
        Some(b'{') => {
            let fields: BTreeMap<String, &RawValue> =
                serde_json::from_str(json).unwrap_or_default();
            hasher.write_u8(b'{');
            hasher.write_u64(fields.len() as u64);
            for (name, value) in fields {
                name.hash(hasher);
                hash_inner(value, hasher);
            }
        }
        Some(b'[') => {
            let elements: Vec<&RawValue> = serde_json::from_str(json).unwrap_or_default();
            hasher.write_u8(b'[');
            hasher.write_u64(elements.len() as u64);
            if unordered {
                let hash_of = |value: &&RawValue| {
                    let mut own = SipHasher24::new();
                    hash_inner(value, &mut own);
                    own.finish128().as_u128()
                };
                let mut hashes: Vec<u128> = elements.iter().map(hash_of).collect();
                hashes.sort_unstable();
                for hash in hashes {
                    hasher.write_u128(hash);
                }
            } else {
                for value in elements {
                    hash_inner(value, hasher);
                }
            }
        }
        Some(b'"') => {
            // A text can be escaped in more than one way.
            let text: String = serde_json::from_str(json).unwrap_or_default();
            hasher.write_u8(b'"');
            text.hash(hasher);
        }
        _ => {
            hasher.write_u8(b'0');
            json.hash(hasher);
        }
    }
}

fn mentions_a_hash<T: ?Sized>() -> bool {
    let name = type_name::<T>();
    name.contains("HashSet<") || name.contains("HashMap<")
}

/// Whether its hash includes something that differs in another process: the address of a function,
/// or a number assigned by the process.
fn mentions_an_address<T: ?Sized>() -> bool {
    let name = type_name::<T>();
    ["fn(", "*const ", "*mut ", "NonNull<", "ThreadId", "TypeId"]
        .iter()
        .any(|address| name.contains(address))
}

/// Stands for a value of type `T` that the generated code looks at. `Way` determines its identity.
///
/// rustc may learn the type only from later code. So the way is left open where the value is, and
/// is chosen after the whole body, by what the type offers by then.
pub struct Noted<T, Way>(PhantomData<fn() -> (T, Way)>);

impl<T, Way> Clone for Noted<T, Way> {
    #[inline]
    fn clone(&self) -> Self {
        *self
    }
}

impl<T, Way> Copy for Noted<T, Way> {}

impl<T, Way> Noted<T, Way> {
    /// Stands for a value that does not exist yet.
    #[must_use]
    #[allow(clippy::new_without_default)]
    #[inline]
    pub fn new() -> Self {
        Self(PhantomData)
    }

    /// Tells rustc that this is the value. Called in unreachable code, so that the borrow checker
    /// does not see it: the value may borrow from variables that go out of scope before the body
    /// ends.
    #[inline]
    pub fn is(self, _: &T) {}

    /// The same for the items of a fan-out.
    #[inline]
    pub fn is_each(self, _: &impl IntoIterator<Item = T>) {}

    /// The type of the value, which is asked for the way.
    #[must_use]
    #[inline]
    pub fn its_type(self) -> TypeOf<T> {
        TypeOf(PhantomData)
    }

    /// Tells rustc the way.
    #[inline]
    pub fn told(self, _: Way) {}
}

/// The identity of `value`, which the other argument stands for.
pub(crate) fn identity_of<T, Way, V>(_: Noted<T, Way>, value: &V) -> Option<Identity>
where
    Way: Tells<V>,
{
    Way::identity(value)
}

/// A way to determine the identity of a value.
pub trait Tells<T> {
    /// The identity; `None` if it cannot be determined.
    fn identity(value: &T) -> Option<Identity>;
}

/// Asked for the way with references in front, so that method resolution first tries types that
/// serde can write and read, then types that it can only write, then types that can be hashed, and
/// then anything.
///
/// Method resolution ignores lifetimes, so a type that borrows from a text has to be readable as
/// well: from a `'static` text it is.
pub struct TypeOf<T>(PhantomData<fn() -> T>);

/// The ways, and the traits that are used to ask for them.
pub mod ways {
    use super::{Deserialize, Hash, Identity, Serialize, SipHasher24, Tells, TypeOf, of, of_json};
    use super::{is_unordered, mentions_a_hash, mentions_an_address};

    macro_rules! asked {
        ($way:ident, $trait:ident) => {
            #[doc = concat!("See [`", stringify!($way), "`].")]
            pub trait $trait {
                /// The way.
                #[inline]
                fn way(&self) -> $way {
                    $way
                }
            }
        };
    }

    /// By what serde writes for it. The value can be read back, which reveals an order that differs
    /// each time.
    pub struct ByRecord;

    asked!(ByRecord, CanBeRead);

    impl<T: Serialize + Deserialize<'static>> CanBeRead for &&&&&TypeOf<T> {}

    impl<T: Serialize + Deserialize<'static>> Tells<T> for ByRecord {
        fn identity(value: &T) -> Option<Identity> {
            let json = serde_json::to_string(value).ok()?;
            Some(of_json(&json, is_unordered::<T>(&json)))
        }
    }

    /// The same for a borrowed value.
    pub struct ByBorrowedRecord;

    asked!(ByBorrowedRecord, CanBeReadBehind);

    impl<T: Serialize + Deserialize<'static>> CanBeReadBehind for &&&&TypeOf<&T> {}

    impl<T: Serialize + Deserialize<'static>> Tells<&T> for ByBorrowedRecord {
        fn identity(value: &&T) -> Option<Identity> {
            ByRecord::identity(*value)
        }
    }

    /// By what serde writes for it.
    pub struct ByJson;

    asked!(ByJson, CanBeWritten);

    impl<T: Serialize> CanBeWritten for &&&TypeOf<T> {}

    impl<T: Serialize> Tells<T> for ByJson {
        fn identity(value: &T) -> Option<Identity> {
            let json = serde_json::to_string(value).ok()?;
            Some(of_json(&json, mentions_a_hash::<T>()))
        }
    }

    /// By its hash.
    pub struct ByHash;

    asked!(ByHash, CanBeHashed);

    impl<T: Hash> CanBeHashed for &&TypeOf<T> {}

    impl<T: Hash> Tells<T> for ByHash {
        fn identity(value: &T) -> Option<Identity> {
            if mentions_an_address::<T>() {
                return None;
            }
            let mut hasher = SipHasher24::new();
            value.hash(&mut hasher);
            Some(of(&hasher))
        }
    }

    /// It cannot be determined.
    pub struct ByNothing;

    asked!(ByNothing, CanBeAnything);

    impl<T> CanBeAnything for &TypeOf<T> {}

    impl<T> Tells<T> for ByNothing {
        fn identity(_: &T) -> Option<Identity> {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{HashMap, HashSet};
    use std::time::Instant;

    use super::ways::*;
    use super::*;

    #[derive(serde::Serialize, serde::Deserialize)]
    struct Basket {
        fruit: HashSet<u32>,
    }

    struct Opaque;

    macro_rules! identity {
        ($value:expr) => {{
            let noted = Noted::new();
            let identity = identity_of(noted, $value);
            noted.is($value);
            noted.told((&&&&&&noted.its_type()).way());
            identity
        }};
    }

    #[test]
    fn the_order_of_a_set_does_not_count_and_that_of_a_list_does() {
        let set = || (0..5).collect::<HashSet<u32>>();
        assert_eq!(identity!(&set()), identity!(&set()));
        assert_eq!(identity!(&&set()), identity!(&&set()));
        assert_eq!(identity!(&Basket { fruit: set() }), identity!(&Basket { fruit: set() }));
        assert_ne!(identity!(&vec![1, 2, 3]), identity!(&vec![3, 2, 1]));
        let map = || (0..5).map(|n| (n, n)).collect::<HashMap<u32, u32>>();
        assert_eq!(identity!(&map()), identity!(&map()));
    }

    #[test]
    fn numbers_are_told_apart_by_their_digits() {
        assert_ne!(identity!(&u128::MAX), identity!(&(u128::MAX - 1)));
        assert!(!same_json("340282366920938463463374607431768211455", "3.4e38", false));
        assert!(same_json("{\"a\":1,\"b\":2}", "{ \"b\": 2, \"a\": 1 }", false));
        assert!(same_json("\"\\u00e9\"", "\"é\"", false));
    }

    #[test]
    fn what_serde_does_not_know_can_be_hashed() {
        let now = Instant::now();
        assert_eq!(identity!(&now), identity!(&now));
        let later = now + std::time::Duration::from_nanos(1);
        assert_ne!(identity!(&now), identity!(&later));
        assert_eq!(identity!(&Opaque), None);
        // In another process, its address is different.
        let function: fn() = || {};
        assert_eq!(identity!(&(function, 1)), None);
        assert_eq!(identity!(&std::thread::current().id()), None);
    }
}
