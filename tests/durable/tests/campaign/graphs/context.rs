//! What the steps of a graph share, and what they call.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tokio::time::sleep;
use workflow_durable_tests::Ledger;
use workflow_runtime::{idempotency_key, step};

use crate::process::duration;
use crate::random::value::{Digest, mix};

/// Which of several runs of the same declarations: the positions of the items and the calls of
/// sub-workflows around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub(crate) struct At {
    way: [u32; 6],
    length: usize,
}

impl At {
    pub(crate) fn item(self, index: usize) -> Self {
        self.then(u32::try_from(index).expect("there are few items"))
    }

    pub(crate) fn call(self, id: u32) -> Self {
        self.then(id)
    }

    fn then(mut self, number: u32) -> Self {
        self.way[self.length] = number;
        self.length += 1;
        self
    }
}

/// One run of one step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Key {
    pub(crate) at: At,
    pub(crate) id: u32,
}

/// A step's error.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Fault {
    pub(crate) key: Key,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "step {} failed", self.key.id)
    }
}

/// An error that `?` turns into a [`Fault`].
#[derive(Debug)]
pub(crate) struct Other(Key);

impl fmt::Display for Other {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "step {} failed otherwise", self.0.id)
    }
}

impl From<Other> for Fault {
    fn from(other: Other) -> Self {
        Self { key: other.0 }
    }
}

impl From<Fault> for Other {
    fn from(fault: Fault) -> Self {
        Self(fault.key)
    }
}

/// One process, as the steps see it.
#[derive(Debug)]
pub(crate) struct Cx<'a> {
    ledger: Arc<Ledger>,
    /// The path of the step that fails.
    failing: Option<String>,
    /// The path of the step whose code is another one.
    mended: Option<String>,
    lifetime: PhantomData<&'a ()>,
}

impl Cx<'_> {
    pub(crate) fn new(ledger: &Arc<Ledger>, failing: Option<&str>) -> Self {
        let failing = failing.map(str::to_owned);
        Self { ledger: Arc::clone(ledger), failing, mended: None, lifetime: PhantomData }
    }

    pub(crate) fn mended(self, step: Option<&str>) -> Self {
        Self { mended: step.map(str::to_owned), ..self }
    }

    async fn perform(&self, key: Key, inputs: impl Digest) -> Result<u64, Fault> {
        let inputs = inputs.digest();
        let name = idempotency_key();
        let path = name.split('/').nth(1).expect("a key has a path");
        sleep(duration(path)).await;
        if self.failing.as_deref() == Some(path) {
            return Err(Fault { key });
        }
        self.ledger.did([]);
        let version = u64::from(self.mended.as_deref() == Some(path));
        Ok(mix(&[mix(&key.at.way.map(u64::from)), key.id.into(), inputs + version]))
    }

    /// Comes to a number or fails.
    #[step]
    pub(crate) async fn work(&self, at: At, id: u32, inputs: impl Digest) -> Result<u64, Fault> {
        self.perform(Key { at, id }, inputs).await
    }
}

/// Comes to a number or fails.
#[step]
pub(crate) async fn work(cx: &Cx<'_>, at: At, id: u32, inputs: impl Digest) -> Result<u64, Fault> {
    cx.perform(Key { at, id }, inputs).await
}

/// Fails with an error that needs to be converted.
#[step]
pub(crate) async fn other(cx: &Cx<'_>, at: At, id: u32, inputs: impl Digest) -> Result<u64, Other> {
    Ok(cx.perform(Key { at, id }, inputs).await?)
}

/// Can't fail.
#[step]
pub(crate) async fn sure(cx: &Cx<'_>, at: At, id: u32, inputs: impl Digest) -> u64 {
    cx.perform(Key { at, id }, inputs).await.unwrap_or_default()
}

/// Comes to a text.
#[step]
pub(crate) async fn text(
    cx: &Cx<'_>,
    at: At,
    id: u32,
    inputs: impl Digest,
) -> Result<String, Fault> {
    let value = cx.perform(Key { at, id }, inputs).await?;
    Ok(value.to_string())
}

/// Comes to two values.
#[step]
pub(crate) async fn pair(
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
pub(crate) async fn note(cx: &Cx<'_>, at: At, id: u32, inputs: impl Digest) -> Result<(), Fault> {
    cx.perform(Key { at, id }, inputs).await?;
    Ok(())
}
