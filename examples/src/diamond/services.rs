//! Stand-ins for the services that a shop asks, with their answers from data files.

use std::{collections::BTreeMap, sync::LazyLock, time::Duration};

use serde::Deserialize;
use tokio::time::sleep;

use crate::money::Cents;

/// A card issuer's terms.
#[derive(Debug, Clone, Copy)]
pub(super) struct Issuer {
    pub(super) name: &'static str,
    pub(super) limit: Cents,
}

/// What the carrier knows of a country.
#[derive(Debug, Deserialize)]
pub(super) struct Country {
    /// The form of its postal codes: `9` is a digit, `A` a letter.
    pub(super) postal_code: String,
    pub(super) shipping: Cents,
    pub(super) tax_percent: u8,
}

/// What a warehouse has.
#[derive(Debug, Deserialize)]
pub(super) struct Warehouse {
    pub(super) name: String,
    pub(super) stock: BTreeMap<String, u16>,
}

static COUNTRIES: LazyLock<BTreeMap<String, Country>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../data/diamond/countries.json"))
        .expect("the bundled file is valid")
});

static WAREHOUSES: LazyLock<Vec<Warehouse>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../data/diamond/warehouses.json"))
        .expect("the bundled file is valid")
});

/// Asks the payment network who issued cards that start with this digit.
pub(super) async fn issuer(first_digit: char) -> Option<Issuer> {
    sleep(Duration::from_millis(40)).await;
    let (name, limit) = match first_digit {
        '3' => ("American Express", Cents::whole(10_000)),
        '4' => ("Visa", Cents::whole(5_000)),
        '5' => ("Mastercard", Cents::whole(4_000)),
        _ => return None,
    };
    Some(Issuer { name, limit })
}

/// Asks the carrier about a country.
pub(super) async fn country(code: &str) -> Option<&'static Country> {
    sleep(Duration::from_millis(25)).await;
    COUNTRIES.get(code)
}

/// Asks all warehouses what they have.
pub(super) async fn warehouses() -> &'static [Warehouse] {
    sleep(Duration::from_millis(30)).await;
    &WAREHOUSES
}
