// Written by `cargo run -p workflow-benches --bin generate`.

//! `blast-chameleon-small-001` of `WfCommons`.

use futures_util::try_join;
use workflow_runtime::workflow;

use crate::step::{Failed, marked, plain};

/// How many steps a run takes.
pub const STEPS: usize = 43;

/// By hand, as sequences and joins.
pub async fn nested(seed: u64) -> Result<u64, Failed> {
    let split_fasta_1 = plain::step0(seed).await?;
    let (
        blastall_1,
        blastall_2,
        blastall_3,
        blastall_4,
        blastall_5,
        blastall_6,
        blastall_7,
        blastall_8,
        blastall_9,
        blastall_10,
        blastall_11,
        blastall_12,
        blastall_13,
        blastall_14,
        blastall_15,
        blastall_16,
        blastall_17,
        blastall_18,
        blastall_19,
        blastall_20,
        blastall_21,
        blastall_22,
        blastall_23,
        blastall_24,
        blastall_25,
        blastall_26,
        blastall_27,
        blastall_28,
        blastall_29,
        blastall_30,
        blastall_31,
        blastall_32,
        blastall_33,
        blastall_34,
        blastall_35,
        blastall_36,
        blastall_37,
        blastall_38,
        blastall_39,
        blastall_40,
    ) = try_join!(
        plain::step1(&split_fasta_1),
        plain::step1(&split_fasta_1),
        plain::step1(&split_fasta_1),
        plain::step1(&split_fasta_1),
        plain::step1(&split_fasta_1),
        plain::step1(&split_fasta_1),
        plain::step1(&split_fasta_1),
        plain::step1(&split_fasta_1),
        plain::step1(&split_fasta_1),
        plain::step1(&split_fasta_1),
        plain::step1(&split_fasta_1),
        plain::step1(&split_fasta_1),
        plain::step1(&split_fasta_1),
        plain::step1(&split_fasta_1),
        plain::step1(&split_fasta_1),
        plain::step1(&split_fasta_1),
        plain::step1(&split_fasta_1),
        plain::step1(&split_fasta_1),
        plain::step1(&split_fasta_1),
        plain::step1(&split_fasta_1),
        plain::step1(&split_fasta_1),
        plain::step1(&split_fasta_1),
        plain::step1(&split_fasta_1),
        plain::step1(&split_fasta_1),
        plain::step1(&split_fasta_1),
        plain::step1(&split_fasta_1),
        plain::step1(&split_fasta_1),
        plain::step1(&split_fasta_1),
        plain::step1(&split_fasta_1),
        plain::step1(&split_fasta_1),
        plain::step1(&split_fasta_1),
        plain::step1(&split_fasta_1),
        plain::step1(&split_fasta_1),
        plain::step1(&split_fasta_1),
        plain::step1(&split_fasta_1),
        plain::step1(&split_fasta_1),
        plain::step1(&split_fasta_1),
        plain::step1(&split_fasta_1),
        plain::step1(&split_fasta_1),
        plain::step1(&split_fasta_1)
    )?;
    let (cat_1, cat_blast_1) = try_join!(
        plain::join_many([
            &blastall_1,
            &blastall_10,
            &blastall_11,
            &blastall_12,
            &blastall_13,
            &blastall_14,
            &blastall_15,
            &blastall_16,
            &blastall_17,
            &blastall_18,
            &blastall_19,
            &blastall_2,
            &blastall_20,
            &blastall_21,
            &blastall_22,
            &blastall_23,
            &blastall_24,
            &blastall_25,
            &blastall_26,
            &blastall_27,
            &blastall_28,
            &blastall_29,
            &blastall_3,
            &blastall_30,
            &blastall_31,
            &blastall_32,
            &blastall_33,
            &blastall_34,
            &blastall_35,
            &blastall_36,
            &blastall_37,
            &blastall_38,
            &blastall_39,
            &blastall_4,
            &blastall_40,
            &blastall_5,
            &blastall_6,
            &blastall_7,
            &blastall_8,
            &blastall_9
        ]),
        plain::join_many([
            &blastall_1,
            &blastall_10,
            &blastall_11,
            &blastall_12,
            &blastall_13,
            &blastall_14,
            &blastall_15,
            &blastall_16,
            &blastall_17,
            &blastall_18,
            &blastall_19,
            &blastall_2,
            &blastall_20,
            &blastall_21,
            &blastall_22,
            &blastall_23,
            &blastall_24,
            &blastall_25,
            &blastall_26,
            &blastall_27,
            &blastall_28,
            &blastall_29,
            &blastall_3,
            &blastall_30,
            &blastall_31,
            &blastall_32,
            &blastall_33,
            &blastall_34,
            &blastall_35,
            &blastall_36,
            &blastall_37,
            &blastall_38,
            &blastall_39,
            &blastall_4,
            &blastall_40,
            &blastall_5,
            &blastall_6,
            &blastall_7,
            &blastall_8,
            &blastall_9
        ])
    )?;
    Ok(cat_1 ^ cat_blast_1)
}

