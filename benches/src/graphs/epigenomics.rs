// Written by `cargo run -p workflow-benches --bin generate`.

//! `epigenomics-chameleon-hep-1seq-100k-001` of `WfCommons`.

use futures_util::try_join;
use workflow_runtime::workflow;

use crate::step::{Failed, marked, plain};

/// How many steps a run takes.
pub const STEPS: usize = 41;

/// By hand, as sequences and joins.
pub async fn nested(seed: u64) -> Result<u64, Failed> {
    let fastqsplit_1 = plain::step0(seed).await?;
    let (map_1, map_2, map_3, map_4, map_5, map_6, map_7, map_8, map_9) = try_join!(
        async {
            let filtercontams_1 = plain::step1(&fastqsplit_1).await?;
            let sol2sanger_1 = plain::step1(&filtercontams_1).await?;
            let fast2bfq_1 = plain::step1(&sol2sanger_1).await?;
            plain::step1(&fast2bfq_1).await
        },
        async {
            let filtercontams_2 = plain::step1(&fastqsplit_1).await?;
            let sol2sanger_2 = plain::step1(&filtercontams_2).await?;
            let fast2bfq_2 = plain::step1(&sol2sanger_2).await?;
            plain::step1(&fast2bfq_2).await
        },
        async {
            let filtercontams_3 = plain::step1(&fastqsplit_1).await?;
            let sol2sanger_3 = plain::step1(&filtercontams_3).await?;
            let fast2bfq_3 = plain::step1(&sol2sanger_3).await?;
            plain::step1(&fast2bfq_3).await
        },
        async {
            let filtercontams_4 = plain::step1(&fastqsplit_1).await?;
            let sol2sanger_4 = plain::step1(&filtercontams_4).await?;
            let fast2bfq_4 = plain::step1(&sol2sanger_4).await?;
            plain::step1(&fast2bfq_4).await
        },
        async {
            let filtercontams_5 = plain::step1(&fastqsplit_1).await?;
            let sol2sanger_5 = plain::step1(&filtercontams_5).await?;
            let fast2bfq_5 = plain::step1(&sol2sanger_5).await?;
            plain::step1(&fast2bfq_5).await
        },
        async {
            let filtercontams_6 = plain::step1(&fastqsplit_1).await?;
            let sol2sanger_6 = plain::step1(&filtercontams_6).await?;
            let fast2bfq_6 = plain::step1(&sol2sanger_6).await?;
            plain::step1(&fast2bfq_6).await
        },
        async {
            let filtercontams_7 = plain::step1(&fastqsplit_1).await?;
            let sol2sanger_7 = plain::step1(&filtercontams_7).await?;
            let fast2bfq_7 = plain::step1(&sol2sanger_7).await?;
            plain::step1(&fast2bfq_7).await
        },
        async {
            let filtercontams_8 = plain::step1(&fastqsplit_1).await?;
            let sol2sanger_8 = plain::step1(&filtercontams_8).await?;
            let fast2bfq_8 = plain::step1(&sol2sanger_8).await?;
            plain::step1(&fast2bfq_8).await
        },
        async {
            let filtercontams_9 = plain::step1(&fastqsplit_1).await?;
            let sol2sanger_9 = plain::step1(&filtercontams_9).await?;
            let fast2bfq_9 = plain::step1(&sol2sanger_9).await?;
            plain::step1(&fast2bfq_9).await
        }
    )?;
    let mapmerge_1 =
        plain::join_many([&map_1, &map_2, &map_3, &map_4, &map_5, &map_6, &map_7, &map_8, &map_9])
            .await?;
    let mapmerge_2 = plain::step1(&mapmerge_1).await?;
    let chr21_1 = plain::step1(&mapmerge_2).await?;
    let pileup_1 = plain::step1(&chr21_1).await?;
    Ok(pileup_1)
}

workflow! {
    /// As a workflow.
    pub async fn declared(seed: u64) -> Result<u64, Failed> {
        let fastqsplit_1 = marked::step0(seed).await?;
        let filtercontams_1 = marked::step1(&fastqsplit_1).await?;
        let filtercontams_2 = marked::step1(&fastqsplit_1).await?;
        let filtercontams_3 = marked::step1(&fastqsplit_1).await?;
        let filtercontams_4 = marked::step1(&fastqsplit_1).await?;
        let filtercontams_5 = marked::step1(&fastqsplit_1).await?;
        let filtercontams_6 = marked::step1(&fastqsplit_1).await?;
        let filtercontams_7 = marked::step1(&fastqsplit_1).await?;
        let filtercontams_8 = marked::step1(&fastqsplit_1).await?;
        let filtercontams_9 = marked::step1(&fastqsplit_1).await?;
        let sol2sanger_1 = marked::step1(&filtercontams_1).await?;
        let fast2bfq_1 = marked::step1(&sol2sanger_1).await?;
        let map_1 = marked::step1(&fast2bfq_1).await?;
        let sol2sanger_2 = marked::step1(&filtercontams_2).await?;
        let fast2bfq_2 = marked::step1(&sol2sanger_2).await?;
        let map_2 = marked::step1(&fast2bfq_2).await?;
        let sol2sanger_3 = marked::step1(&filtercontams_3).await?;
        let fast2bfq_3 = marked::step1(&sol2sanger_3).await?;
        let map_3 = marked::step1(&fast2bfq_3).await?;
        let sol2sanger_4 = marked::step1(&filtercontams_4).await?;
        let fast2bfq_4 = marked::step1(&sol2sanger_4).await?;
        let map_4 = marked::step1(&fast2bfq_4).await?;
        let sol2sanger_5 = marked::step1(&filtercontams_5).await?;
        let fast2bfq_5 = marked::step1(&sol2sanger_5).await?;
        let map_5 = marked::step1(&fast2bfq_5).await?;
        let sol2sanger_6 = marked::step1(&filtercontams_6).await?;
        let fast2bfq_6 = marked::step1(&sol2sanger_6).await?;
        let map_6 = marked::step1(&fast2bfq_6).await?;
        let sol2sanger_7 = marked::step1(&filtercontams_7).await?;
        let fast2bfq_7 = marked::step1(&sol2sanger_7).await?;
        let map_7 = marked::step1(&fast2bfq_7).await?;
        let sol2sanger_8 = marked::step1(&filtercontams_8).await?;
        let fast2bfq_8 = marked::step1(&sol2sanger_8).await?;
        let map_8 = marked::step1(&fast2bfq_8).await?;
        let sol2sanger_9 = marked::step1(&filtercontams_9).await?;
        let fast2bfq_9 = marked::step1(&sol2sanger_9).await?;
        let map_9 = marked::step1(&fast2bfq_9).await?;
        let mapmerge_1 = marked::join_many([&map_1, &map_2, &map_3, &map_4, &map_5, &map_6, &map_7,
            &map_8, &map_9]).await?;
        let mapmerge_2 = marked::step1(&mapmerge_1).await?;
        let chr21_1 = marked::step1(&mapmerge_2).await?;
        let pileup_1 = marked::step1(&chr21_1).await?;
        Ok(pileup_1)
    }
}
