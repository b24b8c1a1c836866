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
}
