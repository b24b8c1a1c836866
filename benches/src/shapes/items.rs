//! A `for` over any number of items.

use workflow_runtime::workflow;

use crate::shapes::fan_out::combine;
use crate::step::{Failed, marked};

workflow! {
    /// All at once.
    pub async fn all(items: u64) -> Result<u64, Failed> {
        let source = marked::step0(items).await?;
        let outputs = for item in 0..items {
            let output = marked::step_item(&source, item).await?;
            output
        };
        Ok(combine(outputs))
    }

    /// Eight at once.
    pub async fn limited(items: u64) -> Result<u64, Failed> {
        let source = marked::step0(items).await?;
        #[concurrency(8)]
        let outputs = for item in 0..items {
            let output = marked::step_item(&source, item).await?;
            output
        };
        Ok(combine(outputs))
    }
}
