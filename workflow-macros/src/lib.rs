//! The macros behind `workflow-runtime`, which re-exports and documents them.

// A workflow's syntax tree is small and short-lived.
#![allow(clippy::large_enum_variant)]

mod attribute;
mod duration;
mod editor;
mod externs;
mod invisible;
mod paths;
mod pattern;
mod picture;
mod report;
mod signature;
mod sorted;
mod step;
mod surround;
mod tokens;
mod unsized_output;
mod walk;
mod workflow;

use proc_macro::TokenStream;

// The long texts are on the re-exports in `workflow-runtime`, where examples can run. The short
// ones below are appended to them there; an editor may show only these.

/// # In short
///
/// `#[step]` goes above an `async fn`, free or a method. The function can be called and awaited as
/// before. Inside `workflow!` it is what a declaration calls: `let price = quote(&item).await?;`.
#[proc_macro_attribute]
pub fn step(options: TokenStream, item: TokenStream) -> TokenStream {
    step::expand(options.into(), item.into(), &paths::runtime()).into()
}

/// # In short
///
/// ```text
/// workflow! {
///     /// Doc comments, visibility, generics and the like as on any `async fn`.
///     pub async fn checkout(order: Order) -> Result<Receipt, OrderError> {
///         let valid = validate(order).await?;             // a step
///         let payment = charge(&valid).await?;            // starts when `valid` is ready
///         let stock = reserve(&valid).await?;             // so does this one
///         #[after(payment)]                               // waits, but takes no value
///         let parcel = if stock.is_here() { pack(&stock).await? } else { order_more(&stock).await? };
///         #[concurrency(8)]
///         let mails = for address in &valid.addresses { mail(address, &parcel).await };
///         Ok(Receipt { payment, parcel, mails })          // the result
///     }
/// }
///
/// let receipt = checkout(order).await?;
/// println!("{}", checkout::GRAPH);
/// ```
#[proc_macro]
pub fn workflow(input: TokenStream) -> TokenStream {
    workflow::expand(input.into(), &paths::runtime()).into()
}

/// # In short
///
/// ```text
/// #[workflow]
/// pub async fn checkout(order: Order) -> Result<Receipt, OrderError> {
///     let valid = validate(order).await?;
///     let payment = charge(&valid).await?;
///     Ok(Receipt { payment })
/// }
/// ```
///
/// The same as `workflow! { … }` around the function. Options: `#[workflow(on_failure = finish)]`,
/// `#[workflow(durable)]`, `#[workflow(was(former_name))]`, `#[workflow(graph)]`.
#[proc_macro_attribute]
pub fn workflow_attribute(options: TokenStream, item: TokenStream) -> TokenStream {
    workflow::expand_attribute(options.into(), item.into(), &paths::runtime()).into()
}

/// Part of what `#[step]` generates above another macro: its work once that macro has run.
#[doc(hidden)]
#[proc_macro_attribute]
pub fn step_at_last(options: TokenStream, item: TokenStream) -> TokenStream {
    step::expand_at_last(options.into(), item.into(), &paths::runtime()).into()
}

/// Part of what `workflow!` generates if a function has another macro on it.
#[doc(hidden)]
#[proc_macro_attribute]
pub fn surrounded(parts: TokenStream, item: TokenStream) -> TokenStream {
    surround::put_together(parts.into(), item.into()).into()
}

/// Part of what `workflow!` generates if something in it has a `#[cfg(…)]`.
#[doc(hidden)]
#[proc_macro_derive(Workflow, attributes(workflow_source))]
pub fn configured_workflow(item: TokenStream) -> TokenStream {
    workflow::expand_configured(item.into(), &paths::runtime()).into()
}

/// Part of what `workflow!` generates.
#[doc(hidden)]
#[proc_macro]
pub fn picture(input: TokenStream) -> TokenStream {
    picture::expand(input.into()).into()
}

/// `#[step]` as an editor sees it.
#[doc(hidden)]
#[proc_macro_attribute]
pub fn step_in_editor(options: TokenStream, item: TokenStream) -> TokenStream {
    editor::expand_step(options.into(), item.into(), &paths::runtime()).into()
}

/// `workflow!` as an editor sees it.
#[doc(hidden)]
#[proc_macro]
pub fn workflow_in_editor(input: TokenStream) -> TokenStream {
    editor::expand_workflow(&input.into(), &paths::runtime()).into()
}

/// `#[workflow]` as an editor sees it.
#[doc(hidden)]
#[proc_macro_attribute]
pub fn workflow_attribute_in_editor(options: TokenStream, item: TokenStream) -> TokenStream {
    editor::expand_attribute(options.into(), &item.into(), &paths::runtime()).into()
}
