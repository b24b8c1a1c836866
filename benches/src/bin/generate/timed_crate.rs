//! A crate that holds one version of one graph, to time its build.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use crate::graph::Graph;
use crate::source::{self, Version};
use crate::write_formatted;

/// Writes it into an existing directory. The version `steps` has no graph: what
/// remains is what every one of these builds takes.
pub(crate) fn write(directory: &Path, graph: &str, version: &str) {
    let (version, function) = match version {
        "workflow" => (Some(Version::Declared), "declared"),
        "levels" => (Some(Version::Levels), "levels"),
        "slots" => (Some(Version::Slots), "slots"),
        "steps" => (None, ""),
        other => panic!("{other} is none of workflow, levels, slots and steps"),
    };

    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let sources = directory.join("src");
    fs::create_dir_all(&sources).expect("the directory can be made");
    for module in ["drive.rs", "slot.rs", "step.rs"] {
        fs::copy(root.join("src").join(module), sources.join(module)).expect("it is there");
    }
    fs::write(directory.join("Cargo.toml"), manifest(root)).expect("the manifest is written");

    let mut library = String::from("pub mod drive;\npub mod slot;\npub mod step;\n");
    if let Some(version) = version {
        let text = source::file(&Graph::named(graph), &[version]);
        write_formatted(&sources.join("graph.rs"), &text);
        // A call, or nothing of the graph's future would be compiled.
        let _ = write!(
            library,
            "pub mod graph;\n\n\
             pub fn run(seed: u64) -> Result<u64, step::Failed> {{\n    \
             drive::drive(|| graph::{function}(seed))\n}}\n"
        );
    }
    fs::write(sources.join("lib.rs"), library).expect("the library is written");
}

fn manifest(root: &Path) -> String {
    format!(
        "[package]\n\
         name = \"timed\"\n\
         edition = \"2024\"\n\n\
         [dependencies]\n\
         futures-util = {{ version = \"0.3.34\", default-features = false, \
         features = [\"async-await-macro\", \"std\"] }}\n\
         workflow-runtime.path = \"{}\"\n\n\
         [workspace]\n",
        root.join("../workflow-runtime").display()
    )
}
