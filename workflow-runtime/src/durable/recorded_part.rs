//! What of a step's output is recorded.

use crate::durable::Recordable;
use crate::durable::probe::check_type;

/// Which part of an output is recorded.
#[diagnostic::on_unimplemented(
    message = "`?` stands behind a step that cannot fail",
    label = "returns `{O}`",
    note = "`?` is for a step that returns a `Result` or an `Option`: remove it here"
)]
pub trait Part<O> {
    /// Its type.
    type Value;
}

/// How that part is recorded.
pub trait Records<O>: Part<O> {
    /// Whether an output that is not recorded ends the workflow.
    const ENDS: bool;

    /// The output as JSON; `None` if it is not recorded.
    fn encode(output: &O) -> Option<serde_json::Result<String>>;

    /// The output that was recorded.
    ///
    /// # Errors
    ///
    /// If this is not such a value.
    fn decode(json: &str) -> serde_json::Result<O>;

    /// Whether values of this type can be recorded at all, as far as the type shows.
    ///
    /// # Errors
    ///
    /// Why they cannot.
    fn check() -> Result<(), String>;
}

/// The whole output: it is not split by `?`.
#[derive(Debug)]
pub struct Whole;

impl<O> Part<O> for Whole {
    type Value = O;
}

impl<O: Recordable> Records<O> for Whole {
    const ENDS: bool = false;

    fn encode(output: &O) -> Option<serde_json::Result<String>> {
        Some(serde_json::to_string(output))
    }

    fn decode(json: &str) -> serde_json::Result<O> {
        serde_json::from_str(json)
    }

    fn check() -> Result<(), String> {
        check_type::<O>()
    }
}

/// What `?` lets through. A step that fails has not completed, so it runs again. Its failure ends
/// the workflow.
#[derive(Debug)]
pub struct OkOnly;

/// The same for a workflow in which a failure does not end it before everything else has finished:
/// `on_failure(finish)`.
#[derive(Debug)]
pub struct OkInFinish;

/// What `?` lets through.
pub trait Passes<O> {
    /// Whether `?` lets this output through.
    fn passes(output: &O) -> bool;
}

macro_rules! ok_only {
    ($Mode:ident, ends: $ends:literal) => {
        // A step without an output cannot fail. So that `?` behind it is one error, rustc's own,
        // this part of the code accepts it.
        #[diagnostic::do_not_recommend]
        impl Part<()> for $Mode {
            type Value = ();
        }

        #[diagnostic::do_not_recommend]
        impl Passes<()> for $Mode {
            fn passes((): &()) -> bool {
                true
            }
        }

        #[diagnostic::do_not_recommend]
        impl Records<()> for $Mode {
            const ENDS: bool = $ends;

            fn encode(output: &()) -> Option<serde_json::Result<String>> {
                Some(serde_json::to_string(output))
            }

            fn decode(json: &str) -> serde_json::Result<()> {
                serde_json::from_str(json)
            }

            fn check() -> Result<(), String> {
                check_type::<()>()
            }
        }

        #[diagnostic::do_not_recommend]
        impl<T, E> Part<Result<T, E>> for $Mode {
            type Value = T;
        }

        #[diagnostic::do_not_recommend]
        impl<T> Part<Option<T>> for $Mode {
            type Value = T;
        }

        #[diagnostic::do_not_recommend]
        impl<T, E> Passes<Result<T, E>> for $Mode {
            fn passes(output: &Result<T, E>) -> bool {
                output.is_ok()
            }
        }

        #[diagnostic::do_not_recommend]
        impl<T> Passes<Option<T>> for $Mode {
            fn passes(output: &Option<T>) -> bool {
                output.is_some()
            }
        }

        #[diagnostic::do_not_recommend]
        impl<T: Recordable, E> Records<Result<T, E>> for $Mode {
            const ENDS: bool = $ends;

            fn encode(output: &Result<T, E>) -> Option<serde_json::Result<String>> {
                output.as_ref().ok().map(serde_json::to_string)
            }

            fn decode(json: &str) -> serde_json::Result<Result<T, E>> {
                serde_json::from_str(json).map(Ok)
            }

            fn check() -> Result<(), String> {
                check_type::<T>()
            }
        }

        #[diagnostic::do_not_recommend]
        impl<T: Recordable> Records<Option<T>> for $Mode {
            const ENDS: bool = $ends;

            fn encode(output: &Option<T>) -> Option<serde_json::Result<String>> {
                output.as_ref().map(serde_json::to_string)
            }

            fn decode(json: &str) -> serde_json::Result<Option<T>> {
                serde_json::from_str(json).map(Some)
            }

            fn check() -> Result<(), String> {
                check_type::<T>()
            }
        }
    };
}

ok_only!(OkOnly, ends: true);
ok_only!(OkInFinish, ends: false);
