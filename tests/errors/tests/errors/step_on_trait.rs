// Row of errors.md: `#[step]` on something that is no function: a trait.

use workflow_runtime::step;

#[step]
trait Shop {
    async fn charge(&self);
}

async fn caller(shop: impl Shop) {
    shop.charge().await;
}

fn main() {}
