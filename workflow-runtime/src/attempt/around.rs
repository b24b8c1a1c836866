//! What a program wraps around the code of steps that run on their own tasks and threads.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

type Take = dyn Fn() -> Box<PutBack> + Send + Sync;
type PutBack = dyn FnMut(&mut dyn FnMut()) + Send;

/// Whether any wrapper is registered.
static ANY: AtomicBool = AtomicBool::new(false);
static ALL: RwLock<Vec<Arc<Take>>> = RwLock::new(Vec::new());

/// Wraps the body of each step with `spawn` or `blocking`, for as long as the process lives. Use it
/// for a task-local, a span, or anything else that belongs to the caller and does not reach another
/// task or thread by itself.
///
/// `take` is called on the caller's side, when such a step starts a task, and captures what is
/// there. What it returns moves to the task and is called there: with `spawn`, each time the body
/// is polled and when it is dropped; with `blocking`, around the whole function. It restores what
/// was captured, calls `body` once, and leaves the thread as it was.
///
/// It applies to workflows that are called directly, in a [`Run`](crate::Run), and by a journal,
/// and to each attempt. Call it at the start of the program, before anything runs. If it is called
/// several times, all the wrappers apply, and the first one is outermost.
///
/// A program that does not call it pays for one load of a flag per task; a program that does pays
/// for one box per wrapper and task.
///
/// # Panics
///
/// A panic of `take`, or of what it returns, is a panic of the step. The step also panics if what
/// `take` returned does not call `body`.
///
/// # Example
///
/// ```
/// use workflow_runtime::{around_tasks, step, workflow};
///
/// tokio::task_local! { static REQUEST_ID: u32; }
///
/// #[step(spawn)]
/// async fn resize(width: u32) -> String { format!("{width} for {}", REQUEST_ID.get()) }
///
/// #[step(blocking)]
/// fn compress(bytes: u32) -> String { format!("{bytes} for {}", REQUEST_ID.get()) }
///
/// workflow! {
///     async fn publish(width: u32) -> (String, String) {
///         let small = resize(width).await;
///         let packed = compress(width * 9).await;
///         (small, packed)
///     }
/// }
///
/// #[tokio::main]
/// async fn main() {
///     around_tasks(|| {
///         let request = REQUEST_ID.try_get().ok();            // `None` outside of a request
///         move |body: &mut dyn FnMut()| match request {
///             Some(request) => REQUEST_ID.sync_scope(request, body),
///             None => body(),
///         }
///     });
///
///     let page = REQUEST_ID.scope(7, publish(640)).await;
///     assert_eq!(page, ("640 for 7".to_owned(), "5760 for 7".to_owned()));
/// }
/// ```
///
/// With the feature `tracing`, the caller's span and its subscriber are carried over automatically.
/// Without it, these lines carry the span over:
///
/// ```
/// # use workflow_runtime::around_tasks;
/// around_tasks(|| {
///     let span = tracing::Span::current();
///     move |body: &mut dyn FnMut()| span.in_scope(body)
/// });
/// ```
pub fn around_tasks<T, P>(take: T)
where
    T: Fn() -> P + Send + Sync + 'static,
    P: FnMut(&mut dyn FnMut()) + Send + 'static,
{
    let take: Arc<Take> = Arc::new(move || Box::new(take()) as Box<PutBack>);
    ALL.write().unwrap_or_else(PoisonError::into_inner).push(take);
    ANY.store(true, Ordering::Release);
}

/// What is carried over to one task.
pub(super) struct Around(Vec<Box<PutBack>>);

impl Around {
    /// Captures what is there now.
    #[inline]
    pub(super) fn taken() -> Self {
        if ANY.load(Ordering::Acquire) { Self::taken_by_all() } else { Self(Vec::new()) }
    }

    #[cold]
    fn taken_by_all() -> Self {
        // Called without holding the lock, since this is the program's own code.
        let all = ALL.read().unwrap_or_else(PoisonError::into_inner).clone();
        Self(all.iter().map(|take| take()).collect())
    }

    /// Runs `body` inside all the wrappers.
    ///
    /// # Panics
    ///
    /// If a wrapper does not call what it is given.
    pub(super) fn run<R>(&mut self, body: impl FnOnce() -> R) -> R {
        if self.0.is_empty() {
            return body();
        }
        let (mut body, mut returned) = (Some(body), None);
        within(&mut self.0, &mut || {
            // If called again, it has nothing to do.
            if let Some(body) = body.take() {
                returned = Some(body());
            }
        });
        returned.expect("what is put around tasks calls the body that it is given")
    }
}

fn within(around: &mut [Box<PutBack>], body: &mut dyn FnMut()) {
    match around.split_first_mut() {
        Some((outermost, others)) => outermost(&mut || within(others, body)),
        None => body(),
    }
}
