//! [page of durable runs]: durable
//! [page of errors]: errors
//! [generated code]: generated_code
#![doc = include_str!("../../docs/guide.md")]

#[doc = include_str!("../../docs/errors.md")]
pub mod errors {}

// This page and the one about progress exist without their features, too, so that links to them
// work. Only what they link to, and the blocks that are tests, need the features.
#[cfg_attr(not(feature = "durable"), allow(rustdoc::broken_intra_doc_links))]
#[cfg_attr(any(feature = "durable", not(doctest)), doc = include_str!("../../docs/durable.md"))]
pub mod durable {}

pub mod generated_code;

#[doc = include_str!("../../docs/observing.md")]
pub mod observing {}

#[cfg_attr(not(feature = "progress"), allow(rustdoc::broken_intra_doc_links))]
#[cfg_attr(any(feature = "progress", not(doctest)), doc = include_str!("../../docs/progress.md"))]
pub mod progress {}

#[doc = include_str!("../../docs/reports.md")]
pub mod reports {}
