//! The crate that the editor shows: a shop's steps, and the same workflow three times.
pub mod attribute;
pub mod bang;
pub mod durable;
pub mod plain;
pub mod shop;
