//! A run that waits for somebody: it outlasts the process that has begun it.

mod model;
mod steps;

use workflow_runtime::{signal, workflow};

pub use self::model::{Article, Decision, Draft, Page, PublishError, Site};
use self::steps::{check_links, check_spelling, put_online, write_draft};

workflow! {
    /// Takes an article from its text to the site, once somebody has approved it.
    ///
    /// # Errors
    ///
    /// That of the first step that fails. The run then goes on from there when it is run again.
    #[durable]
    pub async fn publish(site: &Site, article: Article) -> Result<Page, PublishError> {
        let draft = write_draft(&article).await?;
        let typos = check_spelling(&draft).await;
        let links = check_links(site, &draft).await?;

        // Nobody is asked before the checks are done.
        #[after(typos, links)]
        #[timeout("14d")]
        let decision = signal::<Decision>("decision").await?;

        let page = put_online(site, &draft, &typos, &decision).await?;
        Ok(page)
    }
}
