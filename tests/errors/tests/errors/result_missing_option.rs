// Row of errors.md: no result at the end of a workflow that returns `Option`.

use workflow_runtime::{step, workflow};

struct Order;

#[step]
async fn find(_number: u32) -> Option<Order> {
    Some(Order)
}

workflow! {
    async fn look_up(number: u32) -> Option<Order> {
        let order = find(number).await?;
    }
}

async fn caller() -> Option<Order> {
    look_up(7).await
}

fn main() {}
