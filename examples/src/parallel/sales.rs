use std::{cmp::Reverse, collections::BTreeMap};

use super::{Customer, Order, Product, Ranking, ReportError};
use crate::money::Cents;

/// An order with all that belongs to it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sale<'a> {
    pub(super) order: &'a Order,
    pub(super) customer: &'a Customer,
    pub(super) product: &'a Product,
    pub(super) revenue: Cents,
}

/// Finds the customer and the product of each order.
pub(super) fn join_sales<'a>(
    orders: &'a [Order],
    customers: &'a [Customer],
    products: &'a [Product],
) -> Result<Vec<Sale<'a>>, ReportError> {
    let customers: BTreeMap<_, _> =
        customers.iter().map(|customer| (&customer.id, customer)).collect();
    let products: BTreeMap<_, _> = products.iter().map(|product| (&product.sku, product)).collect();
    orders
        .iter()
        .map(|order| {
            let customer = *customers.get(&order.customer).ok_or_else(|| {
                ReportError::UnknownCustomer { order: order.id, customer: order.customer.clone() }
            })?;
            let product = *products.get(&order.sku).ok_or_else(|| ReportError::UnknownProduct {
                order: order.id,
                sku: order.sku.clone(),
            })?;
            let percent =
                100_u8.checked_sub(order.discount_percent).ok_or(ReportError::InvalidDiscount {
                    order: order.id,
                    percent: order.discount_percent,
                })?;
            let revenue = product.price.times(order.quantity).percent(percent);
            Ok(Sale { order, customer, product, revenue })
        })
        .collect()
}

/// The revenue of all sales with the same key, the largest first.
pub(super) fn ranking(sales: &[Sale<'_>], key: impl Fn(&Sale<'_>) -> String) -> Ranking {
    let mut totals = BTreeMap::<String, Cents>::new();
    for sale in sales {
        let total = totals.entry(key(sale)).or_default();
        *total = *total + sale.revenue;
    }
    let mut ranking: Ranking = totals.into_iter().collect();
    ranking.sort_by_key(|(_, revenue)| Reverse(*revenue));
    ranking
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(sku: &str, discount_percent: u8) -> Order {
        Order {
            id: 1,
            date: "2025-01-02".parse().unwrap(),
            customer: "C".to_owned(),
            sku: sku.to_owned(),
            quantity: 3,
            discount_percent,
        }
    }

    fn join(order: Order) -> Result<Cents, ReportError> {
        let customers =
            [Customer { id: "C".to_owned(), name: "Acme".to_owned(), region: "North".to_owned() }];
        let products =
            [Product { sku: "P".to_owned(), name: "Pen".to_owned(), price: Cents::whole(10) }];
        let orders = [order];
        join_sales(&orders, &customers, &products).map(|sales| sales[0].revenue)
    }

    #[test]
    fn a_discount_lowers_the_revenue() {
        assert_eq!(join(order("P", 10)).unwrap(), Cents::whole(27));
    }

    #[test]
    fn rejects_what_does_not_fit() {
        assert_eq!(join(order("Q", 0)).unwrap_err().to_string(), "order 1: no product `Q`");
        assert_eq!(join(order("P", 101)).unwrap_err().to_string(), "order 1: a discount of 101 %");
        let stranger = Order { customer: "D".to_owned(), ..order("P", 0) };
        assert_eq!(join(stranger).unwrap_err().to_string(), "order 1: no customer `D`");
    }
}
