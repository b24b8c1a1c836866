//! [page of durable runs]: durable
//! [page of errors]: errors
//! [generated code]: generated_code
#![doc = include_str!("../../docs/guide.md")]

#[doc = include_str!("../../docs/errors.md")]
pub mod errors {}

#[cfg(feature = "durable")]
#[doc = include_str!("../../docs/durable.md")]
pub mod durable {}

pub mod generated_code;

#[doc = include_str!("../../docs/observing.md")]
pub mod observing {}

#[cfg(feature = "progress")]
#[doc = include_str!("../../docs/progress.md")]
pub mod progress {}

#[doc = include_str!("../../docs/reports.md")]
pub mod reports {}
