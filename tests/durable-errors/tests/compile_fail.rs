//! What the compiler says to mistakes in durable workflows.
//!
//! `TRYBUILD=overwrite cargo test -p workflow-durable-error-tests` writes the
//! expected texts anew; read the difference as a user would.

#[test]
fn compile_fail() {
    trybuild::TestCases::new().compile_fail("tests/errors/*.rs");
}
