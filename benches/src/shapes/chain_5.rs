//! Five steps, one after the other.

use workflow_runtime::workflow;

use crate::step::{Failed, marked, plain};

/// How many steps a run takes.
pub const STEPS: usize = 5;

/// What an expert would write.
pub async fn hand_written(seed: u64) -> Result<u64, Failed> {
    let n1 = plain::step0(seed).await?;
    let n2 = plain::step1(&n1).await?;
    let n3 = plain::step1(&n2).await?;
    let n4 = plain::step1(&n3).await?;
    plain::step1(&n4).await
}

workflow! {
    /// The same graph, declared.
    pub async fn declared(seed: u64) -> Result<u64, Failed> {
        let n1 = marked::step0(seed).await?;
        let n2 = marked::step1(&n1).await?;
        let n3 = marked::step1(&n2).await?;
        let n4 = marked::step1(&n3).await?;
        let n5 = marked::step1(&n4).await?;
        Ok(n5)
    }
}
