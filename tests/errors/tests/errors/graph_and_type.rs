// Errors of the graph and of types come in one build, and nothing counts as unused.

use workflow_runtime::{step, workflow};

mod shop {
    use super::step;

    pub struct Order;

    #[step]
    pub async fn charge(_order: &Order, stock: u32) -> Result<u32, String> {
        Ok(stock)
    }

    #[step]
    pub async fn reserve(_payment: u32) -> Result<u32, String> {
        Ok(7)
    }

    #[step]
    pub async fn pack(order: Order) -> Result<Order, String> {
        Ok(order)
    }

    #[step]
    pub async fn weigh(_order: &Order) -> Result<u32, String> {
        Ok(7)
    }

    pub fn total(prices: &[u32]) -> u32 {
        prices.iter().sum()
    }
}

use shop::{Order, charge, pack, reserve, total, weigh};

workflow! {
    async fn checkout(order: Order) -> Result<String, String> {
        let payment = charge(&order, stock).await?;
        let stock = reserve(payment).await?;
        let sum = total(&[payment, stock]);
        let parcel = pack(order).await?;
        let wrong: String = weigh(&order).await?;
        let _ = (parcel, sum);
        Ok(wrong.len())
    }
}

fn main() {
    let _ = checkout(Order);
}
