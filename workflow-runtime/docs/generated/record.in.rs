workflow! {
    /// Pays an invoice once, and says when.
    #[durable]
    async fn pay(bank: &Bank, invoice: Invoice) -> Result<Receipt, PayError> {
        #[record]
        let key = Uuid::new_v4();
        #[record]
        let due: Date = invoice.due.parse()?;
        let text = format!("{key} on {due}");
        #[was(transfer, function = bank.send)]
        let payment = bank.transfer(&invoice, &text).await?;
        let receipt = print(invoice, payment).await?;
        Ok(receipt)
    }
}
