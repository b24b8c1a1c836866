workflow! {
    /// Sends all reports, also if one of them fails.
    #[on_failure(finish)]
    async fn send_reports(day: Day) -> Result<Sent, ReportError> {
        let sales = send_sales(day).await?;
        let stock = send_stock(day).await?;
        Ok(Sent { sales, stock })
    }
}
