use workflow_runtime::{step, workflow};

#[step]
async fn charge() -> u32 {
    7
}

workflow! {
    #[workflow_runtime::attribute::workflow]
    async fn pay() -> u32 {
        let payment = charge().await;
        payment
    }
}

fn main() {
    let _ = pay();
}
