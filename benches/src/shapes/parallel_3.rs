//! Three steps that need nothing of each other.

use futures_util::try_join;
use workflow_runtime::workflow;

use crate::step::{Failed, marked, plain};

/// How many steps a run takes.
pub const STEPS: usize = 3;

/// What an expert would write.
pub async fn hand_written(seed: u64) -> Result<u64, Failed> {
    let (a, b, c) = try_join!(plain::step0(seed), plain::step0(seed + 1), plain::step0(seed + 2),)?;
    Ok(a ^ b ^ c)
}

workflow! {
    /// The same graph, declared.
    pub async fn declared(seed: u64) -> Result<u64, Failed> {
        let a = marked::step0(seed).await?;
        let b = marked::step0(seed + 1).await?;
        let c = marked::step0(seed + 2).await?;
        Ok(a ^ b ^ c)
    }
}
