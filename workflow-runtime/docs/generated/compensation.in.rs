workflow! {
    /// Takes an order through payment and shipping.
    async fn checkout(shop: &Shop, order: Order) -> Result<Parcel, ShopError> {
        let address = check_address(shop, &order).await?;
        #[compensate(refund(shop, &payment))]
        let payment = charge(shop, &order).await?;
        let parcel = ship(shop, &payment, address).await?;
        Ok(parcel)
    }
}
