//! What the macros generate.
//!
//! For each pattern, this page shows a workflow and what it becomes. The blocks are the files that
//! the tests of the macros compare against, so they are what the macros generate today. Only the
//! path of the runtime's hidden module is shortened to `rt`. None of this is a public interface: it
//! may change in any release.
//!
//! To see it for your own code, use `cargo expand`.
//!
//! # A step
//!
#![doc = "```rust,ignore"]
#![doc = include_str!("../../docs/generated/step.in.rs")]
#![doc = "```"]
//!
//! A step becomes a function that returns the future of its body. The closure beside it answers
//! what a run may ask: the step's name, and whether an output is an error. It captures nothing, so
//! it takes no space. The `if let` never runs; it tells the compiler the body's type, so that `?`
//! and `return` in it convert as they do in an `async fn`.
//!
#![doc = "```rust,ignore"]
#![doc = include_str!("../../docs/generated/step.out.rs")]
#![doc = "```"]
//!
//! # A step with options
//!
#![doc = "```rust,ignore"]
#![doc = include_str!("../../docs/generated/step_retry.in.rs")]
#![doc = "```"]
//!
//! The first lines check, by trait, that the error can say what the options need to know; at run
//! time they do nothing. Then comes the loop of attempts. It is here and not in the runtime, so
//! that an attempt can borrow `order`; `card` is cloned for each attempt, and the last one takes
//! it. `rt::within` drops the attempt when its time is up. `attempts.after` returns the wait before
//! the next attempt, or nothing after a success, after an error that is not worth another attempt,
//! and after the last attempt.
//!
#![doc = "```rust,ignore"]
#![doc = include_str!("../../docs/generated/step_retry.out.rs")]
#![doc = "```"]
//!
//! # Linear
//!
#![doc = "```rust,ignore"]
#![doc = include_str!("../../docs/generated/linear.in.rs")]
#![doc = "```"]
//!
//! Steps that depend on each other are statements, one after the other. `rt::step` polls a call
//! with the run that is attached, if there is one; the number is that of the node in `GRAPH`. The
//! user's own `.await`, `?` and result stay where they were.
//!
#![doc = "```rust,ignore"]
#![doc = include_str!("../../docs/generated/linear.out.rs")]
#![doc = "```"]
//!
//! # Parallel
//!
#![doc = "```rust,ignore"]
#![doc = include_str!("../../docs/generated/parallel.in.rs")]
#![doc = "```"]
//!
//! Steps that do not depend on each other are the parts of a join. `rt::join` polls them all until
//! each has its value, or until one fails. The closure after a call contains the user's `?`, which
//! converts the error. What is not needed by another part is named in the pattern on the left.
//!
#![doc = "```rust,ignore"]
#![doc = include_str!("../../docs/generated/parallel.out.rs")]
#![doc = "```"]
//!
//! # Diamond
//!
#![doc = "```rust,ignore"]
#![doc = include_str!("../../docs/generated/diamond.in.rs")]
#![doc = "```"]
//!
//! Sequences and joins nest: one step, a join of three, one step. `valid` is a plain variable that
//! the three borrow.
//!
#![doc = "```rust,ignore"]
#![doc = include_str!("../../docs/generated/diamond.out.rs")]
#![doc = "```"]
//!
//! # Any graph
//!
#![doc = "```rust,ignore"]
#![doc = include_str!("../../docs/generated/irreducible.in.rs")]
#![doc = "```"]
//!
//! Here, no nesting of sequences and joins can express what each step needs. So the steps are the
//! branches of a region. The array says how many others each branch needs. The tracker names a
//! branch when it has to start or may continue; a branch that is done names those that needed it.
//! Values wait in slots, and the macro picks the simplest slot that is sufficient: a plain `Option`
//! if one step takes the value, a cell that hands out references if several look at it.
//!
#![doc = "```rust,ignore"]
#![doc = include_str!("../../docs/generated/irreducible.out.rs")]
#![doc = "```"]
//!
//! # Conditional
//!
#![doc = "```rust,ignore"]
#![doc = include_str!("../../docs/generated/conditional.in.rs")]
#![doc = "```"]
//!
//! A branch is the user's own `match` or `if`, with the declarations of each arm as its body.
//! The first line of an arm tells the run which one it is, so that the steps of the others are
//! reported as skipped. `stock` is needed by only one arm, so the branch does not wait for it:
//! `rt::wait_owned` waits for it in that arm.
//!
#![doc = "```rust,ignore"]
#![doc = include_str!("../../docs/generated/conditional.out.rs")]
#![doc = "```"]
//!
//! # Pipeline
//!
#![doc = "```rust,ignore"]
#![doc = include_str!("../../docs/generated/pipeline.in.rs")]
#![doc = "```"]
//!
//! `rt::fan_out` calls its closure for each item and runs the futures, at most eight at once. The
//! closure borrows what is declared outside, here `rates`, which the first items wait for.
//!
#![doc = "```rust,ignore"]
#![doc = include_str!("../../docs/generated/pipeline.out.rs")]
#![doc = "```"]
//!
//! # Durable runs
//!
#![doc = "```rust,ignore"]
#![doc = include_str!("../../docs/generated/durable.in.rs")]
#![doc = "```"]
//!
//! The body is the same as always, except for `rt::recorded`: it hands a step's output to the run's
//! record, if there is one, before anything else sees it. `rt::OkOnly` says that an error is not
//! recorded, because `?` decides. Around the body, `rt::durable` holds the inputs until the first
//! poll, so that a journal can record them first. `resume` makes the same call from the recorded
//! inputs.
//!
#![doc = "```rust,ignore"]
#![doc = include_str!("../../docs/generated/durable.out.rs")]
#![doc = "```"]
//!
//! # Recorded values
//!
#![doc = "```rust,ignore"]
#![doc = include_str!("../../docs/generated/record.in.rs")]
#![doc = "```"]
//!
//! With `#[record]`, a value is a step: `rt::value` runs its closure when it is polled, which
//! happens only if nothing is recorded. The closure has no `move`, so it borrows what the
//! expression would. If it contains a `?`, it returns what the workflow returns, around the value.
//! What `#[was]` says is only in the graph.
//!
#![doc = "```rust,ignore"]
#![doc = include_str!("../../docs/generated/record.out.rs")]
#![doc = "```"]
