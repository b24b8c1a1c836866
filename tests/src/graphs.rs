//! Graphs to draw: some fixed ones, and random ones with nasty names.

use proptest::prelude::*;
use proptest::sample::{Index, select};
use workflow_runtime::{Edge, EdgeKind, Graph, Node, NodeKind, Parent, Source};

/// The diamond.
pub const DIAMOND: Graph = Graph::new(
    "verify_order",
    &["order"],
    &[
        step("valid", "validate_order", None),
        step("payment", "check_payment", None),
        step("address", "verify_address", None),
        step("stock", "check_inventory", None),
        step("receipt", "finalize_order", None),
    ],
    &[
        data(Source::Input(0), 0),
        data(Source::Node(0), 1),
        data(Source::Node(0), 2),
        data(Source::Node(0), 3),
        data(Source::Node(1), 4),
        data(Source::Node(2), 4),
        data(Source::Node(3), 4),
    ],
);

/// Every kind of node and edge, declared out of order.
pub const NESTED: Graph = Graph::new(
    "process_order",
    &["order", "limits"],
    &[
        step("receipt", "finish", None),
        step("risk", "assess_risk", None),
        node(
            "decision",
            NodeKind::Branch { arms: &["Risk::High", "Risk::Low if order.total < 10_000", "_"] },
            None,
        ),
        step("decision.freeze_account", "freeze_account", within(2, 0)),
        step("decision.report", "accounts::report", within(2, 0)),
        step("decision.approval", "review", within(2, 2)),
        node("pages", NodeKind::FanOut { concurrency: Some("8") }, None),
        step("pages.fetched", "fetch", within(6, 0)),
        node("pages.kept", NodeKind::Branch { arms: &["fetched.is_new()", "else"] }, within(6, 0)),
        step("pages.kept.store", "store", within(8, 0)),
        node("summary", NodeKind::Block, None),
        Node::new(
            "summary.totals",
            NodeKind::Workflow,
            Some("count_all"),
            "src/main.rs",
            30,
            within(10, 0),
        ),
        node("summary.mean", NodeKind::Value, within(10, 0)),
        step("mail", "mail", None),
    ],
    &[
        data(Source::Node(2), 0),
        data(Source::Node(10), 0),
        data(Source::Input(0), 1),
        data(Source::Node(1), 2),
        data(Source::Input(0), 3),
        order(3, 4),
        data(Source::Input(1), 5),
        data(Source::Input(0), 6),
        data(Source::Node(6), 7),
        data(Source::Node(7), 8),
        data(Source::Node(7), 9),
        data(Source::Node(6), 11),
        data(Source::Node(11), 12),
        data(Source::Input(0), 13),
        order(0, 13),
        order(6, 13),
    ],
);

/// The graphs that are drawn by name.
#[must_use]
pub fn fixed() -> Vec<(&'static str, Graph)> {
    let empty = Graph::new("empty", &[], &[], &[]);
    vec![
        ("empty", empty),
        ("diamond", DIAMOND),
        ("nested", NESTED),
        ("chain", layers(&[1; 60])),
        ("wide", layers(&[1, 40, 1])),
        ("layers", layers(&[5; 60])),
    ]
}

/// Layers of so many steps, each of which needs the whole layer before.
fn layers(widths: &[usize]) -> Graph {
    let mut nodes = Vec::new();
    let mut edges = Vec::new();
    let mut before = 0..0;
    for width in widths {
        let layer = nodes.len()..nodes.len() + width;
        for to in layer.clone() {
            nodes.push(step(leak(format!("step_{to}")), "work", None));
            edges.extend(before.clone().map(|from| data(Source::Node(from), to)));
        }
        before = layer;
    }
    Graph::new("layers", &[], leak_all(nodes), leak_all(edges))
}

const fn node(path: &'static str, kind: NodeKind, parent: Option<Parent>) -> Node {
    Node::new(path, kind, None, "src/main.rs", 7, parent)
}

const fn step(path: &'static str, function: &'static str, parent: Option<Parent>) -> Node {
    Node::new(path, NodeKind::Step, Some(function), "src/main.rs", 7, parent)
}

#[expect(clippy::unnecessary_wraps, reason = "reads well as a node's parent")]
const fn within(node: usize, arm: usize) -> Option<Parent> {
    Some(Parent::new(node, arm))
}

const fn data(from: Source, to: usize) -> Edge {
    Edge::new(from, to, EdgeKind::Data)
}

const fn order(from: usize, to: usize) -> Edge {
    Edge::new(Source::Node(from), to, EdgeKind::Order)
}

