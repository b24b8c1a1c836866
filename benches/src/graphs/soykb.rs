// Written by `cargo run -p workflow-benches --bin generate`.

//! `soykb-chameleon-10fastq-10ch-001` of `WfCommons`.

use futures_util::try_join;
use workflow_runtime::workflow;

use crate::slot::Slot;
use crate::step::{Failed, marked, plain};

/// How many steps a run takes.
pub const STEPS: usize = 96;

/// By hand, as one branch a step.
pub async fn slots(seed: u64) -> Result<u64, Failed> {
    let alignment_to_reference_1 = Slot::default();
    let alignment_to_reference_2 = Slot::default();
    let alignment_to_reference_3 = Slot::default();
    let alignment_to_reference_4 = Slot::default();
    let alignment_to_reference_5 = Slot::default();
    let sort_sam_1 = Slot::default();
    let dedup_1 = Slot::default();
    let add_replace_1 = Slot::default();
    let realign_target_creator_1 = Slot::default();
    let indel_realign_1 = Slot::default();
    let haplotype_caller_1 = Slot::default();
    let haplotype_caller_2 = Slot::default();
    let haplotype_caller_3 = Slot::default();
    let haplotype_caller_4 = Slot::default();
    let haplotype_caller_5 = Slot::default();
    let haplotype_caller_6 = Slot::default();
    let haplotype_caller_7 = Slot::default();
    let haplotype_caller_8 = Slot::default();
    let haplotype_caller_9 = Slot::default();
    let haplotype_caller_10 = Slot::default();
    let sort_sam_2 = Slot::default();
    let dedup_2 = Slot::default();
    let add_replace_2 = Slot::default();
    let realign_target_creator_2 = Slot::default();
    let indel_realign_2 = Slot::default();
    let haplotype_caller_11 = Slot::default();
    let haplotype_caller_12 = Slot::default();
    let haplotype_caller_13 = Slot::default();
    let haplotype_caller_14 = Slot::default();
    let haplotype_caller_15 = Slot::default();
    let haplotype_caller_16 = Slot::default();
    let haplotype_caller_17 = Slot::default();
    let haplotype_caller_18 = Slot::default();
    let haplotype_caller_19 = Slot::default();
    let haplotype_caller_20 = Slot::default();
    let sort_sam_3 = Slot::default();
    let dedup_3 = Slot::default();
    let add_replace_3 = Slot::default();
    let realign_target_creator_3 = Slot::default();
    let indel_realign_3 = Slot::default();
    let haplotype_caller_21 = Slot::default();
    let haplotype_caller_22 = Slot::default();
    let haplotype_caller_23 = Slot::default();
    let haplotype_caller_24 = Slot::default();
    let haplotype_caller_25 = Slot::default();
    let haplotype_caller_26 = Slot::default();
    let haplotype_caller_27 = Slot::default();
    let haplotype_caller_28 = Slot::default();
    let haplotype_caller_29 = Slot::default();
    let haplotype_caller_30 = Slot::default();
    let sort_sam_4 = Slot::default();
    let dedup_4 = Slot::default();
    let add_replace_4 = Slot::default();
    let realign_target_creator_4 = Slot::default();
    let indel_realign_4 = Slot::default();
    let haplotype_caller_31 = Slot::default();
    let haplotype_caller_32 = Slot::default();
    let haplotype_caller_33 = Slot::default();
    let haplotype_caller_34 = Slot::default();
    let haplotype_caller_35 = Slot::default();
    let haplotype_caller_36 = Slot::default();
    let haplotype_caller_37 = Slot::default();
    let haplotype_caller_38 = Slot::default();
    let haplotype_caller_39 = Slot::default();
    let haplotype_caller_40 = Slot::default();
    let sort_sam_5 = Slot::default();
    let dedup_5 = Slot::default();
    let add_replace_5 = Slot::default();
    let realign_target_creator_5 = Slot::default();
    let indel_realign_5 = Slot::default();
    let haplotype_caller_41 = Slot::default();
    let genotype_gvcfs_1 = Slot::default();
    let haplotype_caller_42 = Slot::default();
    let genotype_gvcfs_2 = Slot::default();
    let haplotype_caller_43 = Slot::default();
    let genotype_gvcfs_3 = Slot::default();
    let haplotype_caller_44 = Slot::default();
    let genotype_gvcfs_4 = Slot::default();
    let haplotype_caller_45 = Slot::default();
    let genotype_gvcfs_5 = Slot::default();
    let haplotype_caller_46 = Slot::default();
    let genotype_gvcfs_6 = Slot::default();
    let haplotype_caller_47 = Slot::default();
    let genotype_gvcfs_7 = Slot::default();
    let haplotype_caller_48 = Slot::default();
    let genotype_gvcfs_8 = Slot::default();
    let haplotype_caller_49 = Slot::default();
    let genotype_gvcfs_9 = Slot::default();
    let haplotype_caller_50 = Slot::default();
    let genotype_gvcfs_10 = Slot::default();
    let combine_variants_1 = Slot::default();
    let merge_gcvf_1 = Slot::default();
    let select_variants_indel_1 = Slot::default();
    let filtering_indel_1 = Slot::default();
    let select_variants_snp_1 = Slot::default();
    let filtering_snp_1 = Slot::default();
    try_join!(
        async { alignment_to_reference_1.fill(plain::step0(seed).await?) },
        async { alignment_to_reference_2.fill(plain::step0(seed).await?) },
        async { alignment_to_reference_3.fill(plain::step0(seed).await?) },
        async { alignment_to_reference_4.fill(plain::step0(seed).await?) },
        async { alignment_to_reference_5.fill(plain::step0(seed).await?) },
        async { sort_sam_1.fill(plain::step1(alignment_to_reference_1.filled().await).await?) },
        async { dedup_1.fill(plain::step1(sort_sam_1.filled().await).await?) },
        async { add_replace_1.fill(plain::step1(dedup_1.filled().await).await?) },
        async { realign_target_creator_1.fill(plain::step1(add_replace_1.filled().await).await?) },
        async {
            indel_realign_1.fill(
                plain::step2(add_replace_1.filled().await, realign_target_creator_1.filled().await)
                    .await?,
            )
        },
        async { haplotype_caller_1.fill(plain::step1(indel_realign_1.filled().await).await?) },
        async { haplotype_caller_2.fill(plain::step1(indel_realign_1.filled().await).await?) },
        async { haplotype_caller_3.fill(plain::step1(indel_realign_1.filled().await).await?) },
        async { haplotype_caller_4.fill(plain::step1(indel_realign_1.filled().await).await?) },
        async { haplotype_caller_5.fill(plain::step1(indel_realign_1.filled().await).await?) },
        async { haplotype_caller_6.fill(plain::step1(indel_realign_1.filled().await).await?) },
        async { haplotype_caller_7.fill(plain::step1(indel_realign_1.filled().await).await?) },
        async { haplotype_caller_8.fill(plain::step1(indel_realign_1.filled().await).await?) },
        async { haplotype_caller_9.fill(plain::step1(indel_realign_1.filled().await).await?) },
        async { haplotype_caller_10.fill(plain::step1(indel_realign_1.filled().await).await?) },
        async { sort_sam_2.fill(plain::step1(alignment_to_reference_2.filled().await).await?) },
        async { dedup_2.fill(plain::step1(sort_sam_2.filled().await).await?) },
        async { add_replace_2.fill(plain::step1(dedup_2.filled().await).await?) },
        async { realign_target_creator_2.fill(plain::step1(add_replace_2.filled().await).await?) },
        async {
            indel_realign_2.fill(
                plain::step2(add_replace_2.filled().await, realign_target_creator_2.filled().await)
                    .await?,
            )
        },
        async { haplotype_caller_11.fill(plain::step1(indel_realign_2.filled().await).await?) },
        async { haplotype_caller_12.fill(plain::step1(indel_realign_2.filled().await).await?) },
        async { haplotype_caller_13.fill(plain::step1(indel_realign_2.filled().await).await?) },
        async { haplotype_caller_14.fill(plain::step1(indel_realign_2.filled().await).await?) },
        async { haplotype_caller_15.fill(plain::step1(indel_realign_2.filled().await).await?) },
        async { haplotype_caller_16.fill(plain::step1(indel_realign_2.filled().await).await?) },
        async { haplotype_caller_17.fill(plain::step1(indel_realign_2.filled().await).await?) },
        async { haplotype_caller_18.fill(plain::step1(indel_realign_2.filled().await).await?) },
        async { haplotype_caller_19.fill(plain::step1(indel_realign_2.filled().await).await?) },
        async { haplotype_caller_20.fill(plain::step1(indel_realign_2.filled().await).await?) },
        async { sort_sam_3.fill(plain::step1(alignment_to_reference_3.filled().await).await?) },
        async { dedup_3.fill(plain::step1(sort_sam_3.filled().await).await?) },
        async { add_replace_3.fill(plain::step1(dedup_3.filled().await).await?) },
        async { realign_target_creator_3.fill(plain::step1(add_replace_3.filled().await).await?) },
        async {
            indel_realign_3.fill(
                plain::step2(add_replace_3.filled().await, realign_target_creator_3.filled().await)
                    .await?,
            )
        },
        async { haplotype_caller_21.fill(plain::step1(indel_realign_3.filled().await).await?) },
        async { haplotype_caller_22.fill(plain::step1(indel_realign_3.filled().await).await?) },
        async { haplotype_caller_23.fill(plain::step1(indel_realign_3.filled().await).await?) },
        async { haplotype_caller_24.fill(plain::step1(indel_realign_3.filled().await).await?) },
        async { haplotype_caller_25.fill(plain::step1(indel_realign_3.filled().await).await?) },
        async { haplotype_caller_26.fill(plain::step1(indel_realign_3.filled().await).await?) },
        async { haplotype_caller_27.fill(plain::step1(indel_realign_3.filled().await).await?) },
        async { haplotype_caller_28.fill(plain::step1(indel_realign_3.filled().await).await?) },
        async { haplotype_caller_29.fill(plain::step1(indel_realign_3.filled().await).await?) },
        async { haplotype_caller_30.fill(plain::step1(indel_realign_3.filled().await).await?) },
        async { sort_sam_4.fill(plain::step1(alignment_to_reference_4.filled().await).await?) },
        async { dedup_4.fill(plain::step1(sort_sam_4.filled().await).await?) },
        async { add_replace_4.fill(plain::step1(dedup_4.filled().await).await?) },
        async { realign_target_creator_4.fill(plain::step1(add_replace_4.filled().await).await?) },
        async {
            indel_realign_4.fill(
                plain::step2(add_replace_4.filled().await, realign_target_creator_4.filled().await)
                    .await?,
            )
        },
        async { haplotype_caller_31.fill(plain::step1(indel_realign_4.filled().await).await?) },
        async { haplotype_caller_32.fill(plain::step1(indel_realign_4.filled().await).await?) },
        async { haplotype_caller_33.fill(plain::step1(indel_realign_4.filled().await).await?) },
        async { haplotype_caller_34.fill(plain::step1(indel_realign_4.filled().await).await?) },
        async { haplotype_caller_35.fill(plain::step1(indel_realign_4.filled().await).await?) },
        async { haplotype_caller_36.fill(plain::step1(indel_realign_4.filled().await).await?) },
        async { haplotype_caller_37.fill(plain::step1(indel_realign_4.filled().await).await?) },
        async { haplotype_caller_38.fill(plain::step1(indel_realign_4.filled().await).await?) },
        async { haplotype_caller_39.fill(plain::step1(indel_realign_4.filled().await).await?) },
        async { haplotype_caller_40.fill(plain::step1(indel_realign_4.filled().await).await?) },
        async { sort_sam_5.fill(plain::step1(alignment_to_reference_5.filled().await).await?) },
        async { dedup_5.fill(plain::step1(sort_sam_5.filled().await).await?) },
        async { add_replace_5.fill(plain::step1(dedup_5.filled().await).await?) },
        async { realign_target_creator_5.fill(plain::step1(add_replace_5.filled().await).await?) },
        async {
            indel_realign_5.fill(
                plain::step2(add_replace_5.filled().await, realign_target_creator_5.filled().await)
                    .await?,
            )
        },
        async { haplotype_caller_41.fill(plain::step1(indel_realign_5.filled().await).await?) },
        async {
            genotype_gvcfs_1.fill(
                plain::join_many([
                    haplotype_caller_1.filled().await,
                    haplotype_caller_11.filled().await,
                    haplotype_caller_21.filled().await,
                    haplotype_caller_31.filled().await,
                    haplotype_caller_41.filled().await,
                ])
                .await?,
            )
        },
        async { haplotype_caller_42.fill(plain::step1(indel_realign_5.filled().await).await?) },
        async {
            genotype_gvcfs_2.fill(
                plain::join_many([
                    haplotype_caller_12.filled().await,
                    haplotype_caller_2.filled().await,
                    haplotype_caller_22.filled().await,
                    haplotype_caller_32.filled().await,
                    haplotype_caller_42.filled().await,
                ])
                .await?,
            )
        },
        async { haplotype_caller_43.fill(plain::step1(indel_realign_5.filled().await).await?) },
        async {
            genotype_gvcfs_3.fill(
                plain::join_many([
                    haplotype_caller_13.filled().await,
                    haplotype_caller_23.filled().await,
                    haplotype_caller_3.filled().await,
                    haplotype_caller_33.filled().await,
                    haplotype_caller_43.filled().await,
                ])
                .await?,
            )
        },
        async { haplotype_caller_44.fill(plain::step1(indel_realign_5.filled().await).await?) },
        async {
            genotype_gvcfs_4.fill(
                plain::join_many([
                    haplotype_caller_14.filled().await,
                    haplotype_caller_24.filled().await,
                    haplotype_caller_34.filled().await,
                    haplotype_caller_4.filled().await,
                    haplotype_caller_44.filled().await,
                ])
                .await?,
            )
        },
        async { haplotype_caller_45.fill(plain::step1(indel_realign_5.filled().await).await?) },
        async {
            genotype_gvcfs_5.fill(
                plain::join_many([
                    haplotype_caller_15.filled().await,
                    haplotype_caller_25.filled().await,
                    haplotype_caller_35.filled().await,
                    haplotype_caller_45.filled().await,
                    haplotype_caller_5.filled().await,
                ])
                .await?,
            )
        },
        async { haplotype_caller_46.fill(plain::step1(indel_realign_5.filled().await).await?) },
        async {
            genotype_gvcfs_6.fill(
                plain::join_many([
                    haplotype_caller_16.filled().await,
                    haplotype_caller_26.filled().await,
                    haplotype_caller_36.filled().await,
                    haplotype_caller_46.filled().await,
                    haplotype_caller_6.filled().await,
                ])
                .await?,
            )
        },
        async { haplotype_caller_47.fill(plain::step1(indel_realign_5.filled().await).await?) },
        async {
            genotype_gvcfs_7.fill(
                plain::join_many([
                    haplotype_caller_17.filled().await,
                    haplotype_caller_27.filled().await,
                    haplotype_caller_37.filled().await,
                    haplotype_caller_47.filled().await,
                    haplotype_caller_7.filled().await,
                ])
                .await?,
            )
        },
        async { haplotype_caller_48.fill(plain::step1(indel_realign_5.filled().await).await?) },
        async {
            genotype_gvcfs_8.fill(
                plain::join_many([
                    haplotype_caller_18.filled().await,
                    haplotype_caller_28.filled().await,
                    haplotype_caller_38.filled().await,
                    haplotype_caller_48.filled().await,
                    haplotype_caller_8.filled().await,
                ])
                .await?,
            )
        },
        async { haplotype_caller_49.fill(plain::step1(indel_realign_5.filled().await).await?) },
        async {
            genotype_gvcfs_9.fill(
                plain::join_many([
                    haplotype_caller_19.filled().await,
                    haplotype_caller_29.filled().await,
                    haplotype_caller_39.filled().await,
                    haplotype_caller_49.filled().await,
                    haplotype_caller_9.filled().await,
                ])
                .await?,
            )
        },
        async { haplotype_caller_50.fill(plain::step1(indel_realign_5.filled().await).await?) },
        async {
            genotype_gvcfs_10.fill(
                plain::join_many([
                    haplotype_caller_10.filled().await,
                    haplotype_caller_20.filled().await,
                    haplotype_caller_30.filled().await,
                    haplotype_caller_40.filled().await,
                    haplotype_caller_50.filled().await,
                ])
                .await?,
            )
        },
        async {
            combine_variants_1.fill(
                plain::join_many([
                    genotype_gvcfs_1.filled().await,
                    genotype_gvcfs_10.filled().await,
                    genotype_gvcfs_2.filled().await,
                    genotype_gvcfs_3.filled().await,
                    genotype_gvcfs_4.filled().await,
                    genotype_gvcfs_5.filled().await,
                    genotype_gvcfs_6.filled().await,
                    genotype_gvcfs_7.filled().await,
                    genotype_gvcfs_8.filled().await,
                    genotype_gvcfs_9.filled().await,
                ])
                .await?,
            )
        },
        async {
            merge_gcvf_1.fill(
                plain::join_many([
                    haplotype_caller_1.filled().await,
                    haplotype_caller_10.filled().await,
                    haplotype_caller_11.filled().await,
                    haplotype_caller_12.filled().await,
                    haplotype_caller_13.filled().await,
                    haplotype_caller_14.filled().await,
                    haplotype_caller_15.filled().await,
                    haplotype_caller_16.filled().await,
                    haplotype_caller_17.filled().await,
                    haplotype_caller_18.filled().await,
                    haplotype_caller_19.filled().await,
                    haplotype_caller_2.filled().await,
                    haplotype_caller_20.filled().await,
                    haplotype_caller_21.filled().await,
                    haplotype_caller_22.filled().await,
                    haplotype_caller_23.filled().await,
                    haplotype_caller_24.filled().await,
                    haplotype_caller_25.filled().await,
                    haplotype_caller_26.filled().await,
                    haplotype_caller_27.filled().await,
                    haplotype_caller_28.filled().await,
                    haplotype_caller_29.filled().await,
                    haplotype_caller_3.filled().await,
                    haplotype_caller_30.filled().await,
                    haplotype_caller_31.filled().await,
                    haplotype_caller_32.filled().await,
                    haplotype_caller_33.filled().await,
                    haplotype_caller_34.filled().await,
                    haplotype_caller_35.filled().await,
                    haplotype_caller_36.filled().await,
                    haplotype_caller_37.filled().await,
                    haplotype_caller_38.filled().await,
                    haplotype_caller_39.filled().await,
                    haplotype_caller_4.filled().await,
                    haplotype_caller_40.filled().await,
                    haplotype_caller_41.filled().await,
                    haplotype_caller_42.filled().await,
                    haplotype_caller_43.filled().await,
                    haplotype_caller_44.filled().await,
                    haplotype_caller_45.filled().await,
                    haplotype_caller_46.filled().await,
                    haplotype_caller_47.filled().await,
                    haplotype_caller_48.filled().await,
                    haplotype_caller_49.filled().await,
                    haplotype_caller_5.filled().await,
                    haplotype_caller_50.filled().await,
                    haplotype_caller_6.filled().await,
                    haplotype_caller_7.filled().await,
                    haplotype_caller_8.filled().await,
                    haplotype_caller_9.filled().await,
                ])
                .await?,
            )
        },
        async {
            select_variants_indel_1.fill(plain::step1(combine_variants_1.filled().await).await?)
        },
        async {
            filtering_indel_1.fill(plain::step1(select_variants_indel_1.filled().await).await?)
        },
        async {
            select_variants_snp_1.fill(plain::step1(combine_variants_1.filled().await).await?)
        },
        async { filtering_snp_1.fill(plain::step1(select_variants_snp_1.filled().await).await?) },
    )?;
    Ok(merge_gcvf_1.value() ^ filtering_indel_1.value() ^ filtering_snp_1.value())
}

