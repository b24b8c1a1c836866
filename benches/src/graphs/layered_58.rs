// Written by `cargo run -p workflow-benches --bin generate`.

//! 58 steps in random layers.

use futures_util::try_join;
use workflow_runtime::workflow;

use crate::slot::Slot;
use crate::step::{Failed, marked, plain};

/// How many steps a run takes.
pub const STEPS: usize = 58;

/// By hand, as one branch a step.
pub async fn slots(seed: u64) -> Result<u64, Failed> {
    let n0 = Slot::default();
    let n1 = Slot::default();
    let n2 = Slot::default();
    let n3 = Slot::default();
    let n4 = Slot::default();
    let n5 = Slot::default();
    let n6 = Slot::default();
    let n7 = Slot::default();
    let n8 = Slot::default();
    let n9 = Slot::default();
    let n10 = Slot::default();
    let n11 = Slot::default();
    let n12 = Slot::default();
    let n13 = Slot::default();
    let n14 = Slot::default();
    let n15 = Slot::default();
    let n16 = Slot::default();
    let n17 = Slot::default();
    let n18 = Slot::default();
    let n19 = Slot::default();
    let n20 = Slot::default();
    let n21 = Slot::default();
    let n22 = Slot::default();
    let n23 = Slot::default();
    let n24 = Slot::default();
    let n25 = Slot::default();
    let n26 = Slot::default();
    let n27 = Slot::default();
    let n28 = Slot::default();
    let n29 = Slot::default();
    let n30 = Slot::default();
    let n31 = Slot::default();
    let n32 = Slot::default();
    let n33 = Slot::default();
    let n34 = Slot::default();
    let n35 = Slot::default();
    let n36 = Slot::default();
    let n37 = Slot::default();
    let n38 = Slot::default();
    let n39 = Slot::default();
    let n40 = Slot::default();
    let n41 = Slot::default();
    let n42 = Slot::default();
    let n43 = Slot::default();
    let n44 = Slot::default();
    let n45 = Slot::default();
    let n46 = Slot::default();
    let n47 = Slot::default();
    let n48 = Slot::default();
    let n49 = Slot::default();
    let n50 = Slot::default();
    let n51 = Slot::default();
    let n52 = Slot::default();
    let n53 = Slot::default();
    let n54 = Slot::default();
    let n55 = Slot::default();
    let n56 = Slot::default();
    let n57 = Slot::default();
    try_join!(
        async { n0.fill(plain::step0(seed).await?) },
        async { n1.fill(plain::step0(seed).await?) },
        async { n2.fill(plain::step0(seed).await?) },
        async { n3.fill(plain::step0(seed).await?) },
        async { n4.fill(plain::step0(seed).await?) },
        async {
            n5.fill(plain::step3(n1.filled().await, n2.filled().await, n4.filled().await).await?)
        },
        async { n6.fill(plain::step2(n0.filled().await, n4.filled().await).await?) },
        async { n7.fill(plain::step2(n0.filled().await, n1.filled().await).await?) },
        async {
            n8.fill(plain::step3(n0.filled().await, n1.filled().await, n4.filled().await).await?)
        },
        async { n9.fill(plain::step2(n1.filled().await, n4.filled().await).await?) },
        async { n10.fill(plain::step1(n4.filled().await).await?) },
        async {
            n11.fill(plain::step3(n3.filled().await, n6.filled().await, n9.filled().await).await?)
        },
        async { n12.fill(plain::step1(n7.filled().await).await?) },
        async {
            n13.fill(plain::step3(n7.filled().await, n8.filled().await, n9.filled().await).await?)
        },
        async { n14.fill(plain::step1(n5.filled().await).await?) },
        async { n15.fill(plain::step1(n12.filled().await).await?) },
        async { n16.fill(plain::step2(n11.filled().await, n12.filled().await).await?) },
        async { n17.fill(plain::step1(n14.filled().await).await?) },
        async { n18.fill(plain::step2(n2.filled().await, n14.filled().await).await?) },
        async { n19.fill(plain::step1(n14.filled().await).await?) },
        async { n20.fill(plain::step2(n11.filled().await, n14.filled().await).await?) },
        async { n21.fill(plain::step1(n12.filled().await).await?) },
        async { n22.fill(plain::step2(n16.filled().await, n18.filled().await).await?) },
        async { n23.fill(plain::step1(n16.filled().await).await?) },
        async { n24.fill(plain::step1(n17.filled().await).await?) },
        async { n25.fill(plain::step2(n20.filled().await, n21.filled().await).await?) },
        async { n26.fill(plain::step1(n15.filled().await).await?) },
        async {
            n27.fill(
                plain::step3(n17.filled().await, n18.filled().await, n20.filled().await).await?,
            )
        },
        async { n28.fill(plain::step2(n24.filled().await, n26.filled().await).await?) },
        async {
            n29.fill(
                plain::step3(n24.filled().await, n25.filled().await, n27.filled().await).await?,
            )
        },
        async {
            n30.fill(
                plain::step3(n22.filled().await, n24.filled().await, n25.filled().await).await?,
            )
        },
        async { n31.fill(plain::step1(n22.filled().await).await?) },
        async {
            n32.fill(
                plain::step3(n23.filled().await, n26.filled().await, n27.filled().await).await?,
            )
        },
        async { n33.fill(plain::step2(n24.filled().await, n25.filled().await).await?) },
        async { n34.fill(plain::step1(n24.filled().await).await?) },
        async { n35.fill(plain::step1(n27.filled().await).await?) },
        async {
            n36.fill(
                plain::step3(n28.filled().await, n29.filled().await, n34.filled().await).await?,
            )
        },
        async { n37.fill(plain::step1(n31.filled().await).await?) },
        async { n38.fill(plain::step2(n32.filled().await, n35.filled().await).await?) },
        async { n39.fill(plain::step2(n28.filled().await, n30.filled().await).await?) },
        async {
            n40.fill(
                plain::step3(n14.filled().await, n16.filled().await, n32.filled().await).await?,
            )
        },
        async { n41.fill(plain::step1(n29.filled().await).await?) },
        async { n42.fill(plain::step1(n33.filled().await).await?) },
        async { n43.fill(plain::step1(n33.filled().await).await?) },
        async { n44.fill(plain::step2(n27.filled().await, n42.filled().await).await?) },
        async { n45.fill(plain::step2(n2.filled().await, n37.filled().await).await?) },
        async {
            n46.fill(
                plain::step3(n10.filled().await, n34.filled().await, n42.filled().await).await?,
            )
        },
        async { n47.fill(plain::step2(n3.filled().await, n36.filled().await).await?) },
        async { n48.fill(plain::step1(n37.filled().await).await?) },
        async {
            n49.fill(
                plain::step3(n37.filled().await, n39.filled().await, n41.filled().await).await?,
            )
        },
        async { n50.fill(plain::step1(n40.filled().await).await?) },
        async {
            n51.fill(plain::step3(n6.filled().await, n41.filled().await, n43.filled().await).await?)
        },
        async { n52.fill(plain::step2(n37.filled().await, n43.filled().await).await?) },
        async { n53.fill(plain::step2(n45.filled().await, n51.filled().await).await?) },
        async {
            n54.fill(
                plain::step3(n44.filled().await, n47.filled().await, n48.filled().await).await?,
            )
        },
        async { n55.fill(plain::step1(n45.filled().await).await?) },
        async { n56.fill(plain::step1(n48.filled().await).await?) },
        async {
            n57.fill(
                plain::step3(n43.filled().await, n45.filled().await, n51.filled().await).await?,
            )
        },
    )?;
    Ok(n13.value()
        ^ n19.value()
        ^ n38.value()
        ^ n46.value()
        ^ n49.value()
        ^ n50.value()
        ^ n52.value()
        ^ n53.value()
        ^ n54.value()
        ^ n55.value()
        ^ n56.value()
        ^ n57.value())
}

