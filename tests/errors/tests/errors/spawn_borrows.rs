// Row of errors.md: `spawn` with borrowed arguments.

use workflow_runtime::{step, workflow};

#[derive(Clone)]
struct Order;

#[step(spawn)]
async fn charge(_order: &Order, _notes: &[String], _name: Option<&str>, _: &'static str) {}

workflow! {
    async fn checkout(order: Order) {
        charge(&order, &[], None, "").await;
    }
}

async fn caller() {
    checkout(Order).await;
}

fn main() {}