/// By hand, as one join a level.
pub async fn levels(seed: u64) -> Result<u64, Failed> {
    let (
        alignment_to_reference_1,
        alignment_to_reference_2,
        alignment_to_reference_3,
        alignment_to_reference_4,
        alignment_to_reference_5,
    ) = try_join!(
        plain::step0(seed),
        plain::step0(seed),
        plain::step0(seed),
        plain::step0(seed),
        plain::step0(seed)
    )?;
    let (sort_sam_1, sort_sam_2, sort_sam_3, sort_sam_4, sort_sam_5) = try_join!(
        plain::step1(&alignment_to_reference_1),
        plain::step1(&alignment_to_reference_2),
        plain::step1(&alignment_to_reference_3),
        plain::step1(&alignment_to_reference_4),
        plain::step1(&alignment_to_reference_5)
    )?;
    let (dedup_1, dedup_2, dedup_3, dedup_4, dedup_5) = try_join!(
        plain::step1(&sort_sam_1),
        plain::step1(&sort_sam_2),
        plain::step1(&sort_sam_3),
        plain::step1(&sort_sam_4),
        plain::step1(&sort_sam_5)
    )?;
    let (add_replace_1, add_replace_2, add_replace_3, add_replace_4, add_replace_5) = try_join!(
        plain::step1(&dedup_1),
        plain::step1(&dedup_2),
        plain::step1(&dedup_3),
        plain::step1(&dedup_4),
        plain::step1(&dedup_5)
    )?;
    let (
        realign_target_creator_1,
        realign_target_creator_2,
        realign_target_creator_3,
        realign_target_creator_4,
        realign_target_creator_5,
    ) = try_join!(
        plain::step1(&add_replace_1),
        plain::step1(&add_replace_2),
        plain::step1(&add_replace_3),
        plain::step1(&add_replace_4),
        plain::step1(&add_replace_5)
    )?;
    let (indel_realign_1, indel_realign_2, indel_realign_3, indel_realign_4, indel_realign_5) = try_join!(
        plain::step2(&add_replace_1, &realign_target_creator_1),
        plain::step2(&add_replace_2, &realign_target_creator_2),
        plain::step2(&add_replace_3, &realign_target_creator_3),
        plain::step2(&add_replace_4, &realign_target_creator_4),
        plain::step2(&add_replace_5, &realign_target_creator_5)
    )?;
    let (
        haplotype_caller_1,
        haplotype_caller_2,
        haplotype_caller_3,
        haplotype_caller_4,
        haplotype_caller_5,
        haplotype_caller_6,
        haplotype_caller_7,
        haplotype_caller_8,
        haplotype_caller_9,
        haplotype_caller_10,
        haplotype_caller_11,
        haplotype_caller_12,
        haplotype_caller_13,
        haplotype_caller_14,
        haplotype_caller_15,
        haplotype_caller_16,
        haplotype_caller_17,
        haplotype_caller_18,
        haplotype_caller_19,
        haplotype_caller_20,
        haplotype_caller_21,
        haplotype_caller_22,
        haplotype_caller_23,
        haplotype_caller_24,
        haplotype_caller_25,
        haplotype_caller_26,
        haplotype_caller_27,
        haplotype_caller_28,
        haplotype_caller_29,
        haplotype_caller_30,
        haplotype_caller_31,
        haplotype_caller_32,
        haplotype_caller_33,
        haplotype_caller_34,
        haplotype_caller_35,
        haplotype_caller_36,
        haplotype_caller_37,
        haplotype_caller_38,
        haplotype_caller_39,
        haplotype_caller_40,
        haplotype_caller_41,
        haplotype_caller_42,
        haplotype_caller_43,
        haplotype_caller_44,
        haplotype_caller_45,
        haplotype_caller_46,
        haplotype_caller_47,
        haplotype_caller_48,
        haplotype_caller_49,
        haplotype_caller_50,
    ) = try_join!(
        plain::step1(&indel_realign_1),
        plain::step1(&indel_realign_1),
        plain::step1(&indel_realign_1),
        plain::step1(&indel_realign_1),
        plain::step1(&indel_realign_1),
        plain::step1(&indel_realign_1),
        plain::step1(&indel_realign_1),
        plain::step1(&indel_realign_1),
        plain::step1(&indel_realign_1),
        plain::step1(&indel_realign_1),
        plain::step1(&indel_realign_2),
        plain::step1(&indel_realign_2),
        plain::step1(&indel_realign_2),
        plain::step1(&indel_realign_2),
        plain::step1(&indel_realign_2),
        plain::step1(&indel_realign_2),
        plain::step1(&indel_realign_2),
        plain::step1(&indel_realign_2),
        plain::step1(&indel_realign_2),
        plain::step1(&indel_realign_2),
        plain::step1(&indel_realign_3),
        plain::step1(&indel_realign_3),
        plain::step1(&indel_realign_3),
        plain::step1(&indel_realign_3),
        plain::step1(&indel_realign_3),
        plain::step1(&indel_realign_3),
        plain::step1(&indel_realign_3),
        plain::step1(&indel_realign_3),
        plain::step1(&indel_realign_3),
        plain::step1(&indel_realign_3),
        plain::step1(&indel_realign_4),
        plain::step1(&indel_realign_4),
        plain::step1(&indel_realign_4),
        plain::step1(&indel_realign_4),
        plain::step1(&indel_realign_4),
        plain::step1(&indel_realign_4),
        plain::step1(&indel_realign_4),
        plain::step1(&indel_realign_4),
        plain::step1(&indel_realign_4),
        plain::step1(&indel_realign_4),
        plain::step1(&indel_realign_5),
        plain::step1(&indel_realign_5),
        plain::step1(&indel_realign_5),
        plain::step1(&indel_realign_5),
        plain::step1(&indel_realign_5),
        plain::step1(&indel_realign_5),
        plain::step1(&indel_realign_5),
        plain::step1(&indel_realign_5),
        plain::step1(&indel_realign_5),
        plain::step1(&indel_realign_5)
    )?;
    let (
        genotype_gvcfs_1,
        genotype_gvcfs_2,
        genotype_gvcfs_3,
        genotype_gvcfs_4,
        genotype_gvcfs_5,
        genotype_gvcfs_6,
        genotype_gvcfs_7,
        genotype_gvcfs_8,
        genotype_gvcfs_9,
        genotype_gvcfs_10,
        merge_gcvf_1,
    ) = try_join!(
        plain::join_many([
            &haplotype_caller_1,
            &haplotype_caller_11,
            &haplotype_caller_21,
            &haplotype_caller_31,
            &haplotype_caller_41
        ]),
        plain::join_many([
            &haplotype_caller_12,
            &haplotype_caller_2,
            &haplotype_caller_22,
            &haplotype_caller_32,
            &haplotype_caller_42
        ]),
        plain::join_many([
            &haplotype_caller_13,
            &haplotype_caller_23,
            &haplotype_caller_3,
            &haplotype_caller_33,
            &haplotype_caller_43
        ]),
        plain::join_many([
            &haplotype_caller_14,
            &haplotype_caller_24,
            &haplotype_caller_34,
            &haplotype_caller_4,
            &haplotype_caller_44
        ]),
        plain::join_many([
            &haplotype_caller_15,
            &haplotype_caller_25,
            &haplotype_caller_35,
            &haplotype_caller_45,
            &haplotype_caller_5
        ]),
        plain::join_many([
            &haplotype_caller_16,
            &haplotype_caller_26,
            &haplotype_caller_36,
            &haplotype_caller_46,
            &haplotype_caller_6
        ]),
        plain::join_many([
            &haplotype_caller_17,
            &haplotype_caller_27,
            &haplotype_caller_37,
            &haplotype_caller_47,
            &haplotype_caller_7
        ]),
        plain::join_many([
            &haplotype_caller_18,
            &haplotype_caller_28,
            &haplotype_caller_38,
            &haplotype_caller_48,
            &haplotype_caller_8
        ]),
        plain::join_many([
            &haplotype_caller_19,
            &haplotype_caller_29,
            &haplotype_caller_39,
            &haplotype_caller_49,
            &haplotype_caller_9
        ]),
        plain::join_many([
            &haplotype_caller_10,
            &haplotype_caller_20,
            &haplotype_caller_30,
            &haplotype_caller_40,
            &haplotype_caller_50
        ]),
        plain::join_many([
            &haplotype_caller_1,
            &haplotype_caller_10,
            &haplotype_caller_11,
            &haplotype_caller_12,
            &haplotype_caller_13,
            &haplotype_caller_14,
            &haplotype_caller_15,
            &haplotype_caller_16,
            &haplotype_caller_17,
            &haplotype_caller_18,
            &haplotype_caller_19,
            &haplotype_caller_2,
            &haplotype_caller_20,
            &haplotype_caller_21,
            &haplotype_caller_22,
            &haplotype_caller_23,
            &haplotype_caller_24,
            &haplotype_caller_25,
            &haplotype_caller_26,
            &haplotype_caller_27,
            &haplotype_caller_28,
            &haplotype_caller_29,
            &haplotype_caller_3,
            &haplotype_caller_30,
            &haplotype_caller_31,
            &haplotype_caller_32,
            &haplotype_caller_33,
            &haplotype_caller_34,
            &haplotype_caller_35,
            &haplotype_caller_36,
            &haplotype_caller_37,
            &haplotype_caller_38,
            &haplotype_caller_39,
            &haplotype_caller_4,
            &haplotype_caller_40,
            &haplotype_caller_41,
            &haplotype_caller_42,
            &haplotype_caller_43,
            &haplotype_caller_44,
            &haplotype_caller_45,
            &haplotype_caller_46,
            &haplotype_caller_47,
            &haplotype_caller_48,
            &haplotype_caller_49,
            &haplotype_caller_5,
            &haplotype_caller_50,
            &haplotype_caller_6,
            &haplotype_caller_7,
            &haplotype_caller_8,
            &haplotype_caller_9
        ])
    )?;
    let combine_variants_1 = plain::join_many([
        &genotype_gvcfs_1,
        &genotype_gvcfs_10,
        &genotype_gvcfs_2,
        &genotype_gvcfs_3,
        &genotype_gvcfs_4,
        &genotype_gvcfs_5,
        &genotype_gvcfs_6,
        &genotype_gvcfs_7,
        &genotype_gvcfs_8,
        &genotype_gvcfs_9,
    ])
    .await?;
    let (select_variants_indel_1, select_variants_snp_1) =
        try_join!(plain::step1(&combine_variants_1), plain::step1(&combine_variants_1))?;
    let (filtering_indel_1, filtering_snp_1) =
        try_join!(plain::step1(&select_variants_indel_1), plain::step1(&select_variants_snp_1))?;
    Ok(merge_gcvf_1 ^ filtering_indel_1 ^ filtering_snp_1)
}

