workflow! {
    /// Decides what happens to an order.
    async fn process(order: Order) -> Result<Outcome, OrderError> {
        let risk = assess_risk(&order).await?;
        let stock = reserve(&order).await?;
        let outcome = match risk {
            Risk::High(reason) => {
                let case = open_case(&order, reason).await?;
                freeze_account(&order).await?;
                Outcome::Investigated(case)
            }
            Risk::Low if order.total > LIMIT => manual_review(&order).await?,
            Risk::Low => ship(&order, stock).await?,
        };
        Ok(outcome)
    }
}
