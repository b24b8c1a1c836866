// Row of errors.md: `#[step]` on something that is no function: a struct.

use workflow_runtime::step;

#[step]
#[derive(Clone)]
pub struct Cart {
    items: Vec<u32>,
}

async fn caller(cart: Cart) -> usize {
    cart.clone().items.len()
}

fn main() {}
