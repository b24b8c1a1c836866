//! Two chains of different length that meet at the end.

use futures_util::try_join;
use workflow_runtime::workflow;

use crate::step::{Failed, marked, plain};

/// How many steps a run takes.
pub const STEPS: usize = 10;

/// What an expert would write.
pub async fn hand_written(seed: u64) -> Result<u64, Failed> {
    let (short, long) = try_join!(
        async {
            let short_1 = plain::step0(seed).await?;
            plain::step1(&short_1).await
        },
        async {
            let long_1 = plain::step0(seed + 1).await?;
            let long_2 = plain::step1(&long_1).await?;
            let long_3 = plain::step1(&long_2).await?;
            let long_4 = plain::step1(&long_3).await?;
            let long_5 = plain::step1(&long_4).await?;
            let long_6 = plain::step1(&long_5).await?;
            plain::step1(&long_6).await
        },
    )?;
    plain::step2(&short, &long).await
}

workflow! {
    /// The same graph, declared.
    pub async fn declared(seed: u64) -> Result<u64, Failed> {
        let short_1 = marked::step0(seed).await?;
        let short = marked::step1(&short_1).await?;

        let long_1 = marked::step0(seed + 1).await?;
        let long_2 = marked::step1(&long_1).await?;
        let long_3 = marked::step1(&long_2).await?;
        let long_4 = marked::step1(&long_3).await?;
        let long_5 = marked::step1(&long_4).await?;
        let long_6 = marked::step1(&long_5).await?;
        let long = marked::step1(&long_6).await?;

        let end = marked::step2(&short, &long).await?;
        Ok(end)
    }
}
