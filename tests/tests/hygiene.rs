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

    /// Not the usual one.
    pub trait Clone {}
    /// Not the usual one.
    pub const fn drop() {}

    type Tried<T> = ::core::result::Result<T, workflow_runtime::StepError>;

    /// Tries again.
    #[step(
        retry(max_attempts = 3, backoff = exponential("1ms", factor = 1.5, max = "2s"), jitter,
            when = |error| error.to_string().is_empty()),
        timeout = "1s",
        deadline = "1m"
    )]
    pub async fn retried(
        text: &str,
        (mut left, _): (usize, String),
        _held: String,
        count: &mut usize,
    ) -> Tried<usize> {
        *count += 1;
        left += text.len();
        if *count < 3 {
            return ::core::result::Result::Err(workflow_runtime::StepError::permanent(""));
        }
        ::core::result::Result::Ok(left + *count)
    }

    /// Has a limit.
    #[step(timeout = "1s")]
    pub async fn limited(text: &str, mut count: usize) -> Tried<usize> {
        count += text.len();
        ::core::result::Result::Ok(count)
    }

    /// Runs elsewhere.
    #[step(spawn, retry(max_attempts = 2, when = |_| false))]
    pub async fn spawned(text: String) -> Tried<usize> {
        ::core::result::Result::Ok(text.len())
    }

    /// Runs elsewhere.
    #[step(blocking, deadline = "2h")]
    pub fn blocking(text: String, count: usize) -> Tried<usize> {
        ::core::result::Result::Ok(text.len() + count)
    }

    workflow! {
        /// Uses every option.
        pub async fn every_option(text: &str, count: &mut usize) -> Tried<usize> {
            let first = retried(text, (1, String::new()), String::new(), count).await?;
            let second = limited(text, first).await?;
            let third = spawned(text.to_owned()).await?;
            let fourth = blocking(text.to_owned(), second).await?;
            ::core::result::Result::Ok(third + fourth)
        }

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

    /// All of the macro's own names.
    #[step(
        retry(max_attempts = 2, backoff = none, when = |error| *error == 1),
        timeout = "1s",
        deadline = "1m",
        spawn
    )]
    pub async fn r#loop(
        attempts: u32,
        kept_0: u32,
        argument_1: u32,
        output: u32,
        r#error: u32,
        tasks: u32,
        this: u32,
    ) -> Result<u32, Late> {
        let sum = attempts + kept_0 + argument_1 + output + error + tasks + this;
        if sum == 0 { Err(Late(sum)) } else { Ok(sum) }
    }

    /// Too late.
    #[derive(Debug, PartialEq, Eq)]
    pub struct Late(u32);

    impl PartialEq<u32> for Late {
        fn eq(&self, other: &u32) -> bool {
            self.0 == *other
        }
    }

    impl From<workflow_runtime::TimedOut> for Late {
        fn from(_: workflow_runtime::TimedOut) -> Self {
            Self(1)
        }
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
    assert_eq!(shadowed::every_option("abc", &mut 0).await.ok(), Some(16));
}

#[tokio::test]
async fn odd_names_are_names() {
    assert_eq!(odd_names::r#async(1, 2).await, 16);
    assert_eq!(odd_names::r#loop(1, 1, 1, 1, 1, 1, 1).await, Ok(7));
    assert_eq!(odd_names::r#async::GRAPH.name(), "async");
    assert!(odd_names::r#async::GRAPH.node("struct").is_some());
}
