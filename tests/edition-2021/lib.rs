//! A user's crate of edition 2021 that has given the runtime another name.

use flow::{step, workflow};

/// Borrows two things of different lifetimes and returns what belongs to the first.
#[step]
pub async fn longest<'a>(left: &'a str, right: &str) -> Result<&'a str, String> {
    if right.len() > left.len() {
        return Err(format!("{right} is longer"));
    }
    Ok(left)
}

/// Takes anything that can be printed.
#[step(crate = flow)]
pub async fn print(what: impl std::fmt::Display, suffix: &str) -> String {
    format!("{what}{suffix}")
}

workflow! {
    /// Has elided and named lifetimes, and an `impl Trait` argument.
    #[allow(clippy::needless_lifetimes)]
    pub async fn label<'a>(
        name: &'a str,
        other: &str,
        suffix: impl std::fmt::Display + Clone,
    ) -> Result<String, String> {
        let longest = longest(name, other).await?;
        let first = print(longest, "!").await;
        let second = print(suffix.clone(), other).await;
        let both = print(format_args!("{first}{second}").to_string(), "").await;
        let irreducible = print(first.len() + suffix.to_string().len(), "").await;
        Ok(both + &irreducible)
    }
}
