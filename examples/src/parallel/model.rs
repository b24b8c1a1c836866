use serde::Deserialize;

use crate::{data::DataError, date::Date, money::Cents};

/// A row of `orders.csv`.
#[derive(Debug, Clone, Deserialize)]
pub struct Order {
    /// Its number.
    pub id: u32,
    /// The day it came in.
    pub date: Date,
    /// A customer's id.
    pub customer: String,
    /// A product's article number.
    pub sku: String,
    /// How many were bought.
    pub quantity: u16,
    /// What was taken off the price.
    pub discount_percent: u8,
}

/// An entry of `customers.json`.
#[derive(Debug, Clone, Deserialize)]
pub struct Customer {
    /// The id.
    pub id: String,
    /// The company's name.
    pub name: String,
    /// Where it is.
    pub region: String,
}

/// A row of `products.csv`.
#[derive(Debug, Clone, Deserialize)]
pub struct Product {
    /// The article number.
    pub sku: String,
    /// The name.
    pub name: String,
    /// The price of one.
    pub price: Cents,
}

/// Revenues by some key, the largest first.
pub type Ranking = Vec<(String, Cents)>;

/// What was sold.
#[derive(Debug, Clone)]
pub struct SalesReport {
    /// The number of orders.
    pub orders: usize,
    /// The revenue of each region.
    pub regions: Ranking,
    /// The revenue of each product.
    pub top_products: Ranking,
    /// The revenue from each customer.
    pub top_customers: Ranking,
    /// The revenue of each month.
    pub months: Ranking,
}

impl SalesReport {
    /// The whole revenue.
    #[must_use]
    pub fn revenue(&self) -> Cents {
        self.regions.iter().map(|(_, revenue)| *revenue).sum()
    }
}

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// A file can't be used.
    #[error(transparent)]
    Data(#[from] DataError),
    /// An order is from nobody who is known.
    #[error("order {order}: no customer `{customer}`")]
    UnknownCustomer {
        /// The order's number.
        order: u32,
        /// The id it names.
        customer: String,
    },
    /// An order is for nothing that is known.
    #[error("order {order}: no product `{sku}`")]
    UnknownProduct {
        /// The order's number.
        order: u32,
        /// The article number it names.
        sku: String,
    },
    /// An order takes more off the price than there is.
    #[error("order {order}: a discount of {percent} %")]
    InvalidDiscount {
        /// The order's number.
        order: u32,
        /// The discount.
        percent: u8,
    },
}
