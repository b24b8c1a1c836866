//! A workflow with something of everything.

use serde::{Deserialize, Serialize};
use tokio::task::yield_now;
use workflow_runtime::{TimedOut, step, workflow};

use crate::{Shop, Token};

/// What is ordered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cart {
    /// How many items the fan-out has.
    pub items: u32,
    /// Which arm is chosen.
    pub express: bool,
}

/// The shop does not sell.
#[derive(Debug, PartialEq, Eq)]
pub struct Refused;

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("refused")
    }
}

impl From<TimedOut> for Refused {
    fn from(_: TimedOut) -> Self {
        Self
    }
}

/// Gives way once, so that a step has a middle in which it can be cut off.
async fn work() {
    yield_now().await;
}

#[step]
async fn begin(shop: &Shop) -> Result<Token, Refused> {
    work().await;
    shop.act(&[])
}

#[step]
async fn act(shop: &Shop, after: &Token) -> Result<Token, Refused> {
    work().await;
    shop.act(&[after])
}

#[step]
async fn join(shop: &Shop, left: &Token, right: &Token) -> Result<Token, Refused> {
    work().await;
    shop.act(&[left, right])
}

#[step]
async fn gather(shop: &Shop, items: &[Token]) -> Result<Token, Refused> {
    work().await;
    shop.act(&items.iter().collect::<Vec<_>>())
}

#[step]
async fn close(shop: &Shop, invoice: &Token) -> Result<Token, Refused> {
    work().await;
    if shop.sells() { shop.act(&[invoice]) } else { Err(Refused) }
}

#[step]
async fn undo(shop: &Shop, done: &Token) -> Result<(), Refused> {
    work().await;
    shop.undo(done);
    Ok(())
}

workflow! {
    /// Takes an order from the cart to the door.
    ///
    /// # Errors
    ///
    /// If the shop does not sell.
    #[durable]
    #[on_failure(finish)]
    pub async fn order(shop: &Shop, cart: Cart) -> Result<Token, Refused> {
        let customer = begin(shop).await?;
        #[compensate(undo(shop, &stock))]
        let stock = act(shop, &customer).await?;
        let address = act(shop, &customer).await?;
        let price = join(shop, &stock, &address).await?;
        #[compensate(undo(shop, &payment))]
        let payment = act(shop, &price).await?;
        let boxes = for _number in 0..cart.items {
            let picked = act(shop, &payment).await?;
            let packed = act(shop, &picked).await?;
            packed
        };
        let parcel = gather(shop, &boxes).await?;
        let route = match cart.express {
            true => {
                let courier = act(shop, &parcel).await?;
                courier
            }
            false => {
                let van = act(shop, &parcel).await?;
                let planned = act(shop, &van).await?;
                planned
            }
        };
        let delivery = deliver(shop, route).await?;
        let invoice = join(shop, &payment, &delivery).await?;
        let closed = close(shop, &invoice).await?;
        Ok(closed)
    }

    /// Takes an order to the door at once: whatever fails, nothing is waited for.
    ///
    /// # Errors
    ///
    /// If the shop does not sell.
    #[durable]
    pub async fn rush(shop: &Shop, cart: Cart) -> Result<Token, Refused> {
        let customer = begin(shop).await?;
        #[compensate(undo(shop, &stock))]
        let stock = act(shop, &customer).await?;
        #[compensate(undo(shop, &rider))]
        let rider = act(shop, &customer).await?;
        let bundles = for _number in 0..cart.items {
            #[compensate(undo(shop, &bundle))]
            let bundle = act(shop, &stock).await?;
            let packed = act(shop, &bundle).await?;
            packed
        };
        let parcel = gather(shop, &bundles).await?;
        let delivery = deliver(shop, rider.clone()).await?;
        let invoice = join(shop, &parcel, &delivery).await?;
        let closed = close(shop, &invoice).await?;
        Ok(closed)
    }

    /// Brings a parcel to the door.
    ///
    /// # Errors
    ///
    /// None.
    #[durable]
    pub(crate) async fn deliver(shop: &Shop, route: Token) -> Result<Token, Refused> {
        #[compensate(undo(shop, &label))]
        let label = act(shop, &route).await?;
        let arrived = act(shop, &label).await?;
        Ok(arrived)
    }
}