workflow! {
    /// As a workflow.
    pub async fn declared(seed: u64) -> Result<u64, Failed> {
        let split_fasta_1 = marked::step0(seed).await?;
        let blastall_1 = marked::step1(&split_fasta_1).await?;
        let blastall_2 = marked::step1(&split_fasta_1).await?;
        let blastall_3 = marked::step1(&split_fasta_1).await?;
        let blastall_4 = marked::step1(&split_fasta_1).await?;
        let blastall_5 = marked::step1(&split_fasta_1).await?;
        let blastall_6 = marked::step1(&split_fasta_1).await?;
        let blastall_7 = marked::step1(&split_fasta_1).await?;
        let blastall_8 = marked::step1(&split_fasta_1).await?;
        let blastall_9 = marked::step1(&split_fasta_1).await?;
        let blastall_10 = marked::step1(&split_fasta_1).await?;
        let blastall_11 = marked::step1(&split_fasta_1).await?;
        let blastall_12 = marked::step1(&split_fasta_1).await?;
        let blastall_13 = marked::step1(&split_fasta_1).await?;
        let blastall_14 = marked::step1(&split_fasta_1).await?;
        let blastall_15 = marked::step1(&split_fasta_1).await?;
        let blastall_16 = marked::step1(&split_fasta_1).await?;
        let blastall_17 = marked::step1(&split_fasta_1).await?;
        let blastall_18 = marked::step1(&split_fasta_1).await?;
        let blastall_19 = marked::step1(&split_fasta_1).await?;
        let blastall_20 = marked::step1(&split_fasta_1).await?;
        let blastall_21 = marked::step1(&split_fasta_1).await?;
        let blastall_22 = marked::step1(&split_fasta_1).await?;
        let blastall_23 = marked::step1(&split_fasta_1).await?;
        let blastall_24 = marked::step1(&split_fasta_1).await?;
        let blastall_25 = marked::step1(&split_fasta_1).await?;
        let blastall_26 = marked::step1(&split_fasta_1).await?;
        let blastall_27 = marked::step1(&split_fasta_1).await?;
        let blastall_28 = marked::step1(&split_fasta_1).await?;
        let blastall_29 = marked::step1(&split_fasta_1).await?;
        let blastall_30 = marked::step1(&split_fasta_1).await?;
        let blastall_31 = marked::step1(&split_fasta_1).await?;
        let blastall_32 = marked::step1(&split_fasta_1).await?;
        let blastall_33 = marked::step1(&split_fasta_1).await?;
        let blastall_34 = marked::step1(&split_fasta_1).await?;
        let blastall_35 = marked::step1(&split_fasta_1).await?;
        let blastall_36 = marked::step1(&split_fasta_1).await?;
        let blastall_37 = marked::step1(&split_fasta_1).await?;
        let blastall_38 = marked::step1(&split_fasta_1).await?;
        let blastall_39 = marked::step1(&split_fasta_1).await?;
        let blastall_40 = marked::step1(&split_fasta_1).await?;
        let cat_1 = marked::join_many([&blastall_1, &blastall_10, &blastall_11, &blastall_12,
            &blastall_13, &blastall_14, &blastall_15, &blastall_16, &blastall_17, &blastall_18,
            &blastall_19, &blastall_2, &blastall_20, &blastall_21, &blastall_22, &blastall_23,
            &blastall_24, &blastall_25, &blastall_26, &blastall_27, &blastall_28, &blastall_29,
            &blastall_3, &blastall_30, &blastall_31, &blastall_32, &blastall_33, &blastall_34,
            &blastall_35, &blastall_36, &blastall_37, &blastall_38, &blastall_39, &blastall_4,
            &blastall_40, &blastall_5, &blastall_6, &blastall_7, &blastall_8, &blastall_9]).await?;
        let cat_blast_1 = marked::join_many([&blastall_1, &blastall_10, &blastall_11, &blastall_12,
            &blastall_13, &blastall_14, &blastall_15, &blastall_16, &blastall_17, &blastall_18,
            &blastall_19, &blastall_2, &blastall_20, &blastall_21, &blastall_22, &blastall_23,
            &blastall_24, &blastall_25, &blastall_26, &blastall_27, &blastall_28, &blastall_29,
            &blastall_3, &blastall_30, &blastall_31, &blastall_32, &blastall_33, &blastall_34,
            &blastall_35, &blastall_36, &blastall_37, &blastall_38, &blastall_39, &blastall_4,
            &blastall_40, &blastall_5, &blastall_6, &blastall_7, &blastall_8, &blastall_9]).await?;
        Ok(cat_1 ^ cat_blast_1)
    }
}
