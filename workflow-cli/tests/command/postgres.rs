//! A journal on a server.

use std::time::Duration;

use workflow_journal::{Claim, Claimed, End, JournalStore, NewRun, PostgresStore, StoredState};

use crate::server::Server;
use crate::support::{Output, command, finish};

#[tokio::test]
async fn works_on_a_server() {
    let Some(server) = Server::start().await else { return };
    let url = server.database("orders").await;
    let workflow = |arguments: &[&str]| {
        let mut command = command(arguments);
        command.env("WORKFLOW_JOURNAL", &url);
        finish(command, "")
    };
    let store = PostgresStore::connect(&url).await.unwrap();
    let run = NewRun::new("cart-1", "checkout", "{}", "{}");
    let claim = Claim::new("host-7", Duration::from_secs(3600));
    let Claimed::Held { epoch, .. } = store.claim(&run, &claim).await.unwrap() else {
        panic!("the run is free");
    };
    store.finish("cart-1", epoch, End::Failed("no stock".into())).await.unwrap();

    let Output { code, out, err } = workflow(&["runs", "--state", "failed", "--json"]);
    assert_eq!((code, &*err), (0, ""));
    assert_eq!(serde_json::from_str::<serde_json::Value>(&out).unwrap()[0]["error"], "no stock");

    let Output { code, err, .. } = workflow(&["retry", "cart-1"]);
    assert_eq!((code, &*err), (0, ""));
    let state = store.run("cart-1").await.unwrap().unwrap().state;
    assert_eq!(state, StoredState::Unfinished);

    let Output { code, err, .. } = workflow(&["show", "cart-2"]);
    assert_eq!(code, 1);
    let place = url.replace(":secret", "");
    assert_eq!(err, format!("error: there is no run `cart-2` in journal `{place}`\n"));

    let Output { code, err, .. } = workflow(&["delete", "cart-1"]);
    assert_eq!(code, 1);
    assert!(err.ends_with(" is unfinished: cancel it first\n"), "{err}");
    for number in 0..150 {
        let run = NewRun::new(format!("cart-{number}"), "checkout", "{}", "{}");
        let Claimed::Held { epoch, .. } = store.claim(&run, &claim).await.unwrap() else {
            panic!("the run is free");
        };
        store.finish(&run.id, epoch, End::Completed("7".into())).await.unwrap();
    }
    let Output { code, out, err } = workflow(&["runs", "--limit", "1", "--sizes", "--json"]);
    assert_eq!(code, 0, "{err}");
    let listed: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((&listed[0]["id"], &listed[0]["record_bytes"]), (&"cart-149".into(), &0.into()));
    let changed_at = listed[0]["changed"].as_str().unwrap();
    assert!(err.contains(&format!("`--after cart-149 --changed-at {changed_at}`")), "{err}");
    let next =
        ["runs", "--limit", "1", "--json", "--after", "cart-149", "--changed-at", changed_at];
    let Output { out, .. } = workflow(&next);
    assert!(out.contains("\"cart-148\""), "{out}");

    let Output { code, out, err } = workflow(&["delete", "cart-0"]);
    assert_eq!((code, &*out, &*err), (0, "deleted run `cart-0`\n", ""));
    let sweep = ["sweep", "--completed", "0s", "--dry-run"];
    let Output { out, .. } = workflow(&sweep);
    assert_eq!(out, "would delete 149 completed runs\n");
    let Output { code, out, err } = workflow(&sweep[..3]);
    assert_eq!((code, &*out, &*err), (0, "deleted 149 completed runs\n", ""));
    let Output { code, out, err } = workflow(&["vacuum"]);
    assert_eq!((code, &*err), (0, ""));
    assert!(out.starts_with("PostgreSQL "), "{out}");
}
