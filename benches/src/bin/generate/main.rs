//! Writes `src/graphs/`, and the crates whose build is timed.
//!
//! ```text
//! generate                           every file of src/graphs
//! generate crate DIR GRAPH VERSION   a crate with one version of one graph
//! ```

mod graph;
mod shape;
mod source;
mod timed_crate;

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

use graph::Graph;
use shape::Shape;
use source::Version;

/// The modules of `src/graphs`.
const GRAPHS: [&str; 7] =
    ["blast", "chain_100", "epigenomics", "layered_58", "layered_310", "soykb", "srasearch"];

/// The one that is there with retried steps, too.
const RETRIED: &str = "chain_100";

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        [] => GRAPHS.iter().for_each(|name| write_module(name)),
        ["crate", directory, graph, version] => {
            timed_crate::write(Path::new(directory), graph, version);
        }
        _ => panic!("usage: generate [crate DIR GRAPH VERSION]"),
    }
}

fn write_module(name: &str) {
    let graph = Graph::named(name);
    let irreducible = Shape::of(&graph).largest_irreducible();
    let versions: &[Version] = if name == RETRIED {
        &[Version::Nested, Version::Declared, Version::Retried]
    } else if irreducible == 0 {
        &[Version::Nested, Version::Declared]
    } else {
        &[Version::Slots, Version::Levels, Version::Declared]
    };
    println!(
        "{name}: {} steps, {irreducible} of them in the largest irreducible part",
        graph.steps.len()
    );
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("src/graphs/{name}.rs"));
    write_formatted(&path, &source::file(&graph, versions));
}

fn write_formatted(path: &Path, text: &str) {
    fs::write(path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let formatted = Command::new("rustfmt")
        .args(["--edition", "2024"])
        .arg(path)
        .status()
        .expect("rustfmt starts");
    assert!(formatted.success(), "rustfmt {}", path.display());
}
