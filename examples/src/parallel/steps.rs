use std::path::Path;

use workflow_runtime::step;

use super::{Customer, Order, Product};
use crate::data::{DataError, read_csv, read_json};

/// Reads the orders.
#[step]
pub(super) async fn extract_orders(folder: &Path) -> Result<Vec<Order>, DataError> {
    read_csv(&folder.join("orders.csv")).await
}

/// Reads the customers.
#[step]
pub(super) async fn extract_customers(folder: &Path) -> Result<Vec<Customer>, DataError> {
    read_json(&folder.join("customers.json")).await
}

/// Reads the products.
#[step]
pub(super) async fn extract_products(folder: &Path) -> Result<Vec<Product>, DataError> {
    read_csv(&folder.join("products.csv")).await
}
