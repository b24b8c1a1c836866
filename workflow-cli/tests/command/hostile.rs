//! Journals that somebody has made or damaged to do harm: no text of theirs does anything to a
//! terminal, and none takes all of the time or the stack.

use std::fs::{self, File};
use std::process::Stdio;
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use workflow_graph::visible::is_hidden;
use workflow_journal::{
    Claim, Claimed, End, JournalStore as _, Kind, NewRun, Record, SentSignal, Timestamp,
};

use crate::support::{Orders, Output, command};

/// Colours, the title, the cursor; C1; the writing direction; nothing at all.
const EVIL: &str =
    "\u{1b}[2J\u{1b}]0;x\u{7}\u{9b}31m\u{202e}\u{2066}\u{61c}\u{200f}\u{200b}\u{feff}\r\t";

fn evil(text: &str) -> String {
    format!("{text}{EVIL}")
}

fn record(path: &str, kind: Kind, output: &str) -> Record {
    let mut record = Record::new(path, kind, output, Timestamp(1_700_000_000_456));
    record.started = Timestamp(1_700_000_000_123);
    record
}

impl Orders {
    async fn start_with(&self, id: &str, workflow: &str, graph: &Value) -> i64 {
        // As a text, it would be escaped.
        let inputs = format!("{{\"\u{202e}\u{9b}\":\r\t\"{}\u{7f}\u{e0041}\"}}", '\u{200b}');
        let run = NewRun::new(id, workflow, inputs, graph.to_string());
        let claim = Claim::new(evil("holder"), Duration::from_secs(3600));
        match self.store.claim(&run, &claim).await.unwrap() {
            Claimed::Held { epoch, .. } => epoch,
            other => panic!("run `{id}` is free: {other:?}"),
        }
    }

    /// Runs the command, for a minute at most: a generous limit, against hangs.
    #[track_caller]
    fn ends(&self, arguments: &[&str]) -> Output {
        let (out, err) = (self.path().with_extension("out"), self.path().with_extension("err"));
        let mut command = command(arguments);
        command.arg("--journal").arg(self.path());
        command.stdin(Stdio::null());
        command.stdout(File::create(&out).unwrap()).stderr(File::create(&err).unwrap());
        let mut child = command.spawn().unwrap();
        let start = Instant::now();
        let status = loop {
            if let Some(status) = child.try_wait().unwrap() {
                break status;
            }
            if start.elapsed() > Duration::from_secs(60) {
                child.kill().unwrap();
                child.wait().unwrap();
                panic!("{arguments:?} goes on and on");
            }
            sleep(Duration::from_millis(5));
        };
        Output {
            code: status.code().expect("it was not killed"),
            out: fs::read_to_string(out).unwrap(),
            err: fs::read_to_string(err).unwrap(),
        }
    }

    /// `show`, `show --json` and `export`, which all must end well.
    #[track_caller]
    fn shown(&self, id: &str) -> [String; 3] {
        let shown = |arguments: &[&str]| {
            let Output { code, out, err } = self.ends(arguments);
            assert_eq!((code, &*err), (0, ""), "{arguments:?} prints {out:.3000}");
            out
        };
        let json = shown(&["show", id, "--json"]);
        assert!(serde_json::from_str::<Value>(&json).is_ok(), "{json:.3000}");
        [shown(&["show", id]), json, shown(&["export", id, "--html", "-"])]
    }
}

#[track_caller]
fn assert_plain(text: &str) {
    let hidden = |c: char| is_hidden(c) && c != '\n';
    assert!(!text.contains(hidden), "{text:?}");
}

fn step(path: &str, needs: &[usize], at: usize) -> (Value, Vec<Value>) {
    let node = json!({"path": path, "kind": "step", "function": "work", "file": "", "line": 1, "parent": null});
    let needs = needs.iter().map(|from| json!({"from": {"node": from}, "to": at, "kind": "data"}));
    (node, needs.collect())
}

fn graph(steps: impl Iterator<Item = (Value, Vec<Value>)>) -> Value {
    let (nodes, edges): (Vec<_>, Vec<_>) = steps.unzip();
    json!({"name": "large", "inputs": [], "nodes": nodes, "edges": edges.concat()})
}

