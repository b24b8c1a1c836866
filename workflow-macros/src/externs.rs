//! The name under which the user's crate knows the runtime.

use std::path::Path;
use std::sync::OnceLock;

/// Its name if it has not been renamed: in the runtime itself, in its documentation tests, and
/// where the macros do not run in rustc, as in an editor.
const USUAL: &str = "workflow_runtime";

/// The name in code.
pub(crate) fn runtime_name() -> String {
    static NAME: OnceLock<String> = OnceLock::new();
    NAME.get_or_init(|| {
        // Not `args`, which panics if a path is not UTF-8.
        let arguments = std::env::args_os().map(|argument| argument.to_string_lossy().into_owned());
        name_in(arguments).unwrap_or_else(|| USUAL.to_owned())
    })
    .clone()
}

/// The name in rustc's arguments: `--extern flow=/…/libworkflow_runtime-0123.rmeta`.
fn name_in(arguments: impl Iterator<Item = String>) -> Option<String> {
    let mut is_extern = false;
    let mut names = arguments.filter_map(|argument| {
        let value = match argument.strip_prefix("--extern=") {
            Some(value) => Some(value),
            None if is_extern => Some(&*argument),
            None => None,
        };
        let name = value.and_then(name_of_runtime);
        is_extern = argument == "--extern";
        name
    });
    names.next()
}

/// The name in `priv:flow=/…/libworkflow_runtime-0123.rmeta`.
fn name_of_runtime(value: &str) -> Option<String> {
    let (name, file) = value.split_once('=')?;
    let file = Path::new(file).file_name()?.to_str()?;
    let krate = file.strip_prefix("lib")?.split(['-', '.']).next()?;
    let name = name.rsplit(':').next()?;
    (krate == USUAL).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(arguments: &str) -> Option<String> {
        name_in(arguments.split(' ').map(str::to_owned))
    }

    #[test]
    fn the_usual_name() {
        let usual = "rustc --extern tokio=/t/libtokio-1.rmeta --extern \
                     workflow_runtime=/t/libworkflow_runtime-1.rmeta";
        assert_eq!(name(usual).as_deref(), Some(USUAL));
    }

    #[test]
    fn another_name() {
        let path = "/t/libworkflow_runtime-1.rlib";
        for given in
            ["--extern flow=", "--extern=flow=", "--extern priv:flow=", "--extern=noprelude:flow="]
        {
            assert_eq!(
                name(&format!("rustc {given}{path} src/lib.rs")).as_deref(),
                Some("flow"),
                "{given}"
            );
        }
    }

    #[test]
    fn none() {
        for arguments in [
            "rustc --extern flow=/t/libworkflow_runtime_tests-1.rmeta",
            "rustc --extern workflow_runtime",
            "rustc libworkflow_runtime-1.rmeta --extern",
            "rustc",
        ] {
            assert_eq!(name(arguments), None, "{arguments}");
        }
    }
}
