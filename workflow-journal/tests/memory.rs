//! The store in memory.
#![cfg(feature = "conformance")]

use workflow_journal::{MemoryStore, conformance};

#[tokio::test]
async fn it_passes_the_tests_of_all_stores() {
    conformance::check(async || MemoryStore::new()).await;
}
