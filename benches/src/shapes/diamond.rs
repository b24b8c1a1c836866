//! One step, two that need it, and one that needs both.

use futures_util::try_join;
use workflow_runtime::workflow;

use crate::retried;
use crate::step::{Failed, marked, plain};

/// How many steps a run takes.
pub const STEPS: usize = 4;

/// What an expert would write.
pub async fn hand_written(seed: u64) -> Result<u64, Failed> {
    let top = plain::step0(seed).await?;
    let (left, right) = try_join!(plain::step1(&top), plain::step1(&top))?;
    plain::step2(&left, &right).await
}

workflow! {
    /// The same graph, declared.
    pub async fn declared(seed: u64) -> Result<u64, Failed> {
        let top = marked::step0(seed).await?;
        let left = marked::step1(&top).await?;
        let right = marked::step1(&top).await?;
        let bottom = marked::step2(&left, &right).await?;
        Ok(bottom)
    }

    /// The same of steps that would be tried again.
    pub async fn with_retry(seed: u64) -> Result<u64, Failed> {
        let top = retried::step0(seed).await?;
        let left = retried::step1(&top).await?;
        let right = retried::step1(&top).await?;
        let bottom = retried::step2(&left, &right).await?;
        Ok(bottom)
    }

    /// The same, which would go on after a failure.
    #[on_failure(finish)]
    pub async fn finishing(seed: u64) -> Result<u64, Failed> {
        let top = marked::step0(seed).await?;
        let left = marked::step1(&top).await?;
        let right = marked::step1(&top).await?;
        let bottom = marked::step2(&left, &right).await?;
        Ok(bottom)
    }

    /// The same, which would undo what it has done.
    pub async fn compensated(seed: u64) -> Result<u64, Failed> {
        #[compensate(marked::step1(&top))]
        let top = marked::step0(seed).await?;
        #[compensate(marked::step1(&left))]
        let left = marked::step1(&top).await?;
        #[compensate(marked::step1(&right))]
        let right = marked::step1(&top).await?;
        #[compensate(marked::step1(&bottom))]
        let bottom = marked::step2(&left, &right).await?;
        Ok(bottom)
    }
}
