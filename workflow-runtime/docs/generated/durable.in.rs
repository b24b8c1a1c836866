workflow! {
    /// Takes the money for an order, once somebody has approved it.
    #[durable]
    async fn checkout(shop: &Shop, order: Order) -> Result<Receipt, ShopError> {
        let total = price(shop, &order).await?;
        #[after(total)]
        #[timeout("3d")]
        let approval = signal::<Approval>("approval").await?;
        let receipt = charge(shop, order, total, approval).await?;
        Ok(receipt)
    }
}
