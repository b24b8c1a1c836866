// Row of errors.md: `#[step]` on something that is no function: a module.

use workflow_runtime::step;

#[step]
mod payments {
    pub(super) async fn charge() {}
}

async fn caller() {
    payments::charge().await;
}

fn main() {}
