//! The store in a file.
#![cfg(all(feature = "sqlite", feature = "conformance"))]

mod bad_files;
mod file;
mod first_version;
mod full_disk;
mod group_commit;
mod lifetime;
mod processes;
mod second_version;
mod support;

use workflow_journal::{SqliteStore, conformance};

#[tokio::test(flavor = "multi_thread")]
async fn it_passes_the_tests_of_all_stores() {
    let folder = tempfile::tempdir().unwrap();
    let number = std::cell::Cell::new(0);
    conformance::check(async || {
        number.set(number.get() + 1);
        SqliteStore::open(folder.path().join(format!("{}.db", number.get()))).await.unwrap()
    })
    .await;
}

/// Two stores on one file, as of two processes: what one writes, the other one reads.
#[tokio::test]
async fn stores_on_one_file_see_each_other() {
    use workflow_journal::JournalStore as _;

    let (_folder, path) = support::journal();
    let (one, two) =
        (SqliteStore::open(&path).await.unwrap(), SqliteStore::open(&path).await.unwrap());
    let epoch = support::hold(&one, "cart-1").await;
    for number in 0..50 {
        one.write("cart-1", epoch, support::record(&format!("step{number}"), "1")).await.unwrap();
        assert_eq!(two.records("cart-1").await.unwrap().len(), number + 1);
    }
}
