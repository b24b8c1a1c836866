// No row of errors.md: a `Result` that the body of a `for` comes to: rustc's lint.
#![deny(unused_must_use)]

use workflow_runtime::{step, workflow};

struct StoreError;

#[step]
async fn save(_number: u32) -> Result<(), StoreError> {
    Ok(())
}

workflow! {
    async fn all(numbers: Vec<u32>) -> Result<(), StoreError> {
        for number in numbers {
            if number > 1 {
                save(number).await
            } else {
                Ok(())
            }
        }
        Ok(())
    }
}

async fn caller() -> Result<(), StoreError> {
    println!("{}", all::GRAPH);
    all(vec![1]).await
}

fn main() {}
