//! Tries all ways in which something can go.

use std::hash::{DefaultHasher, Hash, Hasher};

/// How many ways of a case are tried one after the other; then half as many of the others are, at
/// random.
const IN_ORDER: usize = 250;

/// The choices on the way that is tried now.
#[derive(Debug)]
pub(crate) struct Explorer {
    /// Each choice, and of how many.
    way: Vec<(usize, usize)>,
    at: usize,
    tried: usize,
    in_order: usize,
}

/// How many ways are asked for, if any are.
pub(crate) fn asked_for() -> Option<usize> {
    let asked = std::env::var("WORKFLOW_INTERLEAVINGS").ok()?;
    Some(asked.parse().expect("WORKFLOW_INTERLEAVINGS is how many ways of each case are tried"))
}

impl Explorer {
    pub(crate) fn new() -> Self {
        let in_order = asked_for().unwrap_or(IN_ORDER);
        Self { way: Vec::new(), at: 0, tried: 0, in_order }
    }

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
            return self.tried < self.in_order + self.in_order / 2;
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
        self.tried >= self.in_order
    }

    /// A number that is the same each time that the test runs.
    fn random(&self, below: usize) -> usize {
        let mut hasher = DefaultHasher::new();
        (self.tried, self.at).hash(&mut hasher);
        let number = hasher.finish() % u64::try_from(below).expect("a usize has 64 bits at most");
        usize::try_from(number).expect("it is below a usize")
    }
}
