//! A server that restarts, is silent, or answers late: each run ends, and no step is lost or done
//! twice.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::timeout;
use workflow_runtime::{DurableError, Journal, StepError, step, workflow};

use crate::proxy::{Network, Proxy};
use crate::server::Server;
use crate::{NEVER, journal};

/// What is outside of the runs.
struct Shop {
    /// The steps in the middle wait until it is open.
    open: watch::Sender<bool>,
    waiting: AtomicU32,
    charged: AtomicU32,
    refunded: AtomicU32,
    packed: AtomicU32,
}

impl Shop {
    fn closed() -> Arc<Self> {
        let open = watch::Sender::new(false);
        let [waiting, charged, refunded, packed] = [0; 4].map(AtomicU32::new);
        Arc::new(Self { open, waiting, charged, refunded, packed })
    }

    /// Waits until so many runs stand in the middle.
    async fn all_wait(&self, runs: u32) {
        while self.waiting.load(Ordering::SeqCst) < runs {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    fn counts(&self) -> [u32; 3] {
        [&self.charged, &self.refunded, &self.packed].map(|count| count.load(Ordering::SeqCst))
    }
}

#[step]
async fn charge(shop: &Arc<Shop>, order: u32) -> Result<u32, StepError> {
    shop.charged.fetch_add(1, Ordering::SeqCst);
    Ok(order)
}

#[step]
async fn refund(shop: &Arc<Shop>, _payment: &u32) -> Result<(), StepError> {
    shop.refunded.fetch_add(1, Ordering::SeqCst);
    Ok(())
}

#[step]
async fn wait(shop: &Arc<Shop>) -> Result<(), StepError> {
    shop.waiting.fetch_add(1, Ordering::SeqCst);
    shop.open.subscribe().wait_for(|open| *open).await.unwrap();
    Ok(())
}

/// Orders with odd numbers fail.
#[step]
async fn pack(shop: &Arc<Shop>, payment: &u32) -> Result<u32, StepError> {
    if payment % 2 == 1 {
        return Err(StepError::permanent("out of stock"));
    }
    Ok(shop.packed.fetch_add(1, Ordering::SeqCst))
}

workflow! {
    #[durable]
    async fn order(shop: &Arc<Shop>, number: u32) -> Result<u32, StepError> {
        #[compensate(refund(shop, &payment))]
        let payment = charge(shop, number).await?;
        #[after(payment)]
        wait(shop).await?;
        #[after(wait)]
        let packed = pack(shop, &payment).await?;
        Ok(packed)
    }
}

/// Starts so many runs, and waits until all of them stand in their middle.
async fn start(
    orders: &Journal,
    shop: &Arc<Shop>,
    runs: u32,
) -> JoinSet<Result<u32, DurableError<StepError>>> {
    let mut all = JoinSet::new();
    for number in 0..runs {
        let (orders, shop) = (orders.clone(), Arc::clone(shop));
        all.spawn(
            async move { orders.run(&format!("order-{number}"), order(&shop, number)).await },
        );
    }
    timeout(NEVER, shop.all_wait(runs)).await.expect("all have come to the middle");
    all
}

/// Opens the shop, and checks that each run ends as it would have without the fault.
async fn all_end_well(
    mut all: JoinSet<Result<u32, DurableError<StepError>>>,
    shop: &Shop,
    runs: u32,
) {
    shop.open.send_replace(true);
    while let Some(ended) = timeout(NEVER, all.join_next()).await.expect("no run hangs") {
        match ended.unwrap() {
            Ok(_) | Err(DurableError::Workflow(_)) => {}
            Err(error) => panic!("its lease was held all the time: {error}"),
        }
    }
    assert_eq!(shop.counts(), [runs, runs / 2, runs / 2]);
}

#[tokio::test]
async fn runs_outlast_a_restart_of_the_server() {
    let Some(mut server) = Server::start().await else { return };
    let orders = journal(&server.database("orders").await, Duration::from_secs(60)).await;
    let shop = Shop::closed();
    let all = start(&orders, &shop, 40).await;
    server.crash();
    // Their steps end while there is no server.
    shop.open.send_replace(true);
    tokio::time::sleep(Duration::from_millis(300)).await;
    server.start_again().await;
    all_end_well(all, &shop, 40).await;
}

#[tokio::test]
async fn runs_outlast_a_silence_that_is_shorter_than_their_lease() {
    let Some(server) = Server::start().await else { return };
    server.database("orders").await;
    let proxy = Proxy::start(server.port()).await;
    let orders = journal(&proxy.url("orders"), Duration::from_secs(60)).await;
    let shop = Shop::closed();
    let all = start(&orders, &shop, 10).await;
    proxy.becomes(Network::Silent);
    shop.open.send_replace(true);
    tokio::time::sleep(Duration::from_millis(300)).await;
    proxy.becomes(Network::Works);
    all_end_well(all, &shop, 10).await;
}

#[tokio::test]
async fn runs_wait_for_a_slow_handshake() {
    let Some(mut server) = Server::start().await else { return };
    server.database("orders").await;
    let proxy = Proxy::start(server.port()).await;
    let orders = journal(&proxy.url("orders"), Duration::from_secs(60)).await;
    let shop = Shop::closed();
    let all = start(&orders, &shop, 10).await;
    server.crash();
    server.start_again().await;
    proxy.becomes(Network::SlowToStart(Duration::from_millis(300)));
    all_end_well(all, &shop, 10).await;
}

/// Each run ends with an error, and can go on when the server is back.
#[tokio::test]
async fn no_run_hangs_where_the_server_is_silent_for_good() {
    let Some(server) = Server::start().await else { return };
    server.database("orders").await;
    let proxy = Proxy::start(server.port()).await;
    let orders = journal(&proxy.url("orders"), Duration::from_secs(2)).await;
    let shop = Shop::closed();
    let mut all = start(&orders, &shop, 6).await;
    proxy.becomes(Network::Silent);
    shop.open.send_replace(true);
    while let Some(ended) = timeout(NEVER, all.join_next()).await.expect("no run hangs") {
        let ended = ended.unwrap();
        assert!(matches!(ended, Err(DurableError::Journal(_))), "{ended:?}");
    }

    proxy.becomes(Network::Works);
    for number in 0..6 {
        let again = async {
            loop {
                match orders.run(&format!("order-{number}"), order(&shop, number)).await {
                    Ok(_) | Err(DurableError::Workflow(_)) => break,
                    // Until what it has lost is over.
                    Err(DurableError::Journal(_)) => {
                        tokio::time::sleep(Duration::from_millis(50)).await;
                    }
                    Err(other) => panic!("{other}"),
                }
            }
        };
        timeout(NEVER, again).await.expect("it goes on");
    }
    let [charged, refunded, _] = shop.counts();
    assert_eq!((charged, refunded), (6, 3), "what was recorded is not done again");
}
