//! A shop as its programmers might write it: trait objects, generics, closures, late names
//! and graphs that are not series-parallel, without a warning.
#![deny(warnings)]
#![allow(dead_code, clippy::pedantic)]

use std::collections::HashMap;
use std::sync::Arc;
use workflow_runtime::{Recorder, Run, Step, step, workflow};

#[derive(Debug, Clone, PartialEq)]
struct Item {
    sku: String,
    qty: u32,
}
#[derive(Debug, Clone)]
struct Cart {
    id: u64,
    items: Vec<Item>,
    coupon: Option<String>,
    user: User,
}
#[derive(Debug, Clone)]
struct User {
    name: String,
    email: String,
}
#[derive(Debug)]
enum ShopError {
    Stock(String),
    Card,
    Other(Box<dyn std::error::Error + Send + Sync>),
}
impl std::fmt::Display for ShopError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self:?}")
    }
}
impl std::error::Error for ShopError {}
impl From<std::num::TryFromIntError> for ShopError {
    fn from(e: std::num::TryFromIntError) -> Self {
        Self::Other(Box::new(e))
    }
}

trait Gateway: Send + Sync {
    fn charge(&self, cents: u64) -> Result<String, ShopError>;
}
struct Fake;
impl Gateway for Fake {
    fn charge(&self, cents: u64) -> Result<String, ShopError> {
        if cents > 10_000 { Err(ShopError::Card) } else { Ok(format!("tx-{cents}")) }
    }
}

#[step]
async fn reserve(cart: &Cart) -> Result<HashMap<String, u32>, ShopError> {
    tokio::task::yield_now().await;
    cart.items
        .iter()
        .map(|i| {
            if i.qty > 100 {
                Err(ShopError::Stock(i.sku.clone()))
            } else {
                Ok((i.sku.clone(), i.qty))
            }
        })
        .collect()
}
#[step]
async fn price(items: &[Item], coupon: Option<&str>) -> u64 {
    tokio::task::yield_now().await;
    items.iter().map(|i| u64::from(i.qty) * 100).sum::<u64>()
        - if coupon.is_some() { 50 } else { 0 }
}
#[step]
async fn charge(gateway: &dyn Gateway, cents: u64) -> Result<String, ShopError> {
    tokio::task::yield_now().await;
    gateway.charge(cents)
}
#[step]
async fn charge_arc(gateway: Arc<dyn Gateway>, cents: u64) -> Result<String, ShopError> {
    gateway.charge(cents)
}
#[step]
async fn mail(user: &User, text: String) -> Result<(), ShopError> {
    tokio::task::yield_now().await;
    if user.email.is_empty() {
        return Err(ShopError::Other("no email".into()));
    }
    drop(text);
    Ok(())
}
#[step]
async fn fraud(user: &User, cents: u64) -> Result<u8, ShopError> {
    tokio::task::yield_now().await;
    Ok(u8::try_from(cents / 1000)?.min(user.name.len() as u8))
}
#[step]
async fn ship(cart: Cart, reserved: HashMap<String, u32>, tx: &str) -> Result<Parcel, ShopError> {
    Ok(Parcel { id: cart.id, count: reserved.values().sum(), tx: tx.to_owned() })
}
#[derive(Debug, PartialEq)]
struct Parcel {
    id: u64,
    count: u32,
    tx: String,
}

