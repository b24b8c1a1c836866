use workflow_runtime::{step, workflow};

#[step]
async fn charge() -> u32 {
    7
}

#[workflow]
async fn pay() -> u32 {
    let payment = charge().await;
    payment
}

workflow! {
    async fn pay_twice() -> u32 {
        let payment = charge().await;
        payment
    }
}

fn main() {
    let _ = pay();
    let _ = pay_twice();
}
