//! Finds by what name the user's crate knows the runtime.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::SystemTime;
use std::{env, fs};

use serde::Deserialize;

const PACKAGE: &str = "workflow-runtime";
/// Its name where nobody has changed it: in the runtime itself, in its documentation tests, and
/// where there is no manifest to read.
const USUAL: &str = "workflow_runtime";

/// The name in code. One compilation asks for it once for each macro call.
pub(crate) fn runtime_name() -> String {
    type Known = BTreeMap<PathBuf, (Option<SystemTime>, String)>;
    // One crate for a compiler, but many, which may change, for an editor.
    static KNOWN: Mutex<Known> = Mutex::new(BTreeMap::new());

    let Some(folder) = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from) else {
        return USUAL.to_owned();
    };
    let path = folder.join("Cargo.toml");
    let changed = fs::metadata(&path).and_then(|data| data.modified()).ok();
    let known = KNOWN.lock().ok().and_then(|known| known.get(&path).cloned());
    if let Some((_, name)) = known.filter(|(then, _)| *then == changed) {
        return name;
    }
    let name = read(&path).and_then(|manifest| manifest.name_of_runtime(&folder));
    let name = name.unwrap_or_else(|| USUAL.to_owned());
    if let Ok(mut known) = KNOWN.lock() {
        known.insert(path, (changed, name.clone()));
    }
    name
}

fn read(path: &Path) -> Option<Manifest> {
    basic_toml::from_str(&fs::read_to_string(path).ok()?).ok()
}

/// What of a Cargo.toml says by what name a dependency is known.
#[derive(Deserialize)]
struct Manifest {
    package: Option<Package>,
    workspace: Option<Workspace>,
    #[serde(flatten)]
    tables: Tables,
    #[serde(default)]
    target: BTreeMap<String, Tables>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    /// Where the root of the workspace is, if it is not further up.
    workspace: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Workspace {
    #[serde(default)]
    dependencies: Table,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Tables {
    #[serde(default)]
    dependencies: Table,
    #[serde(default, alias = "dev_dependencies")]
    dev_dependencies: Table,
    #[serde(default, alias = "build_dependencies")]
    build_dependencies: Table,
}

type Table = BTreeMap<String, Dependency>;

#[derive(Clone, Deserialize)]
#[serde(untagged)]
enum Dependency {
    Detailed {
        package: Option<String>,
        #[serde(default)]
        workspace: bool,
    },
    #[expect(dead_code, reason = "only says that the name is the package's")]
    Version(String),
}

impl Manifest {
    /// The name, if the crate depends on the runtime. `folder` is the manifest's.
    fn name_of_runtime(&self, folder: &Path) -> Option<String> {
        if self.package.as_ref().is_some_and(|package| package.name == PACKAGE) {
            return Some(USUAL.to_owned());
        }
        let root = || self.inherited(folder);
        self.find(&root).map(|name| name.replace('-', "_"))
    }

    /// The name in the manifest. A name that code of every kind may use comes first.
    fn find(&self, root: &dyn Fn() -> Option<Table>) -> Option<&str> {
        let all = || std::iter::once(&self.tables).chain(self.target.values());
        let dependencies = all().map(|tables| &tables.dependencies);
        let dev = all().map(|tables| &tables.dev_dependencies);
        let build = all().map(|tables| &tables.build_dependencies);
        let mut entries = dependencies.chain(dev).chain(build).flatten();
        let is_runtime = |name: &str, dependency: &Dependency| {
            package(name, dependency) == Some(PACKAGE)
                || (matches!(dependency, Dependency::Detailed { workspace: true, .. })
                    && root().is_some_and(|table| {
                        table.get(name).and_then(|it| package(name, it)) == Some(PACKAGE)
                    }))
        };
        entries.find(|(name, dependency)| is_runtime(name, dependency)).map(|(name, _)| &**name)
    }

    /// What the root of the workspace declares.
    fn inherited(&self, folder: &Path) -> Option<Table> {
        if let Some(workspace) = &self.workspace {
            return Some(workspace.dependencies.clone());
        }
        if let Some(root) = self.package.as_ref().and_then(|package| package.workspace.as_ref()) {
            let workspace = read(&folder.join(root).join("Cargo.toml"))?.workspace?;
            return Some(workspace.dependencies);
        }
        let above = folder.ancestors().skip(1);
        let workspace = above
            .filter_map(|folder| read(&folder.join("Cargo.toml")))
            .find_map(|manifest| manifest.workspace)?;
        Some(workspace.dependencies)
    }
}

/// The package that an entry of a table is, unless the workspace's root says so.
fn package<'a>(name: &'a str, dependency: &'a Dependency) -> Option<&'a str> {
    match dependency {
        Dependency::Detailed { workspace: true, .. } => None,
        Dependency::Detailed { package: Some(package), .. } => Some(package),
        Dependency::Detailed { package: None, .. } | Dependency::Version(_) => Some(name),
    }
}

#[cfg(test)]
mod tests;
