use serde::Deserialize;
use workflow_runtime::{Recorder, Run};

use super::{Cart, CheckoutError, Confirmation, Faults, Ledger, Service, Shop, checkout};
use workflow_examples::cli::Failure;

/// A customer's visit, on a day on which this and that goes wrong.
#[derive(Debug, Clone, Deserialize)]
pub struct Scenario {
    /// What it is about.
    pub title: String,
    /// What the customer wants to buy.
    pub cart: Cart,
    /// What goes wrong in the services.
    #[serde(default)]
    pub faults: Faults,
}

/// All there is to know of a visit afterwards.
#[derive(Debug)]
pub struct Story {
    /// What was to happen.
    pub scenario: Scenario,
    /// What the workflow returned.
    pub result: Result<Confirmation, CheckoutError>,
    /// What the workflow did.
    pub recorder: Recorder,
    /// What the services did.
    pub ledger: Ledger,
}

impl Scenario {
    /// Starts the services and lets the customer buy.
    ///
    /// # Errors
    ///
    /// If no port can be listened on. What goes wrong in the checkout is in the story.
    pub async fn play(self) -> Result<Story, Failure> {
        self.play_in(Run::new()).await
    }

    /// The same in this run, which may have observers.
    ///
    /// # Errors
    ///
    /// Like [`Scenario::play`].
    pub async fn play_in(self, run: Run) -> Result<Story, Failure> {
        let service = Service::start(&self.faults).await?;
        let shop = Shop::new(service.address())?;
        let recorder = Recorder::new();

        let run = run.observe(recorder.clone());
        // The workflow is large, and would be a part of each future around it.
        let result = Box::pin(run.execute(checkout(&shop, self.cart.clone()))).await;

        Ok(Story { scenario: self, result, recorder, ledger: service.ledger() })
    }
}
