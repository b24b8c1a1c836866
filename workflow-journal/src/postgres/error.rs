//! Why a request has failed.

use std::error::Error as _;
use std::sync::Arc;
use std::time::Duration;

use tokio_postgres::Error;
use tokio_postgres::error::{DbError, Severity, SqlState};

use crate::StoreError;

/// It can be cloned, since a failed attempt to connect fails all requests that wait for it.
#[derive(Debug, Clone)]
pub(super) enum RequestError {
    /// The server's error, or the network's.
    Server(Arc<Error>),
    /// There was no connection within this limit.
    NotConnected(Duration),
    /// No part of an answer has arrived for this long.
    Silent(Duration),
    /// What is in the database is not a journal that this version can read.
    Unusable(String),
    /// The text of a panic, such as one in a TLS library.
    Panic(String),
}

impl From<Error> for RequestError {
    fn from(error: Error) -> Self {
        Self::Server(Arc::new(error))
    }
}

impl RequestError {
    pub(super) fn to_error(&self, place: &str) -> StoreError {
        let place = place.to_owned();
        match self {
            Self::Server(error) => of_server(place, error),
            Self::NotConnected(limit) => StoreError::Failed {
                place,
                source: format!("there was no connection within {limit:?}").into(),
            },
            Self::Silent(limit) => StoreError::Failed {
                place,
                source: format!(
                    "the server did not answer within {limit:?}, and what was asked for may have \
                     been done or not"
                )
                .into(),
            },
            Self::Unusable(problem) => StoreError::Unusable { place, problem: problem.clone() },
            Self::Panic(text) => {
                StoreError::Failed { place, source: format!("its thread panicked: {text}").into() }
            }
        }
    }

    /// Whether the connection cannot be used any more.
    pub(super) fn ends_connection(&self) -> bool {
        match self {
            Self::Server(error) => {
                let severity = error.as_db_error().and_then(DbError::parsed_severity);
                is_lost(error) || matches!(severity, Some(Severity::Fatal | Severity::Panic))
            }
            // The connection itself decides about silence.
            _ => false,
        }
    }
}

fn of_server(place: String, error: &Arc<Error>) -> StoreError {
    let text = match error.code() {
        Some(&SqlState::CHARACTER_NOT_IN_REPERTOIRE) => {
            "PostgreSQL cannot keep a text with a NUL character".to_owned()
        }
        _ if is_lost(error) => format!(
            "the connection was lost, and what was asked for may have been done or not ({})",
            with_causes(error)
        ),
        _ => with_causes(error),
    };
    let source = Box::new(ServerError { text, source: Arc::clone(error) });
    if error.code().is_some_and(stays) {
        StoreError::Refused { place, source }
    } else {
        StoreError::Failed { place, source }
    }
}

/// Whether the same statement would fail again: its contents cannot be kept (class 22), it is
/// beyond what PostgreSQL can do (class 54), or there is no room for it.
fn stays(code: &SqlState) -> bool {
    code.code().starts_with("22") || code.code().starts_with("54") || *code == SqlState::DISK_FULL
}

/// An error of the server, with a complete text: its own text is only "db error".
#[derive(Debug, thiserror::Error)]
#[error("{text}")]
struct ServerError {
    text: String,
    source: Arc<Error>,
}

pub(super) fn with_causes(error: &Error) -> String {
    let mut text = error.as_db_error().map_or_else(|| error.to_string(), ToString::to_string);
    let mut cause = error.source().filter(|_| error.as_db_error().is_none());
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

/// Whether the connection was lost without an error from the server.
fn is_lost(error: &Error) -> bool {
    // There are network errors while connecting, too, but nothing has been requested then.
    let connecting = error.to_string().contains("connecting");
    let of_network = error.source().is_some_and(<dyn std::error::Error>::is::<std::io::Error>);
    error.is_closed() || (of_network && !connecting)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_would_fail_again_is_refused() {
        for refused in ["22021", "22P05", "22001", "54000", "53100"] {
            assert!(stays(&SqlState::from_code(refused)), "{refused}");
        }
        // Too many connections, out of memory, starting up, shutting down, deadlock, lock timeout,
        // a standby that is not promoted yet.
        for failed in ["53300", "53200", "57P03", "57P01", "40P01", "40001", "55P03", "25006"] {
            assert!(!stays(&SqlState::from_code(failed)), "{failed}");
        }
    }
}
