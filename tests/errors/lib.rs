//! Mistakes in steps and workflows, and what the compiler says to them. It depends on little, since each mistake is built.
