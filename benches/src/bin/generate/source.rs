//! The Rust text of a graph.

use std::fmt::Write;

use crate::graph::Graph;
use crate::shape::Shape;

/// A way to write a graph down.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Version {
    /// As a workflow.
    Declared,
    /// As a workflow of steps that would be tried again.
    Retried,
    /// By hand, as sequences and joins.
    Nested,
    /// By hand, one join a level.
    Levels,
    /// By hand, one branch a step.
    Slots,
}

impl Version {
    fn is_workflow(self) -> bool {
        matches!(self, Self::Declared | Self::Retried)
    }
}

/// A file with these versions, still to be formatted.
pub(crate) fn file(graph: &Graph, versions: &[Version]) -> String {
    let marks = versions.iter().filter_map(|version| match version {
        Version::Declared => Some("marked"),
        Version::Retried => None,
        Version::Nested | Version::Levels | Version::Slots => Some("plain"),
    });
    let mut steps: Vec<&str> = marks.collect();
    steps.sort_unstable();
    steps.dedup();

    let mut text = format!(
        "// Written by `cargo run -p workflow-benches --bin generate`.\n\n\
         //! {}.\n\n",
        graph.about
    );
    if versions.iter().any(|version| joins(graph, *version)) {
        text += "use futures_util::try_join;\n";
    }
    if versions.iter().any(|version| version.is_workflow()) {
        text += "use workflow_runtime::workflow;\n\n";
    }
    if versions.contains(&Version::Retried) {
        text += "use crate::retried;\n";
    }
    if versions.contains(&Version::Slots) {
        text += "use crate::slot::Slot;\n";
    }
    let _ = write!(
        text,
        "use crate::step::{{Failed, {}}};\n\n\
         /// How many steps a run takes.\n\
         pub const STEPS: usize = {};\n",
        steps.join(", "),
        graph.steps.len()
    );
    for version in versions {
        text.push('\n');
        text += &match version {
            Version::Declared => workflow(graph, "declared", "As a workflow", "marked"),
            Version::Retried => {
                let what = "As a workflow of steps that would be tried again";
                workflow(graph, "with_retry", what, "retried")
            }
            Version::Nested => function("nested", "sequences and joins", &nested(graph)),
            Version::Levels => function("levels", "one join a level", &levels(graph)),
            Version::Slots => function("slots", "one branch a step", &slots(graph)),
        };
    }
    text
}

/// Whether that version needs `try_join!`.
fn joins(graph: &Graph, version: Version) -> bool {
    !version.is_workflow() && graph.levels().iter().any(|level| level.len() > 1)
}

fn function(name: &str, how: &str, body: &str) -> String {
    format!(
        "/// By hand, as {how}.\n\
         pub async fn {name}(seed: u64) -> Result<u64, Failed> {{\n{body}}}\n"
    )
}

/// The one text here that rustfmt leaves alone.
fn workflow(graph: &Graph, name: &str, what: &str, module: &str) -> String {
    let mut text = format!(
        "workflow! {{\n    /// {what}.\n    \
         pub async fn {name}(seed: u64) -> Result<u64, Failed> {{\n",
    );
    for (i, step) in graph.steps.iter().enumerate() {
        let line =
            format!("        let {} = {}.await?;", step.name, call(graph, module, i, reference));
        text += &wrapped(&line);
    }
    let line = format!("        {}", result(graph, str::to_owned));
    text += &wrapped(&line);
    text + "    }\n}\n"
}

/// One line, or several of at most 100 columns, broken after spaces.
fn wrapped(line: &str) -> String {
    const INDENT: &str = "            ";
    let mut text = String::new();
    let mut rest = line.to_owned();
    while rest.len() > 100 {
        let end = rest[..100].rfind(' ').expect("a name is shorter than a line");
        let _ = writeln!(text, "{}", &rest[..end]);
        rest = format!("{INDENT}{}", &rest[end + 1..]);
    }
    text + &rest + "\n"
}

fn nested(graph: &Graph) -> String {
    let shape = Shape::of(graph);
    let parts = match shape {
        Shape::Sequence(parts) => parts,
        whole => vec![whole],
    };
    sequence(graph, &parts) + &result(graph, str::to_owned)
}

/// Statements that run one part after the other.
fn sequence(graph: &Graph, parts: &[Shape]) -> String {
    parts.iter().map(|part| statement(graph, part)).collect()
}

