//! The expansion is clean where the user's crate is strict, and means what it says where
//! the user's names are odd.
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

    /// Undoes.
    #[step]
    pub async fn undo(_count: &usize) {}

    workflow! {
        /// Fails in every way.
        #[on_failure(finish)]
        pub async fn failing(text: &str) -> Fallible<usize> {
            #[compensate(undo(&first))]
            let first = check(text.len()).await?;
            let second = check(text.len() + 1).await?;
            let third = check(first + text.len()).await?;
            let fourth = check(first + second).await?;
            #[compensate(undo(&fifth))]
            let fifth = check(third + fourth).await?;
            let sixth = check(fourth).await?;
            let all = for number in 0..second {
                #[compensate(undo(&done))]
                let done = check(number).await?;
                done
            };
            ::core::result::Result::Ok(fifth + sixth + all.len())
        }

        /// Calls it.
        pub async fn calling(text: &str) -> Fallible<usize> {
            let inner = failing(text).await?;
            ::core::result::Result::Ok(inner)
        }
    }

    workflow! {
        /// Uses every form.
        pub async fn every_form(text: &str) -> Fallible<usize> {
            let first = count(text).await;
            let second = check(first).await?;
            let third = count(text).await;
            let fourth = check(third + second).await?;
            let fifth = check(first + third).await?;
            let choice = if fourth > fifth { check(first).await? } else { count(text).await };
            #[concurrency(2)]
            let many = for item in [choice, third] {
                let checked = check(item).await?;
                checked + first
            };
            check(choice).await?;
            let odd = (Some, None, Ok(), Err(), Result);
            let sum = many.iter().sum::<usize>() + usize::from(matches!(odd.0, Option::Some));
            ::core::result::Result::Ok(sum)
        }
    }
}

/// Names that the generated code uses itself.
pub mod odd_names {
    use workflow_runtime::{step, workflow};

    /// Doubles.
    #[step]
    pub async fn r#type(r#match: u32) -> u32 {
        r#match * 2
    }

    workflow! {
        /// All of the macro's own names, and raw ones.
        pub async fn r#async(scope: u32, r#fn: u32) -> u32 {
            let output = r#type(scope).await;
            let cx = r#type(r#fn).await;
            let tracker = r#type(output).await;
            let branch = r#type(output + cx).await;
            let value = for items in [tracker, branch] { let limit = r#type(items).await; limit + scope };
            let failure = if output > cx { r#type(cx).await } else { 1 };
            let r#struct = r#type(failure).await;
            let question = format!("{branch} {value:?} {cx:>output$} {}", r#struct, output = 3);
            question.len().try_into().unwrap_or(scope)
        }
    }
}

#[tokio::test]
async fn shadowed_names_change_nothing() {
    assert_eq!(shadowed::every_form("abc").await, Ok(13));
}

#[tokio::test]
async fn odd_names_are_names() {
    assert_eq!(odd_names::r#async(1, 2).await, 16);
    assert_eq!(odd_names::r#async::GRAPH.name(), "async");
    assert!(odd_names::r#async::GRAPH.node("struct").is_some());
}
