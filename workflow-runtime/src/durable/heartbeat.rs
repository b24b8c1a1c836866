//! The thread that renews leases.
//!
//! A run renews its lease itself. But a step may block the run's thread for longer than the lease
//! lasts; then another process would take over the run and run the same step at the same time. So
//! one thread per process, separate from all runs, looks after the leases that have not been
//! renewed in time, and gives up those of runs that were dropped.

use std::cell::RefCell;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Waker};
use std::thread;
use std::time::{Duration, Instant};

use tokio::runtime::{Builder, Runtime};
use tokio::sync::Notify;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinSet;
use tokio::time::timeout;
use workflow_journal::{Claim, StoreError, StoreFuture};

use crate::durable::asked::Asked;
use crate::durable::held::Moment;

/// How long the last handle of a journal, and a thread that ends, wait for leases that are being
/// given up.
pub(super) const FAREWELL: Duration = Duration::from_secs(1);

/// How long the background waits for an answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// A journal's access to the thread, which starts with the first run of the process.
#[derive(Clone, Default)]
pub(super) struct Heartbeat(Arc<Handle>);

/// Shared by the clones of one journal.
#[derive(Default)]
struct Handle(Arc<Unanswered>);

/// How many requests have no answer yet.
#[derive(Default)]
struct Unanswered {
    number: AtomicUsize,
    answered: Notify,
}

impl Unanswered {
    fn is_none(&self) -> bool {
        self.number.load(Ordering::Acquire) == 0
    }

    /// Blocks the thread until there are none, or until this much time has passed.
    fn block(&self, since: Instant) {
        while !self.is_none() && since.elapsed() < FAREWELL {
            thread::sleep(Duration::from_micros(500));
        }
    }
}

/// One unanswered request, until this is dropped.
struct Waits(Arc<Unanswered>);

impl Waits {
    fn new(unanswered: &Arc<Unanswered>) -> Self {
        unanswered.number.fetch_add(1, Ordering::AcqRel);
        Self(Arc::clone(unanswered))
    }
}

impl Drop for Waits {
    fn drop(&mut self) {
        self.0.number.fetch_sub(1, Ordering::AcqRel);
        self.0.answered.notify_waiters();
    }
}

/// The requests of a thread that are still unanswered. If a journal is in a `static`, its last
/// handle is never dropped; but a runtime that ends also drops its runs on threads that end.
#[derive(Default)]
struct Left(RefCell<Vec<Arc<Unanswered>>>);

impl Left {
    fn keep(&self, unanswered: &Arc<Unanswered>) {
        let mut left = self.0.borrow_mut();
        left.retain(|left| !left.is_none() && !Arc::ptr_eq(left, unanswered));
        left.push(Arc::clone(unanswered));
    }
}

impl Drop for Left {
    fn drop(&mut self) {
        // On other systems, the main thread may end after all others have been stopped.
        if cfg!(unix) {
            let since = Instant::now();
            for left in self.0.get_mut() {
                left.block(since);
            }
        }
    }
}

thread_local! {
    static LEFT: Left = Left::default();
}

enum Order {
    /// Look after the lease of a run.
    Keep(Asked, Claim),
    /// The run has ended, or its lease was given up.
    Forget(Asked),
    /// Wait for the answer to a request.
    Await(StoreFuture<'static, ()>, Waits),
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
        // Most stores accept the request at the first poll.
        if answer.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending() {
            let unanswered = &self.0.0;
            let waits = Waits::new(unanswered);
            // A thread that is about to end cannot keep anything more.
            let _ = LEFT.try_with(|left| left.keep(unanswered));
            order(Order::Await(answer, waits));
        }
    }

    /// Waits until every background request has been answered.
    pub(super) async fn answered(&self) {
        let unanswered = &self.0.0;
        loop {
            let mut answered = std::pin::pin!(unanswered.answered.notified());
            // From here on it is notified of answers.
            answered.as_mut().enable();
            if unanswered.is_none() {
                return;
            }
            answered.await;
        }
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        // A process that ends cleanly does not leave behind a lease that others have to wait for.
        self.0.block(Instant::now());
    }
}

/// Sends an order to the thread, and starts the thread if it is not running.
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
    // Without the thread, a run still renews its lease itself.
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
                Ok(Some(Order::Await(answer, waits))) => {
                    self.answers.spawn(async move {
                        // A store that never answers is not waited for any longer.
                        let _ = timeout(PATIENCE, answer).await;
                        drop(waits);
                    });
                }
                Ok(None) => return,
                Err(_) => self.renew_late().await,
            }
            while self.answers.try_join_next().is_some() {}
        }
    }

    /// How long until a lease may be late.
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
    /// How long until it is late: a run renews its lease after a third of the lease time.
    fn left(&self) -> Duration {
        let lease = self.claim.lease;
        let late = (lease / 2).saturating_sub(self.asked.held().age());
        let again = |tried: Instant| (lease / 8).saturating_sub(tried.elapsed());
        late.max(self.tried.map_or(Duration::ZERO, again))
    }
}

/// Renews the lease on a run. If the store fails, it is asked again at the next beat.
pub(super) async fn renew(asked: &Asked, claim: &Claim) {
    let moment = Moment::now();
    let renewal = asked.store().renew(asked.run(), asked.epoch(), claim);
    match timeout(claim.lease / 4, renewal).await {
        Ok(Ok(cancel)) => asked.held().renewed(moment, cancel),
        Ok(Err(error @ (StoreError::LeaseLost { .. } | StoreError::NoSuchRun { .. }))) => {
            asked.held().lost(error);
        }
        Ok(Err(error)) => asked.held().request_failed(error),
        Err(_) => {}
    }
}
