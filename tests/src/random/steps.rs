//! The steps that random workflows call.

use workflow_runtime::step;

use super::context::{At, Cx, Fault, Key, Other};
use super::value::{Digest, View};

/// Comes to a number or fails.
#[step]
pub async fn work(cx: &Cx<'_>, at: At, id: u32, inputs: impl Digest) -> Result<u64, Fault> {
    cx.perform(Key { at, id }, inputs).await
}

impl Cx<'_> {
    /// The same as a method.
    #[step]
    pub async fn work(&self, at: At, id: u32, inputs: impl Digest) -> Result<u64, Fault> {
        self.perform(Key { at, id }, inputs).await
    }
}

/// Fails with an error that needs to be converted.
#[step]
pub async fn other(cx: &Cx<'_>, at: At, id: u32, inputs: impl Digest) -> Result<u64, Other> {
    Ok(cx.perform(Key { at, id }, inputs).await?)
}

/// Can't fail.
#[step]
pub async fn sure(cx: &Cx<'_>, at: At, id: u32, inputs: impl Digest) -> u64 {
    cx.perform(Key { at, id }, inputs).await.unwrap_or_default()
}

/// Comes to a text.
#[step]
pub async fn text(cx: &Cx<'_>, at: At, id: u32, inputs: impl Digest) -> Result<String, Fault> {
    let value = cx.perform(Key { at, id }, inputs).await?;
    Ok(value.to_string())
}

/// Comes to two values.
#[step]
pub async fn pair(
    cx: &Cx<'_>,
    at: At,
    id: u32,
    inputs: impl Digest,
) -> Result<(u64, String), Fault> {
    let value = cx.perform(Key { at, id }, inputs).await?;
    Ok((value, (value / 2).to_string()))
}

/// Comes to nothing.
#[step]
pub async fn note(cx: &Cx<'_>, at: At, id: u32, inputs: impl Digest) -> Result<(), Fault> {
    cx.perform(Key { at, id }, inputs).await?;
    Ok(())
}

/// Comes to something that borrows from what it is given.
#[step]
pub async fn view<'v>(
    cx: &Cx<'_>,
    at: At,
    id: u32,
    input: &'v (impl Digest + Sync),
) -> Result<View<'v>, Fault> {
    let value = cx.perform(Key { at, id }, input).await?;
    Ok(View::numbered(value, input))
}
