//! The macros behind `workflow-runtime`, which re-exports and documents them.

// A workflow's syntax tree is small and short-lived.
#![allow(clippy::large_enum_variant)]

mod paths;
mod report;
mod signature;
mod step;
mod workflow;

use proc_macro::TokenStream;

/// Marks a function as a step.
#[proc_macro_attribute]
pub fn step(options: TokenStream, item: TokenStream) -> TokenStream {
    step::expand(options.into(), item.into(), &paths::runtime()).into()
}

/// Declares workflows.
#[proc_macro]
pub fn workflow(input: TokenStream) -> TokenStream {
    workflow::expand(input.into(), &paths::runtime()).into()
}
