//! A diamond: one step, three that need only its output, and one that needs theirs.

mod model;
mod report;
mod services;
mod steps;

use workflow_runtime::workflow;

pub use self::model::{
    Address, Card, Line, Order, OrderError, Payment, PaymentError, Pick, PostalAddress, Receipt,
    Stock, ValidOrder,
};
use self::steps::{check_inventory, check_payment, finalize_order, validate_order, verify_address};

workflow! {
    /// Verifies one order and issues its receipt.
    ///
    /// # Errors
    ///
    /// The first reason found to reject the order.
    pub async fn verify_order(order: Order) -> Result<Receipt, OrderError> {
        let valid = validate_order(order).await?;

        // These need only `valid`, so they run at the same time.
        let payment = check_payment(&valid).await?;
        let address = verify_address(&valid).await?;
        let stock = check_inventory(&valid).await?;

        let receipt = finalize_order(valid, payment, address, stock).await?;
        Ok(receipt)
    }
}
