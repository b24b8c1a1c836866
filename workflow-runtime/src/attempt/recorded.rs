//! How a `StepError` is recorded.

use std::error::Error;
use std::fmt::{self, Debug, Display, Formatter};
use std::iter::successors;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::StepError;

/// What is written of it. The texts are in a list and not nested, so that a long chain does not
/// become deeply nested JSON.
#[derive(Serialize, Deserialize)]
struct Written {
    kind: Kind,
    error: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    sources: Vec<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    Retryable,
    Permanent,
}

impl Serialize for StepError {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (kind, error) = match self {
            Self::Retryable(error) => (Kind::Retryable, error),
            Self::Permanent(error) => (Kind::Permanent, error),
        };
        let sources = successors(error.source(), |&error| error.source());
        let sources = sources.map(ToString::to_string).collect();
        Written { kind, error: error.to_string(), sources }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for StepError {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Written { kind, error, sources } = Written::deserialize(deserializer)?;
        let source =
            sources.into_iter().rfold(None, |source, text| Some(Text { text, source }.into()));
        let error = Text { text: error, source };
        Ok(match kind {
            Kind::Retryable => Self::retryable(error),
            Kind::Permanent => Self::permanent(error),
        })
    }
}

/// An error of which only the texts are known.
struct Text {
    text: String,
    source: Option<Box<Text>>,
}

impl Display for Text {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The same as for an error that was made from a text.
impl Debug for Text {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Debug::fmt(&self.text, f)
    }
}

impl Error for Text {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

impl Drop for Text {
    /// Frees the chain in a loop: a record can hold any number of texts, and the stack is finite.
    fn drop(&mut self) {
        let mut next = self.source.take();
        while let Some(mut text) = next {
            next = text.source.take();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Transient;

    #[derive(Debug, thiserror::Error)]
    #[error("{text}")]
    struct Chained {
        text: &'static str,
        #[source]
        source: Option<Box<Chained>>,
    }

    fn chained(texts: &[&'static str]) -> Option<Box<Chained>> {
        let (text, rest) = texts.split_first()?;
        Some(Box::new(Chained { text, source: chained(rest) }))
    }

    fn texts(error: &StepError) -> Vec<String> {
        successors(Some(error as &dyn Error), |&error| error.source())
            .map(ToString::to_string)
            .collect()
    }

    #[test]
    fn it_says_the_same_when_it_is_read_back() {
        let chain =
            || chained(&["cannot load", "no answer from \"db\"", "", "reset\nby peer"]).unwrap();
        for error in [
            StepError::retryable(chain()),
            StepError::permanent(chain()),
            StepError::permanent("out of paper"),
            StepError::retryable(""),
        ] {
            let json = serde_json::to_string(&error).unwrap();
            let read: StepError = serde_json::from_str(&json).unwrap();
            assert_eq!(texts(&read), texts(&error));
            assert_eq!(read.is_transient(), error.is_transient());
            assert_eq!(serde_json::to_string(&read).unwrap(), json);
        }
    }

    #[test]
    fn the_record_can_be_read_by_people() {
        let error = StepError::retryable(chained(&["cannot load", "reset"]).unwrap());
        assert_eq!(
            serde_json::to_string(&error).unwrap(),
            r#"{"kind":"retryable","error":"cannot load","sources":["reset"]}"#
        );
        let error = StepError::permanent("no paper");
        assert_eq!(
            serde_json::to_string(&error).unwrap(),
            r#"{"kind":"permanent","error":"no paper"}"#
        );
    }

    #[test]
    fn a_long_chain_does_not_overflow_the_stack() {
        let sources = vec!["why"; 1_000_000].join("\",\"");
        let json = format!(r#"{{"kind":"permanent","error":"it","sources":["{sources}"]}}"#);
        let error: StepError = serde_json::from_str(&json).unwrap();
        assert_eq!(texts(&error).len(), 1_000_002);
    }
}
