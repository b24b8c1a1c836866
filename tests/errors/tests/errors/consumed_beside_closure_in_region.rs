//! A closure with `move` that needs a part of a value holds on to all of it in a region.

use workflow_runtime::{step, workflow};

struct Order {
    quantity: u32,
    name: String,
}

#[step]
async fn receive(name: &str) -> Result<Order, String> {
    Ok(Order { quantity: 1, name: name.to_owned() })
}

#[step]
async fn rate() -> Result<u32, String> {
    Ok(2)
}

#[step]
async fn price(quantity: impl Fn() -> u32) -> Result<u32, String> {
    Ok(quantity())
}

#[step]
async fn add(one: u32, other: u32) -> Result<u32, String> {
    Ok(one + other)
}

#[step]
async fn ship(order: Order) -> Result<u32, String> {
    order.name.parse().map_err(|_| order.name)
}

workflow! {
    pub async fn dispatch(name: &str) -> Result<u32, String> {
        let order = receive(name).await?;
        let rate = rate().await?;
        let total = price(move || order.quantity).await?;
        let charged = add(rate, total).await?;
        let shipped = ship(order).await?;
        let end = add(shipped, rate).await?;
        Ok(charged + end)
    }
}

fn main() {
    drop(dispatch("5"));
}
