use tokio::fs;
use workflow_runtime::step;

use super::{Article, Decision, Draft, Page, PublishError, Site};

/// Words that are easily written wrong.
const TYPOS: [&str; 4] = ["recieve", "seperate", "teh", "untill"];

/// Makes a page of the article.
#[step]
pub(super) async fn write_draft(article: &Article) -> Result<Draft, PublishError> {
    let title = article.title.trim();
    if title.is_empty() {
        return Err(PublishError::NoTitle);
    }
    let name = title.to_lowercase().replace(|letter: char| !letter.is_alphanumeric(), "-");
    let markdown = format!("# {title}\n\n{}\n", article.text.trim());
    Ok(Draft { name, markdown })
}

/// Finds words that are written wrong.
#[step]
pub(super) async fn check_spelling(draft: &Draft) -> Vec<String> {
    let words = draft.markdown.split(|letter: char| !letter.is_alphanumeric());
    words.filter(|word| TYPOS.contains(&&*word.to_lowercase())).map(str::to_owned).collect()
}

/// Checks that the pages which the draft links to are there. Gives how many there are.
#[step]
pub(super) async fn check_links(site: &Site, draft: &Draft) -> Result<usize, PublishError> {
    let mut links = 0;
    for part in draft.markdown.split("](").skip(1) {
        let link = part.split(')').next().unwrap_or_default();
        if !fs::try_exists(site.folder.join(link)).await? {
            return Err(PublishError::DeadLink(link.to_owned()));
        }
        links += 1;
    }
    Ok(links)
}

/// Writes the page into the site. To do so again changes nothing: a crash may make it happen
/// twice.
#[step]
pub(super) async fn put_online(
    site: &Site,
    draft: &Draft,
    typos: &[String],
    decision: &Decision,
) -> Result<Page, PublishError> {
    if !decision.approved {
        return Err(PublishError::Rejected { by: decision.by.clone() });
    }
    fs::write(site.folder.join(format!("{}.md", draft.name)), &draft.markdown).await?;
    Ok(Page { name: draft.name.clone(), approved_by: decision.by.clone(), typos: typos.to_vec() })
}
