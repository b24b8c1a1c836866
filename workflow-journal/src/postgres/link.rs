//! The connection, and another one when it is lost.

use std::error::Error as _;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio_postgres::config::Host;
use tokio_postgres::error::{DbError, Severity, SqlState};
use tokio_postgres::tls::{MakeTlsConnect, TlsConnect};
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Config, Error, Row, Socket};

use super::open::open;
use crate::StoreError;

/// A parameter of a statement.
pub(super) type Value<'a> = (&'a (dyn ToSql + Sync), Type);

type Connecting = Pin<Box<dyn Future<Output = Result<Client, Error>> + Send>>;

pub(super) struct Link {
    place: String,
    connect: Box<dyn Fn() -> Connecting + Send + Sync>,
    client: Mutex<Option<Arc<Client>>>,
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Link").field("place", &self.place).finish_non_exhaustive()
    }
}

impl Link {
    pub(super) async fn connect<T>(url: &str, tls: T) -> Result<Self, StoreError>
    where
        T: MakeTlsConnect<Socket> + Clone + Send + Sync + 'static,
        T::Stream: Send,
        T::TlsConnect: Send,
        <T::TlsConnect as TlsConnect<Socket>>::Future: Send,
    {
        // Without the address, which may have a password.
        let mut config: Config = url.parse().map_err(|error| StoreError::Unusable {
            place: "the PostgreSQL server".to_owned(),
            problem: with_causes(&error),
        })?;
        notice_dead_servers(&mut config);
        let place = place_of(&config);
        let connect = move || -> Connecting {
            let (config, tls) = (config.clone(), tls.clone());
            Box::pin(async move {
                let (client, connection) = config.connect(tls).await?;
                // Its error is the error of all requests that wait for it.
                tokio::spawn(async move { drop(connection.await) });
                Ok(client)
            })
        };
        let link = Self { place, connect: Box::new(connect), client: Mutex::new(None) };
        link.client().await?;
        Ok(link)
    }

    async fn client(&self) -> Result<Arc<Client>, StoreError> {
        let mut kept = self.client.lock().await;
        if let Some(client) = kept.as_ref().filter(|client| !client.is_closed()) {
            return Ok(Arc::clone(client));
        }
        let mut client = (self.connect)().await.map_err(|error| self.failed(error))?;
        open(&mut client, &self.place).await.map_err(|error| self.failed(error))??;
        Ok(Arc::clone(kept.insert(Arc::new(client))))
    }

    /// Does one statement. Requests share the connection, so a transaction of several would take
    /// in those of others.
    pub(super) async fn query(
        &self,
        sql: &str,
        values: &[Value<'_>],
    ) -> Result<Vec<Row>, StoreError> {
        let client = self.client().await?;
        let answer = client.query_typed(sql, values).await;
        if answer.as_ref().is_err_and(ends_connection) {
            // The client itself may notice it later than the next request comes.
            self.client.lock().await.take_if(|kept| Arc::ptr_eq(kept, &client));
        }
        answer.map_err(|error| self.failed(error))
    }

    fn failed(&self, error: Error) -> StoreError {
        let text = match error.code() {
            Some(&SqlState::CHARACTER_NOT_IN_REPERTOIRE) => {
                "PostgreSQL cannot keep a text with a NUL character".to_owned()
            }
            _ if is_lost(&error) => format!(
                "the connection was lost, and what was asked for may have been done or not ({})",
                with_causes(&error)
            ),
            _ => with_causes(&error),
        };
        StoreError::Failed {
            place: self.place.clone(),
            source: Box::new(ServerError { text, source: error }),
        }
    }
}

/// An error of the server, with a text that says all of it: its own says only "db error".
#[derive(Debug, thiserror::Error)]
#[error("{text}")]
struct ServerError {
    text: String,
    source: Error,
}

fn with_causes(error: &Error) -> String {
    let mut text = error.as_db_error().map_or_else(|| error.to_string(), ToString::to_string);
    let mut cause = error.source().filter(|_| error.as_db_error().is_none());
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

/// Whether the connection has gone without a word.
fn is_lost(error: &Error) -> bool {
    // While connecting, too, there are errors of the network; but nothing was asked for yet.
    let connecting = error.to_string().contains("connecting");
    let of_network = error.source().is_some_and(<dyn std::error::Error>::is::<std::io::Error>);
    error.is_closed() || (of_network && !connecting)
}

fn ends_connection(error: &Error) -> bool {
    let severity = error.as_db_error().and_then(DbError::parsed_severity);
    is_lost(error) || matches!(severity, Some(Severity::Fatal | Severity::Panic))
}

/// By default a server that vanishes from the network is noticed after hours.
fn notice_dead_servers(config: &mut Config) {
    const PATIENCE: Duration = Duration::from_secs(15);
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(PATIENCE);
    }
    if config.get_tcp_user_timeout().is_none() {
        config.tcp_user_timeout(PATIENCE);
    }
    config.keepalives_idle(config.get_keepalives_idle().min(PATIENCE));
}

/// The server's address without the password.
fn place_of(config: &Config) -> String {
    let user = config.get_user().map(|user| format!("{user}@")).unwrap_or_default();
    let hosts: Vec<_> = config
        .get_hosts()
        .iter()
        .enumerate()
        .map(|(index, host)| {
            let host = match host {
                Host::Tcp(name) => name.clone(),
                #[cfg(unix)]
                Host::Unix(path) => path.display().to_string(),
            };
            let ports = config.get_ports();
            let port = ports.get(index).or(ports.first()).copied().unwrap_or(5432);
            format!("{host}:{port}")
        })
        .collect();
    let name = config.get_dbname().or(config.get_user()).unwrap_or_default();
    format!("postgresql://{user}{}/{name}", hosts.join(","))
}
