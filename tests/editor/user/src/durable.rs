use workflow_runtime::attribute::workflow;
use workflow_runtime::{Journal, signal, step};

#[step]
pub async fn draft(topic: &str) -> Result<String, String> {
    Ok(topic.to_owned())
}

#[workflow(durable, on_failure = finish)]
pub async fn article(topic: String, journal_name: &str) -> Result<usize, String> {
    let text = draft(&topic).await?;
    #[after(text)]
    let editor = signal::<String>("approval").await;
    let length = text.len() + journal_name.len();
    let _ = editor;
    Ok(length)
}

pub async fn publish() {
    let journal = Journal::memory();
    let first = journal.run("a", article("rust".to_owned(), "news")).await;
    let second = article::resume(&journal, "a", "news").await;
    let _ = (first, second);
}

pub async fn go_on(journal: &Journal) {
    let runs = article::resume_all(journal, "news").await;
    let _ = runs;
}
