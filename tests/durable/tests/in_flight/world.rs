//! What the steps find outside, and what they do there.

use std::panic::resume_unwind;
use std::sync::Arc;

use workflow_durable_tests::{Done, Ledger, Refused};
use workflow_runtime::step;

use crate::gates::Gates;

/// What becomes of the step `b`, and of what follows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// All goes well.
    Completes,
    /// It fails.
    Fails,
    /// It completes, and a plain expression that follows has a `?`.
    FailsInPlainValue,
    /// It panics.
    Panics,
}

/// What a process finds.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) ledger: Arc<Ledger>,
    pub(crate) gates: Gates,
    pub(crate) mode: Mode,
}

impl World {
    /// The plain expression that may fail.
    pub(crate) fn plain(&self, of: &Done) -> Result<u64, Refused> {
        if self.mode == Mode::FailsInPlainValue { Err(Refused) } else { Ok(of.value) }
    }
}

/// A step that ends when it is told to.
#[step]
pub(crate) async fn act(world: &World, name: &str, used: &[&Done]) -> Result<Done, Refused> {
    world.gates.pass(format!("`{name}` ends")).await;
    match world.mode {
        Mode::Fails if name == "b" => Err(Refused),
        // Without a message on the screen.
        Mode::Panics if name == "b" => resume_unwind(Box::new("`b` panics")),
        _ => Ok(world.ledger.did(used.iter().copied())),
    }
}

/// A step that ends at once.
#[step]
pub(crate) async fn quick(world: &World, used: &[&Done]) -> Result<Done, Refused> {
    Ok(world.ledger.did(used.iter().copied()))
}

/// Undoes a step, when it is told to.
#[step]
pub(crate) async fn undo(world: &World, name: &str, done: &Done) -> Result<(), Refused> {
    world.gates.pass(format!("undo of `{name}` ends")).await;
    world.ledger.undid(done);
    Ok(())
}
