//! What cargo makes of a user's crate: what it has to build, and what it says meanwhile.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// What `workflow-runtime` may bring into a user's build, itself included.
const MOST_CRATES: usize = 25;

/// A crate in a folder of its own, that depends on the runtime by another name. What it builds
/// stays there for the next time.
struct Crate(PathBuf);

impl Crate {
    fn new(name: &str, code: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let runtime = root.join("workflow-runtime");
        let manifest = format!(
            "[package]\nname = \"{name}\"\nedition = \"2024\"\n[workspace]\n\
             [dependencies]\nmy-flow = {{ package = \"workflow-runtime\", path = '{}' }}\n",
            runtime.display()
        );
        fs::create_dir_all(folder.join("src")).unwrap();
        fs::write(folder.join("Cargo.toml"), manifest).unwrap();
        fs::write(folder.join("src/main.rs"), code).unwrap();
        // The versions that are here already.
        fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
        Self(folder)
    }

    fn cargo(&self, arguments: &[&str]) -> Output {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.current_dir(&self.0).args(arguments).arg("--offline");
        cargo.env("CARGO_TARGET_DIR", self.0.join("target")).env("CARGO_TERM_COLOR", "never");
        cargo.output().unwrap()
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn a_user_has_few_crates_to_build() {
    let user = Crate::new("counts-crates", "fn main() {}");
    let Output { stdout, stderr, .. } =
        user.cargo(&["tree", "--edges", "normal", "--prefix", "none", "--format", "{p}"]);
    let tree = text(&stdout);
    let mut crates: Vec<&str> = tree.lines().filter_map(|line| line.split(' ').next()).collect();
    crates.sort_unstable();
    crates.dedup();
    crates.retain(|name| *name != "counts-crates");
    assert!(crates.contains(&"workflow-runtime"), "{}", text(&stderr));
    assert!(crates.len() <= MOST_CRATES, "{} crates: {crates:?}", crates.len());
}

const PRINTING: &str = r#"
use my_flow::{step, workflow};

#[step]
async fn count(text: &str) -> usize {
    text.len()
}

workflow! {
    #[graph]
    pub async fn counted(text: &str, strict: bool) -> usize {
        let first = count(text).await;
        let second = if strict && first > 2 { count("\t\\").await } else { first };
        #[after(second)]
        let all = for part in text.split(' ') { let inner = count(part).await; inner };
        all.len() + second
    }

    async fn silent(text: &str) -> usize {
        let only = count(text).await;
        only
    }
}

fn main() {
    drop(silent(""));
    print!("{}", counted::GRAPH.to_mermaid());
}
"#;

#[test]
fn a_graph_is_printed_on_request() {
    let user = Crate::new("prints-graph", PRINTING);
    let Output { stdout, stderr, status } = user.cargo(&["run"]);
    let (said, mermaid) = (text(&stderr), text(&stdout));
    assert!(status.success(), "{said}");
    let line = PRINTING.lines().position(|line| line.contains("fn counted")).unwrap() + 1;
    let file = Path::new("src").join("main.rs");
    let start = format!("graph of workflow `counted` ({}:{line}):\n", file.display());
    let printed = format!("{start}{mermaid}end of the graph of `counted`\n");
    assert!(said.contains(&printed), "{printed}\nis not in\n{said}");
    assert!(!said.contains("silent"), "{said}");
}
