//! A PostgreSQL server with its own settings, which are safe ones, on the disk that is measured.

use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use workflow_journal::PostgresStore;

use crate::Outcome;

pub(crate) struct Server {
    pg_ctl: Command,
    process: Child,
    port: u16,
}

impl Server {
    /// `None` where PostgreSQL is not installed.
    pub(crate) async fn start(folder: &Path) -> Outcome<Option<Self>> {
        let Some(programs) = programs() else { return Ok(None) };
        let folder = folder.join("postgres");
        std::fs::create_dir(&folder)?;
        let user = unprivileged_user(&folder)?;
        if let Some(user) = user {
            chown(&folder, Some(user), None)?;
            // Temporary folders are closed to others.
            let parent = folder.parent().ok_or("it has no parent")?;
            std::process::Command::new("chmod").arg("711").arg(parent).status()?;
        }
        let program = |name: &str| {
            let mut command = Command::new(programs.join(name));
            command.current_dir("/").stdin(Stdio::null()).stdout(Stdio::null());
            user.map(|user| command.uid(user));
            command
        };
        let data = folder.join("data");
        let made = program("initdb")
            .args(["--auth=trust", "--username=postgres", "--encoding=UTF8", "-D"])
            .arg(&data)
            .status()?;
        if !made.success() {
            return Err("initdb has failed".into());
        }
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let process = program("postgres")
            .arg("-D")
            .arg(&data)
            .arg("-p")
            .arg(port.to_string())
            .args(["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="])
            .stderr(Stdio::null())
            .spawn()?;
        let mut pg_ctl = program("pg_ctl");
        pg_ctl.args(["stop", "-m", "fast", "-D"]).arg(&data);
        let mut server = Self { pg_ctl, process, port };
        while PostgresStore::connect(&server.url()).await.is_err() {
            if let Some(status) = server.process.try_wait()? {
                return Err(format!("PostgreSQL has ended with {status}").into());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(Some(server))
    }

    pub(crate) fn url(&self) -> String {
        format!("postgresql://postgres@127.0.0.1:{}/postgres", self.port)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.pg_ctl.status());
        drop(self.process.wait());
    }
}

/// Where the newest of the installed versions has its programs: in Debian's place, or in `PATH`.
fn programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let newest = versions.max_by_key(|entry| {
        entry.file_name().to_str().and_then(|version| version.parse::<u32>().ok())
    });
    let path = std::env::var_os("PATH").unwrap_or_default();
    let places = newest.map(|entry| entry.path().join("bin")).into_iter();
    places.chain(std::env::split_paths(&path)).find(|folder| {
        ["initdb", "pg_ctl", "postgres"].iter().all(|name| folder.join(name).exists())
    })
}

/// PostgreSQL does not run as root: the user `postgres`, or else `nobody`.
fn unprivileged_user(own: &Path) -> Outcome<Option<u32>> {
    if std::fs::metadata(own)?.uid() != 0 {
        return Ok(None);
    }
    let users = std::fs::read_to_string("/etc/passwd")?;
    let id = |name: &str| {
        let line = users.lines().find(|line| line.starts_with(&format!("{name}:")))?;
        line.split(':').nth(2)?.parse().ok()
    };
    Ok(Some(id("postgres").or_else(|| id("nobody")).ok_or("there is no user without rights")?))
}
