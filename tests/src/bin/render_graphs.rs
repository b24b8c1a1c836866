//! Writes graphs into a directory, for `render/check.mjs` to check: each as
//! Mermaid, as DOT, as SVG, as JSON (what the pictures must show), and as text to look at.
//!
//! `cargo run -p workflow-tests --bin render_graphs -- DIRECTORY [RANDOM GRAPHS]`

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use std::{env, error::Error, fs, path::Path};
use workflow_tests::graphs::{any_graph, fixed};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let directory = arguments.next().ok_or("which directory?")?;
    let count = arguments.next().map_or(Ok(200), |count| count.parse())?;

    let mut graphs: Vec<_> =
        fixed().into_iter().map(|(name, graph)| (name.to_owned(), graph)).collect();
    // The same ones each time, so that a failure can be looked at again.
    let mut runner = TestRunner::deterministic();
    for number in 0..count {
        let graph =
            any_graph().new_tree(&mut runner).map_err(|reason| reason.to_string())?.current();
        graphs.push((format!("random_{number:04}"), graph));
    }

    fs::create_dir_all(&directory)?;
    for (name, graph) in graphs {
        let file = |extension| Path::new(&directory).join(format!("{name}.{extension}"));
        fs::write(file("mmd"), graph.to_mermaid())?;
        fs::write(file("dot"), graph.to_dot())?;
        fs::write(file("svg"), graph.to_svg())?;
        fs::write(file("json"), serde_json::to_string_pretty(&graph)?)?;
        fs::write(file("txt"), format!("{graph}\n"))?;
    }
    Ok(())
}
