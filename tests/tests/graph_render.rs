//! The pictures of graphs. Whether Mermaid and Graphviz take them, and show every
//! text as it is, `render/check.mjs` checks with the real programs.

use proptest::prelude::*;
use serde_json::json;
use workflow_runtime::{Edge, EdgeKind, Graph, Node, NodeKind, Parent, Source};
use workflow_tests::graphs::{DIAMOND, NESTED, any_graph};

#[test]
fn a_terminal_shows_each_node_below_what_it_needs() {
    assert_eq!(
        NESTED.to_string(),
        "\
process_order(order, limits)
├─ risk      assess_risk                  ← order
├─ decision  branch                       ← risk
│  ├─ Risk::High =>
│  │  ├─ freeze_account                    ← order
│  │  └─ report          accounts::report  after freeze_account
│  ├─ Risk::Low if order.total < 10_000 =>
│  └─ _ =>
│     └─ approval  review  ← limits
├─ pages     for each, at most 8 at once  ← order
│  ├─ fetched  fetch
│  └─ kept     branch  ← fetched
│     ├─ fetched.is_new() =>
│     │  └─ store    ← fetched
│     └─ else =>
├─ summary   block
│  ├─ totals  workflow count_all  ← pages
│  └─ mean    value               ← totals
├─ receipt   finish                       ← decision, summary
└─ mail                                   ← order; after receipt, pages"
    );
}

#[test]
fn a_terminal_breaks_long_lists_of_needs() {
    const INPUTS: &[&str] = &["a_long_name_of_an_input_that_is_needed"; 4];
    const NODES: &[Node] = &[
        Node::new("both", NodeKind::Block, None, "a.rs", 1, None),
        Node::new("both.one", NodeKind::Step, Some("work"), "a.rs", 2, Some(Parent::new(0, 0))),
        Node::new("last", NodeKind::Value, None, "a.rs", 3, None),
    ];
    const EDGES: &[Edge] = &[
        needs_input(0, 0),
        needs_input(1, 0),
        needs_input(2, 0),
        needs_input(0, 2),
        needs_input(1, 2),
        needs_input(3, 2),
    ];
    let picture = Graph::new("name", INPUTS, NODES, EDGES).to_string();
    let lines: Vec<_> = picture.lines().skip(1).collect();
    assert_eq!(
        lines,
        [
            "├─ both  block  ← a_long_name_of_an_input_that_is_needed, a_long_name_of_an_input_that_is_needed,",
            "│  │            a_long_name_of_an_input_that_is_needed",
            "│  └─ one  work",
            "└─ last  value  ← a_long_name_of_an_input_that_is_needed, a_long_name_of_an_input_that_is_needed,",
            "                a_long_name_of_an_input_that_is_needed",
        ]
    );
}

const fn needs_input(input: usize, to: usize) -> Edge {
    Edge::new(Source::Input(input), to, EdgeKind::Data)
}

#[test]
fn no_picture_holds_a_control_character() {
    const NODES: &[Node] = &[Node::new("a\u{1b}[2Jb", NodeKind::Value, None, "a.rs", 1, None)];
    let graph = Graph::new("name\0", &["tab\tbed", "\u{9b}"], NODES, &[]);
    for picture in [graph.to_string(), graph.to_mermaid(), graph.to_dot()] {
        assert!(!picture.contains(|c: char| c.is_control() && c != '\n'), "{picture:?}");
        assert!(picture.contains("u{1b}"), "{picture}");
        assert!(picture.contains("tab bed"), "{picture}");
    }
}

#[test]
fn mermaid_nests_scopes() {
    assert_eq!(
        NESTED.to_mermaid(),
        r#"---
title: "process_order"
---
flowchart TB
    i0(["order"])
    i1(["limits"])
    n0["receipt<br/>finish"]
    n1["risk<br/>assess_risk"]
    n2{"decision"}
    subgraph n2a0["Risk::High"]
        n3["freeze_account"]
        n4["report<br/>accounts::report"]
    end
    n2 ==> n2a0
    n2a1("Risk::Low if order.total #lt; 10_000")
    n2 ==> n2a1
    subgraph n2a2["_"]
        n5["approval<br/>review"]
    end
    n2 ==> n2a2
    subgraph n6["pages<br/>for each, at most 8 at once"]
        n7["fetched<br/>fetch"]
        n8{"kept"}
        subgraph n8a0["fetched.is_new()"]
            n9["store"]
        end
        n8 ==> n8a0
        n8a1("else")
        n8 ==> n8a1
    end
    subgraph n10["summary"]
        n11[["totals<br/>count_all"]]
        n12("mean")
    end
    n13["mail"]
    n2a0 --> n0
    n2a1 --> n0
    n2a2 --> n0
    n10 --> n0
    i0 --> n1
    n1 --> n2
    i0 --> n3
    n3 -.-> n4
    i1 --> n5
    i0 --> n6
    n7 --> n8
    n7 --> n9
    n6 --> n11
    n11 --> n12
    i0 --> n13
    n0 -.-> n13
    n6 -.-> n13
"#
    );
}

