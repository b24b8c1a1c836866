//! What an editor shows of steps and workflows. The tests in `tests/` write crates of a user to folders of
//! their own, and ask rust-analyzer and rustc about them.

use std::fs;
use std::path::{Path, PathBuf};

/// This repository.
///
/// # Panics
///
/// If it is not there.
#[must_use]
pub fn repository() -> PathBuf {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    repository.canonicalize().expect("the repository is there")
}

/// Writes a package that depends on the runtime, with the versions that this repository has locked,
/// and copies its `sources` to `folder` in it.
///
/// # Panics
///
/// If something cannot be read or written.
pub fn write_package(root: &Path, folder: &str, sources: impl IntoIterator<Item = PathBuf>) {
    let _ = fs::remove_dir_all(root.join("src"));
    fs::create_dir_all(root.join(folder)).expect("the folder can be made");
    for source in sources {
        let name = source.file_name().expect("it has a name");
        fs::copy(&source, root.join(folder).join(name)).expect("it can be copied");
    }
    let manifest = format!(
        "[package]\nname = \"user\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n\
         workflow-runtime = {{ path = \"{}\", features = [\"durable\"] }}\n\n[workspace]\n",
        repository().join("workflow-runtime").display()
    );
    fs::write(root.join("Cargo.toml"), manifest).expect("it can be written");
    fs::copy(repository().join("Cargo.lock"), root.join("Cargo.lock")).expect("it can be copied");
}