fn statement(graph: &Graph, part: &Shape) -> String {
    match part {
        Shape::Step(step) => {
            let name = &graph.steps[*step].name;
            format!("let {name} = {}.await?;\n", plain(graph, *step))
        }
        Shape::Join(branches) => {
            let outputs: Vec<_> = branches.iter().map(|part| outputs(graph, part)).collect();
            let branches: Vec<_> = branches.iter().map(|part| branch(graph, part)).collect();
            join(&outputs, &branches)
        }
        Shape::Sequence(parts) => sequence(graph, parts),
        Shape::Irreducible(_) => panic!("sequence and join don't express this graph"),
    }
}

/// A future for `try_join!`: the bare call if it is one step, as an `async`
/// block around it would make the future larger.
fn branch(graph: &Graph, part: &Shape) -> String {
    let outputs = outputs(graph, part);
    match part {
        Shape::Step(step) => plain(graph, *step),
        Shape::Sequence(parts) => match parts.split_last() {
            Some((Shape::Step(last), before)) if outputs == graph.steps[*last].name => {
                format!("async {{ {} {}.await }}", sequence(graph, before), plain(graph, *last))
            }
            _ => format!("async {{ {} Ok::<_, Failed>({outputs}) }}", sequence(graph, parts)),
        },
        part => format!("async {{ {} Ok::<_, Failed>({outputs}) }}", statement(graph, part)),
    }
}

/// What a part gives to the steps after it, as a pattern and an expression.
fn outputs(graph: &Graph, part: &Shape) -> String {
    let inside = part.steps();
    let used_outside = |&step: &usize| {
        let mut children = (0..graph.steps.len())
            .filter(|&child| graph.steps[child].parents.contains(&step))
            .peekable();
        children.peek().is_none() || children.any(|child| !inside.contains(&child))
    };
    let names: Vec<_> = inside
        .iter()
        .copied()
        .filter(used_outside)
        .map(|step| graph.steps[step].name.as_str())
        .collect();
    match names[..] {
        [name] => name.to_owned(),
        _ => format!("({})", names.join(", ")),
    }
}

fn join(outputs: &[String], branches: &[String]) -> String {
    format!("let ({}) = try_join!({})?;\n", outputs.join(", "), branches.join(", "))
}

fn levels(graph: &Graph) -> String {
    let mut text = String::new();
    for level in graph.levels() {
        if let [step] = level[..] {
            text += &statement(graph, &Shape::Step(step));
            continue;
        }
        let names: Vec<_> = level.iter().map(|&i| graph.steps[i].name.clone()).collect();
        let calls: Vec<_> = level.iter().map(|&i| plain(graph, i)).collect();
        text += &join(&names, &calls);
    }
    text + &result(graph, str::to_owned)
}

fn slots(graph: &Graph) -> String {
    let mut text = String::new();
    for step in &graph.steps {
        let _ = writeln!(text, "let {} = Slot::default();", step.name);
    }
    text += "try_join!(";
    for (i, step) in graph.steps.iter().enumerate() {
        let call = call(graph, "plain", i, |name| format!("{name}.filled().await"));
        let _ = write!(text, "async {{ {}.fill({call}.await?) }},", step.name);
    }
    text += ")?;\n";
    text + &result(graph, |name| format!("{name}.value()"))
}

fn plain(graph: &Graph, step: usize) -> String {
    call(graph, "plain", step, reference)
}

fn reference(name: &str) -> String {
    format!("&{name}")
}

/// A call of a step, with its parents' outputs as arguments.
fn call(graph: &Graph, module: &str, step: usize, argument: fn(&str) -> String) -> String {
    let parents = &graph.steps[step].parents;
    let arguments = parents.iter().map(|&i| argument(&graph.steps[i].name));
    let arguments = arguments.collect::<Vec<_>>().join(", ");
    match parents.len() {
        0 => format!("{module}::step0(seed)"),
        arity @ 1..=3 => format!("{module}::step{arity}({arguments})"),
        _ => format!("{module}::join_many([{arguments}])"),
    }
}

/// One number from all that nothing else takes.
fn result(graph: &Graph, value: fn(&str) -> String) -> String {
    let sinks = graph.sinks();
    let values = sinks.iter().map(|&i| value(&graph.steps[i].name));
    format!("Ok({})", values.collect::<Vec<_>>().join(" ^ "))
}