#[tokio::test]
async fn no_text_of_a_journal_gets_to_the_terminal_as_it_is() {
    let orders = Orders::new().await;
    let graph = json!({
        "name": evil("graph"),
        "inputs": [evil("input")],
        "nodes": [
            {"path": evil("stock"), "kind": "step", "function": evil("reserve"), "file": evil("f"), "line": 1, "parent": null},
            {"path": "parcels", "kind": "fan-out", "concurrency": evil("many"), "function": null, "file": "", "line": 1, "parent": null},
            {"path": "payment", "kind": "branch", "arms": [evil("arm"), "else"], "function": null, "file": "", "line": 1, "parent": null},
        ],
        "edges": [{"from": {"node": 0}, "to": 1, "kind": "data"}],
    });
    let id = evil("cart");
    let epoch = orders.start_with(&id, &evil("checkout"), &graph).await;
    let error = serde_json::to_string(&evil("no money")).unwrap();
    for (path, kind, output) in [
        (evil("stock"), Kind::Step, &*evil("no JSON")),
        (evil("parcels"), Kind::Items, "\u{202e}2"),
        (evil("pause"), Kind::Timer, "\u{9b}7"),
        (evil("order"), Kind::Failure, &error),
        (evil("stock"), Kind::Compensation, &error),
        (String::new(), Kind::Compensation, &error),
    ] {
        orders.store.write(&id, epoch, record(&path, kind, output)).await.unwrap();
    }
    let signal = SentSignal::new(evil("go"), evil("v"), Timestamp(0));
    orders.store.send(&id, signal).await.unwrap();

    let all = |outputs: &mut Vec<Output>| {
        for arguments in [
            &["runs"][..],
            &["runs", "--json"],
            &["show", &id],
            &["show", &id, "--json"],
            &["export", &id, "--html", "-"],
            &["cancel", &id],
            &["signal", &id, &evil("name"), "1"],
            &["signal", &id, &evil("name"), "{"],
            &["retry", &id],
            &["show", &evil("other")],
            &["export", &id, "--html", &evil("/nowhere/")],
        ] {
            outputs.push(orders.ends(arguments));
        }
    };
    let mut outputs = Vec::new();
    all(&mut outputs);
    orders.end(&id, epoch, End::Failed(format!("{}\n{}", evil("first"), evil("second")))).await;
    all(&mut outputs);
    for Output { out, err, .. } in &outputs {
        // The page's own style has tabs, which do nothing there.
        assert_plain(&if out.starts_with("<!DOCTYPE") {
            out.replace('\t', " ")
        } else {
            out.clone()
        });
        assert_plain(err);
    }
    for (at, shown) in [
        (
            0,
            "cart\\u{1b}[2J\\u{1b}]0;x\\u{7}\\u{9b}31m\\u{202e}\\u{2066}\\u{61c}\\u{200f}\\u{200b}\\u{feff}\\r\\t",
        ),
        (
            1,
            "checkout\\u001b[2J\\u001b]0;x\\u0007\\u009b31m\\u202e\\u2066\\u061c\\u200f\\u200b\\ufeff\\r\\t",
        ),
        (1, "{\"\\u202e\\u009b\":  \"\\u200b\\u007f\\udb40\\udc41\"}"),
        (2, "stock\\u{1b}"),
        (4, "stock\\u{1b}"),
        (5, "holder\\u{1b}"),
        (19, "of `checkout\\u{1b}"),
    ] {
        assert!(outputs[at].out.contains(shown), "{} in {}", shown, outputs[at].out);
    }
}

#[tokio::test]
async fn a_graph_that_is_too_large_leaves_the_rest_to_be_shown() {
    let orders = Orders::new().await;
    let nested = (0..3_000).map(|at| {
        let path = vec!["b"; at + 1].join(".");
        let parent = if at == 0 { Value::Null } else { json!({"node": at - 1, "arm": 0}) };
        json!({"path": path, "kind": "block", "function": null, "file": "", "line": 1, "parent": parent})
    });
    let nested =
        json!({"name": "deep", "inputs": [], "nodes": nested.collect::<Vec<_>>(), "edges": []});
    let chain = graph(
        (0..20_000_usize).map(|at| step(&format!("s{at}"), at.checked_sub(1).as_slice(), at)),
    );
    let dense = graph((0..300).map(|at| step(&format!("s{at}"), &(0..at).collect::<Vec<_>>(), at)));
    for (id, graph, said) in [
        ("nested", nested, "the graph has 3,000 steps; it is not drawn above 2,000"),
        ("chain", chain, "the graph has 20,000 steps; it is not drawn above 2,000"),
        ("dense", dense, "the graph has 44,850 dependencies; it is not drawn above 20,000"),
    ] {
        let epoch = orders.start_with(id, "checkout", &graph).await;
        orders.store.write(id, epoch, record("s1", Kind::Step, "17")).await.unwrap();
        let [shown, json, page] = orders.shown(id);
        assert!(shown.contains(&format!("\n\n{said}\n\nSTEP")), "{shown:.3000}");
        assert!(shown.contains("s1    2023-11-14"), "{shown:.3000}");
        assert!(page.contains(said) && page.contains("<h2 id=\"timeline\">"), "{page:.3000}");
        assert!(json.contains("\"output\": 17"), "{json:.3000}");
    }
}

