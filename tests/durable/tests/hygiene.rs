//! What durable workflows expand to is clean where the user's crate is strict, and means what it
//! says where the user's names are odd.
#![deny(warnings, missing_docs, unsafe_code, clippy::all, clippy::pedantic, clippy::nursery)]
#![deny(unused, unreachable_pub, rust_2018_idioms, single_use_lifetimes)]

/// Everything that generated code might be tempted to name, shadowed.
pub mod shadowed {
    use workflow_runtime::{step, workflow};

    /// Not the usual one.
    #[derive(Debug, Clone, Copy)]
    pub enum Option {
        /// Not the usual one.
        Some,
        /// Not the usual one.
        None,
    }
    /// Not the usual one.
    #[derive(Debug)]
    pub struct Result;
    /// Not the usual one.
    pub trait Future {}
    /// Not the usual one.
    pub trait Send {}
    /// Not the usual one.
    pub mod std {}
    /// Not the usual one.
    pub mod core {}
    /// Not the usual one.
    #[expect(non_snake_case, reason = "as `Ok` would be")]
    pub const fn Ok() {}
    /// Not the usual one.
    #[expect(non_snake_case, reason = "as `Err` would be")]
    pub const fn Err() {}
    /// Not the usual one.
    pub use self::Option::{None, Some};

    type Fallible<T> = ::core::result::Result<T, String>;

    /// Counts.
    #[step]
    pub async fn count(text: &str) -> usize {
        text.len()
    }

    /// Checks.
    #[step]
    pub async fn check(count: usize) -> Fallible<usize> {
        if count > 100 {
            ::core::result::Result::Err("too long".to_owned())
        } else {
            ::core::result::Result::Ok(count)
        }
    }

    /// Waits.
    #[step]
    pub async fn awaited(name: &str) -> usize {
        name.len() + 1
    }

    /// Undoes.
    #[step]
    pub async fn undo(_count: &usize) {}

    workflow! {
        /// Uses every form, durably.
        #[durable]
        pub async fn durably(text: &str, more: usize, most: usize) -> Fallible<usize> {
            let first = count(text).await;
            #[compensate(undo(&second))]
            let second = check(first + more).await?;
            let third = count(text).await;
            let fourth = check(third + second).await?;
            let fifth = check(first + third).await?;
            let choice = if fourth > fifth { check(first).await? } else { count(text).await };
            let kind = match choice { 0 => count(text).await, number => check(number).await? };
            #[concurrency(2)]
            let many = for item in [choice, third] {
                let checked = check(item).await?;
                checked + first
            };
            let inner = alone().await?;
            let waited = awaited("more").await;
            #[after(waited)]
            workflow_runtime::sleep("1ms").await;
            let sum = many.iter().sum::<usize>() + kind + inner + waited + most;
            ::core::result::Result::Ok(sum)
        }

        /// Has no inputs.
        #[durable]
        pub async fn alone() -> Fallible<usize> {
            let count = count("alone").await;
            ::core::result::Result::Ok(count)
        }

        /// Borrows alone.
        #[durable]
        #[on_failure(finish)]
        pub async fn borrowing(text: &str, other: &str) -> Fallible<usize> {
            let first = count(text).await;
            let second = check(other.len()).await?;
            ::core::result::Result::Ok(first + second)
        }

        /// Is generic.
        #[durable]
        pub async fn generic<T, const N: usize>(text: &str, value: T, list: Vec<T>) -> Fallible<T>
        where
            T: ::serde::Serialize + ::serde::de::DeserializeOwned + ::core::marker::Send + Sync,
        {
            let count = check(text.len() + list.len() + N).await?;
            #[after(count)]
            let taken = value;
            ::core::result::Result::Ok(taken)
        }
    }
}

/// Names that stand in the generated code, too.
pub mod odd_names {
    use workflow_runtime::{step, workflow};