/// By hand, as one join a level.
pub async fn levels(seed: u64) -> Result<u64, Failed> {
    let (n0, n1, n2, n3, n4) = try_join!(
        plain::step0(seed),
        plain::step0(seed),
        plain::step0(seed),
        plain::step0(seed),
        plain::step0(seed)
    )?;
    let (n5, n6, n7, n8, n9, n10) = try_join!(
        plain::step3(&n1, &n2, &n4),
        plain::step2(&n0, &n4),
        plain::step2(&n0, &n1),
        plain::step3(&n0, &n1, &n4),
        plain::step2(&n1, &n4),
        plain::step1(&n4)
    )?;
    let (n11, n12, n13, n14) = try_join!(
        plain::step3(&n3, &n6, &n9),
        plain::step1(&n7),
        plain::step3(&n7, &n8, &n9),
        plain::step1(&n5)
    )?;
    let (n15, n16, n17, n18, n19, n20, n21) = try_join!(
        plain::step1(&n12),
        plain::step2(&n11, &n12),
        plain::step1(&n14),
        plain::step2(&n2, &n14),
        plain::step1(&n14),
        plain::step2(&n11, &n14),
        plain::step1(&n12)
    )?;
    let (n22, n23, n24, n25, n26, n27) = try_join!(
        plain::step2(&n16, &n18),
        plain::step1(&n16),
        plain::step1(&n17),
        plain::step2(&n20, &n21),
        plain::step1(&n15),
        plain::step3(&n17, &n18, &n20)
    )?;
    let (n28, n29, n30, n31, n32, n33, n34, n35) = try_join!(
        plain::step2(&n24, &n26),
        plain::step3(&n24, &n25, &n27),
        plain::step3(&n22, &n24, &n25),
        plain::step1(&n22),
        plain::step3(&n23, &n26, &n27),
        plain::step2(&n24, &n25),
        plain::step1(&n24),
        plain::step1(&n27)
    )?;
    let (n36, n37, n38, n39, n40, n41, n42, n43) = try_join!(
        plain::step3(&n28, &n29, &n34),
        plain::step1(&n31),
        plain::step2(&n32, &n35),
        plain::step2(&n28, &n30),
        plain::step3(&n14, &n16, &n32),
        plain::step1(&n29),
        plain::step1(&n33),
        plain::step1(&n33)
    )?;
    let (n44, n45, n46, n47, n48, n49, n50, n51, n52) = try_join!(
        plain::step2(&n27, &n42),
        plain::step2(&n2, &n37),
        plain::step3(&n10, &n34, &n42),
        plain::step2(&n3, &n36),
        plain::step1(&n37),
        plain::step3(&n37, &n39, &n41),
        plain::step1(&n40),
        plain::step3(&n6, &n41, &n43),
        plain::step2(&n37, &n43)
    )?;
    let (n53, n54, n55, n56, n57) = try_join!(
        plain::step2(&n45, &n51),
        plain::step3(&n44, &n47, &n48),
        plain::step1(&n45),
        plain::step1(&n48),
        plain::step3(&n43, &n45, &n51)
    )?;
    Ok(n13 ^ n19 ^ n38 ^ n46 ^ n49 ^ n50 ^ n52 ^ n53 ^ n54 ^ n55 ^ n56 ^ n57)
}

