// Written by `cargo run -p workflow-benches --bin generate`.

//! 310 steps in random layers.

use futures_util::try_join;
use workflow_runtime::workflow;

use crate::slot::Slot;
use crate::step::{Failed, marked, plain};

/// How many steps a run takes.
pub const STEPS: usize = 310;

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
    let n58 = Slot::default();
    let n59 = Slot::default();
    let n60 = Slot::default();
    let n61 = Slot::default();
    let n62 = Slot::default();
    let n63 = Slot::default();
    let n64 = Slot::default();
    let n65 = Slot::default();
    let n66 = Slot::default();
    let n67 = Slot::default();
    let n68 = Slot::default();
    let n69 = Slot::default();
    let n70 = Slot::default();
    let n71 = Slot::default();
    let n72 = Slot::default();
    let n73 = Slot::default();
    let n74 = Slot::default();
    let n75 = Slot::default();
    let n76 = Slot::default();
    let n77 = Slot::default();
    let n78 = Slot::default();
    let n79 = Slot::default();
    let n80 = Slot::default();
    let n81 = Slot::default();
    let n82 = Slot::default();
    let n83 = Slot::default();
    let n84 = Slot::default();
    let n85 = Slot::default();
    let n86 = Slot::default();
    let n87 = Slot::default();
    let n88 = Slot::default();
    let n89 = Slot::default();
    let n90 = Slot::default();
    let n91 = Slot::default();
    let n92 = Slot::default();
    let n93 = Slot::default();
    let n94 = Slot::default();
    let n95 = Slot::default();
    let n96 = Slot::default();
    let n97 = Slot::default();
    let n98 = Slot::default();
    let n99 = Slot::default();
    let n100 = Slot::default();
    let n101 = Slot::default();
    let n102 = Slot::default();
    let n103 = Slot::default();
    let n104 = Slot::default();
    let n105 = Slot::default();
    let n106 = Slot::default();
    let n107 = Slot::default();
    let n108 = Slot::default();
    let n109 = Slot::default();
    let n110 = Slot::default();
    let n111 = Slot::default();
    let n112 = Slot::default();
    let n113 = Slot::default();
    let n114 = Slot::default();
    let n115 = Slot::default();
    let n116 = Slot::default();
    let n117 = Slot::default();
    let n118 = Slot::default();
    let n119 = Slot::default();
    let n120 = Slot::default();
    let n121 = Slot::default();
    let n122 = Slot::default();
    let n123 = Slot::default();
    let n124 = Slot::default();
    let n125 = Slot::default();
    let n126 = Slot::default();
    let n127 = Slot::default();
    let n128 = Slot::default();
    let n129 = Slot::default();
    let n130 = Slot::default();
    let n131 = Slot::default();
    let n132 = Slot::default();
    let n133 = Slot::default();
    let n134 = Slot::default();
    let n135 = Slot::default();
    let n136 = Slot::default();
    let n137 = Slot::default();
    let n138 = Slot::default();
    let n139 = Slot::default();
    let n140 = Slot::default();
    let n141 = Slot::default();
    let n142 = Slot::default();
    let n143 = Slot::default();
    let n144 = Slot::default();
    let n145 = Slot::default();
    let n146 = Slot::default();
    let n147 = Slot::default();
    let n148 = Slot::default();
    let n149 = Slot::default();
    let n150 = Slot::default();
    let n151 = Slot::default();
    let n152 = Slot::default();
    let n153 = Slot::default();
    let n154 = Slot::default();
    let n155 = Slot::default();
    let n156 = Slot::default();
    let n157 = Slot::default();
    let n158 = Slot::default();
    let n159 = Slot::default();
    let n160 = Slot::default();
    let n161 = Slot::default();
    let n162 = Slot::default();
    let n163 = Slot::default();
    let n164 = Slot::default();
    let n165 = Slot::default();
    let n166 = Slot::default();
    let n167 = Slot::default();
    let n168 = Slot::default();
    let n169 = Slot::default();
    let n170 = Slot::default();
    let n171 = Slot::default();
    let n172 = Slot::default();
    let n173 = Slot::default();
    let n174 = Slot::default();
    let n175 = Slot::default();
    let n176 = Slot::default();
    let n177 = Slot::default();
    let n178 = Slot::default();
    let n179 = Slot::default();
    let n180 = Slot::default();
    let n181 = Slot::default();
    let n182 = Slot::default();
    let n183 = Slot::default();
    let n184 = Slot::default();
    let n185 = Slot::default();
    let n186 = Slot::default();
    let n187 = Slot::default();
    let n188 = Slot::default();
    let n189 = Slot::default();
    let n190 = Slot::default();
    let n191 = Slot::default();
    let n192 = Slot::default();
    let n193 = Slot::default();
    let n194 = Slot::default();
    let n195 = Slot::default();
    let n196 = Slot::default();
    let n197 = Slot::default();
    let n198 = Slot::default();
    let n199 = Slot::default();
    let n200 = Slot::default();
    let n201 = Slot::default();
    let n202 = Slot::default();
    let n203 = Slot::default();
    let n204 = Slot::default();
    let n205 = Slot::default();
    let n206 = Slot::default();
    let n207 = Slot::default();
    let n208 = Slot::default();
    let n209 = Slot::default();
    let n210 = Slot::default();
    let n211 = Slot::default();
    let n212 = Slot::default();
    let n213 = Slot::default();
    let n214 = Slot::default();
    let n215 = Slot::default();
    let n216 = Slot::default();
    let n217 = Slot::default();
    let n218 = Slot::default();
    let n219 = Slot::default();
    let n220 = Slot::default();
    let n221 = Slot::default();
    let n222 = Slot::default();
    let n223 = Slot::default();
    let n224 = Slot::default();
    let n225 = Slot::default();
    let n226 = Slot::default();
    let n227 = Slot::default();
    let n228 = Slot::default();
    let n229 = Slot::default();
    let n230 = Slot::default();
    let n231 = Slot::default();
    let n232 = Slot::default();
    let n233 = Slot::default();
    let n234 = Slot::default();
    let n235 = Slot::default();
    let n236 = Slot::default();
    let n237 = Slot::default();
    let n238 = Slot::default();
    let n239 = Slot::default();
    let n240 = Slot::default();
    let n241 = Slot::default();
    let n242 = Slot::default();
    let n243 = Slot::default();
    let n244 = Slot::default();
    let n245 = Slot::default();
    let n246 = Slot::default();
    let n247 = Slot::default();
    let n248 = Slot::default();
    let n249 = Slot::default();
    let n250 = Slot::default();
    let n251 = Slot::default();
    let n252 = Slot::default();
    let n253 = Slot::default();
    let n254 = Slot::default();
    let n255 = Slot::default();
    let n256 = Slot::default();
    let n257 = Slot::default();
    let n258 = Slot::default();
    let n259 = Slot::default();
    let n260 = Slot::default();
    let n261 = Slot::default();
    let n262 = Slot::default();
    let n263 = Slot::default();
    let n264 = Slot::default();
    let n265 = Slot::default();
    let n266 = Slot::default();
    let n267 = Slot::default();
    let n268 = Slot::default();
    let n269 = Slot::default();
    let n270 = Slot::default();
    let n271 = Slot::default();
    let n272 = Slot::default();
    let n273 = Slot::default();
    let n274 = Slot::default();
    let n275 = Slot::default();
    let n276 = Slot::default();
    let n277 = Slot::default();
    let n278 = Slot::default();
    let n279 = Slot::default();
    let n280 = Slot::default();
    let n281 = Slot::default();
    let n282 = Slot::default();
    let n283 = Slot::default();
    let n284 = Slot::default();
    let n285 = Slot::default();
    let n286 = Slot::default();
    let n287 = Slot::default();
    let n288 = Slot::default();
    let n289 = Slot::default();
    let n290 = Slot::default();
    let n291 = Slot::default();
    let n292 = Slot::default();
    let n293 = Slot::default();
    let n294 = Slot::default();
    let n295 = Slot::default();
    let n296 = Slot::default();
    let n297 = Slot::default();
    let n298 = Slot::default();
    let n299 = Slot::default();
    let n300 = Slot::default();
    let n301 = Slot::default();
    let n302 = Slot::default();
    let n303 = Slot::default();
    let n304 = Slot::default();
    let n305 = Slot::default();
    let n306 = Slot::default();
    let n307 = Slot::default();
    let n308 = Slot::default();
    let n309 = Slot::default();
    try_join!(
        async { n0.fill(plain::step0(seed).await?) },
        async { n1.fill(plain::step0(seed).await?) },
        async { n2.fill(plain::step0(seed).await?) },
        async { n3.fill(plain::step0(seed).await?) },
        async { n4.fill(plain::step0(seed).await?) },
        async { n5.fill(plain::step0(seed).await?) },
        async { n6.fill(plain::step0(seed).await?) },
        async { n7.fill(plain::step0(seed).await?) },
        async { n8.fill(plain::step0(seed).await?) },
        async { n9.fill(plain::step0(seed).await?) },
        async { n10.fill(plain::step0(seed).await?) },
        async { n11.fill(plain::step0(seed).await?) },
        async { n12.fill(plain::step0(seed).await?) },
        async { n13.fill(plain::step0(seed).await?) },
        async { n14.fill(plain::step0(seed).await?) },
        async { n15.fill(plain::step0(seed).await?) },
        async { n16.fill(plain::step1(n1.filled().await).await?) },
        async { n17.fill(plain::step1(n5.filled().await).await?) },
        async { n18.fill(plain::step2(n4.filled().await, n5.filled().await).await?) },
        async { n19.fill(plain::step1(n11.filled().await).await?) },
        async {
            n20.fill(plain::step3(n1.filled().await, n2.filled().await, n7.filled().await).await?)
        },
        async { n21.fill(plain::step1(n11.filled().await).await?) },
        async { n22.fill(plain::step2(n4.filled().await, n11.filled().await).await?) },
        async { n23.fill(plain::step2(n0.filled().await, n5.filled().await).await?) },
        async { n24.fill(plain::step2(n3.filled().await, n13.filled().await).await?) },
        async { n25.fill(plain::step1(n11.filled().await).await?) },
        async { n26.fill(plain::step2(n0.filled().await, n3.filled().await).await?) },
        async { n27.fill(plain::step2(n25.filled().await, n26.filled().await).await?) },
        async { n28.fill(plain::step1(n17.filled().await).await?) },
        async { n29.fill(plain::step2(n4.filled().await, n25.filled().await).await?) },
        async { n30.fill(plain::step1(n16.filled().await).await?) },
        async { n31.fill(plain::step1(n18.filled().await).await?) },
        async {
            n32.fill(
                plain::step3(n19.filled().await, n22.filled().await, n23.filled().await).await?,
            )
        },
        async { n33.fill(plain::step2(n17.filled().await, n20.filled().await).await?) },
        async {
            n34.fill(plain::step3(n2.filled().await, n17.filled().await, n26.filled().await).await?)
        },
        async { n35.fill(plain::step1(n23.filled().await).await?) },
        async { n36.fill(plain::step2(n17.filled().await, n20.filled().await).await?) },
        async { n37.fill(plain::step1(n22.filled().await).await?) },
        async { n38.fill(plain::step2(n19.filled().await, n23.filled().await).await?) },
        async { n39.fill(plain::step1(n38.filled().await).await?) },
        async {
            n40.fill(
                plain::step3(n31.filled().await, n32.filled().await, n35.filled().await).await?,
            )
        },
        async { n41.fill(plain::step1(n34.filled().await).await?) },
        async { n42.fill(plain::step1(n32.filled().await).await?) },
        async {
            n43.fill(
                plain::step3(n30.filled().await, n31.filled().await, n38.filled().await).await?,
            )
        },
        async { n44.fill(plain::step1(n38.filled().await).await?) },
        async { n45.fill(plain::step1(n29.filled().await).await?) },
        async { n46.fill(plain::step2(n12.filled().await, n32.filled().await).await?) },
        async { n47.fill(plain::step1(n31.filled().await).await?) },
        async { n48.fill(plain::step2(n17.filled().await, n35.filled().await).await?) },
        async { n49.fill(plain::step2(n31.filled().await, n37.filled().await).await?) },
        async {
            n50.fill(
                plain::step3(n20.filled().await, n29.filled().await, n35.filled().await).await?,
            )
        },
        async {
            n51.fill(plain::step3(n4.filled().await, n32.filled().await, n38.filled().await).await?)
        },
        async {
            n52.fill(
                plain::step3(n28.filled().await, n31.filled().await, n36.filled().await).await?,
            )
        },
        async {
            n53.fill(
                plain::step3(n31.filled().await, n33.filled().await, n38.filled().await).await?,
            )
        },
        async { n54.fill(plain::step1(n32.filled().await).await?) },
        async {
            n55.fill(
                plain::step3(n35.filled().await, n36.filled().await, n37.filled().await).await?,
            )
        },
        async { n56.fill(plain::step2(n27.filled().await, n31.filled().await).await?) },
        async { n57.fill(plain::step1(n32.filled().await).await?) },
        async {
            n58.fill(
                plain::step3(n42.filled().await, n49.filled().await, n54.filled().await).await?,
            )
        },
        async { n59.fill(plain::step1(n41.filled().await).await?) },
        async { n60.fill(plain::step2(n42.filled().await, n54.filled().await).await?) },
        async {
            n61.fill(
                plain::step3(n40.filled().await, n48.filled().await, n50.filled().await).await?,
            )
        },
        async {
            n62.fill(
                plain::step3(n41.filled().await, n49.filled().await, n53.filled().await).await?,
            )
        },
        async {
            n63.fill(
                plain::step3(n39.filled().await, n46.filled().await, n53.filled().await).await?,
            )
        },
        async {
            n64.fill(
                plain::step3(n36.filled().await, n46.filled().await, n47.filled().await).await?,
            )
        },
        async { n65.fill(plain::step1(n52.filled().await).await?) },
        async { n66.fill(plain::step2(n29.filled().await, n53.filled().await).await?) },
        async { n67.fill(plain::step2(n44.filled().await, n53.filled().await).await?) },
        async {
            n68.fill(
                plain::step3(n45.filled().await, n50.filled().await, n55.filled().await).await?,
            )
        },
        async { n69.fill(plain::step2(n32.filled().await, n43.filled().await).await?) },
        async {
            n70.fill(
                plain::step3(n45.filled().await, n54.filled().await, n55.filled().await).await?,
            )
        },
        async {
            n71.fill(
                plain::step3(n51.filled().await, n55.filled().await, n56.filled().await).await?,
            )
        },
        async { n72.fill(plain::step1(n53.filled().await).await?) },
        async { n73.fill(plain::step2(n45.filled().await, n49.filled().await).await?) },
        async { n74.fill(plain::step2(n43.filled().await, n44.filled().await).await?) },
        async { n75.fill(plain::step2(n4.filled().await, n57.filled().await).await?) },
        async {
            n76.fill(
                plain::step3(n61.filled().await, n69.filled().await, n72.filled().await).await?,
            )
        },
        async { n77.fill(plain::step1(n75.filled().await).await?) },
        async { n78.fill(plain::step2(n66.filled().await, n67.filled().await).await?) },
        async {
            n79.fill(
                plain::step3(n60.filled().await, n70.filled().await, n75.filled().await).await?,
            )
        },
        async {
            n80.fill(
                plain::step3(n58.filled().await, n66.filled().await, n75.filled().await).await?,
            )
        },
        async { n81.fill(plain::step2(n33.filled().await, n72.filled().await).await?) },
        async {
            n82.fill(
                plain::step3(n59.filled().await, n69.filled().await, n70.filled().await).await?,
            )
        },
        async { n83.fill(plain::step2(n63.filled().await, n69.filled().await).await?) },
        async { n84.fill(plain::step2(n58.filled().await, n59.filled().await).await?) },
        async { n85.fill(plain::step2(n62.filled().await, n65.filled().await).await?) },
        async { n86.fill(plain::step2(n15.filled().await, n72.filled().await).await?) },
        async { n87.fill(plain::step2(n66.filled().await, n67.filled().await).await?) },
        async { n88.fill(plain::step2(n60.filled().await, n64.filled().await).await?) },
        async { n89.fill(plain::step1(n66.filled().await).await?) },
        async {
            n90.fill(
                plain::step3(n56.filled().await, n68.filled().await, n70.filled().await).await?,
            )
        },
        async { n91.fill(plain::step1(n60.filled().await).await?) },
        async { n92.fill(plain::step1(n58.filled().await).await?) },
        async { n93.fill(plain::step2(n61.filled().await, n72.filled().await).await?) },
        async { n94.fill(plain::step1(n59.filled().await).await?) },
        async { n95.fill(plain::step1(n60.filled().await).await?) },
        async {
            n96.fill(
                plain::step3(n62.filled().await, n64.filled().await, n69.filled().await).await?,
            )
        },
        async { n97.fill(plain::step1(n68.filled().await).await?) },
        async { n98.fill(plain::step2(n62.filled().await, n67.filled().await).await?) },
        async { n99.fill(plain::step1(n74.filled().await).await?) },
        async { n100.fill(plain::step1(n67.filled().await).await?) },
        async { n101.fill(plain::step2(n80.filled().await, n87.filled().await).await?) },
        async {
            n102.fill(
                plain::step3(n81.filled().await, n95.filled().await, n96.filled().await).await?,
            )
        },
        async { n103.fill(plain::step2(n76.filled().await, n86.filled().await).await?) },
        async { n104.fill(plain::step2(n77.filled().await, n84.filled().await).await?) },
        async { n105.fill(plain::step2(n81.filled().await, n82.filled().await).await?) },
        async {
            n106.fill(
                plain::step3(n41.filled().await, n85.filled().await, n99.filled().await).await?,
            )
        },
        async { n107.fill(plain::step1(n88.filled().await).await?) },
        async {
            n108.fill(
                plain::step3(n76.filled().await, n93.filled().await, n100.filled().await).await?,
            )
        },
        async {
            n109.fill(
                plain::step3(n81.filled().await, n82.filled().await, n99.filled().await).await?,
            )
        },
        async {
            n110.fill(
                plain::step3(n84.filled().await, n91.filled().await, n99.filled().await).await?,
            )
        },
        async { n111.fill(plain::step2(n86.filled().await, n95.filled().await).await?) },
        async { n112.fill(plain::step2(n81.filled().await, n89.filled().await).await?) },
        async {
            n113.fill(
                plain::step3(n4.filled().await, n81.filled().await, n96.filled().await).await?,
            )
        },
        async {
            n114.fill(
                plain::step3(n22.filled().await, n93.filled().await, n98.filled().await).await?,
            )
        },
        async { n115.fill(plain::step2(n76.filled().await, n81.filled().await).await?) },
        async { n116.fill(plain::step1(n95.filled().await).await?) },
        async { n117.fill(plain::step1(n98.filled().await).await?) },
        async { n118.fill(plain::step2(n87.filled().await, n100.filled().await).await?) },
        async {
            n119.fill(
                plain::step3(n84.filled().await, n91.filled().await, n100.filled().await).await?,
            )
        },
        async { n120.fill(plain::step1(n80.filled().await).await?) },
        async {
            n121.fill(
                plain::step3(n82.filled().await, n92.filled().await, n98.filled().await).await?,
            )
        },
        async { n122.fill(plain::step2(n77.filled().await, n99.filled().await).await?) },
        async {
            n123.fill(
                plain::step3(n90.filled().await, n94.filled().await, n104.filled().await).await?,
            )
        },
        async { n124.fill(plain::step1(n115.filled().await).await?) },
        async { n125.fill(plain::step1(n105.filled().await).await?) },
        async {
            n126.fill(
                plain::step3(n32.filled().await, n104.filled().await, n119.filled().await).await?,
            )
        },
        async {
            n127.fill(
                plain::step3(n111.filled().await, n112.filled().await, n113.filled().await).await?,
            )
        },
        async { n128.fill(plain::step2(n68.filled().await, n104.filled().await).await?) },
        async { n129.fill(plain::step1(n106.filled().await).await?) },
        async { n130.fill(plain::step1(n103.filled().await).await?) },
        async {
            n131.fill(
                plain::step3(n102.filled().await, n115.filled().await, n116.filled().await).await?,
            )
        },
        async { n132.fill(plain::step2(n104.filled().await, n110.filled().await).await?) },
        async { n133.fill(plain::step2(n102.filled().await, n114.filled().await).await?) },
        async {
            n134.fill(
                plain::step3(n110.filled().await, n112.filled().await, n117.filled().await).await?,
            )
        },
        async { n135.fill(plain::step2(n74.filled().await, n133.filled().await).await?) },
        async { n136.fill(plain::step1(n131.filled().await).await?) },
        async { n137.fill(plain::step2(n51.filled().await, n123.filled().await).await?) },
        async { n138.fill(plain::step2(n132.filled().await, n134.filled().await).await?) },
        async { n139.fill(plain::step2(n123.filled().await, n131.filled().await).await?) },
        async {
            n140.fill(
                plain::step3(n125.filled().await, n127.filled().await, n128.filled().await).await?,
            )
        },
        async {
            n141.fill(
                plain::step3(n1.filled().await, n126.filled().await, n128.filled().await).await?,
            )
        },
        async { n142.fill(plain::step1(n130.filled().await).await?) },
        async { n143.fill(plain::step1(n131.filled().await).await?) },
        async { n144.fill(plain::step2(n90.filled().await, n124.filled().await).await?) },
        async {
            n145.fill(
                plain::step3(n126.filled().await, n127.filled().await, n128.filled().await).await?,
            )
        },
        async { n146.fill(plain::step1(n136.filled().await).await?) },
        async { n147.fill(plain::step1(n145.filled().await).await?) },
        async {
            n148.fill(
                plain::step3(n94.filled().await, n135.filled().await, n142.filled().await).await?,
            )
        },
        async { n149.fill(plain::step1(n138.filled().await).await?) },
        async {
            n150.fill(
                plain::step3(n21.filled().await, n77.filled().await, n135.filled().await).await?,
            )
        },
        async { n151.fill(plain::step2(n138.filled().await, n143.filled().await).await?) },
        async {
            n152.fill(
                plain::step3(n135.filled().await, n139.filled().await, n145.filled().await).await?,
            )
        },
        async {
            n153.fill(
                plain::step3(n139.filled().await, n141.filled().await, n143.filled().await).await?,
            )
        },
        async { n154.fill(plain::step2(n136.filled().await, n145.filled().await).await?) },
        async {
            n155.fill(
                plain::step3(n148.filled().await, n150.filled().await, n154.filled().await).await?,
            )
        },
        async {
            n156.fill(
                plain::step3(n139.filled().await, n148.filled().await, n150.filled().await).await?,
            )
        },
        async { n157.fill(plain::step1(n154.filled().await).await?) },
        async { n158.fill(plain::step2(n146.filled().await, n150.filled().await).await?) },
        async {
            n159.fill(
                plain::step3(n17.filled().await, n150.filled().await, n153.filled().await).await?,
            )
        },
        async { n160.fill(plain::step2(n148.filled().await, n154.filled().await).await?) },
        async {
            n161.fill(
                plain::step3(n5.filled().await, n147.filled().await, n151.filled().await).await?,
            )
        },
        async { n162.fill(plain::step1(n154.filled().await).await?) },
        async { n163.fill(plain::step1(n150.filled().await).await?) },
        async { n164.fill(plain::step1(n146.filled().await).await?) },
        async { n165.fill(plain::step2(n145.filled().await, n148.filled().await).await?) },
        async { n166.fill(plain::step2(n146.filled().await, n150.filled().await).await?) },
        async { n167.fill(plain::step2(n150.filled().await, n152.filled().await).await?) },
        async { n168.fill(plain::step2(n149.filled().await, n150.filled().await).await?) },
        async { n169.fill(plain::step1(n148.filled().await).await?) },
        async {
            n170.fill(
                plain::step3(n63.filled().await, n149.filled().await, n150.filled().await).await?,
            )
        },
        async { n171.fill(plain::step2(n146.filled().await, n148.filled().await).await?) },
        async { n172.fill(plain::step1(n150.filled().await).await?) },
        async {
            n173.fill(
                plain::step3(n48.filled().await, n147.filled().await, n153.filled().await).await?,
            )
        },
        async { n174.fill(plain::step1(n151.filled().await).await?) },
        async { n175.fill(plain::step2(n126.filled().await, n152.filled().await).await?) },
        async { n176.fill(plain::step2(n147.filled().await, n148.filled().await).await?) },
        async {
            n177.fill(
                plain::step3(n157.filled().await, n166.filled().await, n173.filled().await).await?,
            )
        },
        async {
            n178.fill(
                plain::step3(n38.filled().await, n156.filled().await, n163.filled().await).await?,
            )
        },
        async { n179.fill(plain::step2(n110.filled().await, n155.filled().await).await?) },
        async { n180.fill(plain::step1(n162.filled().await).await?) },
        async { n181.fill(plain::step1(n156.filled().await).await?) },
        async { n182.fill(plain::step1(n171.filled().await).await?) },
        async { n183.fill(plain::step1(n170.filled().await).await?) },
        async { n184.fill(plain::step1(n166.filled().await).await?) },
        async { n185.fill(plain::step1(n155.filled().await).await?) },
        async { n186.fill(plain::step1(n157.filled().await).await?) },
        async { n187.fill(plain::step1(n168.filled().await).await?) },
        async {
            n188.fill(
                plain::step3(n163.filled().await, n164.filled().await, n171.filled().await).await?,
            )
        },
        async { n189.fill(plain::step1(n174.filled().await).await?) },
        async { n190.fill(plain::step1(n159.filled().await).await?) },
        async {
            n191.fill(
                plain::step3(n70.filled().await, n158.filled().await, n161.filled().await).await?,
            )
        },
        async { n192.fill(plain::step2(n158.filled().await, n168.filled().await).await?) },
        async { n193.fill(plain::step2(n183.filled().await, n186.filled().await).await?) },
        async {
            n194.fill(
                plain::step3(n17.filled().await, n183.filled().await, n192.filled().await).await?,
            )
        },
        async {
            n195.fill(
                plain::step3(n18.filled().await, n179.filled().await, n182.filled().await).await?,
            )
        },
        async { n196.fill(plain::step2(n48.filled().await, n179.filled().await).await?) },
        async { n197.fill(plain::step1(n180.filled().await).await?) },
        async { n198.fill(plain::step2(n107.filled().await, n184.filled().await).await?) },
        async { n199.fill(plain::step2(n180.filled().await, n189.filled().await).await?) },
        async {
            n200.fill(
                plain::step3(n178.filled().await, n180.filled().await, n192.filled().await).await?,
            )
        },
        async { n201.fill(plain::step2(n179.filled().await, n191.filled().await).await?) },
        async { n202.fill(plain::step1(n183.filled().await).await?) },
        async { n203.fill(plain::step1(n182.filled().await).await?) },
        async {
            n204.fill(
                plain::step3(n123.filled().await, n177.filled().await, n179.filled().await).await?,
            )
        },
        async { n205.fill(plain::step1(n179.filled().await).await?) },
        async { n206.fill(plain::step1(n178.filled().await).await?) },
        async { n207.fill(plain::step1(n187.filled().await).await?) },
        async {
            n208.fill(
                plain::step3(n178.filled().await, n185.filled().await, n187.filled().await).await?,
            )
        },
        async { n209.fill(plain::step2(n180.filled().await, n186.filled().await).await?) },
        async {
            n210.fill(
                plain::step3(n180.filled().await, n183.filled().await, n191.filled().await).await?,
            )
        },
        async { n211.fill(plain::step2(n189.filled().await, n192.filled().await).await?) },
        async {
            n212.fill(
                plain::step3(n182.filled().await, n188.filled().await, n192.filled().await).await?,
            )
        },
        async { n213.fill(plain::step1(n183.filled().await).await?) },
        async {
            n214.fill(
                plain::step3(n177.filled().await, n185.filled().await, n192.filled().await).await?,
            )
        },
        async {
            n215.fill(
                plain::step3(n185.filled().await, n187.filled().await, n191.filled().await).await?,
            )
        },
        async { n216.fill(plain::step1(n201.filled().await).await?) },
        async { n217.fill(plain::step1(n196.filled().await).await?) },
        async { n218.fill(plain::step2(n196.filled().await, n213.filled().await).await?) },
        async { n219.fill(plain::step2(n90.filled().await, n207.filled().await).await?) },
        async {
            n220.fill(
                plain::step3(n194.filled().await, n208.filled().await, n211.filled().await).await?,
            )
        },
        async { n221.fill(plain::step1(n199.filled().await).await?) },
        async { n222.fill(plain::step1(n201.filled().await).await?) },
        async { n223.fill(plain::step1(n201.filled().await).await?) },
        async { n224.fill(plain::step2(n198.filled().await, n207.filled().await).await?) },
        async {
            n225.fill(
                plain::step3(n199.filled().await, n208.filled().await, n214.filled().await).await?,
            )
        },
        async { n226.fill(plain::step2(n205.filled().await, n211.filled().await).await?) },
        async { n227.fill(plain::step2(n116.filled().await, n210.filled().await).await?) },
        async { n228.fill(plain::step1(n212.filled().await).await?) },
        async { n229.fill(plain::step1(n205.filled().await).await?) },
        async {
            n230.fill(
                plain::step3(n216.filled().await, n223.filled().await, n225.filled().await).await?,
            )
        },
        async { n231.fill(plain::step2(n24.filled().await, n228.filled().await).await?) },
        async {
            n232.fill(
                plain::step3(n217.filled().await, n224.filled().await, n227.filled().await).await?,
            )
        },
        async { n233.fill(plain::step2(n216.filled().await, n225.filled().await).await?) },
        async {
            n234.fill(
                plain::step3(n217.filled().await, n223.filled().await, n226.filled().await).await?,
            )
        },
        async { n235.fill(plain::step2(n162.filled().await, n217.filled().await).await?) },
        async { n236.fill(plain::step1(n226.filled().await).await?) },
        async { n237.fill(plain::step2(n221.filled().await, n222.filled().await).await?) },
        async {
            n238.fill(
                plain::step3(n125.filled().await, n216.filled().await, n217.filled().await).await?,
            )
        },
        async { n239.fill(plain::step2(n219.filled().await, n220.filled().await).await?) },
        async {
            n240.fill(
                plain::step3(n219.filled().await, n222.filled().await, n228.filled().await).await?,
            )
        },
        async {
            n241.fill(
                plain::step3(n17.filled().await, n222.filled().await, n229.filled().await).await?,
            )
        },
        async {
            n242.fill(
                plain::step3(n135.filled().await, n217.filled().await, n228.filled().await).await?,
            )
        },
        async { n243.fill(plain::step1(n227.filled().await).await?) },
        async { n244.fill(plain::step2(n216.filled().await, n221.filled().await).await?) },
        async {
            n245.fill(
                plain::step3(n216.filled().await, n225.filled().await, n227.filled().await).await?,
            )
        },
        async { n246.fill(plain::step2(n221.filled().await, n224.filled().await).await?) },
        async { n247.fill(plain::step1(n222.filled().await).await?) },
        async { n248.fill(plain::step1(n224.filled().await).await?) },
        async {
            n249.fill(
                plain::step3(n231.filled().await, n239.filled().await, n247.filled().await).await?,
            )
        },
        async { n250.fill(plain::step2(n232.filled().await, n233.filled().await).await?) },
        async { n251.fill(plain::step1(n232.filled().await).await?) },
        async {
            n252.fill(
                plain::step3(n86.filled().await, n234.filled().await, n246.filled().await).await?,
            )
        },
        async { n253.fill(plain::step2(n24.filled().await, n243.filled().await).await?) },
        async { n254.fill(plain::step1(n236.filled().await).await?) },
        async {
            n255.fill(
                plain::step3(n232.filled().await, n238.filled().await, n242.filled().await).await?,
            )
        },
        async { n256.fill(plain::step2(n241.filled().await, n248.filled().await).await?) },
        async { n257.fill(plain::step2(n241.filled().await, n247.filled().await).await?) },
        async { n258.fill(plain::step1(n254.filled().await).await?) },
        async {
            n259.fill(
                plain::step3(n252.filled().await, n253.filled().await, n255.filled().await).await?,
            )
        },
        async { n260.fill(plain::step2(n60.filled().await, n257.filled().await).await?) },
        async { n261.fill(plain::step2(n249.filled().await, n253.filled().await).await?) },
        async { n262.fill(plain::step2(n150.filled().await, n251.filled().await).await?) },
        async { n263.fill(plain::step1(n250.filled().await).await?) },
        async { n264.fill(plain::step1(n254.filled().await).await?) },
        async { n265.fill(plain::step2(n250.filled().await, n253.filled().await).await?) },
        async { n266.fill(plain::step2(n249.filled().await, n253.filled().await).await?) },
        async { n267.fill(plain::step2(n250.filled().await, n254.filled().await).await?) },
        async { n268.fill(plain::step2(n251.filled().await, n252.filled().await).await?) },
        async { n269.fill(plain::step1(n253.filled().await).await?) },
        async { n270.fill(plain::step1(n253.filled().await).await?) },
        async {
            n271.fill(
                plain::step3(n6.filled().await, n255.filled().await, n257.filled().await).await?,
            )
        },
        async { n272.fill(plain::step2(n249.filled().await, n254.filled().await).await?) },
        async {
            n273.fill(
                plain::step3(n250.filled().await, n254.filled().await, n256.filled().await).await?,
            )
        },
        async {
            n274.fill(
                plain::step3(n250.filled().await, n255.filled().await, n256.filled().await).await?,
            )
        },
        async {
            n275.fill(
                plain::step3(n225.filled().await, n250.filled().await, n254.filled().await).await?,
            )
        },
        async { n276.fill(plain::step2(n158.filled().await, n253.filled().await).await?) },
        async { n277.fill(plain::step2(n114.filled().await, n249.filled().await).await?) },
        async {
            n278.fill(
                plain::step3(n206.filled().await, n249.filled().await, n252.filled().await).await?,
            )
        },
        async { n279.fill(plain::step1(n253.filled().await).await?) },
        async { n280.fill(plain::step2(n252.filled().await, n255.filled().await).await?) },
        async { n281.fill(plain::step1(n254.filled().await).await?) },
        async {
            n282.fill(
                plain::step3(n259.filled().await, n260.filled().await, n267.filled().await).await?,
            )
        },
        async {
            n283.fill(
                plain::step3(n259.filled().await, n268.filled().await, n271.filled().await).await?,
            )
        },
        async { n284.fill(plain::step2(n262.filled().await, n272.filled().await).await?) },
        async { n285.fill(plain::step1(n258.filled().await).await?) },
        async { n286.fill(plain::step2(n128.filled().await, n281.filled().await).await?) },
        async {
            n287.fill(
                plain::step3(n260.filled().await, n266.filled().await, n269.filled().await).await?,
            )
        },
        async { n288.fill(plain::step2(n266.filled().await, n278.filled().await).await?) },
        async {
            n289.fill(
                plain::step3(n265.filled().await, n277.filled().await, n280.filled().await).await?,
            )
        },
        async { n290.fill(plain::step2(n265.filled().await, n279.filled().await).await?) },
        async { n291.fill(plain::step2(n285.filled().await, n287.filled().await).await?) },
        async { n292.fill(plain::step2(n93.filled().await, n287.filled().await).await?) },
        async { n293.fill(plain::step2(n284.filled().await, n287.filled().await).await?) },
        async { n294.fill(plain::step1(n283.filled().await).await?) },
        async { n295.fill(plain::step2(n53.filled().await, n289.filled().await).await?) },
        async { n296.fill(plain::step1(n290.filled().await).await?) },
        async { n297.fill(plain::step1(n285.filled().await).await?) },
        async { n298.fill(plain::step2(n87.filled().await, n285.filled().await).await?) },
        async { n299.fill(plain::step1(n287.filled().await).await?) },
        async { n300.fill(plain::step2(n282.filled().await, n285.filled().await).await?) },
        async {
            n301.fill(
                plain::step3(n257.filled().await, n283.filled().await, n288.filled().await).await?,
            )
        },
        async {
            n302.fill(
                plain::step3(n38.filled().await, n288.filled().await, n289.filled().await).await?,
            )
        },
        async { n303.fill(plain::step2(n286.filled().await, n290.filled().await).await?) },
        async { n304.fill(plain::step1(n283.filled().await).await?) },
        async { n305.fill(plain::step1(n282.filled().await).await?) },
        async { n306.fill(plain::step1(n303.filled().await).await?) },
        async { n307.fill(plain::step2(n294.filled().await, n300.filled().await).await?) },
        async { n308.fill(plain::step1(n298.filled().await).await?) },
        async {
            n309.fill(
                plain::step3(n296.filled().await, n297.filled().await, n300.filled().await).await?,
            )
        },
    )?;
    Ok(n8.value()
        ^ n9.value()
        ^ n10.value()
        ^ n14.value()
        ^ n71.value()
        ^ n73.value()
        ^ n78.value()
        ^ n79.value()
        ^ n83.value()
        ^ n97.value()
        ^ n101.value()
        ^ n108.value()
        ^ n109.value()
        ^ n118.value()
        ^ n120.value()
        ^ n121.value()
        ^ n122.value()
        ^ n129.value()
        ^ n137.value()
        ^ n140.value()
        ^ n144.value()
        ^ n160.value()
        ^ n165.value()
        ^ n167.value()
        ^ n169.value()
        ^ n172.value()
        ^ n175.value()
        ^ n176.value()
        ^ n181.value()
        ^ n190.value()
        ^ n193.value()
        ^ n195.value()
        ^ n197.value()
        ^ n200.value()
        ^ n202.value()
        ^ n203.value()
        ^ n204.value()
        ^ n209.value()
        ^ n215.value()
        ^ n218.value()
        ^ n230.value()
        ^ n235.value()
        ^ n237.value()
        ^ n240.value()
        ^ n244.value()
        ^ n245.value()
        ^ n261.value()
        ^ n263.value()
        ^ n264.value()
        ^ n270.value()
        ^ n273.value()
        ^ n274.value()
        ^ n275.value()
        ^ n276.value()
        ^ n291.value()
        ^ n292.value()
        ^ n293.value()
        ^ n295.value()
        ^ n299.value()
        ^ n301.value()
        ^ n302.value()
        ^ n304.value()
        ^ n305.value()
        ^ n306.value()
        ^ n307.value()
        ^ n308.value()
        ^ n309.value())
}

