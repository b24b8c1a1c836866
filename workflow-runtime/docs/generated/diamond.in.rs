workflow! {
    /// Verifies one order and issues its receipt.
    pub async fn verify_order(order: Order) -> Result<Receipt, OrderError> {
        let valid = validate_order(order).await?;

        let payment = check_payment(&valid).await?;
        let address = verify_address(&valid).await?;
        let stock = check_inventory(&valid).await?;

        let receipt = finalize_order(payment, address, stock).await?;
        Ok(receipt)
    }
}
