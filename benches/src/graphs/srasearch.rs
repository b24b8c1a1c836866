// Written by `cargo run -p workflow-benches --bin generate`.

//! `srasearch-chameleon-10a-001` of `WfCommons`.

use futures_util::try_join;
use workflow_runtime::workflow;

use crate::slot::Slot;
use crate::step::{Failed, marked, plain};

/// How many steps a run takes.
pub const STEPS: usize = 22;

/// By hand, as one branch a step.
pub async fn slots(seed: u64) -> Result<u64, Failed> {
    let bowtie2_build_1 = Slot::default();
    let fasterq_dump_1 = Slot::default();
    let bowtie2_1 = Slot::default();
    let fasterq_dump_2 = Slot::default();
    let bowtie2_2 = Slot::default();
    let fasterq_dump_3 = Slot::default();
    let bowtie2_3 = Slot::default();
    let fasterq_dump_4 = Slot::default();
    let bowtie2_4 = Slot::default();
    let fasterq_dump_5 = Slot::default();
    let bowtie2_5 = Slot::default();
    let fasterq_dump_6 = Slot::default();
    let bowtie2_6 = Slot::default();
    let fasterq_dump_7 = Slot::default();
    let bowtie2_7 = Slot::default();
    let fasterq_dump_8 = Slot::default();
    let bowtie2_8 = Slot::default();
    let fasterq_dump_9 = Slot::default();
    let bowtie2_9 = Slot::default();
    let fasterq_dump_10 = Slot::default();
    let bowtie2_10 = Slot::default();
    let merge_1 = Slot::default();
    try_join!(
        async { bowtie2_build_1.fill(plain::step0(seed).await?) },
        async { fasterq_dump_1.fill(plain::step0(seed).await?) },
        async {
            bowtie2_1.fill(
                plain::step2(bowtie2_build_1.filled().await, fasterq_dump_1.filled().await).await?,
            )
        },
        async { fasterq_dump_2.fill(plain::step0(seed).await?) },
        async {
            bowtie2_2.fill(
                plain::step2(bowtie2_build_1.filled().await, fasterq_dump_2.filled().await).await?,
            )
        },
        async { fasterq_dump_3.fill(plain::step0(seed).await?) },
        async {
            bowtie2_3.fill(
                plain::step2(bowtie2_build_1.filled().await, fasterq_dump_3.filled().await).await?,
            )
        },
        async { fasterq_dump_4.fill(plain::step0(seed).await?) },
        async {
            bowtie2_4.fill(
                plain::step2(bowtie2_build_1.filled().await, fasterq_dump_4.filled().await).await?,
            )
        },
        async { fasterq_dump_5.fill(plain::step0(seed).await?) },
        async {
            bowtie2_5.fill(
                plain::step2(bowtie2_build_1.filled().await, fasterq_dump_5.filled().await).await?,
            )
        },
        async { fasterq_dump_6.fill(plain::step0(seed).await?) },
        async {
            bowtie2_6.fill(
                plain::step2(bowtie2_build_1.filled().await, fasterq_dump_6.filled().await).await?,
            )
        },
        async { fasterq_dump_7.fill(plain::step0(seed).await?) },
        async {
            bowtie2_7.fill(
                plain::step2(bowtie2_build_1.filled().await, fasterq_dump_7.filled().await).await?,
            )
        },
        async { fasterq_dump_8.fill(plain::step0(seed).await?) },
        async {
            bowtie2_8.fill(
                plain::step2(bowtie2_build_1.filled().await, fasterq_dump_8.filled().await).await?,
            )
        },
        async { fasterq_dump_9.fill(plain::step0(seed).await?) },
        async {
            bowtie2_9.fill(
                plain::step2(bowtie2_build_1.filled().await, fasterq_dump_9.filled().await).await?,
            )
        },
        async { fasterq_dump_10.fill(plain::step0(seed).await?) },
        async {
            bowtie2_10.fill(
                plain::step2(bowtie2_build_1.filled().await, fasterq_dump_10.filled().await)
                    .await?,
            )
        },
        async {
            merge_1.fill(
                plain::join_many([
                    bowtie2_1.filled().await,
                    bowtie2_10.filled().await,
                    bowtie2_2.filled().await,
                    bowtie2_3.filled().await,
                    bowtie2_4.filled().await,
                    bowtie2_5.filled().await,
                    bowtie2_6.filled().await,
                    bowtie2_7.filled().await,
                    bowtie2_8.filled().await,
                    bowtie2_9.filled().await,
                ])
                .await?,
            )
        },
    )?;
    Ok(merge_1.value())
}