#[test]
fn edges_leave_a_branch_without_arms() {
    const NODES: &[Node] = &[
        Node::new("never", NodeKind::Branch { arms: &[] }, None, "a.rs", 1, None),
        Node::new("after", NodeKind::Value, None, "a.rs", 2, None),
    ];
    const EDGES: &[Edge] = &[Edge::new(Source::Node(0), 1, EdgeKind::Data)];
    let graph = Graph::new("name", &[], NODES, EDGES);
    assert!(graph.to_mermaid().contains("n0 --> n1"));
    assert!(graph.to_dot().contains("n0 -> n1"));
}

#[test]
fn dot_cuts_edges_at_clusters() {
    let dot = NESTED.to_dot();
    for line in [
        "subgraph cluster_n2a0 {",
        "label=\"Risk::High\"",
        "n2 -> n3 [style=bold, lhead=cluster_n2a0]",
        "i0 -> n7 [style=solid, lhead=cluster_n6]",
        "n4 -> n0 [style=solid, ltail=cluster_n2a0]",
        // Below all that the cluster ends with, not only below the first.
        "n9 -> n13 [style=dashed, ltail=cluster_n6]",
        "n8a1 -> n13 [style=invis]",
        "n3 -> n4 [style=dashed]",
        "tooltip=\"decision.report\\nsrc/main.rs:7\"",
    ] {
        assert!(dot.contains(line), "no {line} in\n{dot}");
    }
}

#[test]
fn json_is_flat() {
    let graph = serde_json::to_value(NESTED).unwrap();
    assert_eq!(graph["name"], "process_order");
    assert_eq!(graph["inputs"], json!(["order", "limits"]));
    assert_eq!(
        graph["nodes"][3],
        json!({
            "path": "decision.freeze_account",
            "kind": "step",
            "function": "freeze_account",
            "file": "src/main.rs",
            "line": 7,
            "parent": {"node": 2, "arm": 0},
        })
    );
    let branch = &graph["nodes"][2];
    assert_eq!(branch["kind"], "branch");
    assert_eq!(branch["arms"][0], "Risk::High");
    assert_eq!(branch["function"], json!(null));
    let fan_out = &graph["nodes"][6];
    assert_eq!((&fan_out["kind"], &fan_out["concurrency"]), (&json!("fan-out"), &json!("8")));
    assert_eq!(graph["edges"][2], json!({"from": {"input": 0}, "to": 1, "kind": "data"}));
    assert_eq!(graph["edges"][5], json!({"from": {"node": 3}, "to": 4, "kind": "order"}));
    assert_eq!(serde_json::to_value(DIAMOND).unwrap()["nodes"][0]["parent"], json!(null));
}