/// By hand, as one join a level.
pub async fn levels(seed: u64) -> Result<u64, Failed> {
    let (n0, n1, n2, n3, n4, n5, n6, n7, n8, n9, n10, n11, n12, n13, n14, n15) = try_join!(
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
        plain::step0(seed),
        plain::step0(seed),
        plain::step0(seed),
        plain::step0(seed),
        plain::step0(seed),
        plain::step0(seed)
    )?;
    let (n16, n17, n18, n19, n20, n21, n22, n23, n24, n25, n26) = try_join!(
        plain::step1(&n1),
        plain::step1(&n5),
        plain::step2(&n4, &n5),
        plain::step1(&n11),
        plain::step3(&n1, &n2, &n7),
        plain::step1(&n11),
        plain::step2(&n4, &n11),
        plain::step2(&n0, &n5),
        plain::step2(&n3, &n13),
        plain::step1(&n11),
        plain::step2(&n0, &n3)
    )?;
    let (n27, n28, n29, n30, n31, n32, n33, n34, n35, n36, n37, n38) = try_join!(
        plain::step2(&n25, &n26),
        plain::step1(&n17),
        plain::step2(&n4, &n25),
        plain::step1(&n16),
        plain::step1(&n18),
        plain::step3(&n19, &n22, &n23),
        plain::step2(&n17, &n20),
        plain::step3(&n2, &n17, &n26),
        plain::step1(&n23),
        plain::step2(&n17, &n20),
        plain::step1(&n22),
        plain::step2(&n19, &n23)
    )?;
    let (
        n39,
        n40,
        n41,
        n42,
        n43,
        n44,
        n45,
        n46,
        n47,
        n48,
        n49,
        n50,
        n51,
        n52,
        n53,
        n54,
        n55,
        n56,
        n57,
    ) = try_join!(
        plain::step1(&n38),
        plain::step3(&n31, &n32, &n35),
        plain::step1(&n34),
        plain::step1(&n32),
        plain::step3(&n30, &n31, &n38),
        plain::step1(&n38),
        plain::step1(&n29),
        plain::step2(&n12, &n32),
        plain::step1(&n31),
        plain::step2(&n17, &n35),
        plain::step2(&n31, &n37),
        plain::step3(&n20, &n29, &n35),
        plain::step3(&n4, &n32, &n38),
        plain::step3(&n28, &n31, &n36),
        plain::step3(&n31, &n33, &n38),
        plain::step1(&n32),
        plain::step3(&n35, &n36, &n37),
        plain::step2(&n27, &n31),
        plain::step1(&n32)
    )?;
    let (n58, n59, n60, n61, n62, n63, n64, n65, n66, n67, n68, n69, n70, n71, n72, n73, n74, n75) =
        try_join!(
            plain::step3(&n42, &n49, &n54),
            plain::step1(&n41),
            plain::step2(&n42, &n54),
            plain::step3(&n40, &n48, &n50),
            plain::step3(&n41, &n49, &n53),
            plain::step3(&n39, &n46, &n53),
            plain::step3(&n36, &n46, &n47),
            plain::step1(&n52),
            plain::step2(&n29, &n53),
            plain::step2(&n44, &n53),
            plain::step3(&n45, &n50, &n55),
            plain::step2(&n32, &n43),
            plain::step3(&n45, &n54, &n55),
            plain::step3(&n51, &n55, &n56),
            plain::step1(&n53),
            plain::step2(&n45, &n49),
            plain::step2(&n43, &n44),
            plain::step2(&n4, &n57)
        )?;
    let (
        n76,
        n77,
        n78,
        n79,
        n80,
        n81,
        n82,
        n83,
        n84,
        n85,
        n86,
        n87,
        n88,
        n89,
        n90,
        n91,
        n92,
        n93,
        n94,
        n95,
        n96,
        n97,
        n98,
        n99,
        n100,
    ) = try_join!(
        plain::step3(&n61, &n69, &n72),
        plain::step1(&n75),
        plain::step2(&n66, &n67),
        plain::step3(&n60, &n70, &n75),
        plain::step3(&n58, &n66, &n75),
        plain::step2(&n33, &n72),
        plain::step3(&n59, &n69, &n70),
        plain::step2(&n63, &n69),
        plain::step2(&n58, &n59),
        plain::step2(&n62, &n65),
        plain::step2(&n15, &n72),
        plain::step2(&n66, &n67),
        plain::step2(&n60, &n64),
        plain::step1(&n66),
        plain::step3(&n56, &n68, &n70),
        plain::step1(&n60),
        plain::step1(&n58),
        plain::step2(&n61, &n72),
        plain::step1(&n59),
        plain::step1(&n60),
        plain::step3(&n62, &n64, &n69),
        plain::step1(&n68),
        plain::step2(&n62, &n67),
        plain::step1(&n74),
        plain::step1(&n67)
    )?;
    let (
        n101,
        n102,
        n103,
        n104,
        n105,
        n106,
        n107,
        n108,
        n109,
        n110,
        n111,
        n112,
        n113,
        n114,
        n115,
        n116,
        n117,
        n118,
        n119,
        n120,
        n121,
        n122,
    ) = try_join!(
        plain::step2(&n80, &n87),
        plain::step3(&n81, &n95, &n96),
        plain::step2(&n76, &n86),
        plain::step2(&n77, &n84),
        plain::step2(&n81, &n82),
        plain::step3(&n41, &n85, &n99),
        plain::step1(&n88),
        plain::step3(&n76, &n93, &n100),
        plain::step3(&n81, &n82, &n99),
        plain::step3(&n84, &n91, &n99),
        plain::step2(&n86, &n95),
        plain::step2(&n81, &n89),
        plain::step3(&n4, &n81, &n96),
        plain::step3(&n22, &n93, &n98),
        plain::step2(&n76, &n81),
        plain::step1(&n95),
        plain::step1(&n98),
        plain::step2(&n87, &n100),
        plain::step3(&n84, &n91, &n100),
        plain::step1(&n80),
        plain::step3(&n82, &n92, &n98),
        plain::step2(&n77, &n99)
    )?;
    let (n123, n124, n125, n126, n127, n128, n129, n130, n131, n132, n133, n134) = try_join!(
        plain::step3(&n90, &n94, &n104),
        plain::step1(&n115),
        plain::step1(&n105),
        plain::step3(&n32, &n104, &n119),
        plain::step3(&n111, &n112, &n113),
        plain::step2(&n68, &n104),
        plain::step1(&n106),
        plain::step1(&n103),
        plain::step3(&n102, &n115, &n116),
        plain::step2(&n104, &n110),
        plain::step2(&n102, &n114),
        plain::step3(&n110, &n112, &n117)
    )?;
    let (n135, n136, n137, n138, n139, n140, n141, n142, n143, n144, n145) = try_join!(
        plain::step2(&n74, &n133),
        plain::step1(&n131),
        plain::step2(&n51, &n123),
        plain::step2(&n132, &n134),
        plain::step2(&n123, &n131),
        plain::step3(&n125, &n127, &n128),
        plain::step3(&n1, &n126, &n128),
        plain::step1(&n130),
        plain::step1(&n131),
        plain::step2(&n90, &n124),
        plain::step3(&n126, &n127, &n128)
    )?;
    let (n146, n147, n148, n149, n150, n151, n152, n153, n154) = try_join!(
        plain::step1(&n136),
        plain::step1(&n145),
        plain::step3(&n94, &n135, &n142),
        plain::step1(&n138),
        plain::step3(&n21, &n77, &n135),
        plain::step2(&n138, &n143),
        plain::step3(&n135, &n139, &n145),
        plain::step3(&n139, &n141, &n143),
        plain::step2(&n136, &n145)
    )?;
    let (
        n155,
        n156,
        n157,
        n158,
        n159,
        n160,
        n161,
        n162,
        n163,
        n164,
        n165,
        n166,
        n167,
        n168,
        n169,
        n170,
        n171,
        n172,
        n173,
        n174,
        n175,
        n176,
    ) = try_join!(
        plain::step3(&n148, &n150, &n154),
        plain::step3(&n139, &n148, &n150),
        plain::step1(&n154),
        plain::step2(&n146, &n150),
        plain::step3(&n17, &n150, &n153),
        plain::step2(&n148, &n154),
        plain::step3(&n5, &n147, &n151),
        plain::step1(&n154),
        plain::step1(&n150),
        plain::step1(&n146),
        plain::step2(&n145, &n148),
        plain::step2(&n146, &n150),
        plain::step2(&n150, &n152),
        plain::step2(&n149, &n150),
        plain::step1(&n148),
        plain::step3(&n63, &n149, &n150),
        plain::step2(&n146, &n148),
        plain::step1(&n150),
        plain::step3(&n48, &n147, &n153),
        plain::step1(&n151),
        plain::step2(&n126, &n152),
        plain::step2(&n147, &n148)
    )?;
    let (
        n177,
        n178,
        n179,
        n180,
        n181,
        n182,
        n183,
        n184,
        n185,
        n186,
        n187,
        n188,
        n189,
        n190,
        n191,
        n192,
    ) = try_join!(
        plain::step3(&n157, &n166, &n173),
        plain::step3(&n38, &n156, &n163),
        plain::step2(&n110, &n155),
        plain::step1(&n162),
        plain::step1(&n156),
        plain::step1(&n171),
        plain::step1(&n170),
        plain::step1(&n166),
        plain::step1(&n155),
        plain::step1(&n157),
        plain::step1(&n168),
        plain::step3(&n163, &n164, &n171),
        plain::step1(&n174),
        plain::step1(&n159),
        plain::step3(&n70, &n158, &n161),
        plain::step2(&n158, &n168)
    )?;
    let (
        n193,
        n194,
        n195,
        n196,
        n197,
        n198,
        n199,
        n200,
        n201,
        n202,
        n203,
        n204,
        n205,
        n206,
        n207,
        n208,
        n209,
        n210,
        n211,
        n212,
        n213,
        n214,
        n215,
    ) = try_join!(
        plain::step2(&n183, &n186),
        plain::step3(&n17, &n183, &n192),
        plain::step3(&n18, &n179, &n182),
        plain::step2(&n48, &n179),
        plain::step1(&n180),
        plain::step2(&n107, &n184),
        plain::step2(&n180, &n189),
        plain::step3(&n178, &n180, &n192),
        plain::step2(&n179, &n191),
        plain::step1(&n183),
        plain::step1(&n182),
        plain::step3(&n123, &n177, &n179),
        plain::step1(&n179),
        plain::step1(&n178),
        plain::step1(&n187),
        plain::step3(&n178, &n185, &n187),
        plain::step2(&n180, &n186),
        plain::step3(&n180, &n183, &n191),
        plain::step2(&n189, &n192),
        plain::step3(&n182, &n188, &n192),
        plain::step1(&n183),
        plain::step3(&n177, &n185, &n192),
        plain::step3(&n185, &n187, &n191)
    )?;
    let (n216, n217, n218, n219, n220, n221, n222, n223, n224, n225, n226, n227, n228, n229) = try_join!(
        plain::step1(&n201),
        plain::step1(&n196),
        plain::step2(&n196, &n213),
        plain::step2(&n90, &n207),
        plain::step3(&n194, &n208, &n211),
        plain::step1(&n199),
        plain::step1(&n201),
        plain::step1(&n201),
        plain::step2(&n198, &n207),
        plain::step3(&n199, &n208, &n214),
        plain::step2(&n205, &n211),
        plain::step2(&n116, &n210),
        plain::step1(&n212),
        plain::step1(&n205)
    )?;
    let (
        n230,
        n231,
        n232,
        n233,
        n234,
        n235,
        n236,
        n237,
        n238,
        n239,
        n240,
        n241,
        n242,
        n243,
        n244,
        n245,
        n246,
        n247,
        n248,
    ) = try_join!(
        plain::step3(&n216, &n223, &n225),
        plain::step2(&n24, &n228),
        plain::step3(&n217, &n224, &n227),
        plain::step2(&n216, &n225),
        plain::step3(&n217, &n223, &n226),
        plain::step2(&n162, &n217),
        plain::step1(&n226),
        plain::step2(&n221, &n222),
        plain::step3(&n125, &n216, &n217),
        plain::step2(&n219, &n220),
        plain::step3(&n219, &n222, &n228),
        plain::step3(&n17, &n222, &n229),
        plain::step3(&n135, &n217, &n228),
        plain::step1(&n227),
        plain::step2(&n216, &n221),
        plain::step3(&n216, &n225, &n227),
        plain::step2(&n221, &n224),
        plain::step1(&n222),
        plain::step1(&n224)
    )?;
    let (n249, n250, n251, n252, n253, n254, n255, n256, n257) = try_join!(
        plain::step3(&n231, &n239, &n247),
        plain::step2(&n232, &n233),
        plain::step1(&n232),
        plain::step3(&n86, &n234, &n246),
        plain::step2(&n24, &n243),
        plain::step1(&n236),
        plain::step3(&n232, &n238, &n242),
        plain::step2(&n241, &n248),
        plain::step2(&n241, &n247)
    )?;
    let (
        n258,
        n259,
        n260,
        n261,
        n262,
        n263,
        n264,
        n265,
        n266,
        n267,
        n268,
        n269,
        n270,
        n271,
        n272,
        n273,
        n274,
        n275,
        n276,
        n277,
        n278,
        n279,
        n280,
        n281,
    ) = try_join!(
        plain::step1(&n254),
        plain::step3(&n252, &n253, &n255),
        plain::step2(&n60, &n257),
        plain::step2(&n249, &n253),
        plain::step2(&n150, &n251),
        plain::step1(&n250),
        plain::step1(&n254),
        plain::step2(&n250, &n253),
        plain::step2(&n249, &n253),
        plain::step2(&n250, &n254),
        plain::step2(&n251, &n252),
        plain::step1(&n253),
        plain::step1(&n253),
        plain::step3(&n6, &n255, &n257),
        plain::step2(&n249, &n254),
        plain::step3(&n250, &n254, &n256),
        plain::step3(&n250, &n255, &n256),
        plain::step3(&n225, &n250, &n254),
        plain::step2(&n158, &n253),
        plain::step2(&n114, &n249),
        plain::step3(&n206, &n249, &n252),
        plain::step1(&n253),
        plain::step2(&n252, &n255),
        plain::step1(&n254)
    )?;
    let (n282, n283, n284, n285, n286, n287, n288, n289, n290) = try_join!(
        plain::step3(&n259, &n260, &n267),
        plain::step3(&n259, &n268, &n271),
        plain::step2(&n262, &n272),
        plain::step1(&n258),
        plain::step2(&n128, &n281),
        plain::step3(&n260, &n266, &n269),
        plain::step2(&n266, &n278),
        plain::step3(&n265, &n277, &n280),
        plain::step2(&n265, &n279)
    )?;
    let (n291, n292, n293, n294, n295, n296, n297, n298, n299, n300, n301, n302, n303, n304, n305) =
        try_join!(
            plain::step2(&n285, &n287),
            plain::step2(&n93, &n287),
            plain::step2(&n284, &n287),
            plain::step1(&n283),
            plain::step2(&n53, &n289),
            plain::step1(&n290),
            plain::step1(&n285),
            plain::step2(&n87, &n285),
            plain::step1(&n287),
            plain::step2(&n282, &n285),
            plain::step3(&n257, &n283, &n288),
            plain::step3(&n38, &n288, &n289),
            plain::step2(&n286, &n290),
            plain::step1(&n283),
            plain::step1(&n282)
        )?;
    let (n306, n307, n308, n309) = try_join!(
        plain::step1(&n303),
        plain::step2(&n294, &n300),
        plain::step1(&n298),
        plain::step3(&n296, &n297, &n300)
    )?;
    Ok(n8
        ^ n9
        ^ n10
        ^ n14
        ^ n71
        ^ n73
        ^ n78
        ^ n79
        ^ n83
        ^ n97
        ^ n101
        ^ n108
        ^ n109
        ^ n118
        ^ n120
        ^ n121
        ^ n122
        ^ n129
        ^ n137
        ^ n140
        ^ n144
        ^ n160
        ^ n165
        ^ n167
        ^ n169
        ^ n172
        ^ n175
        ^ n176
        ^ n181
        ^ n190
        ^ n193
        ^ n195
        ^ n197
        ^ n200
        ^ n202
        ^ n203
        ^ n204
        ^ n209
        ^ n215
        ^ n218
        ^ n230
        ^ n235
        ^ n237
        ^ n240
        ^ n244
        ^ n245
        ^ n261
        ^ n263
        ^ n264
        ^ n270
        ^ n273
        ^ n274
        ^ n275
        ^ n276
        ^ n291
        ^ n292
        ^ n293
        ^ n295
        ^ n299
        ^ n301
        ^ n302
        ^ n304
        ^ n305
        ^ n306
        ^ n307
        ^ n308
        ^ n309)
}

