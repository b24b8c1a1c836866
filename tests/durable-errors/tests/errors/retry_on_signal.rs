// Row of errors.md: none; a signal is waited for once.

use workflow_runtime::{StepError, signal, workflow};

workflow! {
    #[durable]
    async fn listen() -> Result<u32, StepError> {
        #[retry(max_attempts = 3)]
        let heard = signal::<u32>("approval").await?;
        Ok(heard)
    }
}

async fn caller() {
    println!("{}", listen::GRAPH);
    let _ = listen().await;
}

fn main() {}
