//! What compiles in edition 2021 under another name also runs.

use workflow_tests_edition_2021::label;

#[tokio::test]
async fn borrows_as_in_edition_2024() {
    let other = "b".to_owned();
    assert_eq!(label("abc", &other, 7).await, Ok("abc!7b5".to_owned()));
    assert_eq!(label("a", "bc", 7).await, Err("bc is longer".to_owned()));
}
