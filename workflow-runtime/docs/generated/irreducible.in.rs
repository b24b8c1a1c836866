workflow! {
    /// `label` needs `weight` and not `price`; `invoice` needs both.
    async fn dispatch(order: Order) -> Result<Parcel, ShopError> {
        let weight = weigh(&order).await?;
        let price = quote(&order).await?;
        let label = print_label(&weight).await?;
        let invoice = bill(weight, price).await?;
        Ok(Parcel { label, invoice })
    }
}
