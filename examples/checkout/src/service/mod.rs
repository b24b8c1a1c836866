//! The services that a shop needs, in one small HTTP server: a warehouse, a carrier, a
//! fraud desk, a bank, an order desk and a mail server. Their faults are planned.

mod books;
mod faults;
mod routes;
mod state;

use std::{io, net::SocketAddr, path::Path, sync::Arc};

use tokio::{net::TcpListener, task::JoinHandle};

use self::state::State;
pub use self::{
    books::{Entry, Ledger},
    faults::{Fault, Faults, Trouble},
};

/// Runs on a free port of this machine until it is dropped.
#[derive(Debug)]
pub struct Service {
    address: SocketAddr,
    state: Arc<State>,
    server: JoinHandle<io::Result<()>>,
}

impl Service {
    /// Starts with full shelves and empty books.
    ///
    /// # Errors
    ///
    /// If no port can be listened on.
    pub async fn start(faults: &Faults) -> io::Result<Self> {
        Self::with(State::new(faults)).await
    }

    /// Starts with what is in this file, which need not be there yet, and keeps all that is
    /// done in it: the next service with the same file goes on from there.
    ///
    /// # Errors
    ///
    /// If no port can be listened on, or if the file can't be read.
    pub async fn start_in(file: &Path, faults: &Faults) -> io::Result<Self> {
        Self::with(State::in_file(faults, file)?).await
    }

    async fn with(state: State) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let state = Arc::new(state);
        let app = routes::router(Arc::clone(&state));
        let server = tokio::spawn(async move { axum::serve(listener, app).await });
        Ok(Self { address, state, server })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What has been done so far.
    #[must_use]
    pub fn ledger(&self) -> Ledger {
        self.state.ledger()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.server.abort();
    }
}
