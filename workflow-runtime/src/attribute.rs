//! [`workflow!`](crate::workflow!) in front of a function.
//!
//! Rust has one name for both kinds of macro, so this one has a module of its own.

#[cfg(not(rust_analyzer))]
#[doc(inline)]
#[doc = include_str!("../docs/attribute.md")]
pub use workflow_macros::workflow_attribute as workflow;
#[cfg(rust_analyzer)]
pub use workflow_macros::workflow_attribute_in_editor as workflow;
