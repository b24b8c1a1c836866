//! What tells whether a step is still the one that was recorded.

use serde::{Deserialize, Serialize};

use crate::durable::recording::Site;
use crate::graph::{Edge, Source};

/// A step as it was when it was recorded.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Fingerprint {
    function: String,
    output: String,
    needs: Vec<String>,
    /// Its record has taken the place of an older one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) again: bool,
}

impl Fingerprint {
    pub(crate) fn of(step: &Site<'_>) -> Self {
        let nodes = step.graph.nodes();
        let name = |edge: &Edge| match edge.from {
            Source::Input(input) => step.graph.inputs()[input].to_owned(),
            Source::Node(node) => nodes[node].path().to_owned(),
        };
        let mut needs: Vec<_> =
            step.graph.edges().iter().filter(|edge| edge.to == step.node).map(name).collect();
        needs.sort_unstable();
        let function = nodes[step.node].function().unwrap_or_default().to_owned();
        Self { function, output: without_modules(step.output), needs, again: false }
    }

    pub(crate) fn to_json(&self) -> String {
        serde_json::to_string(self).expect("it holds nothing but texts")
    }

    /// The same, of a record that takes the place of an older one.
    pub(super) fn again(json: &str) -> String {
        match Self::read(json) {
            Some(fingerprint) => Self { again: true, ..fingerprint }.to_json(),
            None => json.to_owned(),
        }
    }

    /// That of a record; `None` if it has another form.
    pub(super) fn read(json: &str) -> Option<Self> {
        serde_json::from_str(json).ok()
    }

    /// What is not the same as in `before`; nothing if all is.
    pub(super) fn change(&self, before: &Self) -> Option<String> {
        let changed = |what: &str, before: &str, now: &str| {
            (before != now).then(|| format!("{what} was `{before}` and is `{now}`"))
        };
        changed("its function", &before.function, &self.function)
            .or_else(|| changed("its output", &before.output, &self.output))
            .or_else(|| {
                changed("what it depends on", &before.needs.join(", "), &self.needs.join(", "))
            })
    }
}

/// A type without the modules that its parts stand in: where a type is defined does not matter
/// to what is recorded of it.
fn without_modules(name: &str) -> String {
    let mut text = String::new();
    let mut word = String::new();
    let mut letters = name.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter == ':' && letters.peek() == Some(&':') {
            letters.next();
            word.clear();
        } else if letter.is_alphanumeric() || letter == '_' {
            word.push(letter);
        } else {
            text.push_str(&std::mem::take(&mut word));
            text.push(letter);
        }
    }
    text + &word
}

#[cfg(test)]
mod tests {
    use super::without_modules;

    #[test]
    fn types_have_no_modules() {
        let long = "core::option::Option<(alloc::vec::Vec<shop::order::Line>, &'static [u8; 4])>";
        assert_eq!(without_modules(long), "Option<(Vec<Line>, &'static [u8; 4])>");
        assert_eq!(without_modules("u32"), "u32");
    }
}
