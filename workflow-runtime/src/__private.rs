//! What the generated code uses. This is not a part of the public interface: it may change in
//! any release.

pub use core::clone::Clone;
pub use core::marker::PhantomData;
pub use core::mem::drop;
pub use core::option::Option::{self, None, Some};
pub use core::pin::pin;
pub use core::result::Result::{self, Err, Ok};
pub use core::task::Poll::{Pending, Ready};
pub use core::unreachable;
#[cfg(feature = "durable")]
pub use std::{string::String, vec::Vec};

#[cfg(feature = "durable")]
pub use serde_core::Serialize;

pub use crate::__argument as argument;
pub use crate::__argument_for as argument_for;
pub use crate::__call_timed_out as call_timed_out;
pub use crate::__copied as copied;
pub use crate::__describe as describe;
pub use crate::__describing as describing;
pub use crate::__error_in as error_in;
pub use crate::__error_of as error_of;
pub use crate::__failed as failed;
pub use crate::__if_durable as if_durable;
pub use crate::__judged as judged;
pub use crate::__text as text;
pub use crate::__timed_out as timed_out;
pub use crate::__verdict as verdict;
pub use crate::attempt::*;
#[allow(deprecated)]
pub use crate::checks::runs_beside_what_stands_below;
pub use crate::checks::{
    AnyStep, AreSome, Bounded, Called, Calls, IsDurable, IsDuration, IsValue, Items, NoDuration,
    NotDurable, NothingWaits, OnlyOrdered, Probe, Returns, Unit, WorkflowStep, never_returns,
};
#[cfg(feature = "durable")]
pub use crate::durable::*;
#[cfg(rust_analyzer)]
pub use crate::editor::options;
pub use crate::flow::{Flow, Total, fail, ok, split};
pub use crate::graph::constant::{after, calls, inside, needs, needs_input};
pub use crate::graph::{Graph, Node, NodeKind, Was};
pub use crate::run::chose;
pub use crate::saga::*;
pub use crate::schedule::*;
pub use crate::step::{
    Describable, Describe, Described, ErrorText, Function, NoUndo, OwnUndo, SaysVerdict, Step,
    Verdict, broken, leaf, never_built,
};
pub use crate::workflow::workflow;
pub use workflow_macros::{Workflow, picture, step_at_last, surrounded};
