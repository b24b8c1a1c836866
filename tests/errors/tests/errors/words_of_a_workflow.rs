// Row "`unsafe`, `const`, `extern` on a workflow or step".

use workflow_runtime::{step, workflow};

#[step]
async fn price(n: u32) -> u32 {
    n
}

workflow! {
    pub async unsafe fn prices(n: u32) -> u32 {
        let first = price(n).await;
        first
    }

    const async fn constant(n: u32) -> u32 {
        price(n).await
    }

    async extern "C" fn callback(n: u32) -> u32 {
        price(n).await
    }
}

async fn caller() -> u32 {
    println!("{}", prices::GRAPH);
    unsafe { prices(1) }.await + constant(1).await + callback(1).await
}

fn main() {}