workflow! {
    /// As a workflow.
    pub async fn declared(seed: u64) -> Result<u64, Failed> {
        let n0 = marked::step0(seed).await?;
        let n1 = marked::step0(seed).await?;
        let n2 = marked::step0(seed).await?;
        let n3 = marked::step0(seed).await?;
        let n4 = marked::step0(seed).await?;
        let n5 = marked::step0(seed).await?;
        let n6 = marked::step0(seed).await?;
        let n7 = marked::step0(seed).await?;
        let n8 = marked::step0(seed).await?;
        let n9 = marked::step0(seed).await?;
        let n10 = marked::step0(seed).await?;
        let n11 = marked::step0(seed).await?;
        let n12 = marked::step0(seed).await?;
        let n13 = marked::step0(seed).await?;
        let n14 = marked::step0(seed).await?;
        let n15 = marked::step0(seed).await?;
        let n16 = marked::step1(&n1).await?;
        let n17 = marked::step1(&n5).await?;
        let n18 = marked::step2(&n4, &n5).await?;
        let n19 = marked::step1(&n11).await?;
        let n20 = marked::step3(&n1, &n2, &n7).await?;
        let n21 = marked::step1(&n11).await?;
        let n22 = marked::step2(&n4, &n11).await?;
        let n23 = marked::step2(&n0, &n5).await?;
        let n24 = marked::step2(&n3, &n13).await?;
        let n25 = marked::step1(&n11).await?;
        let n26 = marked::step2(&n0, &n3).await?;
        let n27 = marked::step2(&n25, &n26).await?;
        let n28 = marked::step1(&n17).await?;
        let n29 = marked::step2(&n4, &n25).await?;
        let n30 = marked::step1(&n16).await?;
        let n31 = marked::step1(&n18).await?;
        let n32 = marked::step3(&n19, &n22, &n23).await?;
        let n33 = marked::step2(&n17, &n20).await?;
        let n34 = marked::step3(&n2, &n17, &n26).await?;
        let n35 = marked::step1(&n23).await?;
        let n36 = marked::step2(&n17, &n20).await?;
        let n37 = marked::step1(&n22).await?;
        let n38 = marked::step2(&n19, &n23).await?;
        let n39 = marked::step1(&n38).await?;
        let n40 = marked::step3(&n31, &n32, &n35).await?;
        let n41 = marked::step1(&n34).await?;
        let n42 = marked::step1(&n32).await?;
        let n43 = marked::step3(&n30, &n31, &n38).await?;
        let n44 = marked::step1(&n38).await?;
        let n45 = marked::step1(&n29).await?;
        let n46 = marked::step2(&n12, &n32).await?;
        let n47 = marked::step1(&n31).await?;
        let n48 = marked::step2(&n17, &n35).await?;
        let n49 = marked::step2(&n31, &n37).await?;
        let n50 = marked::step3(&n20, &n29, &n35).await?;
        let n51 = marked::step3(&n4, &n32, &n38).await?;
        let n52 = marked::step3(&n28, &n31, &n36).await?;
        let n53 = marked::step3(&n31, &n33, &n38).await?;
        let n54 = marked::step1(&n32).await?;
        let n55 = marked::step3(&n35, &n36, &n37).await?;
        let n56 = marked::step2(&n27, &n31).await?;
        let n57 = marked::step1(&n32).await?;
        let n58 = marked::step3(&n42, &n49, &n54).await?;
        let n59 = marked::step1(&n41).await?;
        let n60 = marked::step2(&n42, &n54).await?;
        let n61 = marked::step3(&n40, &n48, &n50).await?;
        let n62 = marked::step3(&n41, &n49, &n53).await?;
        let n63 = marked::step3(&n39, &n46, &n53).await?;
        let n64 = marked::step3(&n36, &n46, &n47).await?;
        let n65 = marked::step1(&n52).await?;
        let n66 = marked::step2(&n29, &n53).await?;
        let n67 = marked::step2(&n44, &n53).await?;
        let n68 = marked::step3(&n45, &n50, &n55).await?;
        let n69 = marked::step2(&n32, &n43).await?;
        let n70 = marked::step3(&n45, &n54, &n55).await?;
        let n71 = marked::step3(&n51, &n55, &n56).await?;
        let n72 = marked::step1(&n53).await?;
        let n73 = marked::step2(&n45, &n49).await?;
        let n74 = marked::step2(&n43, &n44).await?;
        let n75 = marked::step2(&n4, &n57).await?;
        let n76 = marked::step3(&n61, &n69, &n72).await?;
        let n77 = marked::step1(&n75).await?;
        let n78 = marked::step2(&n66, &n67).await?;
        let n79 = marked::step3(&n60, &n70, &n75).await?;
        let n80 = marked::step3(&n58, &n66, &n75).await?;
        let n81 = marked::step2(&n33, &n72).await?;
        let n82 = marked::step3(&n59, &n69, &n70).await?;
        let n83 = marked::step2(&n63, &n69).await?;
        let n84 = marked::step2(&n58, &n59).await?;
        let n85 = marked::step2(&n62, &n65).await?;
        let n86 = marked::step2(&n15, &n72).await?;
        let n87 = marked::step2(&n66, &n67).await?;
        let n88 = marked::step2(&n60, &n64).await?;
        let n89 = marked::step1(&n66).await?;
        let n90 = marked::step3(&n56, &n68, &n70).await?;
        let n91 = marked::step1(&n60).await?;
        let n92 = marked::step1(&n58).await?;
        let n93 = marked::step2(&n61, &n72).await?;
        let n94 = marked::step1(&n59).await?;
        let n95 = marked::step1(&n60).await?;
        let n96 = marked::step3(&n62, &n64, &n69).await?;
        let n97 = marked::step1(&n68).await?;
        let n98 = marked::step2(&n62, &n67).await?;
        let n99 = marked::step1(&n74).await?;
        let n100 = marked::step1(&n67).await?;
        let n101 = marked::step2(&n80, &n87).await?;
        let n102 = marked::step3(&n81, &n95, &n96).await?;
        let n103 = marked::step2(&n76, &n86).await?;
        let n104 = marked::step2(&n77, &n84).await?;
        let n105 = marked::step2(&n81, &n82).await?;
        let n106 = marked::step3(&n41, &n85, &n99).await?;
        let n107 = marked::step1(&n88).await?;
        let n108 = marked::step3(&n76, &n93, &n100).await?;
        let n109 = marked::step3(&n81, &n82, &n99).await?;
        let n110 = marked::step3(&n84, &n91, &n99).await?;
        let n111 = marked::step2(&n86, &n95).await?;
        let n112 = marked::step2(&n81, &n89).await?;
        let n113 = marked::step3(&n4, &n81, &n96).await?;
        let n114 = marked::step3(&n22, &n93, &n98).await?;
        let n115 = marked::step2(&n76, &n81).await?;
        let n116 = marked::step1(&n95).await?;
        let n117 = marked::step1(&n98).await?;
        let n118 = marked::step2(&n87, &n100).await?;
        let n119 = marked::step3(&n84, &n91, &n100).await?;
        let n120 = marked::step1(&n80).await?;
        let n121 = marked::step3(&n82, &n92, &n98).await?;
        let n122 = marked::step2(&n77, &n99).await?;
        let n123 = marked::step3(&n90, &n94, &n104).await?;
        let n124 = marked::step1(&n115).await?;
        let n125 = marked::step1(&n105).await?;
        let n126 = marked::step3(&n32, &n104, &n119).await?;
        let n127 = marked::step3(&n111, &n112, &n113).await?;
        let n128 = marked::step2(&n68, &n104).await?;
        let n129 = marked::step1(&n106).await?;
        let n130 = marked::step1(&n103).await?;
        let n131 = marked::step3(&n102, &n115, &n116).await?;
        let n132 = marked::step2(&n104, &n110).await?;
        let n133 = marked::step2(&n102, &n114).await?;
        let n134 = marked::step3(&n110, &n112, &n117).await?;
        let n135 = marked::step2(&n74, &n133).await?;
        let n136 = marked::step1(&n131).await?;
        let n137 = marked::step2(&n51, &n123).await?;
        let n138 = marked::step2(&n132, &n134).await?;
        let n139 = marked::step2(&n123, &n131).await?;
        let n140 = marked::step3(&n125, &n127, &n128).await?;
        let n141 = marked::step3(&n1, &n126, &n128).await?;
        let n142 = marked::step1(&n130).await?;
        let n143 = marked::step1(&n131).await?;
        let n144 = marked::step2(&n90, &n124).await?;
        let n145 = marked::step3(&n126, &n127, &n128).await?;
        let n146 = marked::step1(&n136).await?;
        let n147 = marked::step1(&n145).await?;
        let n148 = marked::step3(&n94, &n135, &n142).await?;
        let n149 = marked::step1(&n138).await?;
        let n150 = marked::step3(&n21, &n77, &n135).await?;
        let n151 = marked::step2(&n138, &n143).await?;
        let n152 = marked::step3(&n135, &n139, &n145).await?;
        let n153 = marked::step3(&n139, &n141, &n143).await?;
        let n154 = marked::step2(&n136, &n145).await?;
        let n155 = marked::step3(&n148, &n150, &n154).await?;
        let n156 = marked::step3(&n139, &n148, &n150).await?;
        let n157 = marked::step1(&n154).await?;
        let n158 = marked::step2(&n146, &n150).await?;
        let n159 = marked::step3(&n17, &n150, &n153).await?;
        let n160 = marked::step2(&n148, &n154).await?;
        let n161 = marked::step3(&n5, &n147, &n151).await?;
        let n162 = marked::step1(&n154).await?;
        let n163 = marked::step1(&n150).await?;
        let n164 = marked::step1(&n146).await?;
        let n165 = marked::step2(&n145, &n148).await?;
        let n166 = marked::step2(&n146, &n150).await?;
        let n167 = marked::step2(&n150, &n152).await?;
        let n168 = marked::step2(&n149, &n150).await?;
        let n169 = marked::step1(&n148).await?;
        let n170 = marked::step3(&n63, &n149, &n150).await?;
        let n171 = marked::step2(&n146, &n148).await?;
        let n172 = marked::step1(&n150).await?;
        let n173 = marked::step3(&n48, &n147, &n153).await?;
        let n174 = marked::step1(&n151).await?;
        let n175 = marked::step2(&n126, &n152).await?;
        let n176 = marked::step2(&n147, &n148).await?;
        let n177 = marked::step3(&n157, &n166, &n173).await?;
        let n178 = marked::step3(&n38, &n156, &n163).await?;
        let n179 = marked::step2(&n110, &n155).await?;
        let n180 = marked::step1(&n162).await?;
        let n181 = marked::step1(&n156).await?;
        let n182 = marked::step1(&n171).await?;
        let n183 = marked::step1(&n170).await?;
        let n184 = marked::step1(&n166).await?;
        let n185 = marked::step1(&n155).await?;
        let n186 = marked::step1(&n157).await?;
        let n187 = marked::step1(&n168).await?;
        let n188 = marked::step3(&n163, &n164, &n171).await?;
        let n189 = marked::step1(&n174).await?;
        let n190 = marked::step1(&n159).await?;
        let n191 = marked::step3(&n70, &n158, &n161).await?;
        let n192 = marked::step2(&n158, &n168).await?;
        let n193 = marked::step2(&n183, &n186).await?;
        let n194 = marked::step3(&n17, &n183, &n192).await?;
        let n195 = marked::step3(&n18, &n179, &n182).await?;
        let n196 = marked::step2(&n48, &n179).await?;
        let n197 = marked::step1(&n180).await?;
        let n198 = marked::step2(&n107, &n184).await?;
        let n199 = marked::step2(&n180, &n189).await?;
        let n200 = marked::step3(&n178, &n180, &n192).await?;
        let n201 = marked::step2(&n179, &n191).await?;
        let n202 = marked::step1(&n183).await?;
        let n203 = marked::step1(&n182).await?;
        let n204 = marked::step3(&n123, &n177, &n179).await?;
        let n205 = marked::step1(&n179).await?;
        let n206 = marked::step1(&n178).await?;
        let n207 = marked::step1(&n187).await?;
        let n208 = marked::step3(&n178, &n185, &n187).await?;
        let n209 = marked::step2(&n180, &n186).await?;
        let n210 = marked::step3(&n180, &n183, &n191).await?;
        let n211 = marked::step2(&n189, &n192).await?;
        let n212 = marked::step3(&n182, &n188, &n192).await?;
        let n213 = marked::step1(&n183).await?;
        let n214 = marked::step3(&n177, &n185, &n192).await?;
        let n215 = marked::step3(&n185, &n187, &n191).await?;
        let n216 = marked::step1(&n201).await?;
        let n217 = marked::step1(&n196).await?;
        let n218 = marked::step2(&n196, &n213).await?;
        let n219 = marked::step2(&n90, &n207).await?;
        let n220 = marked::step3(&n194, &n208, &n211).await?;
        let n221 = marked::step1(&n199).await?;
        let n222 = marked::step1(&n201).await?;
        let n223 = marked::step1(&n201).await?;
        let n224 = marked::step2(&n198, &n207).await?;
        let n225 = marked::step3(&n199, &n208, &n214).await?;
        let n226 = marked::step2(&n205, &n211).await?;
        let n227 = marked::step2(&n116, &n210).await?;
        let n228 = marked::step1(&n212).await?;
        let n229 = marked::step1(&n205).await?;
        let n230 = marked::step3(&n216, &n223, &n225).await?;
        let n231 = marked::step2(&n24, &n228).await?;
        let n232 = marked::step3(&n217, &n224, &n227).await?;
        let n233 = marked::step2(&n216, &n225).await?;
        let n234 = marked::step3(&n217, &n223, &n226).await?;
        let n235 = marked::step2(&n162, &n217).await?;
        let n236 = marked::step1(&n226).await?;
        let n237 = marked::step2(&n221, &n222).await?;
        let n238 = marked::step3(&n125, &n216, &n217).await?;
        let n239 = marked::step2(&n219, &n220).await?;
        let n240 = marked::step3(&n219, &n222, &n228).await?;
        let n241 = marked::step3(&n17, &n222, &n229).await?;
        let n242 = marked::step3(&n135, &n217, &n228).await?;
        let n243 = marked::step1(&n227).await?;
        let n244 = marked::step2(&n216, &n221).await?;
        let n245 = marked::step3(&n216, &n225, &n227).await?;
        let n246 = marked::step2(&n221, &n224).await?;
        let n247 = marked::step1(&n222).await?;
        let n248 = marked::step1(&n224).await?;
        let n249 = marked::step3(&n231, &n239, &n247).await?;
        let n250 = marked::step2(&n232, &n233).await?;
        let n251 = marked::step1(&n232).await?;
        let n252 = marked::step3(&n86, &n234, &n246).await?;
        let n253 = marked::step2(&n24, &n243).await?;
        let n254 = marked::step1(&n236).await?;
        let n255 = marked::step3(&n232, &n238, &n242).await?;
        let n256 = marked::step2(&n241, &n248).await?;
        let n257 = marked::step2(&n241, &n247).await?;
        let n258 = marked::step1(&n254).await?;
        let n259 = marked::step3(&n252, &n253, &n255).await?;
        let n260 = marked::step2(&n60, &n257).await?;
        let n261 = marked::step2(&n249, &n253).await?;
        let n262 = marked::step2(&n150, &n251).await?;
        let n263 = marked::step1(&n250).await?;
        let n264 = marked::step1(&n254).await?;
        let n265 = marked::step2(&n250, &n253).await?;
        let n266 = marked::step2(&n249, &n253).await?;
        let n267 = marked::step2(&n250, &n254).await?;
        let n268 = marked::step2(&n251, &n252).await?;
        let n269 = marked::step1(&n253).await?;
        let n270 = marked::step1(&n253).await?;
        let n271 = marked::step3(&n6, &n255, &n257).await?;
        let n272 = marked::step2(&n249, &n254).await?;
        let n273 = marked::step3(&n250, &n254, &n256).await?;
        let n274 = marked::step3(&n250, &n255, &n256).await?;
        let n275 = marked::step3(&n225, &n250, &n254).await?;
        let n276 = marked::step2(&n158, &n253).await?;
        let n277 = marked::step2(&n114, &n249).await?;
        let n278 = marked::step3(&n206, &n249, &n252).await?;
        let n279 = marked::step1(&n253).await?;
        let n280 = marked::step2(&n252, &n255).await?;
        let n281 = marked::step1(&n254).await?;
        let n282 = marked::step3(&n259, &n260, &n267).await?;
        let n283 = marked::step3(&n259, &n268, &n271).await?;
        let n284 = marked::step2(&n262, &n272).await?;
        let n285 = marked::step1(&n258).await?;
        let n286 = marked::step2(&n128, &n281).await?;
        let n287 = marked::step3(&n260, &n266, &n269).await?;
        let n288 = marked::step2(&n266, &n278).await?;
        let n289 = marked::step3(&n265, &n277, &n280).await?;
        let n290 = marked::step2(&n265, &n279).await?;
        let n291 = marked::step2(&n285, &n287).await?;
        let n292 = marked::step2(&n93, &n287).await?;
        let n293 = marked::step2(&n284, &n287).await?;
        let n294 = marked::step1(&n283).await?;
        let n295 = marked::step2(&n53, &n289).await?;
        let n296 = marked::step1(&n290).await?;
        let n297 = marked::step1(&n285).await?;
        let n298 = marked::step2(&n87, &n285).await?;
        let n299 = marked::step1(&n287).await?;
        let n300 = marked::step2(&n282, &n285).await?;
        let n301 = marked::step3(&n257, &n283, &n288).await?;
        let n302 = marked::step3(&n38, &n288, &n289).await?;
        let n303 = marked::step2(&n286, &n290).await?;
        let n304 = marked::step1(&n283).await?;
        let n305 = marked::step1(&n282).await?;
        let n306 = marked::step1(&n303).await?;
        let n307 = marked::step2(&n294, &n300).await?;
        let n308 = marked::step1(&n298).await?;
        let n309 = marked::step3(&n296, &n297, &n300).await?;
        Ok(n8 ^ n9 ^ n10 ^ n14 ^ n71 ^ n73 ^ n78 ^ n79 ^ n83 ^ n97 ^ n101 ^ n108 ^ n109 ^ n118 ^
            n120 ^ n121 ^ n122 ^ n129 ^ n137 ^ n140 ^ n144 ^ n160 ^ n165 ^ n167 ^ n169 ^ n172 ^
            n175 ^ n176 ^ n181 ^ n190 ^ n193 ^ n195 ^ n197 ^ n200 ^ n202 ^ n203 ^ n204 ^ n209 ^
            n215 ^ n218 ^ n230 ^ n235 ^ n237 ^ n240 ^ n244 ^ n245 ^ n261 ^ n263 ^ n264 ^ n270 ^
            n273 ^ n274 ^ n275 ^ n276 ^ n291 ^ n292 ^ n293 ^ n295 ^ n299 ^ n301 ^ n302 ^ n304 ^
            n305 ^ n306 ^ n307 ^ n308 ^ n309)
    }
}
