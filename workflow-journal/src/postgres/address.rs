//! Where the server is.

use std::time::Duration;

use tokio_postgres::Config;
use tokio_postgres::config::Host;

use super::error::with_causes;
use crate::StoreError;

/// Reads an address. `limit` is how long connecting may take in total.
///
/// Errors do not quote the address, which may contain a password.
pub(super) fn parse(url: &str, limit: Duration) -> Result<Config, StoreError> {
    let mut config: Config = url.parse().map_err(|error| StoreError::Unusable {
        place: "the PostgreSQL server".to_owned(),
        problem: with_causes(&error),
    })?;
    notice_dead_servers(&mut config, limit);
    Ok(config)
}

/// By default, it takes hours to notice that a server has vanished from the network.
fn notice_dead_servers(config: &mut Config, limit: Duration) {
    if config.get_connect_timeout().is_none() {
        // So that there is time left for the second host if the first one does not answer.
        let hosts = config.get_hosts().len().max(config.get_hostaddrs().len()).max(1);
        config.connect_timeout(limit / u32::try_from(hosts).unwrap_or(u32::MAX));
    }
    // The system rounds it to milliseconds, and zero means the system's own default.
    let patience = limit.clamp(Duration::from_secs(1), Duration::from_secs(15));
    if config.get_tcp_user_timeout().is_none() {
        config.tcp_user_timeout(patience);
    }
    config.keepalives_idle(config.get_keepalives_idle().min(patience));
}

/// The server's address without the password.
pub(super) fn place_of(config: &Config) -> String {
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
