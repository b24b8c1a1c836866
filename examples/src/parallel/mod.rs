//! Three sources read at the same time, then put together.

mod model;
mod report;
mod sales;
mod steps;

use std::path::Path;

use workflow_runtime::workflow;

pub use self::model::{Customer, Order, Product, Ranking, ReportError, SalesReport};
use self::{
    sales::{join_sales, ranking},
    steps::{extract_customers, extract_orders, extract_products},
};

workflow! {
    /// Reports what was sold, from the three files in a folder.
    ///
    /// # Errors
    ///
    /// If a file can't be used, or an order names what the other files don't have.
    pub async fn sales_report(folder: &Path) -> Result<SalesReport, ReportError> {
        let orders = extract_orders(folder).await?;
        let customers = extract_customers(folder).await?;
        let products = extract_products(folder).await?;

        // No outside service from here on: computed at once, without steps.
        let sales = join_sales(&orders, &customers, &products)?;
        let regions = ranking(&sales, |sale| sale.customer.region.clone());
        let top_products = ranking(&sales, |sale| sale.product.name.clone());
        let top_customers = ranking(&sales, |sale| sale.customer.name.clone());
        let months = ranking(&sales, |sale| sale.order.date.month());

        Ok(SalesReport { orders: sales.len(), regions, top_products, top_customers, months })
    }
}
