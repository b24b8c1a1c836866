//! A diamond whose two sides are diamonds themselves.

use futures_util::try_join;
use workflow_runtime::workflow;

use crate::step::{Failed, marked, plain};

/// How many steps a run takes.
pub const STEPS: usize = 10;

/// What an expert would write.
pub async fn hand_written(seed: u64) -> Result<u64, Failed> {
    let top = plain::step0(seed).await?;
    let side = async || {
        let top = plain::step1(&top).await?;
        let (left, right) = try_join!(plain::step1(&top), plain::step1(&top))?;
        plain::step2(&left, &right).await
    };
    let (left, right) = try_join!(side(), side())?;
    plain::step2(&left, &right).await
}

workflow! {
    /// The same graph, declared.
    pub async fn declared(seed: u64) -> Result<u64, Failed> {
        let top = marked::step0(seed).await?;

        let left_top = marked::step1(&top).await?;
        let left_left = marked::step1(&left_top).await?;
        let left_right = marked::step1(&left_top).await?;
        let left = marked::step2(&left_left, &left_right).await?;

        let right_top = marked::step1(&top).await?;
        let right_left = marked::step1(&right_top).await?;
        let right_right = marked::step1(&right_top).await?;
        let right = marked::step2(&right_left, &right_right).await?;

        let bottom = marked::step2(&left, &right).await?;
        Ok(bottom)
    }
}
