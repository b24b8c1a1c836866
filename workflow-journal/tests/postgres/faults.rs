//! A server that is restarted, silent or slow. Each request ends within its limit, and the store
//! works again afterwards.
//!
//! The limits in here are short, and what they are compared with is long: a slow machine makes
//! these tests slower, and not wrong.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::Poll;
use std::time::Duration;

use tokio::time::timeout;
use workflow_journal::{JournalStore, PostgresStore, StoreError};

use crate::connection::{hold, record};
use crate::proxy::{Network, Proxy};
use crate::server::Server;

/// Far longer than any limit in here: what has not ended by then never ends.
const NEVER: Duration = Duration::from_secs(120);

type Write<'a> = Pin<Box<dyn Future<Output = Result<(), StoreError>> + Send + 'a>>;

async fn poll_once(write: &mut Write<'_>) {
    assert!(!ends_at_first_poll(write).await, "it cannot be done yet");
}

async fn ends_at_first_poll(write: &mut Write<'_>) -> bool {
    std::future::poll_fn(|cx| Poll::Ready(write.as_mut().poll(cx).is_ready())).await
}

/// The runtime does this: an error that may pass is no reason to give up.
async fn write_until_done(store: &PostgresStore, run: &str, epoch: i64, path: &str) {
    loop {
        match store.write(run, epoch, record(path)).await {
            Ok(()) => return,
            Err(error) => assert!(error.is_transient(), "{error}"),
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

async fn store_behind(proxy: &Proxy, limit: Duration) -> PostgresStore {
    let options = PostgresStore::options().request_timeout(limit);
    options.connect(&proxy.url("orders")).await.unwrap()
}

#[tokio::test]
async fn a_silent_server_fails_each_request_within_its_limit() {
    let Some(server) = Server::start().await else { return };
    server.database("orders").await;
    let proxy = Proxy::start(server.port()).await;
    let store = store_behind(&proxy, Duration::from_millis(500)).await;
    let epoch = hold(&store, "cart-1").await;

    proxy.becomes(Network::Silent);
    let writes = ["a", "b", "c"].map(|path| store.write("cart-1", epoch, record(path)));
    let reads = ["cart-1", "cart-2"].map(|id| store.run(id));
    let mut errors = Vec::new();
    timeout(NEVER, async {
        for write in writes {
            errors.push(write.await.unwrap_err());
        }
        for read in reads {
            errors.push(read.await.unwrap_err());
        }
    })
    .await
    .expect("each request ends");
    for error in &errors {
        assert!(error.is_transient(), "{error}");
    }
    let first = errors[0].to_string();
    assert!(first.contains("the server did not answer within 500ms"), "{first}");

    proxy.becomes(Network::Works);
    timeout(NEVER, write_until_done(&store, "cart-1", epoch, "ship")).await.unwrap();
    let records = store.records("cart-1").await.unwrap();
    assert!(records.contains(&record("ship")), "{records:?}");
}

#[tokio::test]
async fn a_silent_server_is_not_waited_for_on_connecting() {
    let Some(server) = Server::start().await else { return };
    server.database("orders").await;
    let proxy = Proxy::start(server.port()).await;
    proxy.becomes(Network::Silent);
    let options = PostgresStore::options().request_timeout(Duration::from_millis(300));
    let connected = timeout(NEVER, options.clone().connect(&proxy.url("orders"))).await;
    let error = connected.expect("connecting ends").unwrap_err();
    assert!(error.is_transient(), "{error}");
    assert!(error.to_string().contains("there was no connection within 300ms"), "{error}");

    proxy.becomes(Network::Works);
    let patient = options.request_timeout(Duration::from_secs(10));
    patient.connect(&proxy.url("orders")).await.unwrap();
}

/// What once hung for good: the one who connects is not polled any more, and all others wait.
#[tokio::test]
async fn a_request_that_is_not_polled_holds_up_no_others() {
    let Some(server) = Server::start().await else { return };
    server.database("orders").await;
    let proxy = Proxy::start(server.port()).await;
    let store = store_behind(&proxy, Duration::from_secs(10)).await;
    let epoch = hold(&store, "cart-1").await;

    cut_off(&server).await;
    proxy.becomes(Network::SlowToStart(Duration::from_millis(200)));
    // That the connection is lost may be seen at once, or later.
    let mut forgotten = store.write("cart-1", epoch, record("forgotten"));
    let has_ended = ends_at_first_poll(&mut forgotten).await;
    let mut dropped = store.write("cart-1", epoch, record("dropped"));
    ends_at_first_poll(&mut dropped).await;
    drop(dropped);
    timeout(NEVER, write_until_done(&store, "cart-1", epoch, "ship")).await.unwrap();
    // Whether the first ones were done depends on that, too.
    if !has_ended {
        drop(timeout(NEVER, forgotten).await.expect("it has ended, too"));
    }
}

/// Ends the connections of the store, as an administrator does, and waits until they are gone.
async fn cut_off(server: &Server) {
    let by_hand = server.client("postgres").await;
    let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'orders'";
    by_hand.query(end, &[]).await.unwrap();
    let left = "SELECT count(*) FROM pg_stat_activity WHERE datname = 'orders'";
    while by_hand.query_one(left, &[]).await.unwrap().get::<_, i64>(0) > 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn a_connection_that_was_lost_in_idle_time_comes_back_without_an_error() {
    let Some(server) = Server::start().await else { return };
    server.database("orders").await;
    let proxy = Proxy::start(server.port()).await;
    let store = store_behind(&proxy, Duration::from_secs(10)).await;
    let epoch = hold(&store, "cart-1").await;
    for number in 0..5 {
        cut_off(&server).await;
        proxy.is_quiet().await;
        store.write("cart-1", epoch, record(&format!("step{number}"))).await.unwrap();
    }
    assert_eq!(proxy.connections(), 6, "each loss costs one connection");
    assert_eq!(store.records("cart-1").await.unwrap().len(), 5);
}

#[tokio::test]
async fn a_slow_handshake_is_waited_for_by_all_together() {
    let Some(server) = Server::start().await else { return };
    server.database("orders").await;
    let proxy = Proxy::start(server.port()).await;
    let store = store_behind(&proxy, Duration::from_secs(20)).await;
    let epoch = hold(&store, "cart-1").await;
    let before = proxy.connections();

    cut_off(&server).await;
    proxy.is_quiet().await;
    proxy.becomes(Network::SlowToStart(Duration::from_secs(1)));
    let paths: Vec<_> = (0..50).map(|number| format!("step{number}")).collect();
    let mut writes: Vec<Write<'_>> =
        paths.iter().map(|path| store.write("cart-1", epoch, record(path))).collect();
    for write in &mut writes {
        poll_once(write).await;
    }
    for write in writes {
        timeout(NEVER, write).await.expect("it ends").unwrap();
    }
    assert_eq!(proxy.connections(), before + 1, "one attempt serves all");
    let records = store.records("cart-1").await.unwrap();
    let kept: Vec<_> = records.into_iter().map(|record| record.path).collect();
    assert_eq!(kept, paths, "they come in the order of asking");
}

#[tokio::test]
async fn a_handshake_that_is_too_slow_fails_all_that_wait_for_it() {
    let Some(server) = Server::start().await else { return };
    server.database("orders").await;
    let proxy = Proxy::start(server.port()).await;
    let store = store_behind(&proxy, Duration::from_millis(500)).await;
    let epoch = hold(&store, "cart-1").await;

    cut_off(&server).await;
    proxy.is_quiet().await;
    proxy.becomes(Network::SlowToStart(Duration::from_secs(3600)));
    let mut writes: Vec<Write<'_>> =
        (0..20).map(|_| store.write("cart-1", epoch, record("lost"))).collect();
    for write in &mut writes {
        poll_once(write).await;
    }
    for write in writes {
        let error = timeout(NEVER, write).await.expect("it ends").unwrap_err();
        assert!(error.is_transient(), "{error}");
        assert!(error.to_string().contains("no connection within 500ms"), "{error}");
    }
    proxy.becomes(Network::Works);
    timeout(NEVER, write_until_done(&store, "cart-1", epoch, "ship")).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_may_restart_under_load() {
    const RUNS: usize = 40;
    let Some(mut server) = Server::start().await else { return };
    let url = server.database("orders").await;
    let options = PostgresStore::options().request_timeout(Duration::from_secs(5));
    let store = options.connect(&url).await.unwrap();
    let stop = Arc::new(AtomicBool::new(false));
    let failed = Arc::new(AtomicUsize::new(0));
    let runs: Vec<_> = (0..RUNS)
        .map(|number| {
            let (store, stop, failed) = (store.clone(), Arc::clone(&stop), Arc::clone(&failed));
            tokio::spawn(async move {
                let id = format!("cart-{number}");
                let epoch = hold(&store, &id).await;
                let mut done = 0;
                while !stop.load(Ordering::Relaxed) {
                    match store.write(&id, epoch, record(&format!("step{done}"))).await {
                        Ok(()) => done += 1,
                        Err(error) => {
                            assert!(error.is_transient(), "{error}");
                            failed.fetch_add(1, Ordering::Relaxed);
                            tokio::time::sleep(Duration::from_millis(20)).await;
                        }
                    }
                }
                // The last one may have been written without an answer.
                let kept = store.records(&id).await.unwrap().len();
                assert!(kept == done || kept == done + 1, "{kept} are kept, {done} were answered");
                done
            })
        })
        .collect();
    for _ in 0..2 {
        tokio::time::sleep(Duration::from_millis(500)).await;
        server.crash();
        tokio::time::sleep(Duration::from_millis(200)).await;
        server.start_again().await;
    }
    let epoch = timeout(NEVER, hold(&store, "after")).await.expect("it works again");
    timeout(NEVER, write_until_done(&store, "after", epoch, "step")).await.unwrap();
    stop.store(true, Ordering::Relaxed);
    let mut done = 0;
    for run in runs {
        done += timeout(NEVER, run).await.expect("no run hangs").unwrap();
    }
    assert!(done > RUNS, "they have written: {done}");
    assert!(failed.load(Ordering::Relaxed) > 0, "they have seen the server fail");
}

/// A step that blocks the only thread of the caller's runtime does not stop the connection.
#[tokio::test]
async fn a_blocked_caller_does_not_stop_what_it_has_asked_for() {
    let Some(server) = Server::start().await else { return };
    let url = server.database("orders").await;
    let store = PostgresStore::connect(&url).await.unwrap();
    let epoch = hold(&store, "cart-1").await;
    let mut write = store.write("cart-1", epoch, record("charge"));
    poll_once(&mut write).await;

    // Looks from another thread, while this one stands still.
    let seen = std::thread::spawn(move || {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let other = PostgresStore::connect(&url).await.unwrap();
            timeout(NEVER, async {
                while other.records("cart-1").await.unwrap().is_empty() {
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
            })
            .await
        })
    });
    seen.join().unwrap().expect("it is written while its caller is blocked");
    write.await.unwrap();
}

#[tokio::test]
async fn what_was_asked_for_is_done_before_the_thread_ends() {
    let Some(server) = Server::start().await else { return };
    let url = server.database("orders").await;
    let store = PostgresStore::connect(&url).await.unwrap();
    let epoch = hold(&store, "cart-1").await;
    let paths: Vec<_> = (0..50).map(|number| format!("step{number}")).collect();
    let mut writes: Vec<Write<'_>> =
        paths.iter().map(|path| store.write("cart-1", epoch, record(path))).collect();
    for write in &mut writes {
        poll_once(write).await;
    }
    drop(writes);
    drop(store);
    let by_hand = server.client("orders").await;
    let others = "
        SELECT count(*) FROM pg_stat_activity
        WHERE datname = 'orders' AND pid <> pg_backend_pid()";
    let ended = timeout(NEVER, async {
        while by_hand.query_one(others, &[]).await.unwrap().get::<_, i64>(0) > 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    });
    ended.await.expect("the thread ends, and its connection with it");
    let kept = by_hand.query_one("SELECT count(*) FROM workflow_journal.record", &[]).await;
    assert_eq!(kept.unwrap().get::<_, i64>(0), 50);
}

/// A row that is locked by hand fails its own request, and the connection stays.
#[tokio::test]
async fn a_locked_run_fails_within_the_limit() {
    let Some(server) = Server::start().await else { return };
    server.database("orders").await;
    let proxy = Proxy::start(server.port()).await;
    let store = store_behind(&proxy, Duration::from_secs(2)).await;
    let epoch = hold(&store, "cart-1").await;
    hold(&store, "cart-2").await;
    let by_hand = server.client("orders").await;
    let lock = "BEGIN; SELECT FROM workflow_journal.run WHERE id = 'cart-1' FOR UPDATE";
    by_hand.batch_execute(lock).await.unwrap();
    let write = store.write("cart-1", epoch, record("charge"));
    let error = timeout(NEVER, write).await.expect("it ends").unwrap_err();
    assert!(error.is_transient(), "{error}");
    by_hand.batch_execute("ROLLBACK").await.unwrap();
    timeout(NEVER, write_until_done(&store, "cart-1", epoch, "charge")).await.unwrap();
}

/// What moves many bytes has a connection of its own: it may take its time.
#[tokio::test]
async fn a_large_output_holds_up_no_others() {
    let Some(server) = Server::start().await else { return };
    let url = server.database("orders").await;
    let store = PostgresStore::connect(&url).await.unwrap();
    let large = hold(&store, "large").await;
    let epoch = hold(&store, "cart-1").await;
    let by_hand = server.client("orders").await;
    let lock = "BEGIN; SELECT FROM workflow_journal.run WHERE id = 'large' FOR UPDATE";
    by_hand.batch_execute(lock).await.unwrap();
    let mut charged = record("charge");
    charged.output = "x".repeat(2 * 1024 * 1024);
    let mut write = store.write("large", large, charged);
    poll_once(&mut write).await;
    for number in 0..20 {
        let path = format!("step{number}");
        timeout(NEVER, store.write("cart-1", epoch, record(&path))).await.unwrap().unwrap();
    }
    by_hand.batch_execute("ROLLBACK").await.unwrap();
    timeout(NEVER, write).await.unwrap().unwrap();
    assert_eq!(store.records("large").await.unwrap()[0].output.len(), 2 * 1024 * 1024);
}
