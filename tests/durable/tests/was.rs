//! `#[was]`: what a declaration was before.
#![deny(warnings, missing_docs, unsafe_code, clippy::all, clippy::pedantic, clippy::nursery)]

use workflow_runtime::{Node, step, workflow};

struct Shop;

impl Shop {
    #[step]
    #[allow(clippy::unused_self)]
    async fn ask(&self, number: u32) -> Result<u32, String> {
        tokio::task::yield_now().await;
        Ok(number)
    }
}

workflow! {
    /// Everything that may have had another name.
    #[durable]
    async fn renamed(shop: &Shop, number: u32) -> Result<u32, String> {
        #[was(payment, charge_2)]
        #[was(function = bank::charge, function = shop.charge)]
        let receipt = shop.ask(number).await?;
        #[was(output = "Vec<u8>", output = "Bytes", function = ".fetch", function = fetch::<u8>)]
        let page = shop.ask(receipt).await?;
        #[was(r#type)]
        #[record]
        let kind = page + 1;
        #[was(r#match)]
        let chosen = if kind > 1 {
            #[was(stock)]
            let inner = shop.ask(kind).await?;
            inner
        } else {
            0
        };
        #[was(items,)]
        let all = for number in 0..chosen.min(2) {
            shop.ask(number).await?
        };
        let last = shop.ask(all.len().try_into().unwrap_or_default()).await?;
        Ok(last)
    }

    /// The same without.
    #[durable]
    async fn plain(shop: &Shop, number: u32) -> Result<u32, String> {
        let receipt = shop.ask(number).await?;
        let page = shop.ask(receipt).await?;
        #[record]
        let kind = page + 1;
        let chosen = if kind > 1 {
            let inner = shop.ask(kind).await?;
            inner
        } else {
            0
        };
        let all = for number in 0..chosen.min(2) {
            shop.ask(number).await?
        };
        let last = shop.ask(all.len().try_into().unwrap_or_default()).await?;
        Ok(last)
    }
}

fn node(path: &str) -> &'static Node {
    renamed::GRAPH.node(path).expect("it is there")
}

#[tokio::test]
async fn the_graph_says_what_a_declaration_was() {
    let receipt = node("receipt");
    assert_eq!(receipt.former_names(), ["payment", "charge_2"]);
    assert_eq!(receipt.former_functions(), ["bank::charge", "shop.charge"]);
    assert_eq!(receipt.former_outputs(), [""; 0]);
    let page = node("page");
    assert_eq!(page.former_functions(), [".fetch", "fetch::<u8>"]);
    assert_eq!(page.former_outputs(), ["Vec<u8>", "Bytes"]);
    assert_eq!(node("kind").former_names(), ["type"]);
    assert_eq!(node("chosen").former_names(), ["match"]);
    assert_eq!(node("chosen.inner").former_names(), ["stock"]);
    assert_eq!(node("all").former_names(), ["items"]);
    assert_eq!(node("last").former_names(), [""; 0]);
    assert_eq!(renamed(&Shop, 1).await, plain(&Shop, 1).await);
}

#[test]
fn it_is_no_part_of_what_the_graph_shows() {
    let alike = |text: String| text.replace("renamed", "plain");
    let (with, without) = (renamed::GRAPH, plain::GRAPH);
    assert_eq!(alike(with.to_string()), without.to_string());
    assert_eq!(alike(with.to_mermaid()), without.to_mermaid());
    let data = serde_json::to_string(&with).expect("it is data");
    for shown in [data, with.to_dot(), with.to_svg()] {
        for former in ["payment", "charge_2", "bank::charge", "Bytes", "former", "was\""] {
            assert!(!shown.contains(former), "`{former}` in {shown}");
        }
    }
}
