//! The name that manifests give the runtime.

use super::Manifest;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// The name in a manifest that inherits nothing.
fn name(manifest: &str) -> Option<String> {
    let manifest: Manifest = basic_toml::from_str(manifest).expect("a manifest");
    manifest.name_of_runtime(Path::new("/nowhere"))
}

fn is(manifest: &str, expected: &str) {
    assert_eq!(name(manifest).as_deref(), Some(expected), "{manifest}");
}

#[test]
fn a_dependency_in_each_way_to_write_it() {
    is("[dependencies]\nworkflow-runtime = '0.1'", "workflow_runtime");
    is("[dependencies]\nworkflow-runtime = { version = '0.1' }", "workflow_runtime");
    is("[dependencies.workflow-runtime]\npath = '..'", "workflow_runtime");
    is("dependencies = { workflow-runtime = '0.1' }", "workflow_runtime");
    is("dependencies.workflow-runtime.features = ['tracing']", "workflow_runtime");
}

#[test]
fn a_new_name() {
    is("[dependencies]\nflow = { package = 'workflow-runtime', version = '0.1' }", "flow");
    is("[dependencies.my-flow]\npackage = 'workflow-runtime'", "my_flow");
}

#[test]
fn each_table() {
    is("[dev-dependencies]\nflow = { package = 'workflow-runtime' }", "flow");
    is("[build-dependencies]\nflow = { package = 'workflow-runtime' }", "flow");
    is("[target.'cfg(unix)'.dependencies]\nflow = { package = 'workflow-runtime' }", "flow");
    is(
        "[target.x86_64-pc-windows-gnu.dev-dependencies]\nworkflow-runtime = '1'",
        "workflow_runtime",
    );
}

#[test]
fn the_name_that_all_code_may_use_comes_first() {
    is(
        "[dev-dependencies]\na = { package = 'workflow-runtime' }\n\
         [dependencies]\nb = { package = 'workflow-runtime' }",
        "b",
    );
}

#[test]
fn the_runtime_itself() {
    is("[package]\nname = 'workflow-runtime'", "workflow_runtime");
    let itself_too = "[package]\nname = 'workflow-runtime'\n\
                      [dev-dependencies]\nold = { package = 'workflow-runtime' }";
    is(itself_too, "workflow_runtime");
}

#[test]
fn another_crate_of_that_name_is_not_it() {
    assert_eq!(name("[dependencies]\nworkflow-runtime = { package = 'other' }"), None);
    assert_eq!(name("[package]\nname = 'a'\n[dependencies]\nserde = '1'"), None);
    assert_eq!(name(""), None);
}

#[test]
fn the_manifest_is_the_root_of_its_workspace() {
    is(
        "[workspace.dependencies]\nflow = { package = 'workflow-runtime' }\n\
         [dependencies]\nflow = { workspace = true }",
        "flow",
    );
    is(
        "[workspace.dependencies]\nworkflow-runtime = '0.1'\n\
         [dependencies]\nworkflow-runtime.workspace = true",
        "workflow_runtime",
    );
}

/// A folder of manifests, removed in the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str, files: &[(&str, &str)]) -> Self {
        let folder = env::temp_dir().join(format!("workflow-macros-{name}-{}", std::process::id()));
        for (path, text) in files {
            let path = folder.join(path);
            fs::create_dir_all(path.parent().expect("a folder")).expect("can be made");
            fs::write(path, text).expect("can be written");
        }
        Self(folder)
    }

    fn name(&self, member: &str) -> Option<String> {
        let folder = self.0.join(member);
        super::read(&folder.join("Cargo.toml")).expect("a manifest").name_of_runtime(&folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

const ROOT: &str = "[workspace.dependencies]\nflow = { package = 'workflow-runtime' }";
const MEMBER: &str = "[package]\nname = 'a'\n[dependencies]\nflow = { workspace = true }";

#[test]
fn the_root_is_further_up() {
    let files = [("Cargo.toml", ROOT), ("crates/a/Cargo.toml", MEMBER)];
    let folder = Folder::new("up", &files);
    assert_eq!(folder.name("crates/a").as_deref(), Some("flow"));
}

#[test]
fn the_root_is_where_the_package_says() {
    let member = MEMBER.replace("name = 'a'", "name = 'a'\nworkspace = '../root'");
    let files = [("root/Cargo.toml", ROOT), ("a/Cargo.toml", &*member)];
    let folder = Folder::new("said", &files);
    assert_eq!(folder.name("a").as_deref(), Some("flow"));
}

#[test]
fn without_a_root_nothing_is_inherited() {
    let folder = Folder::new("none", &[("a/Cargo.toml", MEMBER)]);
    assert_eq!(folder.name("a"), None);
}
