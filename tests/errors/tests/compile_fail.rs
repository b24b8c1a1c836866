//! What the compiler says to every mistake that the documentation promises a message for.
//!
//! `TRYBUILD=overwrite cargo test -p workflow-error-tests` writes the
//! expected texts anew; read the difference as a user would.

#[test]
fn compile_fail() {
    trybuild::TestCases::new().compile_fail("tests/errors/*.rs");
}
