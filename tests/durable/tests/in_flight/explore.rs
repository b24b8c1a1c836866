//! Tries all ways in which something can go.

use std::hash::{DefaultHasher, Hash, Hasher};

/// How many ways are tried one after the other, unless all are.
const IN_ORDER: usize = 250;
/// How many of the others are tried then.
const AT_RANDOM: usize = 100;

/// The choices on the way that is tried now.
#[derive(Debug, Default)]
pub(crate) struct Explorer {
    /// Each choice, and of how many.
    way: Vec<(usize, usize)>,
    at: usize,
    tried: usize,
}

/// Whether all ways are tried, however many there are.
pub(crate) fn all() -> bool {
    std::env::var_os("WORKFLOW_INTERLEAVINGS").is_some()
}

impl Explorer {
    /// One of so many: all of them in turn, on ways that are the same up to here.
    pub(crate) fn choose(&mut self, of: usize) -> usize {
        if self.at == self.way.len() {
            self.way.push((if self.is_random() { self.random(of) } else { 0 }, of));
        }
        let (chosen, before) = self.way[self.at];
        assert_eq!(before, of, "the same way leads to the same choices");
        self.at += 1;
        chosen
    }

    /// Goes back to the start, for the next way. `false` if all have been tried, or enough of them.
    pub(crate) fn next(&mut self) -> bool {
        self.at = 0;
        self.tried += 1;
        if self.is_random() {
            self.way.clear();
            return self.tried < IN_ORDER + AT_RANDOM;
        }
        while let Some((chosen, of)) = self.way.pop() {
            if chosen + 1 < of {
                self.way.push((chosen + 1, of));
                return true;
            }
        }
        false
    }

    fn is_random(&self) -> bool {
        self.tried >= IN_ORDER && !all()
    }

    /// A number that is the same each time that the test runs.
    fn random(&self, below: usize) -> usize {
        let mut hasher = DefaultHasher::new();
        (self.tried, self.at).hash(&mut hasher);
        let number = hasher.finish() % u64::try_from(below).expect("a usize has 64 bits at most");
        usize::try_from(number).expect("it is below a usize")
    }
}
