//! Lets customers buy while the services have their bad moments:
//! `checkout [SCENARIOS] [--report FILE]`.
//!
//! With `--report`, the report of the last visit that came to nothing is written as a page.

use workflow_examples::{
    checkout::Scenario,
    cli::{self, Failure},
    data,
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let (page, scenarios) = cli::path_option("--report");
    let path = scenarios.unwrap_or_else(|| data::bundled("checkout/scenarios.json"));
    let scenarios: Vec<Scenario> = data::read_json(&path).await?;

    let mut failed = None;
    for scenario in scenarios {
        let story = scenario.play().await?;
        println!("{story}");
        if story.result.is_err() {
            failed = Some(story.recorder.report());
        }
    }

    if let Some(page) = page {
        let report = failed.ok_or_else(|| std::io::Error::other("no visit came to nothing"))?;
        tokio::fs::write(&page, report.to_html()).await?;
        println!("{report}\n\nWritten to {}", page.display());
    }
    Ok(())
}
