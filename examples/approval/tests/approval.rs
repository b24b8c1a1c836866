//! The example `approval`: what is published, and what is not.

use workflow_example_approval::{Article, Decision, Site, publish};
use workflow_runtime::{Journal, graph_lock};

fn article(text: &str) -> Article {
    Article { title: "A title".to_owned(), text: text.to_owned() }
}

/// A folder of its own for a test.
fn site(name: &str) -> Site {
    let folder = std::env::temp_dir().join(format!("approval-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    Site { folder }
}

async fn decide(journal: &Journal, approved: bool) {
    let decision = Decision { by: "Ada".to_owned(), approved };
    journal.signal("one", "decision", &decision).await.unwrap();
}

#[tokio::test]
async fn an_approved_article_is_online() {
    let (journal, site) = (Journal::memory(), site("online"));
    decide(&journal, true).await;
    let page = journal.run("one", publish(&site, article("Teh text."))).await.unwrap();
    assert_eq!((&*page.name, &*page.approved_by), ("a-title", "Ada"));
    assert_eq!(page.typos, ["Teh"]);
    let text = std::fs::read_to_string(site.folder.join("a-title.md")).unwrap();
    assert_eq!(text, "# A title\n\nTeh text.\n");
    std::fs::remove_dir_all(site.folder).unwrap();
}

#[tokio::test]
async fn what_is_rejected_or_has_a_dead_link_is_not_online() {
    let (journal, site) = (Journal::memory(), site("rejected"));
    let linked = article("See [that](that.md).");
    let dead = journal.run("one", publish(&site, linked.clone())).await.unwrap_err();
    assert_eq!(dead.to_string(), "there is no page `that.md` to link to");
    // It goes on from the check.
    std::fs::write(site.folder.join("that.md"), "").unwrap();
    decide(&journal, false).await;
    let rejected = journal.run("one", publish(&site, linked)).await.unwrap_err();
    assert_eq!(rejected.to_string(), "Ada does not want it to be published");
    assert!(!site.folder.join("a-title.md").exists());
    std::fs::remove_dir_all(site.folder).unwrap();
}

#[test]
fn runs_in_flight_go_on_with_this_version() {
    graph_lock!(publish, "locks/publish.lock");
}