    /// Counts.
    #[step]
    pub async fn r#type(journal: u32) -> u32 {
        journal + 5
    }

    workflow! {
        /// Has odd names.
        #[durable]
        pub async fn r#dyn(r#fn: &str, stored: u32, r#use: u32) -> Result<u32, ()> {
            let journal = r#type(stored).await;
            let id = r#type(r#use).await;
            let input = r#type(journal + id).await;
            Ok(input + u32::from(r#fn.is_empty()))
        }
    }
}

#[tokio::test]
async fn they_mean_what_they_say() {
    let journal = workflow_runtime::Journal::memory();
    let value = journal.run("one", shadowed::durably("abc", 1, 7)).await.unwrap();
    assert_eq!(value, 3 + 3 + 3 + 3 + 3 + 5 + 5 + 7);
    assert_eq!(shadowed::durably::resume(&journal, "one", "abc").await.unwrap(), value);
    assert_eq!(journal.run("alone", shadowed::alone()).await.unwrap(), 5);
    assert_eq!(shadowed::alone::resume(&journal, "alone").await.unwrap(), 5);
    assert_eq!(journal.run("two", shadowed::borrowing("a", "bc")).await.unwrap(), 3);
    assert_eq!(shadowed::borrowing::resume(&journal, "two", "a", "bc").await.unwrap(), 3);
    let call = shadowed::generic::<_, 2>("a", 'x', vec!['y']);
    assert_eq!(journal.run("three", call).await.unwrap(), 'x');
    let again = shadowed::generic::resume::<char, 2>(&journal, "three", "a").await;
    assert_eq!(again.unwrap(), 'x');
    assert_eq!(journal.run("four", odd_names::r#dyn("", 1, 2)).await.ok(), Some(19));
    assert_eq!(odd_names::r#dyn::resume(&journal, "four", "").await.ok(), Some(19));
}

#[tokio::test]
async fn a_durable_workflow_may_stand_in_a_function() {
    use workflow_runtime::{step, workflow};

    #[derive(Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
    struct Parcel(u32);

    struct Shop(u32);

    #[step]
    async fn pack(n: u32, shop: &Shop) -> Result<Parcel, String> {
        Ok(Parcel(n + shop.0))
    }

    workflow! {
        #[durable]
        async fn ship(n: u32, ship: &Shop, #[allow(unused_variables)] unused: u32) -> Result<Parcel, String> {
            let parcel = pack(n, ship).await?;
            Ok(parcel)
        }
    }

    let journal = workflow_runtime::Journal::memory();
    let shop = Shop(2);
    assert_eq!(journal.run("one", ship(1, &shop, 0)).await.unwrap(), Parcel(3));
    assert_eq!(ship::resume(&journal, "one", &shop).await.unwrap(), Parcel(3));
    assert_eq!(ship::resume_all(&journal, &shop).await.unwrap().len(), 0);
    assert_eq!(ship::GRAPH.inputs(), ["n", "ship", "unused"]);
}

/// Workflows of which some are not there.
pub mod configured {
    use workflow_runtime::workflow;

    use super::odd_names::r#type;

    workflow! {
        /// Not there.
        #[cfg(any())]
        #[durable]
        pub async fn absent(n: Absent) -> Result<u32, ()> {
            let m = absent(n).await;
            Ok(m)
        }

        /// Without what is durable.
        #[cfg(any())]
        pub async fn either(n: u32) -> u32 {
            r#type(n).await
        }

        /// With it, but for a parameter.
        #[cfg(all())]
        #[cfg_attr(all(), durable)]
        pub async fn either(n: u32, #[cfg(any())] absent: Absent) -> Result<u32, ()> {
            let m = r#type(n).await;
            #[cfg(any())]
            let m = absent(m).await;
            Ok(m)
        }
    }
}

#[tokio::test]
async fn a_durable_workflow_follows_the_configuration() {
    let journal = workflow_runtime::Journal::memory();
    assert_eq!(journal.run("one", configured::either(1)).await.ok(), Some(6));
    assert_eq!(configured::either::resume(&journal, "one").await.ok(), Some(6));
    assert_eq!(configured::either::GRAPH.inputs(), ["n"]);
}
