// No row of errors.md: what is expected of a declaration and is not there.

#![deny(warnings)]

use workflow_runtime::{step, workflow};

#[step]
async fn price(n: u32) -> u32 {
    n
}

workflow! {
    async fn prices(n: u32) -> u32 {
        #[expect(deprecated)]
        let first = price(n).await;
        #[expect(unused_variables)]
        let second = price(n).await;
        #[expect(unused_variables)]
        let third = price(n).await;
        price(first + second).await
    }
}

fn main() {
    let _ = prices(1);
}
