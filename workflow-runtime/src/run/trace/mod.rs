//! What a run tells `tracing`: spans and events with the feature of that name, and nothing
//! without it. The two halves offer the same items, so that no other code has to know which one
//! it uses.

#[cfg(feature = "tracing")]
mod along;
#[cfg(feature = "tracing")]
mod direct;
#[cfg(feature = "tracing")]
mod event;
#[cfg(not(feature = "tracing"))]
mod off;
#[cfg(feature = "tracing")]
mod span;

#[cfg(feature = "tracing")]
pub(crate) use self::{
    along::Along,
    direct::Direct,
    span::{Guard, Span},
};
#[cfg(not(feature = "tracing"))]
pub(crate) use off::{Along, Direct, Guard, Span};
