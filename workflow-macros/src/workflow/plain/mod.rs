//! A body as plain Rust that has the same types, for readers that cannot use the schedule: an editor, and
//! rustc where the graph is wrong.

mod body;
mod dropped;
mod options;
mod order;
mod sound;
mod statements;
mod uses;

pub(crate) use body::{Value, body, waits};
pub(crate) use options::used_options;
pub(crate) use sound::sound_lines;
pub(crate) use statements::{Attribute, attributes, names};