/// By hand, as one join a level.
pub async fn levels(seed: u64) -> Result<u64, Failed> {
    let (
        bowtie2_build_1,
        fasterq_dump_1,
        fasterq_dump_2,
        fasterq_dump_3,
        fasterq_dump_4,
        fasterq_dump_5,
        fasterq_dump_6,
        fasterq_dump_7,
        fasterq_dump_8,
        fasterq_dump_9,
        fasterq_dump_10,
    ) = try_join!(
        plain::step0(seed),
        plain::step0(seed),
        plain::step0(seed),
        plain::step0(seed),
        plain::step0(seed),
        plain::step0(seed),
        plain::step0(seed),
        plain::step0(seed),
        plain::step0(seed),
        plain::step0(seed),
        plain::step0(seed)
    )?;
    let (
        bowtie2_1,
        bowtie2_2,
        bowtie2_3,
        bowtie2_4,
        bowtie2_5,
        bowtie2_6,
        bowtie2_7,
        bowtie2_8,
        bowtie2_9,
        bowtie2_10,
    ) = try_join!(
        plain::step2(&bowtie2_build_1, &fasterq_dump_1),
        plain::step2(&bowtie2_build_1, &fasterq_dump_2),
        plain::step2(&bowtie2_build_1, &fasterq_dump_3),
        plain::step2(&bowtie2_build_1, &fasterq_dump_4),
        plain::step2(&bowtie2_build_1, &fasterq_dump_5),
        plain::step2(&bowtie2_build_1, &fasterq_dump_6),
        plain::step2(&bowtie2_build_1, &fasterq_dump_7),
        plain::step2(&bowtie2_build_1, &fasterq_dump_8),
        plain::step2(&bowtie2_build_1, &fasterq_dump_9),
        plain::step2(&bowtie2_build_1, &fasterq_dump_10)
    )?;
    let merge_1 = plain::join_many([
        &bowtie2_1,
        &bowtie2_10,
        &bowtie2_2,
        &bowtie2_3,
        &bowtie2_4,
        &bowtie2_5,
        &bowtie2_6,
        &bowtie2_7,
        &bowtie2_8,
        &bowtie2_9,
    ])
    .await?;
    Ok(merge_1)
}

workflow! {
    /// As a workflow.
    pub async fn declared(seed: u64) -> Result<u64, Failed> {
        let bowtie2_build_1 = marked::step0(seed).await?;
        let fasterq_dump_1 = marked::step0(seed).await?;
        let bowtie2_1 = marked::step2(&bowtie2_build_1, &fasterq_dump_1).await?;
        let fasterq_dump_2 = marked::step0(seed).await?;
        let bowtie2_2 = marked::step2(&bowtie2_build_1, &fasterq_dump_2).await?;
        let fasterq_dump_3 = marked::step0(seed).await?;
        let bowtie2_3 = marked::step2(&bowtie2_build_1, &fasterq_dump_3).await?;
        let fasterq_dump_4 = marked::step0(seed).await?;
        let bowtie2_4 = marked::step2(&bowtie2_build_1, &fasterq_dump_4).await?;
        let fasterq_dump_5 = marked::step0(seed).await?;
        let bowtie2_5 = marked::step2(&bowtie2_build_1, &fasterq_dump_5).await?;
        let fasterq_dump_6 = marked::step0(seed).await?;
        let bowtie2_6 = marked::step2(&bowtie2_build_1, &fasterq_dump_6).await?;
        let fasterq_dump_7 = marked::step0(seed).await?;
        let bowtie2_7 = marked::step2(&bowtie2_build_1, &fasterq_dump_7).await?;
        let fasterq_dump_8 = marked::step0(seed).await?;
        let bowtie2_8 = marked::step2(&bowtie2_build_1, &fasterq_dump_8).await?;
        let fasterq_dump_9 = marked::step0(seed).await?;
        let bowtie2_9 = marked::step2(&bowtie2_build_1, &fasterq_dump_9).await?;
        let fasterq_dump_10 = marked::step0(seed).await?;
        let bowtie2_10 = marked::step2(&bowtie2_build_1, &fasterq_dump_10).await?;
        let merge_1 = marked::join_many([&bowtie2_1, &bowtie2_10, &bowtie2_2, &bowtie2_3,
            &bowtie2_4, &bowtie2_5, &bowtie2_6, &bowtie2_7, &bowtie2_8, &bowtie2_9]).await?;
        Ok(merge_1)
    }
}
