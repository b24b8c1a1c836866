//! `workflow runs --after`.

use std::collections::BTreeSet;

use serde_json::Value;
use workflow_journal::End;

use crate::support::Orders;

async fn some_orders(number: usize) -> Orders {
    let orders = Orders::new().await;
    for number in 0..number {
        let id = format!("cart-{number}");
        let epoch = orders.start(&id).await;
        let end = if number % 2 == 0 { End::Cancelled } else { End::Failed("no stock".into()) };
        orders.end(&id, epoch, end).await;
    }
    orders
}

fn ids(table: &str) -> Vec<String> {
    let ids = table.lines().skip(1).filter_map(|line| line.split_whitespace().next());
    ids.map(str::to_owned).collect()
}

/// The options that the note names for the next page.
fn next_of(note: &str) -> Vec<String> {
    let Some(start) = note.find("`--after") else { return Vec::new() };
    let options = note[start + 1..].split('`').next().unwrap_or_default();
    options.split(' ').map(str::to_owned).collect()
}

#[tokio::test]
async fn the_note_leads_from_page_to_page() {
    let orders = some_orders(7).await;
    let (mut pages, mut next) = (Vec::new(), Vec::new());
    loop {
        let mut arguments = vec!["runs", "--limit", "3"];
        arguments.extend(next.iter().map(String::as_str));
        let page = orders.workflow(&arguments);
        assert_eq!(page.code, 0, "{}", page.err);
        pages.push(ids(&page.out));
        next = next_of(&page.err);
        if next.is_empty() {
            break;
        }
    }
    let expected =
        [&["cart-6", "cart-5", "cart-4"][..], &["cart-3", "cart-2", "cart-1"], &["cart-0"]];
    assert_eq!(pages, expected);
}

#[tokio::test]
async fn a_run_that_changes_between_two_pages_hides_no_other() {
    let orders = some_orders(6).await;
    let first = orders.workflow(&["runs", "--limit", "3"]);
    let next = next_of(&first.err);
    let mut after: Vec<_> = ["runs"].into_iter().chain(next.iter().map(String::as_str)).collect();
    // The last one of the page.
    orders.prints(&["retry", "cart-3"]);
    assert_eq!(ids(&orders.prints(&after)), ["cart-2", "cart-1", "cart-0"]);
    let anew = orders.prints(&["runs", "--after", "cart-3"]);
    assert_eq!(ids(&anew), ["cart-5", "cart-4", "cart-2", "cart-1", "cart-0"]);

    let epoch = orders.start("cart-3").await;
    orders.end("cart-3", epoch, End::Cancelled).await;
    orders.prints(&["delete", "cart-3"]);
    assert_eq!(ids(&orders.prints(&after)), ["cart-2", "cart-1", "cart-0"]);
    after.truncate(3);
    assert_eq!(
        orders.fails(&after),
        "error: there is no run `cart-3` in journal `JOURNAL`\n",
        "its place is not known"
    );
}

#[tokio::test]
async fn pages_are_of_what_is_asked_for() {
    let orders = some_orders(7).await;
    let failed = orders.prints(&["runs", "--state", "failed", "--after", "cart-4"]);
    assert_eq!(ids(&failed), ["cart-3", "cart-1"]);
    let json = orders.prints(&["runs", "--json", "--after", "cart-2"]);
    let runs: Vec<Value> = serde_json::from_str(&json).unwrap();
    let ids: BTreeSet<_> = runs.iter().filter_map(|run| run["id"].as_str()).collect();
    assert_eq!(ids, BTreeSet::from(["cart-0", "cart-1"]));
    let none = orders.workflow(&["runs", "--after", "cart-0"]);
    assert_eq!((none.code, &*none.err), (0, "no runs\n"));
}