workflow! {
    /// A shop's checkout: not series-parallel.
    async fn checkout(gateway: &dyn Gateway, cart: Cart) -> Result<Parcel, ShopError> {
        let reserved = reserve(&cart).await?;
        let total = price(&cart.items, cart.coupon.as_deref()).await;
        let score = fraud(&cart.user, total).await?;
        let tx = charge(gateway, total).await?;
        let note = format!("{} paid {total} ({})", cart.user.name, reserved.len());
        let sent = mail(&cart.user, note).await;
        if let Err(error) = &sent {
            println!("{}: {error}", cart.id);
        }
        #[after(score, sent)]
        let parcel = ship(cart, reserved, &tx).await?;
        Ok(parcel)
    }

    async fn shared(gateway: Arc<dyn Gateway>, amounts: Vec<u64>) -> Result<Vec<String>, ShopError> {
        let first = charge_arc(gateway.clone(), 1).await?;
        let second = charge_arc(Arc::clone(&gateway), 2).await?;
        #[concurrency(3)]
        let many = for amount in amounts.into_iter().filter(|a| *a > 0) {
            let tx = charge_arc(gateway.clone(), amount).await?;
            let line = format!("{tx}/{first}");
            line
        };
        let third = charge(&*gateway, (first.len() + second.len()) as u64).await?;
        let all = many.into_iter().chain([third, second]).collect();
        Ok(all)
    }

    async fn risky(cart: &Cart, gateway: &dyn Gateway) -> Result<String, ShopError> {
        let total = price(&cart.items, None).await;
        let score = fraud(&cart.user, total).await?;
        let reserved = reserve(cart).await?;
        let outcome = match (score, total) {
            (0..=1, _) => {
                let tx = charge(gateway, total).await?;
                let Cart { user, .. } = cart;
                mail(user, format!("{tx}: {}", reserved.len())).await?;
                tx
            }
            (s, t) if s > 3 && t > 10 => {
                let who = cart.user.name.to_uppercase();
                let review = price(&cart.items[..1], Some(&who)).await;
                format!("review {review} of {who} {reserved:?}")
            }
            _ => "wait".to_owned(),
        };
        Ok(outcome)
    }

    async fn generic<T, F, S>(make: F, values: &[T], default: T) -> Vec<T>
    where T: Clone + Send + Sync + PartialEq, F: Fn(T) -> S + Sync, S: Step<Output = T> + Send {
        let a = make(default.clone()).await;
        let b = make(values.first().cloned().unwrap_or(default)).await;
        let c = make(a.clone()).await;
        let d = if a == b { make(b.clone()).await } else { c.clone() };
        let rest = for value in values { make(value.clone()).await };
        let mut all = vec![a, b, c, d];
        all.into_iter().chain(rest).collect()
    }
}
#[step]
async fn echo<T>(value: T) -> T {
    tokio::task::yield_now().await;
    value
}

fn cart() -> Cart {
    let user = User { name: "Ada".into(), email: "a@b".into() };
    let items = vec![Item { sku: "x".into(), qty: 3 }];
    Cart { id: 7, items, coupon: Some("c".into()), user }
}

#[tokio::test]
async fn an_order_is_shipped() {
    let parcel = tokio::spawn(async { checkout(&Fake, cart()).await }).await.unwrap().unwrap();
    assert_eq!(parcel, Parcel { id: 7, count: 3, tx: "tx-250".into() });
    let mut many = cart();
    many.items[0].qty = 101;
    assert!(matches!(checkout(&Fake, many).await, Err(ShopError::Stock(sku)) if sku == "x"));
    let mut dear = cart();
    dear.items.extend((0..9).map(|n| Item { sku: n.to_string(), qty: 100 }));
    assert!(matches!(checkout(&Fake, dear).await, Err(ShopError::Card)));
}

#[tokio::test]
async fn a_gateway_is_shared() {
    let lines = tokio::spawn(shared(Arc::new(Fake), vec![1, 0, 5])).await.unwrap().unwrap();
    assert_eq!(lines, ["tx-1/tx-1", "tx-5/tx-1", "tx-8", "tx-2"]);
}

#[tokio::test]
async fn risk_decides() {
    let recorder = Recorder::new();
    let run = Run::new().observe(recorder.clone());
    let cart = cart();
    assert_eq!(run.execute(risky(&cart, &Fake)).await.unwrap(), "tx-300");
    assert!(recorder.completed("outcome.tx") && recorder.completed("outcome.mail"));
    assert_eq!(recorder.skipped_steps(), ["outcome.review"]);
}

#[tokio::test]
async fn steps_may_be_passed_in() {
    assert_eq!(generic(echo, &["a", "b"], "z").await, ["z", "a", "z", "z", "a", "b"]);
}
