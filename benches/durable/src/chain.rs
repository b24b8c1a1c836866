//! The workflow: twenty steps that do next to nothing, one after the other.

use std::convert::Infallible;

use serde::{Deserialize, Serialize};
use tokio::sync::Notify;
use workflow_runtime::{step, workflow};

/// What a step comes to.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Count {
    pub(crate) steps: u64,
}

/// What is outside of a run.
#[derive(Debug, Default)]
pub(crate) struct Outside {
    /// Told when a run is half-way, which goes no further then.
    pub(crate) half_way: Option<Notify>,
}

#[step]
async fn add(before: &Count) -> Result<Count, Infallible> {
    Ok(Count { steps: before.steps + 1 })
}

#[step]
async fn half(outside: &Outside, before: &Count) -> Result<Count, Infallible> {
    if let Some(half_way) = &outside.half_way {
        half_way.notify_one();
        std::future::pending::<()>().await;
    }
    Ok(Count { steps: before.steps + 1 })
}

workflow! {
    /// Counts its steps.
    ///
    /// # Errors
    ///
    /// None.
    #[durable]
    pub(crate) async fn chain(outside: &Outside, start: Count) -> Result<Count, Infallible> {
        let s1 = add(&start).await?;
        let s2 = add(&s1).await?;
        let s3 = add(&s2).await?;
        let s4 = add(&s3).await?;
        let s5 = add(&s4).await?;
        let s6 = add(&s5).await?;
        let s7 = add(&s6).await?;
        let s8 = add(&s7).await?;
        let s9 = add(&s8).await?;
        let s10 = add(&s9).await?;
        let s11 = half(outside, &s10).await?;
        let s12 = add(&s11).await?;
        let s13 = add(&s12).await?;
        let s14 = add(&s13).await?;
        let s15 = add(&s14).await?;
        let s16 = add(&s15).await?;
        let s17 = add(&s16).await?;
        let s18 = add(&s17).await?;
        let s19 = add(&s18).await?;
        let s20 = add(&s19).await?;
        Ok(s20)
    }
}
