//! A PostgreSQL server for one test: on a free port of this machine, in a temporary folder, as a
//! user without rights, and stopped when the test ends, however it ends.

use std::fs::{self, File};
use std::io::Write;
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;
use tokio_postgres::{Client, NoTls};

pub(crate) struct Server {
    programs: PathBuf,
    folder: TempDir,
    user: Option<u32>,
    port: u16,
    process: Child,
}

impl Server {
    /// Returns `None` and prints a notice if PostgreSQL is not installed. In CI this is a failure.
    pub(crate) async fn start() -> Option<Self> {
        let Some(programs) = programs() else {
            assert!(std::env::var_os("CI").is_none(), "PostgreSQL is not installed");
            // A passing test's `eprintln!` is not shown.
            let notice = "\nSKIPPED: PostgreSQL is not installed, so its store is not tested\n";
            let _ = writeln!(std::io::stderr(), "{notice}");
            return None;
        };
        let folder = tempfile::tempdir().unwrap();
        let user = unprivileged_user(folder.path());
        if let Some(user) = user {
            chown(folder.path(), Some(user), None).unwrap();
        }
        let mut initdb = command(&programs, "initdb", user);
        initdb.args(["--no-sync", "--auth=trust", "--username=postgres", "--encoding=UTF8"]);
        let made = initdb.arg("-D").arg(folder.path().join("data")).output().unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));

        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let process = launch(&programs, folder.path(), user, port);
        let mut server = Self { programs, folder, user, port, process };
        server.wait_until_ready().await;
        Some(server)
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn url(&self, database: &str) -> String {
        format!("postgresql://postgres:secret@127.0.0.1:{}/{database}", self.port)
    }

    /// A connection besides the store's, as `psql` has one.
    pub(crate) async fn client(&self, database: &str) -> Client {
        connect(&self.url(database)).await.unwrap()
    }

    /// Makes a database, and gives its address.
    pub(crate) async fn database(&self, name: &str) -> String {
        let client = self.client("postgres").await;
        client.batch_execute(&format!("CREATE DATABASE {name}")).await.unwrap();
        self.url(name)
    }

    /// As if its machine had lost its power.
    pub(crate) fn crash(&mut self) {
        let mut pg_ctl = command(&self.programs, "pg_ctl", self.user);
        pg_ctl.args(["stop", "-m", "immediate", "-D"]).arg(self.folder.path().join("data"));
        drop(pg_ctl.output());
        drop(self.process.wait());
    }

    pub(crate) async fn start_again(&mut self) {
        self.process = launch(&self.programs, self.folder.path(), self.user, self.port);
        self.wait_until_ready().await;
    }

    async fn wait_until_ready(&mut self) {
        let url = self.url("postgres");
        while connect(&url).await.is_err() {
            if let Some(status) = self.process.try_wait().unwrap() {
                let log = fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
                panic!("PostgreSQL has ended with {status}:\n{log}");
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.crash();
    }
}

async fn connect(url: &str) -> Result<Client, tokio_postgres::Error> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    tokio::spawn(async move { drop(connection.await) });
    Ok(client)
}

fn launch(programs: &Path, folder: &Path, user: Option<u32>, port: u16) -> Child {
    let mut postgres = command(programs, "postgres", user);
    postgres.arg("-D").arg(folder.join("data")).arg("-p").arg(port.to_string());
    postgres.args(["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="]);
    // Nothing here loses its power, and waiting for the disk would take most of the time.
    postgres.args(["-c", "fsync=off"]);
    let log = File::create(folder.join("log")).unwrap();
    postgres.stderr(log).spawn().unwrap()
}

fn command(programs: &Path, name: &str, user: Option<u32>) -> Command {
    let mut command = Command::new(programs.join(name));
    command.current_dir("/").stdin(Stdio::null()).stdout(Stdio::null());
    if let Some(user) = user {
        command.uid(user);
    }
    command
}

/// Where the newest of the installed versions has its programs: in Debian's place, or in `PATH`.
fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
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
fn unprivileged_user(own: &Path) -> Option<u32> {
    if fs::metadata(own).unwrap().uid() != 0 {
        return None;
    }
    let users = fs::read_to_string("/etc/passwd").unwrap();
    let id = |name: &str| {
        let line = users.lines().find(|line| line.starts_with(&format!("{name}:")))?;
        line.split(':').nth(2)?.parse().ok()
    };
    Some(id("postgres").or_else(|| id("nobody")).expect("there is a user without rights"))
}
