//! Pictures of graphs that nobody would write.

use workflow_graph::owned::{OwnedGraph, OwnedKind, OwnedNode};
use workflow_graph::visible::is_hidden;
use workflow_graph::{Edge, EdgeKind, Graph, Parent, Source};

fn node(position: usize, kind: OwnedKind, parent: Option<Parent>) -> OwnedNode {
    let function = Some(format!("work_{position}"));
    OwnedNode { path: format!("n{position}"), kind, function, parent }
}

fn graph(nodes: Vec<OwnedNode>, needs: impl IntoIterator<Item = (usize, usize)>) -> Graph {
    let edge = |(from, to)| Edge::new(Source::Node(from), to, EdgeKind::Data);
    let edges = needs.into_iter().map(edge).collect();
    OwnedGraph { name: "odd".to_owned(), inputs: Vec::new(), nodes, edges }.leak()
}

fn steps(count: usize) -> Vec<OwnedNode> {
    (0..count).map(|position| node(position, OwnedKind::Step, None)).collect()
}

fn nested(count: usize) -> Vec<OwnedNode> {
    let within = |position: usize| position.checked_sub(1).map(|node| Parent::new(node, 0));
    let block = |position| node(position, OwnedKind::Block, within(position));
    (0..count).map(block).collect()
}

/// Each step needs all before it.
fn dense(count: usize) -> impl Iterator<Item = (usize, usize)> {
    (1..count).flat_map(|to| (0..to).map(move |from| (from, to)))
}

fn pictures(graph: &Graph) -> [String; 4] {
    [graph.to_string(), graph.to_mermaid(), graph.to_dot(), graph.to_svg()]
}

#[test]
fn no_picture_holds_what_a_reader_would_not_see() {
    let evil =
        |name: &str| format!("{name}\u{1b}]0;x\u{7}\u{9b}2J\u{202e}\u{2066}\u{200b}\u{feff}");
    let kinds = [
        OwnedKind::Step,
        OwnedKind::Workflow,
        OwnedKind::Branch { arms: vec![evil("arm"), evil("other")] },
        OwnedKind::FanOut { concurrency: Some(evil("many")) },
    ];
    let mut nodes: Vec<_> = kinds
        .into_iter()
        .map(|kind| OwnedNode {
            path: evil("path"),
            kind,
            function: Some(evil("function")),
            parent: None,
        })
        .collect();
    nodes.push(node(4, OwnedKind::Step, Some(Parent::new(2, 0))));
    nodes.push(node(5, OwnedKind::Step, Some(Parent::new(3, 0))));
    let edges = vec![
        Edge::new(Source::Input(0), 1, EdgeKind::Data),
        Edge::new(Source::Node(0), 1, EdgeKind::Order),
    ];
    let draft = OwnedGraph { name: evil("name"), inputs: vec![evil("input")], nodes, edges };
    for picture in pictures(&draft.leak()) {
        assert!(!picture.contains(|c| is_hidden(c) && c != '\n'), "{picture:?}");
        for shown in ["name", "input", "arm", "other", "function", "u{1b}", "u{9b}", "u{202e}"] {
            assert!(picture.contains(shown), "`{shown}` in {picture}");
        }
    }
}

#[test]
fn what_is_too_large_is_not_drawn_and_says_so() {
    let arms = (0..2_001).map(|arm| arm.to_string()).collect();
    for (graph, said) in [
        (
            graph(steps(20_000), (1..20_000).map(|to| (to - 1, to))),
            "the graph has 20,000 steps; it is not drawn above 2,000",
        ),
        (
            graph(steps(300), dense(300)),
            "the graph has 44,850 dependencies; it is not drawn above 20,000",
        ),
        (
            graph(vec![node(0, OwnedKind::Branch { arms }, None)], []),
            "the graph has 2,001 arms; it is not drawn above 2,000",
        ),
        (
            graph(nested(1_500), []),
            "the graph has 1,499 levels of nesting; it is not drawn above 100",
        ),
    ] {
        for picture in pictures(&graph) {
            assert!(picture.contains(said), "{picture:.3000}");
            assert!(picture.len() < 3_000, "{picture:.3000}");
        }
    }
}

#[test]
fn a_picture_of_arrows_only_is_not_drawn() {
    let graph = graph(steps(190), dense(190));
    let svg = graph.to_svg();
    assert!(svg.contains("arrows pass more than 30,000 places; it is not drawn"), "{svg:.3000}");
    assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"));
    // In lines there is room for their names.
    assert!(graph.to_string().contains("n189  work_189  ← n0, n1, n2"), "{graph}");
}

#[test]
fn what_is_just_small_enough_is_drawn() {
    let hubs = (10..2_000).flat_map(|to| (0..10).map(move |from| (from, to)));
    for (graph, lines) in [
        (graph(steps(2_000), (1..2_000).map(|to| (to - 1, to))), 2_001),
        (graph(steps(2_000), hubs), 2_001),
        (graph(nested(101), []), 102),
    ] {
        let [text, mermaid, dot, svg] = pictures(&graph);
        assert_eq!(text.lines().count(), lines);
        for picture in [mermaid, dot, svg] {
            assert!(!picture.contains("not drawn"), "{picture:.3000}");
            assert!(picture.lines().count() >= lines, "{picture:.3000}");
        }
    }
}

#[test]
fn names_as_long_as_a_file_are_cut() {
    let long = |name: &str| format!("{name}{}", "x".repeat(100_000));
    let mut nodes = steps(200);
    nodes[0].path = long("first");
    nodes[0].function = Some(long("function"));
    let graph = graph(nodes, (1..200).map(|to| (0, to)));
    let text = graph.to_string();
    assert!(text.contains("xx…xx"), "{text:.3000}");
    assert!(text.len() < 200_000, "{}", text.len());
    assert!(graph.to_svg().len() < 1_000_000);
}
