//! What the workflows of these tests do.

// Each of the tests uses a part of it.
#![allow(dead_code)]

use workflow_runtime::step;

#[derive(Debug, PartialEq)]
pub(crate) struct ShopError(pub(crate) &'static str);

impl std::fmt::Display for ShopError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

/// Writes a line each time that it is polled, so many times and once more.
#[step]
pub(crate) async fn count(name: &'static str, times: u64) -> u64 {
    for at in 0..=times {
        tracing::info!(target: "test", "{name} {at}");
        if at < times {
            tokio::task::yield_now().await;
        }
    }
    times
}

#[step]
pub(crate) async fn act(name: &'static str) -> Result<&'static str, ShopError> {
    tokio::task::yield_now().await;
    Ok(name)
}

#[step]
pub(crate) async fn refuse(sells: bool) -> Result<u64, ShopError> {
    tokio::task::yield_now().await;
    if sells { Ok(1) } else { Err(ShopError("refused")) }
}

#[step]
pub(crate) async fn undo(_done: &str) {
    tokio::task::yield_now().await;
}

#[step]
pub(crate) async fn undo_in_vain(_done: &str) -> Result<(), ShopError> {
    Err(ShopError("gone"))
}

#[step]
pub(crate) async fn explode() -> u64 {
    tokio::task::yield_now().await;
    std::panic::resume_unwind(Box::new("boom"))
}

#[step]
pub(crate) async fn touch(value: u64) -> u64 {
    tokio::task::yield_now().await;
    value
}
