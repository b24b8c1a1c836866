//! The options of `#[step(…)]` and `#[workflow(…)]`, for completion and documentation.

#![allow(non_upper_case_globals)]

/// `retry(max_attempts = 3, …)`: runs the step again after an error that is worth it.
///
/// `retry = POLICY` takes a constant of type [`Retry`](crate::Retry).
pub const retry: () = ();

/// `timeout = "10s"`: how long one attempt may take.
pub const timeout: () = ();

/// `deadline = "1m"`: how long all attempts and the waits between them may take.
pub const deadline: () = ();

/// Runs the body of a `fn` on the pool of threads that may block.
pub const blocking: () = ();

/// Runs the body on a task of its own.
pub const spawn: () = ();

/// The options of `retry(…)`.
#[doc(hidden)]
pub mod in_retry {
    /// `max_attempts = 3`: at most this many attempts, including the first. Required.
    pub const max_attempts: () = ();

    /// `backoff = constant("1s")`, `exponential("100ms", factor = 2, max = "5s")` or `none`: how
    /// long to wait between attempts.
    pub const backoff: () = ();

    /// Adds a random part of the wait to it, from none of it to all of it.
    pub const jitter: () = ();

    /// `when = is_temporary`: a `fn(&E) -> bool` or a closure that says which errors are worth
    /// another attempt.
    pub const when: () = ();

    /// `policy = POLICY`: a constant of type [`Retry`](crate::Retry).
    pub const policy: () = ();

    /// How long to wait between attempts.
    #[doc(hidden)]
    pub mod in_backoff {
        /// `constant("1s")`: waits this long each time.
        pub const constant: () = ();

        /// `exponential("100ms", factor = 2, max = "5s")`: each wait is `factor` times the one
        /// before, and at most `max`.
        pub const exponential: () = ();

        /// Does not wait.
        pub const none: () = ();
    }
}

/// The options of a workflow.
#[doc(hidden)]
pub mod in_workflow {
    /// `on_failure = finish`, `drain` or `cancel`: what the first error does to the steps that do
    /// not depend on it.
    pub const on_failure: () = ();

    /// A run can be recorded and resumed.
    pub const durable: () = ();

    /// `was(former_name)`: what the workflow was called before, in runs that are recorded.
    pub const was: () = ();

    /// Prints the graph while the workflow is compiled.
    pub const graph: () = ();

    /// What the first error does to the steps that do not depend on it.
    #[doc(hidden)]
    pub mod in_on_failure {
        /// Those that run are dropped, and the others never start. The default.
        pub const cancel: () = ();

        /// Those that run are let end, and nothing new starts.
        pub const drain: () = ();

        /// All that does not depend on the failed step runs to its end.
        pub const finish: () = ();
    }
}
