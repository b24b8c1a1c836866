use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use workflow_runtime::TimedOut;

/// What somebody wants to publish.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Article {
    /// Its title, of which the page gets its name.
    pub title: String,
    /// Its text, with links to other pages as Markdown has them.
    pub text: String,
}

/// An article as a page, before anybody has seen it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// The name of its page.
    pub name: String,
    /// What will be in the page.
    pub markdown: String,
}

/// What an editor says: the value of the signal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Who says it.
    pub by: String,
    /// Yes or no.
    pub approved: bool,
}

/// A page that is online.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// Its name, without `.md`.
    pub name: String,
    /// Who has approved it.
    pub approved_by: String,
    /// Words that may be written wrong.
    pub typos: Vec<String>,
}

/// Where pages are: a resource, which is given anew when a run goes on.
#[derive(Debug, Clone)]
pub struct Site {
    /// The folder that holds them.
    pub folder: PathBuf,
}

/// Why an article is not online.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// A page needs a name.
    #[error("the article has no title")]
    NoTitle,
    /// It links to this page, which is not there.
    #[error("there is no page `{0}` to link to")]
    DeadLink(String),
    /// An editor has said no.
    #[error("{by} does not want it to be published")]
    Rejected {
        /// The editor.
        by: String,
    },
    /// No editor has said anything in time.
    #[error("nobody has decided in time")]
    Undecided,
    /// The file system has failed.
    #[error("the page cannot be written: {0}")]
    Write(#[from] std::io::Error),
}

impl From<TimedOut> for PublishError {
    fn from(_: TimedOut) -> Self {
        Self::Undecided
    }
}
