//! The fan-out with eight items at once.

use futures_util::stream::{StreamExt, TryStreamExt, iter};
use workflow_runtime::workflow;

use crate::shapes::fan_out::combine;
use crate::step::{Failed, marked, plain};

/// What an expert would write.
pub async fn hand_written<const ITEMS: u64>(seed: u64) -> Result<u64, Failed> {
    let source = plain::step0(seed).await?;
    let outputs = iter(0..ITEMS).map(|item| plain::step_item(&source, item)).buffered(8);
    let outputs: Vec<u64> = outputs.try_collect().await?;
    Ok(combine(outputs))
}

workflow! {
    /// The same graph, declared.
    pub async fn declared<const ITEMS: u64>(seed: u64) -> Result<u64, Failed> {
        let source = marked::step0(seed).await?;
        #[concurrency(8)]
        let outputs = for item in 0..ITEMS {
            let output = marked::step_item(&source, item).await?;
            output
        };
        Ok(combine(outputs))
    }
}
