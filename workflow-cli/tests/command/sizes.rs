//! `workflow runs --sizes`.

use serde_json::Value;
use workflow_journal::Kind;

use crate::support::Orders;

#[tokio::test]
async fn shows_what_the_records_of_each_run_take() {
    let orders = Orders::new().await;
    orders.start("empty").await;
    tokio::time::sleep(std::time::Duration::from_millis(3)).await;
    let epoch = orders.start("large").await;
    orders.write("large", epoch, "stock", Kind::Step, &"7".repeat(5000)).await;
    orders.write("large", epoch, "stock", Kind::Attempt, "null").await;

    let table = orders.prints(&["runs", "--sizes"]);
    let line = |at: usize| table.lines().nth(at).unwrap_or_default().to_owned();
    assert!(line(0).ends_with("CHANGED  SIZE     HELD BY"), "{table}");
    assert!(line(1).starts_with("large ") && line(1).contains("  4.9 KiB  process"), "{table}");
    assert!(line(2).starts_with("empty ") && line(2).contains("  0 B      process"), "{table}");

    let json =
        |arguments: &[&str]| -> Value { serde_json::from_str(&orders.prints(arguments)).unwrap() };
    let runs = json(&["runs", "--sizes", "--json"]);
    // Two paths, two outputs, two fingerprints of `{}`.
    assert_eq!(runs[0]["record_bytes"], 2 * 5 + 5000 + 4 + 2 * 2);
    assert_eq!(runs[1]["record_bytes"], 0);
    assert_eq!(json(&["runs", "--json"])[0].get("record_bytes"), None);
}
