//! Mistakes in durable workflows, and what the compiler says to them.
