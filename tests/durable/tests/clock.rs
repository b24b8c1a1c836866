//! Where a value that differs each time needs no warning.
#![deny(warnings, missing_docs, unsafe_code, clippy::all, clippy::pedantic, clippy::nursery)]

use std::time::{Duration, SystemTime};

use workflow_runtime::{step, workflow};

/// Not the clock of that name.
struct Local;

impl Local {
    const fn now() -> u32 {
        4
    }
}

#[step]
async fn wait(until: SystemTime) -> Result<SystemTime, String> {
    Ok(until)
}

#[step]
async fn roll(number: u32) -> Result<u32, String> {
    Ok(number)
}

workflow! {
    /// What is recorded, what no step sees, and what is not computed where it stands.
    #[durable]
    async fn quiet(number: u32) -> Result<(SystemTime, u32), String> {
        #[record]
        let start = SystemTime::now();
        let started = wait(start).await?;
        let clock = || SystemTime::now();
        let rolled = roll(number).await?;
        let end = SystemTime::now();
        let took = end.duration_since(started).unwrap_or_default();
        Ok((clock() - took, rolled))
    }

    /// What its author knows better.
    #[durable]
    #[allow(deprecated)]
    async fn allowed(number: u32) -> Result<u32, String> {
        let more = Local::now();
        let rolled = roll(number + more).await?;
        Ok(rolled)
    }

    /// What has no record.
    async fn plain(number: u32) -> Result<SystemTime, String> {
        let until = SystemTime::now() + Duration::from_secs(number.into());
        let waited = wait(until).await?;
        Ok(waited)
    }
}

#[tokio::test]
async fn no_word_of_these() {
    let before = SystemTime::now();
    assert_eq!(quiet(1).await.expect("it ends").1, 1);
    assert_eq!(allowed(1).await, Ok(5));
    assert!(plain(60).await.expect("it ends") > before);
}
