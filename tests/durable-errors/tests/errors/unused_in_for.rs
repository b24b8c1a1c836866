// No row of errors.md: a `Result` that the body of a durable `for` comes to: rustc's lint.
#![deny(unused_must_use)]

use workflow_runtime::{step, workflow};

#[step]
async fn save(_number: u32) -> Result<(), String> {
    Ok(())
}

workflow! {
    #[durable]
    async fn all(numbers: Vec<u32>) -> Result<(), String> {
        for number in numbers {
            save(number).await
        }
        Ok(())
    }
}

async fn caller() -> Result<(), String> {
    println!("{}", all::GRAPH);
    all(vec![1]).await
}

fn main() {}
