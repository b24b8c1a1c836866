//! How much is measured, and where.

use std::path::PathBuf;

use crate::Outcome;

/// How many steps a run has.
pub(crate) const STEPS: usize = 20;

pub(crate) struct Plan {
    /// Its disk is measured, too.
    pub(crate) folder: PathBuf,
    /// How often all versions take turns.
    pub(crate) rounds: usize,
    /// How many runs go on at once, and how many each of these places does in a round.
    pub(crate) loads: [(usize, usize); 3],
    /// How many unfinished runs there are after a restart.
    pub(crate) unfinished: usize,
}

impl Plan {
    pub(crate) fn from_arguments() -> Outcome<Self> {
        let (options, folders): (Vec<_>, Vec<_>) =
            std::env::args().skip(1).partition(|argument| argument.starts_with("--"));
        let quick = match options.as_slice() {
            [] => false,
            [option] if option == "--quick" => true,
            _ => return Err("call it as [--quick] [FOLDER]".into()),
        };
        let built = concat!(env!("CARGO_MANIFEST_DIR"), "/target");
        let folder = folders.into_iter().next().unwrap_or_else(|| built.to_owned()).into();
        std::fs::create_dir_all(&folder)?;
        Ok(if quick {
            Self { folder, rounds: 3, loads: [(1, 5), (8, 2), (64, 1)], unfinished: 1000 }
        } else {
            Self { folder, rounds: 9, loads: [(1, 20), (8, 8), (64, 4)], unfinished: 10_000 }
        })
    }
}
