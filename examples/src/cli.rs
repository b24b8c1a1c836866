//! What the programs share: how they read their arguments, and how they end.

use std::{
    error::Error,
    fmt,
    path::{Path, PathBuf},
};

/// Arguments that the program does not take.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{problem}\n\n{usage}")]
pub struct UsageError {
    problem: String,
    usage: &'static str,
}

/// The paths that the program is given: at most `N`, in the order of the arguments.
///
/// With `--help` it prints `usage` and ends the process.
///
/// # Errors
///
/// If there are more than `N` paths, or an option.
pub fn paths<const N: usize>(usage: &'static str) -> Result<[Option<PathBuf>; N], UsageError> {
    let arguments: Vec<_> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    if arguments
        .iter()
        .any(|argument| argument == Path::new("--help") || argument == Path::new("-h"))
    {
        println!("{usage}");
        std::process::exit(0);
    }
    parse(arguments).map_err(|problem| UsageError { problem, usage })
}

fn parse<const N: usize>(arguments: Vec<PathBuf>) -> Result<[Option<PathBuf>; N], String> {
    let mut paths = [const { None }; N];
    let mut free = paths.iter_mut();
    for argument in arguments {
        if argument.as_os_str().as_encoded_bytes().starts_with(b"-") {
            return Err(format!("there is no option `{}`", argument.display()));
        }
        match free.next() {
            Some(path) => *path = Some(argument),
            None => return Err(format!("`{}` is one argument too many", argument.display())),
        }
    }
    Ok(paths)
}

/// Any error, for `main` to end with.
pub struct Failure(Box<dyn Error>);

// `main` shows its error by `Debug`, which is meant for programmers.
impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl<E: Error + 'static> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(Box::new(error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed<const N: usize>(arguments: &[&str]) -> Result<[Option<PathBuf>; N], String> {
        parse(arguments.iter().map(PathBuf::from).collect())
    }

    #[test]
    fn takes_paths_in_their_order() {
        assert_eq!(parsed(&[]), Ok([None, None]));
        assert_eq!(parsed(&["a.csv"]), Ok([Some("a.csv".into()), None]));
        assert_eq!(parsed(&["a.csv", "b.csv"]), Ok([Some("a.csv".into()), Some("b.csv".into())]));
    }

    #[test]
    fn refuses_options_and_what_is_too_much() {
        let refused = |arguments: &[&str]| parsed::<1>(arguments).unwrap_err();
        assert_eq!(refused(&["--verbose"]), "there is no option `--verbose`");
        assert_eq!(refused(&["a.csv", "b.csv"]), "`b.csv` is one argument too many");
    }
}
