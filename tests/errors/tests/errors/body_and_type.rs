// A line that cannot stand in a body does not hide a wrong argument in a branch.

use workflow_runtime::{step, workflow};

#[step]
async fn charge(amount: u32) -> u32 {
    amount
}

workflow! {
    async fn checkout(amount: u32) -> u32 {
        let mut count = 0;
        while count < 3 {
            count += 1;
        }
        let payments = for at in 0..amount {
            let twice = charge(at * 2).await;
            if twice > 3 { charge("3").await } else { twice }
        };
        payments.len() as u32
    }
}

fn main() {
    let _ = checkout(7);
}
