//! The plain values, choices and results in a run, as texts that are stored with the records.
//!
//! A value is noted as its identity. A branch is noted as the arm that it chose, then what that arm
//! binds, then its result: `arm 0 IDENTITY =IDENTITY`, as far as these can be identified. A block
//! or a fan-out is noted as its result.

use std::collections::{HashMap, HashSet};

use crate::run::Note;

/// The notes so far, by path.
#[derive(Debug, Default)]
pub(super) struct Notes {
    told: HashMap<String, String>,
    /// The branches, blocks and fan-outs whose result cannot be identified.
    untold: HashSet<String>,
}

impl Notes {
    pub(super) fn add(&mut self, path: String, note: Note) {
        match note {
            Note::Value(value) | Note::Choice(value) => {
                self.told.insert(path, value);
            }
            Note::Bound(bound) => {
                let choice = self.told.entry(path).or_default();
                *choice = format!("{choice} {bound}");
            }
            Note::Result(result) => {
                let before = self.told.entry(path).or_default();
                *before = format!("{} ={result}", parts(before).0);
            }
            Note::Untold => {
                self.untold.insert(path);
            }
        }
    }

    pub(super) fn get(&self, path: &str) -> Option<&str> {
        self.told.get(path).map(String::as_str)
    }

    /// Whether the result of the branch, block or fan-out at `path` cannot be identified.
    pub(super) fn is_untold(&self, path: &str) -> bool {
        self.untold.contains(path)
    }
}

/// A note without its result, and the result.
fn parts(note: &str) -> (&str, Option<&str>) {
    note.split_once(" =").map_or((note, None), |(before, result)| (before, Some(result)))
}

/// Whether two notes about the same thing contradict each other. What only one of them contains
/// proves nothing: the other may come from a version whose types revealed less.
pub(super) fn contradict(before: &str, now: &str) -> bool {
    let begins = |long: &str, short: &str| {
        long.strip_prefix(short)
            .is_some_and(|rest| rest.is_empty() || short.is_empty() || rest.starts_with(' '))
    };
    let ((before, result), (now, result_now)) = (parts(before), parts(now));
    let others = result.zip(result_now).is_some_and(|(before, now)| before != now);
    others || !(begins(before, now) || begins(now, before))
}

/// Whether a branch with this note chose that arm.
pub(super) fn chose(note: &str, arm: &str) -> bool {
    note.strip_prefix(arm).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

#[cfg(test)]
mod tests {
    use super::{Note, Notes, chose, contradict};

    fn noted(notes: impl IntoIterator<Item = Note>) -> String {
        let mut all = Notes::default();
        for note in notes {
            all.add("here".to_owned(), note);
        }
        all.get("here").expect("it is noted").to_owned()
    }

    fn branch(arm: &str, bound: Option<&str>, result: Option<&str>) -> String {
        let bound = bound.map(|bound| Note::Bound(bound.to_owned()));
        let result = result.map(|result| Note::Result(result.to_owned()));
        noted([Some(Note::Choice(arm.to_owned())), bound, result].into_iter().flatten())
    }

    #[test]
    fn a_branch_is_its_arm_what_that_binds_and_what_it_came_to() {
        assert_eq!(branch("arm 1", Some("b"), Some("r")), "arm 1 b =r");
        assert_eq!(branch("arm 1", None, Some("r")), "arm 1 =r");
        assert_eq!(noted([Note::Result("r".to_owned())]), " =r");
        let again = [Note::Result("q".to_owned()), Note::Result("r".to_owned())];
        assert_eq!(noted(again), " =r", "a result is the last one");
    }

    #[test]
    fn a_note_contradicts_one_that_tells_otherwise_and_none_that_tells_less() {
        let full = branch("arm 1", Some("b"), Some("r"));
        for same in [
            branch("arm 1", None, None),
            branch("arm 1", Some("b"), None),
            branch("arm 1", None, Some("r")),
            noted([Note::Result("r".to_owned())]),
            full.clone(),
        ] {
            assert!(!contradict(&full, &same), "{same}");
            assert!(!contradict(&same, &full), "{same}");
        }
        for other in [
            branch("arm 0", None, None),
            branch("arm 10", None, None),
            branch("arm 1", Some("c"), None),
            branch("arm 1", Some("b"), Some("q")),
            branch("arm 1", None, Some("q")),
        ] {
            assert!(contradict(&full, &other), "{other}");
            assert!(contradict(&other, &full), "{other}");
        }
        assert!(contradict("ab", "abc"), "values are compared whole");
    }

    #[test]
    fn an_arm_is_told_from_one_whose_number_begins_with_its_own() {
        assert!(chose("arm 1", "arm 1"));
        assert!(chose("arm 1 b =r", "arm 1"));
        assert!(!chose("arm 10", "arm 1"));
    }
}
