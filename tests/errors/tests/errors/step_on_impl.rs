// Row of errors.md: `#[step]` on something that is no function: an `impl`.

use workflow_runtime::step;

struct Shop;

#[step]
impl Shop {
    async fn charge(&self) {}
}

async fn caller() {
    Shop.charge().await;
}

fn main() {}
