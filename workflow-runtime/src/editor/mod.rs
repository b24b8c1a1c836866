//! What only rust-analyzer sees.
//!
//! In an editor a step is the `async fn` that the user has written. So there every future counts as
//! a step, and `run.execute(checkout(order)).await` has a type. rustc never sees this: it would
//! object that the future of a step has two implementations.

pub mod options;

use core::pin::Pin;
use core::task::{Context, Poll};

#[cfg(feature = "durable")]
use crate::durable::{DurableStep, Inputs};
use crate::run::{Failure, Info, Place};
use crate::step::{Step, UnknownStep, UnknownUndo};

impl<F: Future> Step for F {
    type Undo = UnknownUndo;
    type Kind = UnknownStep;

    fn poll_in(self: Pin<&mut Self>, _: &mut Context<'_>, _: Place<'_>) -> Poll<Self::Output> {
        unreachable!()
    }

    fn failure(self: Pin<&mut Self>, _: &Self::Output) -> Option<Failure> {
        unreachable!()
    }

    fn info(&self) -> Info {
        unreachable!()
    }
}

#[cfg(feature = "durable")]
impl<F: Future> DurableStep for F {
    fn inputs(&self) -> Inputs {
        unreachable!()
    }

    fn read_back(&mut self) -> Result<(), (&'static str, serde_json::Error)> {
        unreachable!()
    }

    fn module(&self) -> &'static str {
        unreachable!()
    }

    fn outputs() -> Vec<(usize, &'static str)> {
        unreachable!()
    }
}
