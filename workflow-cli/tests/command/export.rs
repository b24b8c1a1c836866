//! `workflow export`.

use std::fs;

use workflow_journal::{End, Kind};

use crate::support::Orders;

#[tokio::test]
async fn writes_a_page_that_needs_nothing_else() {
    let orders = Orders::new().await;
    let epoch = orders.start("cart-1").await;
    orders.write("cart-1", epoch, "stock", Kind::Step, "3").await;
    orders.end("cart-1", epoch, End::Failed("no <money>".into())).await;

    let page = orders.prints(&["export", "cart-1", "--html", "-"]);
    assert!(page.starts_with("<!DOCTYPE html>"), "{page:.100}");
    assert_eq!(orders.prints(&["export", "cart-1", "--html"]).len(), page.len());
    for text in ["checkout", "stock", "reserve", "no &lt;money&gt;", "<svg"] {
        assert!(page.contains(text), "the page has `{text}`");
    }
    for outside in ["<script src", "<link", "@import"] {
        assert!(!page.contains(outside), "the page has `{outside}`");
    }

    let file = orders.path().with_extension("html");
    let path = file.to_str().unwrap();
    assert_eq!(orders.prints(&["export", "cart-1", "--html", path]), "");
    assert_eq!(fs::read_to_string(&file).unwrap(), page);

    let nowhere = orders.path().join("page.html");
    let error = orders.fails(&["export", "cart-1", "--html", nowhere.to_str().unwrap()]);
    assert!(error.starts_with("error: `JOURNAL/page.html` cannot be written: "), "{error}");
}
