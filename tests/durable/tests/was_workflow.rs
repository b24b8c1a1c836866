//! A workflow that had another name, or stood in another module, when its runs were started.

use std::sync::atomic::{AtomicU32, Ordering};

use workflow_runtime::{DurableError, Journal, JournalError, StepError, step, workflow};

#[derive(Default)]
struct Shop {
    charged: AtomicU32,
    shipped: AtomicU32,
}

macro_rules! steps {
    () => {
        #[step]
        async fn charge(shop: &Shop, order: u32) -> Result<u32, StepError> {
            shop.charged.fetch_add(1, Ordering::Relaxed);
            Ok(order)
        }

        /// Stops the first time, as a process does that dies.
        #[step]
        async fn ship(shop: &Shop, payment: u32) -> Result<u32, StepError> {
            if shop.shipped.fetch_add(1, Ordering::Relaxed) == 0 {
                std::future::pending::<()>().await;
            }
            Ok(payment + 1)
        }
    };
}

mod shop {
    use super::*;

    steps!();

    workflow! {
        #[durable]
        pub(super) async fn buy(shop: &Shop, order: u32) -> Result<u32, StepError> {
            let payment = charge(shop, order).await?;
            let shipped = ship(shop, payment).await?;
            Ok(shipped)
        }

        #[durable]
        #[was(buy)]
        pub(super) async fn purchase(shop: &Shop, order: u32) -> Result<u32, StepError> {
            let payment = charge(shop, order).await?;
            let shipped = ship(shop, payment).await?;
            Ok(shipped)
        }
    }
}

mod orders {
    use super::*;

    steps!();

    workflow! {
        #[durable]
        #[was(purchase, crate::shop::buy)]
        pub(super) async fn checkout(shop: &Shop, order: u32) -> Result<u32, StepError> {
            let payment = charge(shop, order).await?;
            let shipped = ship(shop, payment).await?;
            Ok(shipped)
        }

        #[durable]
        #[was(r#buy, was_workflow::shop::buy)]
        pub(super) async fn by_crate(shop: &Shop, order: u32) -> Result<u32, StepError> {
            let payment = charge(shop, order).await?;
            let shipped = ship(shop, payment).await?;
            Ok(shipped)
        }

        #[durable]
        #[was(crate::travel::buy)]
        pub(super) async fn of_another(shop: &Shop, order: u32) -> Result<u32, StepError> {
            let payment = charge(shop, order).await?;
            let shipped = ship(shop, payment).await?;
            Ok(shipped)
        }

        #[durable]
        pub(super) async fn silent(shop: &Shop, order: u32) -> Result<u32, StepError> {
            let payment = charge(shop, order).await?;
            let shipped = ship(shop, payment).await?;
            Ok(shipped)
        }
    }
}

/// A journal with a run of `shop::buy` that was cut off after its payment.
async fn cut_off(shop: &Shop) -> Journal {
    let journal = Journal::memory();
    let run = journal.run("cart-1", shop::buy(shop, 7));
    let cut = tokio::time::timeout(std::time::Duration::from_millis(50), run).await;
    assert!(cut.is_err());
    assert_eq!(shop.charged.load(Ordering::Relaxed), 1);
    journal
}

macro_rules! goes_on {
    ($($test:ident: $module:ident::$workflow:ident;)*) => {$(
        #[tokio::test(start_paused = true)]
        async fn $test() {
            let shop = Shop::default();
            let journal = cut_off(&shop).await;
            let ended = $module::$workflow::resume_all(&journal, &shop).await.unwrap();
            assert_eq!(ended.len(), 1);
            assert_eq!(*ended[0].1.as_ref().unwrap(), 8);
            assert_eq!(shop.charged.load(Ordering::Relaxed), 1, "it was charged before");
            // One that has ended is still known, too.
            let again = journal.run("cart-1", $module::$workflow(&shop, 7)).await;
            assert_eq!(again.unwrap(), 8);
            assert_eq!(shop.shipped.load(Ordering::Relaxed), 2);
        }
    )*};
}

goes_on! {
    a_run_of_a_workflow_that_was_renamed_goes_on: shop::purchase;
    a_run_of_a_workflow_that_was_moved_and_renamed_goes_on: orders::checkout;
    a_path_may_begin_with_the_crate: orders::by_crate;
}

#[tokio::test(start_paused = true)]
async fn without_a_word_it_is_another_workflow() {
    let shop = Shop::default();
    let journal = cut_off(&shop).await;
    assert_eq!(orders::silent::resume_all(&journal, &shop).await.unwrap().len(), 0);
    let errors = [
        journal.run("cart-1", orders::silent(&shop, 7)).await,
        orders::silent::resume(&journal, "cart-1", &shop).await,
    ];
    for error in errors {
        let is_other = matches!(
            error,
            Err(DurableError::Journal(JournalError::OtherWorkflow { ref of, .. })) if of == "buy"
        );
        assert!(is_other, "{error:?}");
    }
}

/// An ended run gives away its result without a further look.
#[tokio::test(start_paused = true)]
async fn a_path_names_one_module_only() {
    let shop = Shop::default();
    let journal = cut_off(&shop).await;
    assert_eq!(journal.run("cart-1", shop::buy(&shop, 7)).await.unwrap(), 8);
    let other = journal.run("cart-1", orders::of_another(&shop, 7)).await;
    let is_other = matches!(other, Err(DurableError::Journal(JournalError::OtherWorkflow { .. })));
    assert!(is_other, "{other:?}");
}

#[test]
fn the_graph_says_so() {
    assert_eq!(orders::checkout::GRAPH.former_names(), ["purchase", "crate::shop::buy"]);
    assert_eq!(orders::by_crate::GRAPH.former_names(), ["buy", "was_workflow::shop::buy"]);
    assert_eq!(shop::buy::GRAPH.former_names(), [""; 0]);
}
