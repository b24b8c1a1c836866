//! Journals in which a row cannot be read: it is named, and all others are shown.

use rusqlite::Connection;
use serde_json::Value;
use workflow_journal::{End, Kind};

use crate::support::{Orders, Output};

impl Orders {
    /// Changes the file by hand.
    fn spoil(&self, sql: &str) {
        Connection::open(self.path()).unwrap().execute_batch(sql).unwrap();
    }

    /// What the command shows and says, where it cannot read all.
    #[track_caller]
    fn partly(&self, arguments: &[&str]) -> (String, String) {
        let Output { code, out, err } = self.workflow(arguments);
        assert_eq!(code, 1, "{arguments:?}: {out}{err}");
        (out, err.replace(&self.path().display().to_string(), "JOURNAL"))
    }
}

#[tokio::test]
async fn a_run_that_cannot_be_read_hides_no_other() {
    let orders = Orders::new().await;
    for id in ["cart-1", "cart-2", "cart-3"] {
        let epoch = orders.start(id).await;
        orders.end(id, epoch, End::Failed("no stock".into())).await;
    }
    orders.spoil("UPDATE run SET workflow = CAST(x'6f1b5bff' AS TEXT) WHERE id = 'cart-2'");
    let (out, err) = orders.partly(&["runs"]);
    let ids: Vec<_> = out.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert_eq!(ids, ["ID", "cart-3", "cart-1"]);
    let lines: Vec<_> = err.lines().collect();
    assert!(lines[0].starts_with("run `cart-2` cannot be read: invalid utf-8"), "{err}");
    assert_eq!(lines[1..], ["error: 1 run in journal `JOURNAL` cannot be read"]);

    let (out, err) = orders.partly(&["runs", "--json"]);
    let runs: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((&runs[0]["id"], &runs[1]["id"]), (&"cart-3".into(), &"cart-1".into()));
    assert!(err.starts_with("run `cart-2` cannot be read"), "{err}");

    // The name itself, and those that are asked for alone.
    orders.spoil("UPDATE run SET id = CAST(x'9b1bff' AS TEXT) WHERE id = 'cart-2'");
    let (_, err) = orders.partly(&["runs", "--limit", "2"]);
    assert!(err.starts_with("run `\u{fffd}\\u{1b}\u{fffd}` cannot be read: "), "{err}");
    assert!(err.contains("there are more than these 2"), "{err}");
    assert!(orders.prints(&["show", "cart-1"]).contains("no stock"));
    orders.spoil("UPDATE run SET inputs = CAST(x'ff' AS TEXT) WHERE id = 'cart-3'");
    assert!(orders.fails(&["show", "cart-3"]).contains("run `cart-3`"));
}

#[tokio::test]
async fn a_record_that_cannot_be_read_hides_no_other() {
    let orders = Orders::new().await;
    let epoch = orders.start("cart-1").await;
    orders.write("cart-1", epoch, "stock", Kind::Step, "3").await;
    orders.write("cart-1", epoch, "parcels", Kind::Items, "1").await;
    orders.write("cart-1", epoch, "parcels[0].label", Kind::Step, "\"L0\"").await;
    orders.spoil("UPDATE record SET attempts = -1 WHERE path = 'parcels'");
    let (out, err) = orders.partly(&["show", "cart-1"]);
    assert!(out.contains("├─ ✓ stock") && out.contains("parcels[0].label  2023"), "{out}");
    let damage = "record of `parcels`: Integer -1 out of range at index 6";
    assert!(out.ends_with(&format!("\n\nCANNOT BE READ\n{damage}\n")), "{out}");
    assert_eq!(err, "error: 1 part of run `cart-1` in journal `JOURNAL` cannot be read\n");

    let (out, _) = orders.partly(&["show", "cart-1", "--json"]);
    let run: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(run["records"].as_array().unwrap().len(), 2);
    assert_eq!(run["unreadable"][0]["path"], "parcels");
    assert_eq!(run["unreadable"][0]["problem"], "Integer -1 out of range at index 6");

    let (page, _) = orders.partly(&["export", "cart-1", "--html", "-"]);
    assert!(page.contains("cannot be read: record of `parcels`") && page.contains("label"));
    assert!(orders.prints(&["runs"]).contains("cart-1"));
}

#[tokio::test]
async fn signals_that_cannot_be_read_hide_no_record() {
    let orders = Orders::new().await;
    let epoch = orders.start("cart-1").await;
    orders.write("cart-1", epoch, "stock", Kind::Step, "3").await;
    orders.prints(&["signal", "cart-1", "approval", "1"]);
    orders.spoil("UPDATE signal SET value = CAST(x'ff' AS TEXT)");
    let (out, _) = orders.partly(&["show", "cart-1"]);
    assert!(out.contains("stock  2023"), "{out}");
    assert!(out.contains("\n\nCANNOT BE READ\na signal `approval`, so that none is"), "{out}");
}
