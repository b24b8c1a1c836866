//! Publishes an article once a reviewer has approved it.

use std::{fs, path::Path, time::Duration};

use workflow_example_approval::{Article, Decision, Page, Site, publish};
use workflow_examples::cli::{self, Failure};
use workflow_runtime::{DurableError, Journal, JournalError};

const RUN: &str = "article-7";

const USAGE: &str = "\
Publishes an article once an editor has approved it.

Usage: approval [FOLDER [EDITOR]]

  FOLDER  where the journal and the site are. The run waits there for its signal; end the process
          with Ctrl-C and start it again, and it goes on. Without it, a run begins, is cut off,
          goes on, and is approved
  EDITOR  the name of the editor who approves: sends the signal to the run in the folder";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    match cli::paths(USAGE)? {
        [Some(folder), Some(editor)] => {
            approve(&open(&folder).await?, &editor.to_string_lossy()).await
        }
        [Some(folder), None] => {
            println!("waiting for: approval {} EDITOR", folder.display());
            let journal = open(&folder).await?;
            tokio::select! {
                page = go_on(&journal, &folder) => show(&page?),
                asked = tokio::signal::ctrl_c() => asked?,
            }
            // The next start of this need not wait for the lease.
            journal.close().await;
            Ok(())
        }
        [None, _] => alone().await,
    }
}

/// Begins, is cut off, goes on, and approves itself.
async fn alone() -> Result<(), Failure> {
    let folder = std::env::temp_dir().join(format!("approval-{}", std::process::id()));
    let journal = open(&folder).await?;
    let cut_off = tokio::time::timeout(Duration::from_millis(500), go_on(&journal, &folder)).await;
    println!("{}", if cut_off.is_err() { "begun, and cut off" } else { "done at once" });
    for run in journal.unfinished(publish::GRAPH.name()).await? {
        println!("to go on with: {}", run.id);
    }

    let (page, ()) = tokio::try_join!(go_on(&journal, &folder), approve(&journal, "Ada"))?;
    show(&page);
    // A run happens once: this gives the recorded page.
    assert_eq!(go_on(&journal, &folder).await?, page);
    drop(journal);
    Ok(fs::remove_dir_all(folder)?)
}

async fn open(folder: &Path) -> Result<Journal, Failure> {
    fs::create_dir_all(folder)?;
    // Whoever starts this again does not want to wait for long.
    Ok(Journal::open(folder.join("journal.db")).await?.lease(Duration::from_secs(5)))
}

/// Begins the run, or goes on with it.
async fn go_on(journal: &Journal, folder: &Path) -> Result<Page, Failure> {
    let site = Site { folder: folder.to_owned() };
    let article = Article {
        title: "Runs that wait".to_owned(),
        text: "A run can wait for days, untill somebody decides.".to_owned(),
    };
    loop {
        match journal.run(RUN, publish(&site, article.clone())).await {
            Err(DurableError::Journal(busy @ JournalError::Busy { .. })) => {
                println!("{busy}");
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
            result => return Ok(result?),
        }
    }
}

async fn approve(journal: &Journal, editor: &str) -> Result<(), Failure> {
    let decision = Decision { by: editor.to_owned(), approved: true };
    journal.signal(RUN, "decision", &decision).await?;
    println!("approved by {editor}");
    Ok(())
}

fn show(page: &Page) {
    println!("online: {}.md, approved by {}", page.name, page.approved_by);
    for typo in &page.typos {
        println!("  a word to look at: {typo}");
    }
}