#[tokio::test]
async fn a_graph_that_is_just_small_enough_is_drawn() {
    let orders = Orders::new().await;
    // Values one after the other, from the last to the first, are worked out from the end.
    let values = (0..1_999_usize).map(|at| {
        let node = json!({"path": format!("v{at}"), "kind": "value", "function": null, "file": "", "line": 1, "parent": null});
        (node, vec![json!({"from": {"node": at + 1}, "to": at, "kind": "data"})])
    });
    let chain = graph(values.chain([step("s", &[], 1_999)]));
    let epoch = orders.start_with("chain", "checkout", &chain).await;
    orders.store.write("chain", epoch, record("s", Kind::Step, "17")).await.unwrap();
    let [shown, _, page] = orders.shown("chain");
    assert!(shown.contains("├─ ✓ s      work\n├─ ✓ v1998  value  ← s\n"), "{shown:.3000}");
    assert!(shown.contains("└─ ✓ v0     value  ← v1\n"), "{shown:.3000}");
    assert!(page.contains("v1998"));

    let wide = graph((0..190).map(|at| step(&format!("s{at}"), &(0..at).collect::<Vec<_>>(), at)));
    let epoch = orders.start_with("wide", "checkout", &wide).await;
    for at in 0..190 {
        let path = format!("s{at}");
        orders.store.write("wide", epoch, record(&path, Kind::Step, "1")).await.unwrap();
    }
    let [shown, _, page] = orders.shown("wide");
    assert!(shown.contains("└─ ✓ s189  work"), "{shown:.3000}");
    assert!(page.contains("arrows pass more than 30,000 places; it is not drawn"), "{page:.3000}");
}

#[tokio::test]
async fn long_paths_are_cut_and_left_out_of_the_page() {
    let orders = Orders::new().await;
    let epoch = orders.start_with("cart-1", "checkout", &graph([].into_iter())).await;
    let positions = (0..300_000).map(|at| format!("[{at}]")).collect::<Vec<_>>().concat();
    for path in [
        format!("long{}", "x".repeat(20_000_000)),
        format!("dots{}", ".x".repeat(1_000_000)),
        format!("items{positions}"),
        format!("open{}", "[".repeat(300_000)),
    ] {
        orders.store.write("cart-1", epoch, record(&path, Kind::Step, "17")).await.unwrap();
        orders.store.write("cart-1", epoch, record(&path, Kind::Compensation, "1")).await.unwrap();
    }
    orders.store.write("cart-1", epoch, record("stock", Kind::Step, "17")).await.unwrap();
    let [shown, json, page] = orders.shown("cart-1");
    assert!(shown.contains("longxxx") && shown.contains("…xxx"), "{shown:.3000}");
    assert!(shown.contains("[299999]"), "{shown:.3000}");
    assert!(shown.len() < 10_000, "{}", shown.len());
    assert!(json.len() > 20_000_000, "JSON has it whole");
    assert!(page.contains("8 records left out: the path has more than 2000 bytes"), "{page:.3000}");
    assert!(page.contains("stock") && page.len() < 100_000, "{}", page.len());
}

#[tokio::test]
async fn large_values_are_cut() {
    let orders = Orders::new().await;
    let large = format!("\"{}\"", "\u{202e}".repeat(3_000_000));
    let id = "i".repeat(100_000);
    let epoch = orders.start_with(&id, &large, &json!({"name": 1})).await;
    orders.store.write(&id, epoch, record("stock", Kind::Step, &large)).await.unwrap();
    orders.store.write(&id, epoch, record("order", Kind::Failure, &large)).await.unwrap();
    orders.end(&id, epoch, End::Failed("lost\n".repeat(2_000_000))).await;
    let shown = orders.ends(&["show", &id]);
    assert_eq!((shown.code, &*shown.err), (0, ""));
    assert!(shown.out.len() < 200_000, "{}", shown.out.len());
    assert!(shown.out.contains("the graph cannot be read: "), "{:.3000}", shown.out);
    assert!(shown.out.contains("… and 9,980,000 bytes more"), "{:.3000}", shown.out);
    let runs = orders.ends(&["runs"]);
    assert!(runs.out.len() < 2_000, "{}", runs.out.len());
}

#[tokio::test]
async fn large_labels_are_cut() {
    let orders = Orders::new().await;
    let large = "x".repeat(20_000_000);
    let mut large_step = step(&large, &[], 0);
    large_step.0["function"] = large.as_str().into();
    let needs = (1..200).map(|at| step(&format!("s{at}"), &[0], at));
    let graph = graph([large_step].into_iter().chain(needs));
    let epoch = orders.start_with("cart-1", "checkout", &graph).await;
    orders.store.write("cart-1", epoch, record("s1", Kind::Step, "17")).await.unwrap();
    let [shown, _, page] = orders.shown("cart-1");
    assert!(shown.contains("✓ s1    work") && shown.len() < 200_000, "{shown:.3000}");
    assert!(page.contains("xxx…xxx") && page.len() < 500_000, "{}", page.len());
}
