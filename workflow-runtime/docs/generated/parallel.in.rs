workflow! {
    /// Builds the report from three sources.
    async fn report(files: &Files) -> Result<Report, ReportError> {
        let orders = read_orders(files).await?;
        let customers = read_customers(files).await?;
        let products = read_products(files).await?;
        let report = aggregate(orders, customers, &products).await;
        Ok(report)
    }
}
