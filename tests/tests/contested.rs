//! What two steps may use at the same time.

use std::sync::Mutex;

use workflow_runtime::{step, workflow};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Order {
    number: u32,
}

#[derive(Debug, PartialEq, Eq)]
struct Cart {
    lines: Vec<u32>,
    coupons: Vec<u32>,
}

#[step]
async fn check(order: &Order) -> Result<u32, String> {
    tokio::task::yield_now().await;
    Ok(order.number)
}

#[step]
async fn store(order: Order) -> Result<u32, String> {
    tokio::task::yield_now().await;
    Ok(order.number + 1)
}

#[step]
async fn generic<T: Copy + Into<u64>>(number: T) -> Result<u64, String> {
    Ok(number.into())
}

#[step]
async fn look(number: &u32) -> Result<u32, String> {
    Ok(*number)
}

#[step]
async fn sort(lines: &mut [u32]) -> Result<(), String> {
    tokio::task::yield_now().await;
    lines.sort_unstable();
    Ok(())
}

#[step]
async fn total(cart: &Cart) -> Result<u32, String> {
    Ok(cart.lines.iter().chain(&cart.coupons).sum())
}

#[step]
async fn note(log: &Mutex<Vec<u32>>, number: u32) -> Result<u32, String> {
    log.lock().unwrap().push(number);
    Ok(number)
}

const NAMES: Vec<String> = Vec::new();

#[step]
async fn keep(names: Vec<String>) -> Result<Vec<String>, String> {
    Ok(names)
}

#[step]
async fn count(names: &[String]) -> Result<usize, String> {
    Ok(names.len())
}

workflow! {
    /// An input that can be copied, in a join.
    async fn in_join(order: Order) -> Result<u32, String> {
        let checked = check(&order).await?;
        let stored = store(order).await?;
        Ok(checked + stored)
    }

    /// The output of a step, where the graph is a region.
    async fn in_region(number: u32) -> Result<u64, String> {
        let order = Order { number };
        let checked = check(&order).await?;
        let other = look(&number).await?;
        let first = look(&checked).await?;
        let second = generic(checked).await?;
        let both = store(Order { number: other + checked }).await?;
        let stored = store(order).await?;
        Ok(u64::from(first + both + stored) + second)
    }

    /// In an arm, and for each item.
    async fn nested(orders: Vec<Order>) -> Result<Vec<u32>, String> {
        let sums = for order in orders {
            let sum = if order.number > 1 {
                let checked = check(&order).await?;
                let stored = store(order).await?;
                checked + stored
            } else {
                let checked = check(&order).await?;
                checked
            };
            sum
        };
        Ok(sums)
    }

    /// Two parts of one value have nothing to do with each other, and `#[after]` keeps two that
    /// would be at odds apart.
    async fn parts(mut cart: Cart) -> Result<(Cart, u32), String> {
        let lines = sort(&mut cart.lines).await?;
        let coupons = sort(&mut cart.coupons).await?;
        #[after(lines, coupons)]
        let sum = total(&cart).await?;
        Ok((cart, sum))
    }

    /// Each use of a constant is a value of its own.
    async fn constants() -> Result<usize, String> {
        let kept = keep(NAMES).await?;
        let counted = count(&NAMES).await?;
        Ok(kept.len() + counted)
    }

    /// A reference is copied.
    async fn references(log: &Mutex<Vec<u32>>, number: u32) -> Result<u32, String> {
        let first = note(log, number).await?;
        let second = look(&number).await?;
        let third = note(log, number).await?;
        Ok(first + second + third)
    }
}

#[tokio::test]
async fn what_can_be_copied_may_be_consumed_beside_a_borrower() {
    assert_eq!(in_join(Order { number: 3 }).await, Ok(7));
    assert_eq!(in_region(2).await, Ok(2 + 5 + 3 + 2));
    assert_eq!(nested(vec![Order { number: 1 }, Order { number: 2 }]).await, Ok(vec![1, 5]));
    assert_eq!(constants().await, Ok(0));
    let log = Mutex::new(Vec::new());
    assert_eq!(references(&log, 4).await, Ok(12));
    assert_eq!(*log.lock().unwrap(), [4, 4]);
}

#[tokio::test]
async fn two_parts_of_a_value_may_be_changed_at_the_same_time() {
    let cart = Cart { lines: vec![3, 1, 2], coupons: vec![5, 4] };
    let sorted = Cart { lines: vec![1, 2, 3], coupons: vec![4, 5] };
    assert_eq!(parts(cart).await, Ok((sorted, 15)));
}