workflow! {
    /// As a workflow.
    pub async fn declared(seed: u64) -> Result<u64, Failed> {
        let alignment_to_reference_1 = marked::step0(seed).await?;
        let alignment_to_reference_2 = marked::step0(seed).await?;
        let alignment_to_reference_3 = marked::step0(seed).await?;
        let alignment_to_reference_4 = marked::step0(seed).await?;
        let alignment_to_reference_5 = marked::step0(seed).await?;
        let sort_sam_1 = marked::step1(&alignment_to_reference_1).await?;
        let dedup_1 = marked::step1(&sort_sam_1).await?;
        let add_replace_1 = marked::step1(&dedup_1).await?;
        let realign_target_creator_1 = marked::step1(&add_replace_1).await?;
        let indel_realign_1 = marked::step2(&add_replace_1, &realign_target_creator_1).await?;
        let haplotype_caller_1 = marked::step1(&indel_realign_1).await?;
        let haplotype_caller_2 = marked::step1(&indel_realign_1).await?;
        let haplotype_caller_3 = marked::step1(&indel_realign_1).await?;
        let haplotype_caller_4 = marked::step1(&indel_realign_1).await?;
        let haplotype_caller_5 = marked::step1(&indel_realign_1).await?;
        let haplotype_caller_6 = marked::step1(&indel_realign_1).await?;
        let haplotype_caller_7 = marked::step1(&indel_realign_1).await?;
        let haplotype_caller_8 = marked::step1(&indel_realign_1).await?;
        let haplotype_caller_9 = marked::step1(&indel_realign_1).await?;
        let haplotype_caller_10 = marked::step1(&indel_realign_1).await?;
        let sort_sam_2 = marked::step1(&alignment_to_reference_2).await?;
        let dedup_2 = marked::step1(&sort_sam_2).await?;
        let add_replace_2 = marked::step1(&dedup_2).await?;
        let realign_target_creator_2 = marked::step1(&add_replace_2).await?;
        let indel_realign_2 = marked::step2(&add_replace_2, &realign_target_creator_2).await?;
        let haplotype_caller_11 = marked::step1(&indel_realign_2).await?;
        let haplotype_caller_12 = marked::step1(&indel_realign_2).await?;
        let haplotype_caller_13 = marked::step1(&indel_realign_2).await?;
        let haplotype_caller_14 = marked::step1(&indel_realign_2).await?;
        let haplotype_caller_15 = marked::step1(&indel_realign_2).await?;
        let haplotype_caller_16 = marked::step1(&indel_realign_2).await?;
        let haplotype_caller_17 = marked::step1(&indel_realign_2).await?;
        let haplotype_caller_18 = marked::step1(&indel_realign_2).await?;
        let haplotype_caller_19 = marked::step1(&indel_realign_2).await?;
        let haplotype_caller_20 = marked::step1(&indel_realign_2).await?;
        let sort_sam_3 = marked::step1(&alignment_to_reference_3).await?;
        let dedup_3 = marked::step1(&sort_sam_3).await?;
        let add_replace_3 = marked::step1(&dedup_3).await?;
        let realign_target_creator_3 = marked::step1(&add_replace_3).await?;
        let indel_realign_3 = marked::step2(&add_replace_3, &realign_target_creator_3).await?;
        let haplotype_caller_21 = marked::step1(&indel_realign_3).await?;
        let haplotype_caller_22 = marked::step1(&indel_realign_3).await?;
        let haplotype_caller_23 = marked::step1(&indel_realign_3).await?;
        let haplotype_caller_24 = marked::step1(&indel_realign_3).await?;
        let haplotype_caller_25 = marked::step1(&indel_realign_3).await?;
        let haplotype_caller_26 = marked::step1(&indel_realign_3).await?;
        let haplotype_caller_27 = marked::step1(&indel_realign_3).await?;
        let haplotype_caller_28 = marked::step1(&indel_realign_3).await?;
        let haplotype_caller_29 = marked::step1(&indel_realign_3).await?;
        let haplotype_caller_30 = marked::step1(&indel_realign_3).await?;
        let sort_sam_4 = marked::step1(&alignment_to_reference_4).await?;
        let dedup_4 = marked::step1(&sort_sam_4).await?;
        let add_replace_4 = marked::step1(&dedup_4).await?;
        let realign_target_creator_4 = marked::step1(&add_replace_4).await?;
        let indel_realign_4 = marked::step2(&add_replace_4, &realign_target_creator_4).await?;
        let haplotype_caller_31 = marked::step1(&indel_realign_4).await?;
        let haplotype_caller_32 = marked::step1(&indel_realign_4).await?;
        let haplotype_caller_33 = marked::step1(&indel_realign_4).await?;
        let haplotype_caller_34 = marked::step1(&indel_realign_4).await?;
        let haplotype_caller_35 = marked::step1(&indel_realign_4).await?;
        let haplotype_caller_36 = marked::step1(&indel_realign_4).await?;
        let haplotype_caller_37 = marked::step1(&indel_realign_4).await?;
        let haplotype_caller_38 = marked::step1(&indel_realign_4).await?;
        let haplotype_caller_39 = marked::step1(&indel_realign_4).await?;
        let haplotype_caller_40 = marked::step1(&indel_realign_4).await?;
        let sort_sam_5 = marked::step1(&alignment_to_reference_5).await?;
        let dedup_5 = marked::step1(&sort_sam_5).await?;
        let add_replace_5 = marked::step1(&dedup_5).await?;
        let realign_target_creator_5 = marked::step1(&add_replace_5).await?;
        let indel_realign_5 = marked::step2(&add_replace_5, &realign_target_creator_5).await?;
        let haplotype_caller_41 = marked::step1(&indel_realign_5).await?;
        let genotype_gvcfs_1 = marked::join_many([&haplotype_caller_1, &haplotype_caller_11,
            &haplotype_caller_21, &haplotype_caller_31, &haplotype_caller_41]).await?;
        let haplotype_caller_42 = marked::step1(&indel_realign_5).await?;
        let genotype_gvcfs_2 = marked::join_many([&haplotype_caller_12, &haplotype_caller_2,
            &haplotype_caller_22, &haplotype_caller_32, &haplotype_caller_42]).await?;
        let haplotype_caller_43 = marked::step1(&indel_realign_5).await?;
        let genotype_gvcfs_3 = marked::join_many([&haplotype_caller_13, &haplotype_caller_23,
            &haplotype_caller_3, &haplotype_caller_33, &haplotype_caller_43]).await?;
        let haplotype_caller_44 = marked::step1(&indel_realign_5).await?;
        let genotype_gvcfs_4 = marked::join_many([&haplotype_caller_14, &haplotype_caller_24,
            &haplotype_caller_34, &haplotype_caller_4, &haplotype_caller_44]).await?;
        let haplotype_caller_45 = marked::step1(&indel_realign_5).await?;
        let genotype_gvcfs_5 = marked::join_many([&haplotype_caller_15, &haplotype_caller_25,
            &haplotype_caller_35, &haplotype_caller_45, &haplotype_caller_5]).await?;
        let haplotype_caller_46 = marked::step1(&indel_realign_5).await?;
        let genotype_gvcfs_6 = marked::join_many([&haplotype_caller_16, &haplotype_caller_26,
            &haplotype_caller_36, &haplotype_caller_46, &haplotype_caller_6]).await?;
        let haplotype_caller_47 = marked::step1(&indel_realign_5).await?;
        let genotype_gvcfs_7 = marked::join_many([&haplotype_caller_17, &haplotype_caller_27,
            &haplotype_caller_37, &haplotype_caller_47, &haplotype_caller_7]).await?;
        let haplotype_caller_48 = marked::step1(&indel_realign_5).await?;
        let genotype_gvcfs_8 = marked::join_many([&haplotype_caller_18, &haplotype_caller_28,
            &haplotype_caller_38, &haplotype_caller_48, &haplotype_caller_8]).await?;
        let haplotype_caller_49 = marked::step1(&indel_realign_5).await?;
        let genotype_gvcfs_9 = marked::join_many([&haplotype_caller_19, &haplotype_caller_29,
            &haplotype_caller_39, &haplotype_caller_49, &haplotype_caller_9]).await?;
        let haplotype_caller_50 = marked::step1(&indel_realign_5).await?;
        let genotype_gvcfs_10 = marked::join_many([&haplotype_caller_10, &haplotype_caller_20,
            &haplotype_caller_30, &haplotype_caller_40, &haplotype_caller_50]).await?;
        let combine_variants_1 = marked::join_many([&genotype_gvcfs_1, &genotype_gvcfs_10,
            &genotype_gvcfs_2, &genotype_gvcfs_3, &genotype_gvcfs_4, &genotype_gvcfs_5,
            &genotype_gvcfs_6, &genotype_gvcfs_7, &genotype_gvcfs_8, &genotype_gvcfs_9]).await?;
        let merge_gcvf_1 = marked::join_many([&haplotype_caller_1, &haplotype_caller_10,
            &haplotype_caller_11, &haplotype_caller_12, &haplotype_caller_13, &haplotype_caller_14,
            &haplotype_caller_15, &haplotype_caller_16, &haplotype_caller_17, &haplotype_caller_18,
            &haplotype_caller_19, &haplotype_caller_2, &haplotype_caller_20, &haplotype_caller_21,
            &haplotype_caller_22, &haplotype_caller_23, &haplotype_caller_24, &haplotype_caller_25,
            &haplotype_caller_26, &haplotype_caller_27, &haplotype_caller_28, &haplotype_caller_29,
            &haplotype_caller_3, &haplotype_caller_30, &haplotype_caller_31, &haplotype_caller_32,
            &haplotype_caller_33, &haplotype_caller_34, &haplotype_caller_35, &haplotype_caller_36,
            &haplotype_caller_37, &haplotype_caller_38, &haplotype_caller_39, &haplotype_caller_4,
            &haplotype_caller_40, &haplotype_caller_41, &haplotype_caller_42, &haplotype_caller_43,
            &haplotype_caller_44, &haplotype_caller_45, &haplotype_caller_46, &haplotype_caller_47,
            &haplotype_caller_48, &haplotype_caller_49, &haplotype_caller_5, &haplotype_caller_50,
            &haplotype_caller_6, &haplotype_caller_7, &haplotype_caller_8,
            &haplotype_caller_9]).await?;
        let select_variants_indel_1 = marked::step1(&combine_variants_1).await?;
        let filtering_indel_1 = marked::step1(&select_variants_indel_1).await?;
        let select_variants_snp_1 = marked::step1(&combine_variants_1).await?;
        let filtering_snp_1 = marked::step1(&select_variants_snp_1).await?;
        Ok(merge_gcvf_1 ^ filtering_indel_1 ^ filtering_snp_1)
    }
}
