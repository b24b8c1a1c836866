//! A workflow of another `workflow!` compensates its own steps, and its caller does not say that
//! it knows.

use workflow_runtime::{step, workflow};

mod billing {
    use super::{charge, refund};
    use workflow_runtime::workflow;

    workflow! {
        pub(crate) async fn bill(cents: u32) -> Result<u32, String> {
            #[compensate(refund(payment))]
            let payment = charge(cents).await?;
            Ok(payment)
        }
    }
}

#[step]
pub(crate) async fn charge(cents: u32) -> Result<u32, String> {
    Ok(cents)
}

#[step]
pub(crate) async fn refund(payment: u32) -> Result<(), String> {
    Err(payment.to_string())
}

workflow! {
    pub async fn order(cents: u32) -> Result<u32, String> {
        let payment = billing::bill(cents).await?;
        Ok(payment)
    }
}

fn main() {
    drop(order(5));
}
