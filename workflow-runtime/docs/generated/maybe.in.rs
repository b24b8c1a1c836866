workflow! {
    /// Takes the money for an order.
    async fn checkout(shop: &Shop, order: Order) -> Result<Receipt, ShopError> {
        #[compensate(maybe release(shop, &order))]
        let stock = reserve(shop, &order).await?;
        let receipt = charge(shop, &order, stock).await?;
        Ok(receipt)
    }
}
