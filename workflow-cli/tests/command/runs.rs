//! `workflow runs`.

use std::time::{Duration, SystemTime};

use workflow_journal::{End, Timestamp};

use crate::support::{Orders, command, finish};

async fn some_orders() -> Orders {
    let orders = Orders::new().await;
    let epoch = orders.start("cart-1").await;
    orders.end("cart-1", epoch, End::Completed("7".into())).await;
    let epoch = orders.start("cart-2").await;
    orders.end("cart-2", epoch, End::Failed("no stock".into())).await;
    let epoch = orders.start_of("refund-1", "refund").await;
    orders.end("refund-1", epoch, End::Cancelled).await;
    orders.start("cart-3").await;
    orders
}

fn utc(moment: Timestamp) -> String {
    let time = SystemTime::UNIX_EPOCH + Duration::from_millis(moment.0.unsigned_abs());
    humantime::format_rfc3339_millis(time).to_string()
}

/// The lines with one space between their columns, and without the ages, which differ.
fn rows(text: &str) -> Vec<String> {
    let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    let ageless = |word: &str| {
        let digits = word.trim_end_matches('s');
        let is_age = word.ends_with('s') && !digits.is_empty();
        if is_age && digits.bytes().all(|byte| byte.is_ascii_digit()) {
            "AGO".to_owned()
        } else {
            word.to_owned()
        }
    };
    text.lines()
        .map(|line| words(line).split(' ').map(ageless).collect::<Vec<_>>().join(" "))
        .collect()
}

/// Checks that the last column of each line begins below its title.
#[track_caller]
fn assert_aligned(table: &str) {
    let column = table.find("HELD BY").unwrap();
    for line in table.lines() {
        let (before, last) = line.split_at(column);
        assert!(before.ends_with("  ") && !last.starts_with(' '), "{table}");
    }
}

fn ids(text: &str) -> Vec<&str> {
    text.lines().skip(1).filter_map(|line| line.split_whitespace().next()).collect()
}

#[tokio::test]
async fn lists_those_first_that_changed_last() {
    let orders = some_orders().await;
    let table = orders.prints(&["runs"]);
    assert_eq!(
        rows(&table),
        [
            "ID WORKFLOW STATE AGE CHANGED HELD BY",
            "cart-3 checkout unfinished AGO AGO ago process 4711",
            "refund-1 refund cancelled AGO AGO ago -",
            "cart-2 checkout failed AGO AGO ago -",
            "cart-1 checkout completed AGO AGO ago -",
        ]
    );
    assert_aligned(&table);
    assert!(!table.contains('\u{1b}'), "no colours where it is no terminal: {table:?}");
}

#[tokio::test]
async fn filters() {
    let orders = some_orders().await;
    let list = |arguments: &[&str]| {
        let all: Vec<_> = ["runs"].iter().chain(arguments).copied().collect();
        ids(&orders.prints(&all)).join(" ")
    };
    assert_eq!(list(&["--workflow", "refund"]), "refund-1");
    assert_eq!(list(&["--state", "failed"]), "cart-2");
    assert_eq!(list(&["--limit", "4"]), "cart-3 refund-1 cart-2 cart-1");
    assert_eq!(list(&["--limit", "all"]), "cart-3 refund-1 cart-2 cart-1");
    assert_eq!(list(&["--workflow", "checkout", "--state", "completed"]), "cart-1");
    assert_eq!(list(&["--older-than", "0s"]), "cart-3 refund-1 cart-2 cart-1");

    let none = orders.workflow(&["runs", "--older-than", "2h"]);
    assert_eq!((none.code, &*none.out, &*none.err), (0, "", "no runs\n"));
}

#[tokio::test]
async fn says_that_there_are_more() {
    let orders = some_orders().await;
    let some = orders.workflow(&["runs", "--limit", "2"]);
    assert_eq!((some.code, ids(&some.out)), (0, vec!["cart-3", "refund-1"]));
    let last = utc(orders.run("refund-1").await.updated);
    let note = format!(
        "there are more than these 2: `--after refund-1 --changed-at {last}` lists the next, \
         `--limit all` lists all\n"
    );
    assert_eq!(some.err, note);
    let json = orders.workflow(&["runs", "--limit", "3", "--state", "unfinished", "--json"]);
    assert_eq!((json.code, &*json.err), (0, ""));
    let json = orders.workflow(&["runs", "--limit", "0", "--json"]);
    assert_eq!((json.code, &*json.out), (0, "[]\n"));
    let note = "there are more than these 0: `--limit 100` lists more, `--limit all` lists all\n";
    assert_eq!(json.err, note);

    for number in 0..99 {
        orders.start(&format!("many-{number}")).await;
    }
    let first = orders.workflow(&["runs"]);
    assert_eq!(ids(&first.out).len(), 100);
    assert_eq!(first.code, 0);
    assert!(first.err.starts_with("there are more than these 100: `--after "), "{}", first.err);
    assert_eq!(ids(&orders.prints(&["runs", "--limit", "all"])).len(), 103);
}

#[tokio::test]
async fn prints_json() {
    let orders = some_orders().await;
    let json = orders.prints(&["runs", "--json", "--workflow", "checkout"]);
    let runs: serde_json::Value = serde_json::from_str(&json).unwrap();
    let runs = runs.as_array().unwrap();
    assert_eq!(runs.len(), 3);
    assert_eq!(runs[0]["held_by"], "process 4711");
    assert_eq!(runs[1]["error"], "no stock");
    assert_eq!(runs[1]["output"], serde_json::Value::Null);
    assert_eq!(runs[2]["output"], 7);
    assert_eq!(runs[2]["inputs"]["cart"], 1042);
    assert_eq!(orders.prints(&["runs", "--json", "--workflow", "none"]), "[]\n");
}

#[tokio::test]
async fn takes_the_journal_from_the_environment() {
    let orders = some_orders().await;
    let mut runs = command(&["runs", "--limit", "1"]);
    runs.env("WORKFLOW_JOURNAL", orders.path());
    assert_eq!(ids(&finish(runs, "").out), ["cart-3"]);
}

#[tokio::test]
async fn colours_states_unless_nobody_wants_that() {
    let orders = some_orders().await;
    let table = |no_color: &str| {
        let mut runs = command(&["runs"]);
        runs.env("WORKFLOW_JOURNAL", orders.path());
        // As if it were a terminal.
        runs.env("CLICOLOR_FORCE", "1").env("NO_COLOR", no_color);
        finish(runs, "").out
    };
    let coloured = table("");
    assert!(coloured.contains("\u{1b}[31mfailed\u{1b}[0m"), "{coloured:?}");
    assert_aligned(&anstream::adapter::strip_str(&coloured).to_string());
    assert!(!table("1").contains('\u{1b}'), "{:?}", table("1"));
}

#[tokio::test]
async fn texts_cannot_move_the_cursor() {
    let orders = Orders::new().await;
    orders.start("cart\t\u{1b}[2J").await;
    assert_eq!(ids(&orders.prints(&["runs"])), ["cart\\t\\u{1b}[2J"]);
}
