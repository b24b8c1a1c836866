use std::{
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use workflow_runtime::{DurableError, Event, EventKind, Journal, JournalError, Node, Observer};

use super::{
    Cart, CheckoutError, Faults, Ledger, Service, Shop, checkout,
    report::{confirmed, list},
};

/// A counter of the shop where a cart is bought durably: whatever happens to the process, the
/// next one goes on where it ended, and nothing is paid twice.
#[derive(Debug)]
pub struct Counter {
    journal: PathBuf,
    crash_after: Option<String>,
}

/// Why a cart was not bought.
#[derive(Debug, thiserror::Error)]
pub enum CounterError {
    /// There is no such step to crash after.
    #[error("there is no step `{step}`: the steps are {}", steps().join(", "))]
    NoSuchStep {
        /// What was asked for.
        step: String,
    },
    /// The services could not be started.
    #[error("the services can't be started: {0}")]
    Services(#[from] io::Error),
    /// There is nothing to reach them with.
    #[error("the services can't be reached: {0}")]
    Client(#[from] reqwest::Error),
    /// The journal failed, or the workflow did.
    #[error(transparent)]
    Run(#[from] DurableError<CheckoutError>),
}

impl Counter {
    /// With the journal in this file. What the services remember is beside it, in
    /// `NAME.services.json`.
    #[must_use]
    pub fn new(journal: &Path) -> Self {
        Self { journal: journal.to_owned(), crash_after: None }
    }

    /// Ends the process right after the output of this step is recorded, as a power cut would.
    ///
    /// # Errors
    ///
    /// If the checkout has no such step.
    pub fn crash_after(mut self, step: &str) -> Result<Self, CounterError> {
        if !steps().contains(&step) {
            return Err(CounterError::NoSuchStep { step: step.to_owned() });
        }
        self.crash_after = Some(step.to_owned());
        Ok(self)
    }

    /// Buys the cart, or goes on with it. What happens is printed.
    ///
    /// # Errors
    ///
    /// If the services can't be started, if the journal fails, or if nothing comes of the cart.
    pub async fn buy(self, cart: &Cart) -> Result<(), CounterError> {
        let services = self.journal.with_extension("services.json");
        let services = Service::start_in(&services, &Faults::None).await?;
        let shop = Shop::new(services.address())?;
        let journal = Journal::open(&self.journal).await.map_err(DurableError::Journal)?;
        // Whoever starts this again does not want to wait for long.
        let journal = journal.lease(Duration::from_secs(2));
        let journal = journal.observe(Printer { crash_after: self.crash_after });

        println!("run {}", cart.id);
        let confirmation = loop {
            match journal.run(&cart.id, checkout(&shop, cart.clone())).await {
                // A process that has crashed still holds the run for these two seconds.
                Err(DurableError::Journal(JournalError::Busy { holder, .. })) => {
                    println!("  {:<10}held by {holder}", "waits");
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
                result => break result?,
            }
        };
        print_end(&services.ledger(), &confirmed(&confirmation));
        Ok(())
    }
}

fn print_end(ledger: &Ledger, customer_sees: &str) {
    println!("services did: {}", list(ledger.entries().iter().map(ToString::to_string)));
    println!("customer sees: {customer_sees}");
}

fn steps() -> Vec<&'static str> {
    checkout::GRAPH.nodes().iter().map(Node::path).collect()
}

/// Prints what becomes of each step, and ends the process where it is to crash.
struct Printer {
    crash_after: Option<String>,
}

impl Observer for Printer {
    fn on_event(&self, event: &Event) {
        let step = &*event.path;
        match &event.kind {
            EventKind::Replayed => println!("  {:<10}{step}", "replayed"),
            EventKind::Completed { .. } => {
                println!("  {:<10}{step}", "ran");
                // A step has completed when its output is in the journal.
                if self.crash_after.as_deref() == Some(step) {
                    println!("crash!");
                    std::process::abort();
                }
            }
            EventKind::Failed { error, .. } => println!("  {:<10}{step}: {error}", "failed"),
            EventKind::Compensated { .. } => println!("  {:<10}{step}", "undone"),
            _ => {}
        }
    }
}
