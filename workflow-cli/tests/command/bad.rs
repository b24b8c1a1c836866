//! What cannot be done.

use std::fs;

use crate::support::{Orders, Output, command, finish};

const ALL: [&[&str]; 9] = [
    &["runs"],
    &["show", "cart-1"],
    &["signal", "cart-1", "note", "1"],
    &["retry", "cart-1"],
    &["cancel", "cart-1"],
    &["export", "cart-1", "--html", "-"],
    &["delete", "cart-1"],
    &["sweep", "--completed", "30d"],
    &["vacuum"],
];

fn on(journal: &str, arguments: &[&str]) -> Output {
    let mut command = command(arguments);
    command.args(["--journal", journal]);
    finish(command, "")
}

#[test]
fn no_command_makes_a_journal() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("orders.db");
    let name = path.to_str().unwrap();
    for arguments in ALL {
        let Output { code, out, err } = on(name, arguments);
        assert_eq!((code, &*out), (1, ""), "{arguments:?}");
        assert_eq!(err, format!("error: there is no journal `{name}`: no such file\n"));
    }
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 0, "nothing was made");

    fs::write(&path, "").unwrap();
    let Output { code, err, .. } = on(name, &["runs"]);
    assert_eq!(code, 1);
    assert_eq!(err, format!("error: `{name}` is an empty file, and no journal yet\n"));
    assert_eq!(fs::read(&path).unwrap(), b"");

    fs::write(&path, "no journal").unwrap();
    let Output { code, err, .. } = on(name, &["runs"]);
    assert_eq!(code, 1);
    assert_eq!(
        err,
        format!("error: {name} cannot be used as a journal: it is no SQLite database\n")
    );
}

#[tokio::test]
async fn an_unknown_run_is_named() {
    let orders = Orders::new().await;
    for arguments in [ALL[1], ALL[3], ALL[4], ALL[5], ALL[6]] {
        assert_eq!(
            orders.fails(arguments),
            "error: there is no run `cart-1` in journal `JOURNAL`\n",
            "{arguments:?}"
        );
    }
}

#[test]
fn bad_usage_is_another_code() {
    for arguments in [
        &["runs"][..],
        &["runs", "--journal", ""],
        &["dance", "--journal", "orders.db"],
        &["runs", "--journal", "orders.db", "--state", "lost"],
        &["runs", "--journal", "orders.db", "--older-than", "long"],
        &["runs", "--journal", "orders.db", "--limit", "some"],
        &["runs", "--journal", "orders.db", "--after", "cart-1", "--changed-at", "noon"],
        &["runs", "--journal", "orders.db", "--changed-at", "2026-11-24T14:56:13.411Z"],
        &["show", "--journal", "orders.db"],
        &["delete", "--journal", "orders.db"],
        &["sweep", "--journal", "orders.db"],
        &["sweep", "--journal", "orders.db", "--workflow", "checkout", "--dry-run"],
        &["sweep", "--journal", "orders.db", "--completed", "long"],
    ] {
        let Output { code, out, err } = finish(command(arguments), "");
        assert_eq!((code, &*out), (2, ""), "{arguments:?}: {err}");
        assert!(err.starts_with("error: "), "{err}");
    }
}

#[test]
fn a_password_is_not_shown() {
    // Nobody listens at that port.
    let Output { code, err, .. } = on("postgres://app:secret@127.0.0.1:1/orders", &["runs"]);
    assert_eq!(code, 1);
    assert!(err.contains("127.0.0.1:1") && !err.contains("secret"), "{err}");
}
