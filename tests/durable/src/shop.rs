//! What the steps of an order find outside, and what they leave there.

use std::fs::{File, OpenOptions};
use std::hash::{BuildHasher, RandomState};
use std::io::{self, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};
use workflow_runtime::idempotency_key;

use crate::Refused;

/// What a step comes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// The same whenever the same steps run.
    pub value: u64,
    /// Another one each time, so that a step which ran twice is seen.
    pub random: u64,
    /// The random numbers of what the step was given.
    pub used: Vec<u64>,
}

/// What a step writes into the log before it returns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The step's idempotency key: the run's id and the path, and the number of the time if the step
    /// had been undone before.
    pub key: String,
    /// Whether the step has been undone, and not done.
    pub undone: bool,
    /// What the step comes to, or what it came to before it was undone.
    pub output: Token,
}

impl Line {
    /// The lines of a log. One that a process had begun when it was killed does not count: its step
    /// did not return.
    ///
    /// # Panics
    ///
    /// If anything else is in it.
    #[must_use]
    pub fn all(log: &str) -> Vec<Self> {
        let lines = log.lines().filter(|line| !line.is_empty());
        let lines = lines.filter_map(|line| match serde_json::from_str(line) {
            Ok(line) => Some(line),
            Err(error) if error.is_eof() => None,
            Err(error) => panic!("`{line}` is not a line of a log: {error}"),
        });
        lines.collect()
    }
}

/// The world outside of the journal: a log.
#[derive(Debug)]
pub struct Shop {
    log: File,
    sells: bool,
    fails: Option<String>,
}

impl Shop {
    /// A shop whose log is this file. The step with the path `fails` does.
    ///
    /// # Errors
    ///
    /// If the file cannot be opened or made.
    pub fn open(log: &Path, sells: bool, fails: Option<String>) -> io::Result<Self> {
        // Lines of several processes do not mix, and none is lost with a process.
        let log = OpenOptions::new().append(true).create(true).open(log)?;
        Ok(Self { log, sells, fails })
    }

    /// Whether the last step of an order succeeds.
    pub(crate) fn sells(&self) -> bool {
        self.sells
    }

    /// Does the step that calls this.
    pub(crate) fn act(&self, used: &[&Token]) -> Result<Token, Refused> {
        let key = idempotency_key();
        let path = key.split('/').nth(1).expect("a key has a path");
        if self.fails.as_deref() == Some(path) {
            return Err(Refused);
        }
        let start = path.bytes().fold(0, |sum, byte| mix(sum) ^ u64::from(byte));
        let value = used.iter().fold(start, |sum, token| mix(sum) ^ token.value);
        let used = used.iter().map(|token| token.random).collect();
        let output = Token { value, random: random(), used };
        self.write(&Line { key, undone: false, output: output.clone() });
        Ok(output)
    }

    /// Undoes what came to this.
    pub(crate) fn undo(&self, done: &Token) {
        let key = idempotency_key();
        let (step, time) = key.split_once("/undo").expect("it is the key of what undoes");
        let key = format!("{step}{time}");
        self.write(&Line { key, undone: true, output: done.clone() });
    }

    fn write(&self, line: &Line) {
        let line = serde_json::to_string(line).expect("it holds texts and numbers");
        // A process that is killed meanwhile may leave a part of a line. The line break is in
        // front, so that what the next process writes does not become a part of that line.
        let line = format!("\n{line}");
        (&self.log).write_all(line.as_bytes()).expect("the log can be written");
    }
}

fn mix(number: u64) -> u64 {
    number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1)
}

/// A random number.
#[must_use]
pub fn random() -> u64 {
    RandomState::new().hash_one(0)
}