/// What pictures must show as it is.
const NASTY: &[&str] = &[
    "",
    " ",
    "end",
    "end end",
    "subgraph",
    "graph",
    "default",
    "style",
    "style::Bold(\"#;\") <T>;",
    "classDef x fill:#f9f;",
    "click n0 href \"x\"",
    "\"",
    "'",
    "`a`",
    "`**bold** _it_`",
    "\\",
    "\\\\",
    "\\n",
    "\\N \\G \\L \\E",
    "'\\n' | \"\\t\"",
    "Some(\"a\\\"b\")",
    "[x]",
    "{x}",
    "{{x}}",
    "(x)",
    "|x| x + 1",
    "a | b",
    "A --> B",
    "A -.-> B; C",
    "#",
    "#35;",
    "#quot;",
    "&quot;",
    "&amp;lt;",
    "&#65;",
    "&",
    "a && b",
    "<b>bold</b>",
    "<script>alert(1)</script>",
    "Vec<_>",
    "x < 3 && y > 2",
    "<br/>",
    "%% comment",
    "%%{init: {\"theme\": \"dark\"}}%%",
    "---",
    "1. one",
    "- one",
    "# heading",
    "$x$",
    "$$x^2$$",
    "fa:fa-car",
    "@{ shape: cyl }",
    "n0",
    ":::big",
    "ﬂ°quot¶ß",
    "größe",
    "数量",
    "🦀 crab",
    "עברית",
    "r#type",
    "Some(Order {\n    total,\n    ..\n}) if total > 10",
    "a\r\nb\n\n\n  c\t\td  ",
    "\n",
];

/// An ordinary name, a nasty one, or anything that can be printed.
fn any_text() -> impl Strategy<Value = &'static str> {
    prop_oneof!["[a-z_]{1,12}".prop_map(leak), select(NASTY), "\\PC{0,16}".prop_map(leak),]
}

#[derive(Debug, Clone)]
struct OwnedGraph {
    path: &'static str,
    kind: NodeKind,
    function: Option<&'static str>,
    parent: Index,
    arm: Index,
}

fn any_draft() -> impl Strategy<Value = OwnedGraph> {
    let arms = prop::collection::vec(any_text(), 1..4);
    let kind = prop_oneof![
        4 => Just(NodeKind::Step),
        1 => Just(NodeKind::Workflow),
        1 => Just(NodeKind::Value),
        1 => Just(NodeKind::Block),
        1 => prop::option::of(any_text()).prop_map(|concurrency| NodeKind::FanOut { concurrency }),
        2 => arms.prop_map(|arms| NodeKind::Branch { arms: leak_all(arms) }),
    ];
    let function = prop::option::of(any_text());
    let places = any::<(Index, Index)>();
    (any_text(), kind, function, places).prop_map(|(path, kind, function, (parent, arm))| {
        OwnedGraph { path, kind, function, parent, arm }
    })
}

/// A random graph that `workflow!` could make, but for its names.
pub fn any_graph() -> impl Strategy<Value = Graph> {
    let inputs = prop::collection::vec(any_text(), 0..4);
    let drafts = prop::collection::vec(any_draft(), 0..25);
    let edges = prop::collection::vec(any::<(Index, Index, bool)>(), 0..40);
    (any_text(), inputs, drafts, edges).prop_map(|(name, inputs, drafts, edges)| {
        let nodes = nodes(&drafts);
        let edges = edges.iter().filter_map(|(from, to, data)| {
            let to = to.index(nodes.len().checked_sub(1)? + 1);
            let sources = visible_from(to, inputs.len(), nodes);
            let from = *sources.get(from.index(sources.len().max(1)))?;
            let kind = if *data { EdgeKind::Data } else { EdgeKind::Order };
            Some(Edge::new(from, to, kind))
        });
        let edges = leak_all(edges);
        Graph::new(name, leak_all(inputs), nodes, edges)
    })
}

fn nodes(drafts: &[OwnedGraph]) -> &'static [Node] {
    let mut nodes: Vec<Node> = Vec::new();
    for draft in drafts {
        let holders = nodes.iter().enumerate().filter_map(|(node, parent)| match parent.kind() {
            NodeKind::Branch { arms } => Some(Parent::new(node, draft.arm.index(arms.len()))),
            NodeKind::FanOut { .. } | NodeKind::Block => Some(Parent::new(node, 0)),
            _ => None,
        });
        // As often in the workflow's own body as in all that is in it.
        let holders: Vec<_> = holders.collect();
        let place = draft.parent.index(2 * holders.len() + 1);
        let parent = holders.get(place).copied();
        nodes.push(Node::new(draft.path, draft.kind, draft.function, "src/a b.rs", 1, parent));
    }
    leak_all(nodes)
}

/// What a node may need: inputs, what it stands in, and what is declared there before.
fn visible_from(node: usize, inputs: usize, nodes: &[Node]) -> Vec<Source> {
    let mut visible: Vec<_> = (0..inputs).map(Source::Input).collect();
    let mut inner = node;
    loop {
        let parent = nodes[inner].parent();
        let before = (0..inner).filter(|at| nodes[*at].parent() == parent);
        visible.extend(before.map(Source::Node));
        let Some(parent) = parent else {
            return visible;
        };
        inner = parent.node;
        visible.push(Source::Node(inner));
    }
}

/// A graph borrows for ever: it is a constant where it is not made by a test.
fn leak(text: String) -> &'static str {
    text.leak()
}

fn leak_all<T>(items: impl IntoIterator<Item = T>) -> &'static [T] {
    Vec::from_iter(items).leak()
}
