//! One step whose output many others use, one for each item of a list.

use futures_util::future::try_join_all;
use workflow_runtime::workflow;

use crate::step::{Failed, marked, plain};

/// How many items the source fans out to where other crates are measured, too.
pub const ITEMS: u64 = 100;

/// How many steps a run then takes.
pub const STEPS: usize = 101;

/// What an expert would write.
pub async fn hand_written<const ITEMS: u64>(seed: u64) -> Result<u64, Failed> {
    let source = plain::step0(seed).await?;
    let outputs = try_join_all((0..ITEMS).map(|item| plain::step_item(&source, item))).await?;
    Ok(combine(outputs))
}

workflow! {
    /// The same graph, declared.
    pub async fn declared<const ITEMS: u64>(seed: u64) -> Result<u64, Failed> {
        let source = marked::step0(seed).await?;
        let outputs = for item in 0..ITEMS {
            let output = marked::step_item(&source, item).await?;
            output
        };
        Ok(combine(outputs))
    }
}

/// One number from all outputs, in the items' order.
pub fn combine(outputs: impl IntoIterator<Item = u64>) -> u64 {
    outputs.into_iter().fold(0, |sum, output| sum.rotate_left(1) ^ output)
}
