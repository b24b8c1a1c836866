// Row of errors.md: none; something else has the name `signal`.

use workflow_runtime::{StepError, step, workflow};

#[step]
async fn signal(name: &str) -> Result<u32, StepError> {
    u32::from_str_radix(name, 16).map_err(StepError::permanent)
}

workflow! {
    #[durable]
    async fn listen() -> Result<u32, StepError> {
        #[timeout("3d")]
        let heard = signal("approval").await?;
        Ok(heard)
    }
}

async fn caller() {
    println!("{}", listen::GRAPH);
    let _ = listen().await;
}

fn main() {}