workflow! {
    /// As a workflow.
    pub async fn declared(seed: u64) -> Result<u64, Failed> {
        let n0 = marked::step0(seed).await?;
        let n1 = marked::step0(seed).await?;
        let n2 = marked::step0(seed).await?;
        let n3 = marked::step0(seed).await?;
        let n4 = marked::step0(seed).await?;
        let n5 = marked::step3(&n1, &n2, &n4).await?;
        let n6 = marked::step2(&n0, &n4).await?;
        let n7 = marked::step2(&n0, &n1).await?;
        let n8 = marked::step3(&n0, &n1, &n4).await?;
        let n9 = marked::step2(&n1, &n4).await?;
        let n10 = marked::step1(&n4).await?;
        let n11 = marked::step3(&n3, &n6, &n9).await?;
        let n12 = marked::step1(&n7).await?;
        let n13 = marked::step3(&n7, &n8, &n9).await?;
        let n14 = marked::step1(&n5).await?;
        let n15 = marked::step1(&n12).await?;
        let n16 = marked::step2(&n11, &n12).await?;
        let n17 = marked::step1(&n14).await?;
        let n18 = marked::step2(&n2, &n14).await?;
        let n19 = marked::step1(&n14).await?;
        let n20 = marked::step2(&n11, &n14).await?;
        let n21 = marked::step1(&n12).await?;
        let n22 = marked::step2(&n16, &n18).await?;
        let n23 = marked::step1(&n16).await?;
        let n24 = marked::step1(&n17).await?;
        let n25 = marked::step2(&n20, &n21).await?;
        let n26 = marked::step1(&n15).await?;
        let n27 = marked::step3(&n17, &n18, &n20).await?;
        let n28 = marked::step2(&n24, &n26).await?;
        let n29 = marked::step3(&n24, &n25, &n27).await?;
        let n30 = marked::step3(&n22, &n24, &n25).await?;
        let n31 = marked::step1(&n22).await?;
        let n32 = marked::step3(&n23, &n26, &n27).await?;
        let n33 = marked::step2(&n24, &n25).await?;
        let n34 = marked::step1(&n24).await?;
        let n35 = marked::step1(&n27).await?;
        let n36 = marked::step3(&n28, &n29, &n34).await?;
        let n37 = marked::step1(&n31).await?;
        let n38 = marked::step2(&n32, &n35).await?;
        let n39 = marked::step2(&n28, &n30).await?;
        let n40 = marked::step3(&n14, &n16, &n32).await?;
        let n41 = marked::step1(&n29).await?;
        let n42 = marked::step1(&n33).await?;
        let n43 = marked::step1(&n33).await?;
        let n44 = marked::step2(&n27, &n42).await?;
        let n45 = marked::step2(&n2, &n37).await?;
        let n46 = marked::step3(&n10, &n34, &n42).await?;
        let n47 = marked::step2(&n3, &n36).await?;
        let n48 = marked::step1(&n37).await?;
        let n49 = marked::step3(&n37, &n39, &n41).await?;
        let n50 = marked::step1(&n40).await?;
        let n51 = marked::step3(&n6, &n41, &n43).await?;
        let n52 = marked::step2(&n37, &n43).await?;
        let n53 = marked::step2(&n45, &n51).await?;
        let n54 = marked::step3(&n44, &n47, &n48).await?;
        let n55 = marked::step1(&n45).await?;
        let n56 = marked::step1(&n48).await?;
        let n57 = marked::step3(&n43, &n45, &n51).await?;
        Ok(n13 ^ n19 ^ n38 ^ n46 ^ n49 ^ n50 ^ n52 ^ n53 ^ n54 ^ n55 ^ n56 ^ n57)
    }
}
