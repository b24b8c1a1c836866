// No row of errors.md: an attribute of declarations on an arm.

use workflow_runtime::{step, workflow};

#[step]
async fn price(n: u32) -> u32 {
    n
}

workflow! {
    async fn prices(n: u32) -> u32 {
        let first = price(n).await;
        match n {
            #[after(first)]
            0 => price(1).await,
            _ => price(2).await,
        }
    }
}

async fn caller() -> u32 {
    println!("{}", prices::GRAPH);
    prices(1).await
}

fn main() {}
