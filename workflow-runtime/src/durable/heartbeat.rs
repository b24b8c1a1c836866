//! The thread that renews leases.
//!
//! A run renews its lease itself. But a step may block the run's thread for longer than the lease
//! lasts, and then another process would take the run over and do the same step at the same
//! time. So a thread beside all runs of a process looks after the leases that have not been
//! renewed in time, and gives up those of runs that were dropped.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Waker};
use std::thread;
use std::time::{Duration, Instant};

use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinSet;
use tokio::time::timeout;
use workflow_journal::{Claim, StoreError, StoreFuture};

use crate::durable::asked::Asked;
use crate::durable::held::Moment;

/// How long the last handle of a journal waits for leases to be given up.
const FAREWELL: Duration = Duration::from_secs(1);

/// How long an answer is waited for in the background.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a journal asks of the thread, which starts with the first run of the process.
#[derive(Clone, Default)]
pub(super) struct Heartbeat(Arc<Handle>);

/// Shared by the clones of one journal.
#[derive(Default)]
struct Handle(Arc<Unanswered>);

/// How many requests have no answer yet.
#[derive(Default)]
struct Unanswered(AtomicUsize);

enum Order {
    /// Look after the lease of a run.
    Keep(Asked, Claim),
    /// The run has ended, or its lease was given up.
    Forget(Asked),
    /// Wait for the answer to a request.
    Await(StoreFuture<'static, ()>, Arc<Unanswered>),
}

impl Heartbeat {
    /// Looks after the lease of a run until it is forgotten.
    pub(super) fn keep(asked: Asked, claim: Claim) {
        order(Order::Keep(asked, claim));
    }

    /// The run has ended, or its lease was given up.
    pub(super) fn forget(asked: Asked) {
        order(Order::Forget(asked));
    }

    /// Gives up the lease of a run that was dropped, without waiting for it.
    pub(super) fn give_up(&self, asked: Asked) {
        let release = asked.release_in_background();
        Self::forget(asked);
        self.finish(release);
    }

    /// Waits in the background for the answer to a request.
    pub(super) fn finish(&self, mut answer: StoreFuture<'static, ()>) {
        // Most stores have taken the request in with the first poll.
        if answer.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending() {
            let unanswered = &self.0.0;
            unanswered.0.fetch_add(1, Ordering::Relaxed);
            order(Order::Await(answer, Arc::clone(unanswered)));
        }
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        // A process that ends in good order leaves no lease behind that others wait for.
        let begun = Instant::now();
        while self.0.0.load(Ordering::Relaxed) > 0 && begun.elapsed() < FAREWELL {
            thread::sleep(Duration::from_micros(500));
        }
    }
}

/// Tells the thread, and starts it if it does not run.
fn order(order: Order) {
    static ORDERS: Mutex<Option<UnboundedSender<Order>>> = Mutex::new(None);
    let mut orders = ORDERS.lock().unwrap_or_else(PoisonError::into_inner);
    let order = match &*orders {
        None => order,
        Some(running) => match running.send(order) {
            Ok(()) => return,
            Err(unsent) => unsent.0,
        },
    };
    if matches!(order, Order::Forget(_)) {
        return;
    }
    // Without a thread, a run still renews its lease itself.
    if let Ok(started) = start() {
        let _ = started.send(order);
        *orders = Some(started);
    }
}

fn start() -> std::io::Result<UnboundedSender<Order>> {
    let runtime: Runtime = Builder::new_current_thread().enable_all().build()?;
    let (orders, received) = unbounded_channel();
    let work = move || runtime.block_on(Beats::default().serve(received));
    thread::Builder::new().name("workflow-leases".to_owned()).spawn(work)?;
    Ok(orders)
}

#[derive(Default)]
struct Beats {
    leases: Vec<Lease>,
    answers: JoinSet<()>,
}

struct Lease {
    asked: Asked,
    claim: Claim,
    tried: Option<Instant>,
}

impl Beats {
    async fn serve(mut self, mut orders: UnboundedReceiver<Order>) {
        loop {
            match timeout(self.pause(), orders.recv()).await {
                Ok(Some(Order::Keep(asked, claim))) => {
                    self.leases.push(Lease { asked, claim, tried: None });
                }
                Ok(Some(Order::Forget(asked))) => {
                    self.leases.retain(|lease| !lease.asked.is_same(&asked));
                }
                Ok(Some(Order::Await(answer, unanswered))) => {
                    self.answers.spawn(async move {
                        // A store that never answers is not waited for any longer than a lease.
                        let _ = timeout(PATIENCE, answer).await;
                        unanswered.0.fetch_sub(1, Ordering::Relaxed);
                    });
                }
                Ok(None) => return,
                Err(_) => self.renew_late().await,
            }
            while self.answers.try_join_next().is_some() {}
        }
    }

    /// How long it is until a lease may be late.
    fn pause(&self) -> Duration {
        let next = self.leases.iter().map(Lease::left).min();
        next.unwrap_or(Duration::from_secs(3600))
    }

    async fn renew_late(&mut self) {
        let late = self.leases.iter_mut().filter(|lease| lease.left().is_zero());
        let renewals = late.map(|lease| {
            lease.tried = Some(Instant::now());
            renew(&lease.asked, &lease.claim)
        });
        futures_util::future::join_all(renewals).await;
    }
}

impl Lease {
    /// How long it is until it is late: a run renews its lease after a third of its time.
    fn left(&self) -> Duration {
        let lease = self.claim.lease;
        let late = (lease / 2).saturating_sub(self.asked.held().age());
        let again = |tried: Instant| (lease / 8).saturating_sub(tried.elapsed());
        late.max(self.tried.map_or(Duration::ZERO, again))
    }
}

/// Prolongs the lease on a run. A store that fails is asked again at the next beat.
pub(super) async fn renew(asked: &Asked, claim: &Claim) {
    let moment = Moment::now();
    let renewal = asked.store().renew(asked.run(), asked.epoch(), claim);
    match timeout(claim.lease / 4, renewal).await {
        Ok(Ok(cancel)) => asked.held().renewed(moment, cancel),
        Ok(Err(error @ (StoreError::LeaseLost { .. } | StoreError::NoSuchRun { .. }))) => {
            asked.held().lost(error);
        }
        Ok(Err(error)) => asked.held().trouble(error),
        Err(_) => {}
    }
}
