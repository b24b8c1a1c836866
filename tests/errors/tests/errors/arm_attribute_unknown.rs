// No row of errors.md: an unknown attribute on an arm.

use workflow_runtime::{step, workflow};

#[step]
async fn price(n: u32) -> u32 {
    n
}

workflow! {
    async fn prices(n: u32) -> u32 {
        match n {
            #[alow(deprecated)]
            0 => price(1).await,
            #[nonsense]
            1 => price(2).await,
            _ => price(3).await,
        }
    }
}

async fn caller() -> u32 {
    println!("{}", prices::GRAPH);
    prices(1).await
}

fn main() {}
