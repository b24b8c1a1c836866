//! What the binaries share.

use std::{error::Error, fmt, io, path::PathBuf};

/// The path in the program's argument of this position, counted from 1.
#[must_use]
pub fn path_argument(position: usize) -> Option<PathBuf> {
    std::env::args_os().nth(position).map(PathBuf::from)
}

/// The path in the program's argument behind this one, and the path in its only other one.
#[must_use]
pub fn path_option(option: &str) -> (Option<PathBuf>, Option<PathBuf>) {
    let (mut of_option, mut other) = (None, None);
    let mut arguments = std::env::args_os().skip(1);
    while let Some(argument) = arguments.next() {
        if argument == option {
            of_option = arguments.next().map(PathBuf::from);
        } else {
            other = Some(PathBuf::from(argument));
        }
    }
    (of_option, other)
}

/// The value in the program's argument behind this one, if that is given.
///
/// # Errors
///
/// If there is none behind it.
pub fn option(option: &str) -> io::Result<Option<String>> {
    let mut arguments = std::env::args_os().skip_while(|argument| argument != option);
    if arguments.next().is_none() {
        return Ok(None);
    }
    let value = arguments.next().and_then(|value| value.into_string().ok());
    value.map(Some).ok_or_else(|| io::Error::other(format!("{option} needs a value")))
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
