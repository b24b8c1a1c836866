//! A network between the store and its server, which can be made worse.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Network {
    Works,
    /// Takes all that is sent, and passes nothing on.
    Silent,
    /// Waits so long before the first answer of a new connection.
    SlowToStart(Duration),
}

pub(crate) struct Proxy {
    address: SocketAddr,
    network: watch::Sender<Network>,
    /// How many connections there were, and how many there are.
    accepted: Arc<watch::Sender<usize>>,
    open: Arc<watch::Sender<usize>>,
}

impl Proxy {
    /// Stands before the server at this port, and ends with the test's runtime.
    pub(crate) async fn start(port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (network, is) = watch::channel(Network::Works);
        let accepted = Arc::new(watch::Sender::new(0));
        let open = Arc::new(watch::Sender::new(0));
        let (count, open_now) = (Arc::clone(&accepted), Arc::clone(&open));
        tokio::spawn(async move {
            while let Ok((store, _)) = listener.accept().await {
                count.send_modify(|count| *count += 1);
                open_now.send_modify(|open| *open += 1);
                let (is, open_now) = (is.clone(), Arc::clone(&open_now));
                tokio::spawn(async move {
                    if let Ok(server) = TcpStream::connect(("127.0.0.1", port)).await {
                        pass_on(store, server, is).await;
                    }
                    open_now.send_modify(|open| *open -= 1);
                });
            }
        });
        Self { address, network, accepted, open }
    }

    pub(crate) fn url(&self, database: &str) -> String {
        format!("postgresql://postgres:secret@{}/{database}", self.address)
    }

    pub(crate) fn becomes(&self, network: Network) {
        self.network.send_replace(network);
    }

    pub(crate) fn connections(&self) -> usize {
        *self.accepted.borrow()
    }

    /// Waits until all connections are closed, and the store has had time to notice.
    pub(crate) async fn is_quiet(&self) {
        let mut open = self.open.subscribe();
        open.wait_for(|open| *open == 0).await.unwrap();
        drop(open);
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

async fn pass_on(store: TcpStream, server: TcpStream, is: watch::Receiver<Network>) {
    let (from_store, to_store) = store.into_split();
    let (from_server, to_server) = server.into_split();
    let delay = match *is.borrow() {
        Network::SlowToStart(delay) => delay,
        Network::Works | Network::Silent => Duration::ZERO,
    };
    let there = one_way(from_store, to_server, is.clone(), Duration::ZERO);
    let back = one_way(from_server, to_store, is, delay);
    // Where one way has ended, the other one does.
    tokio::select! {
        () = there => {}
        () = back => {}
    }
}

async fn one_way(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    mut is: watch::Receiver<Network>,
    delay: Duration,
) {
    let mut bytes = vec![0; 64 * 1024];
    let mut first = true;
    loop {
        let Ok(length @ 1..) = from.read(&mut bytes).await else { return };
        if std::mem::take(&mut first) {
            tokio::time::sleep(delay).await;
        }
        if is.wait_for(|network| *network != Network::Silent).await.is_err() {
            return;
        }
        if to.write_all(&bytes[..length]).await.is_err() {
            return;
        }
    }
}