#[test]
fn svg_cuts_long_text_and_has_all_of_it_as_a_tooltip() {
    const LONG: &str = "start_of_a_name_that_is_too_long_for_any_box_数量_and_its_end";
    const NODES: &[Node] = &[Node::new(LONG, NodeKind::Step, Some("<&\"'>"), "", 1, None)];
    let svg = Graph::new("long", &[], NODES, &[]).to_svg();
    assert!(svg.contains(&format!("<title>{LONG} &lt;&amp;&quot;&#39;&gt;</title>")), "{svg}");
    let (_, rest) = svg.split_once(r#"<text class="name""#).unwrap();
    let shown = rest.split(['<', '>']).nth(1).unwrap();
    let (start, end) = shown.split_once('…').unwrap();
    assert!(LONG.starts_with(start) && LONG.ends_with(end), "{shown}");
    assert!((28..=32).contains(&shown.chars().count()), "{shown}");
}

#[test]
fn svg_takes_more_classes_for_a_report() {
    let classes = |node| (node == 1).then(|| "failed".to_owned());
    let svg = DIAMOND.to_svg_with(&classes);
    assert!(svg.contains(r#"<g class="node step failed" data-node="1">"#), "{svg}");
    assert_eq!(svg.replace(" failed", ""), DIAMOND.to_svg());
}

#[test]
fn svg_dashes_what_only_waits_and_marks_what_leads_to_an_arm() {
    let svg = NESTED.to_svg();
    for class in ["edge data", "edge order", "edge to-arm"] {
        assert!(svg.contains(&format!(r#"<path class="{class}""#)), "{class} in {svg}");
    }
    assert!(svg.contains(".edge.order{stroke-dasharray"), "{svg}");
    assert!(svg.contains("Risk::Low if order.total &lt; 10_000"), "{svg}");
}

/// Whether `node` stands in `scope`, at any depth.
fn holds(graph: &Graph, scope: usize, node: usize) -> bool {
    let parent = graph.nodes()[node].parent();
    parent.is_some_and(|parent| parent.node == scope || holds(graph, scope, parent.node))
}

proptest! {
    #[test]
    fn mermaid_draws_each_node_and_edge(graph in any_graph()) {
        let mermaid = graph.to_mermaid();
        let lines: Vec<_> = mermaid.lines().map(str::trim_start).collect();
        let count = |start: &str| lines.iter().filter(|line| line.starts_with(start)).count();

        prop_assert_eq!(count("subgraph "), lines.iter().filter(|line| **line == "end").count());
        for node in 0..graph.nodes().len() {
            let shapes = ["[", "(", "{"].map(|open| count(&format!("n{node}{open}")));
            let frames = count(&format!("subgraph n{node}["));
            prop_assert_eq!(shapes.iter().sum::<usize>() + frames, 1, "{}", mermaid);
        }
        for edge in graph.edges() {
            let (tail, nested) = match edge.from {
                Source::Input(input) => (format!("i{input}"), false),
                Source::Node(from) => {
                    let arms = matches!(graph.nodes()[from].kind(), NodeKind::Branch { .. });
                    let arm = if arms { "a0" } else { "" };
                    (format!("n{from}{arm}"), holds(&graph, from, edge.to))
                }
                other => panic!("nothing draws an edge from {other:?}"),
            };
            let arrow = if edge.kind == EdgeKind::Data { "-->" } else { "-.->" };
            let line = format!("{tail} {arrow} n{}", edge.to);
            prop_assert_eq!(lines.contains(&line.as_str()), !nested, "{} in\n{}", line, mermaid);
        }
    }

    #[test]
    fn dot_ends_edges_at_nodes_and_cuts_them_at_clusters_that_it_has(graph in any_graph()) {
        let dot = graph.to_dot();
        let lines: Vec<_> = dot.lines().map(str::trim_start).collect();
        let has = |start: &str| lines.iter().any(|line| line.starts_with(start));
        for line in &lines {
            let Some((tail, rest)) = line.split_once(" -> ") else { continue };
            let Some((head, attributes)) = rest.split_once(" [style=") else { continue };
            for end in [tail, head] {
                let defined = format!("{end} [label=");
                prop_assert!(has(&defined), "no {} in\n{}", end, dot);
            }
            for cut in attributes.trim_end_matches(']').split(", ").skip(1) {
                let (_, cluster) = cut.split_once('=').unwrap();
                let defined = format!("subgraph {cluster} {{");
                prop_assert!(has(&defined), "no {} in\n{}", cluster, dot);
            }
        }
    }

    #[test]
    fn svg_draws_each_node_and_edge_and_the_same_each_time(graph in any_graph()) {
        let svg = graph.to_svg();
        prop_assert_eq!(&svg, &graph.to_svg());
        prop_assert!(svg.lines().all(|line| !line.trim().is_empty()), "{}", svg);
        for node in 0..graph.nodes().len() {
            // A frame comes twice: its shape, and its title above all lines.
            let groups = svg.matches(&format!(r#" data-node="{node}">"#)).count();
            let frames = svg.matches(&format!(r#" frame" data-node="{node}">"#)).count();
            prop_assert!((groups, frames) == (1, 0) || (groups, frames) == (2, 2), "{}", svg);
        }
        for edge in graph.edges() {
            let Source::Node(from) = edge.from else { continue };
            let arms = matches!(graph.nodes()[from].kind(), NodeKind::Branch { .. });
            let arm = if arms { "a0" } else { "" };
            let kind = if edge.kind == EdgeKind::Data { "data" } else { "order" };
            let ends = format!(r#"data-from="n{from}{arm}" data-to="n{}""#, edge.to);
            let line = format!(r#"<path class="edge {kind}" {ends}"#);
            prop_assert_eq!(svg.contains(&line), !holds(&graph, from, edge.to), "{}", line);
        }
    }

    #[test]
    fn a_terminal_gets_a_row_for_each_node_and_arm(graph in any_graph()) {
        let picture = graph.to_string();
        let arms = graph.nodes().iter().map(|node| match node.kind() {
            NodeKind::Branch { arms } => arms.len(),
            _ => 0,
        });
        let forks = picture.lines().filter(|line| {
            line.trim_start_matches(['│', ' ']).starts_with(['├', '└'])
        });
        prop_assert_eq!(forks.count(), graph.nodes().len() + arms.sum::<usize>(), "{}", picture);
        prop_assert!(picture.lines().all(|line| line.trim_end() == line), "{}", picture);
    }
}
