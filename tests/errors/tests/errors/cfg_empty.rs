// No row of errors.md: a `cfg` that says nothing.

use workflow_runtime::{step, workflow};

#[step]
async fn price(n: u32) -> u32 {
    n
}

workflow! {
    async fn prices(n: u32) -> u32 {
        #[cfg]
        let first = price(n).await;
        price(first).await
    }
}

async fn caller() -> u32 {
    println!("{}", prices::GRAPH);
    prices(1).await
}

fn main() {}
