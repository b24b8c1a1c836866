//! What an editor sees in place of the expansion: the body as plain Rust.
//!
//! rust-analyzer sets `cfg(rust_analyzer)`, under which the runtime exports these macros in place of
//! the others. Each token of the user's stands in their expansion once, in code that means the same
//! to a type checker, so that it has one definition and one type. Nothing else may rely on them: no
//! build ever sees what they make.

mod step;
mod workflow;

pub(crate) use step::expand as expand_step;
pub(crate) use workflow::{expand as expand_workflow, expand_attribute};
