//! The server's answers, in a form that a test can compare.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::server::Server;

impl Server {
    /// What a hover shows: the headlines of its parts.
    pub(crate) fn hover(&mut self, file: &str, at: &str) -> Vec<String> {
        let answer = self.at("textDocument/hover", file, at, &json!({}));
        let text = answer["contents"]["value"].as_str().unwrap_or_default();
        let parts =
            text.split("\n\n\n").map(|part| part.split_whitespace().collect::<Vec<_>>().join(" "));
        parts
            .filter(|part| !part.starts_with("size =") && !part.starts_with("needs Drop"))
            .collect()
    }

    /// Where the definitions are, as `file: the line`.
    pub(crate) fn definitions(&mut self, file: &str, at: &str) -> Vec<String> {
        let answer = self.at("textDocument/definition", file, at, &json!({}));
        Self::places(&answer)
    }

    /// Where it is named, with its definition.
    pub(crate) fn references(&mut self, file: &str, at: &str) -> Vec<String> {
        let more = json!({ "context": { "includeDeclaration": true } });
        let answer = self.at("textDocument/references", file, at, &more);
        let mut places = Self::places(&answer);
        places.sort();
        places
    }

    /// What a rename would change.
    pub(crate) fn renames(&mut self, file: &str, at: &str, name: &str) -> Vec<String> {
        let answer = self.at("textDocument/rename", file, at, &json!({ "newName": name }));
        let mut places = Vec::new();
        for change in answer["documentChanges"].as_array().into_iter().flatten() {
            let uri = change["textDocument"]["uri"].as_str().unwrap_or_default();
            for edit in change["edits"].as_array().into_iter().flatten() {
                assert_eq!(edit["newText"], name);
                places.push(Self::place(uri, &edit["range"]));
            }
        }
        places.sort();
        places
    }

    /// What can be typed here.
    pub(crate) fn completions(&mut self, file: &str, at: &str) -> Vec<String> {
        let answer = self.at("textDocument/completion", file, at, &json!({}));
        let items = answer["items"].as_array().or(answer.as_array());
        let labels = items.into_iter().flatten().filter_map(|item| item["label"].as_str());
        labels.map(str::to_owned).collect()
    }

    /// The signature of the function whose arguments are typed.
    pub(crate) fn signature(&mut self, file: &str, at: &str) -> String {
        let answer = self.at("textDocument/signatureHelp", file, at, &json!({}));
        answer["signatures"][0]["label"].as_str().unwrap_or_default().to_owned()
    }

    /// What is offered to be done here.
    pub(crate) fn actions(&mut self, file: &str, at: &str) -> Vec<String> {
        let more = json!({ "context": { "diagnostics": [] } });
        let answer = self.at("textDocument/codeAction", file, at, &more);
        let titles = answer.as_array().into_iter().flatten();
        titles.filter_map(|action| action["title"].as_str()).map(str::to_owned).collect()
    }

    /// The types beside the variables, as `line of code: type`.
    pub(crate) fn inlays(&mut self, file: &str) -> Vec<String> {
        let answer = self.of("textDocument/inlayHint", file);
        let hints = answer.as_array().cloned().unwrap_or_default();
        let types = hints.iter().filter(|hint| hint["kind"] == 1);
        types.map(|hint| format!("{}{}", self.word(file, &hint["position"]), label(hint))).collect()
    }

    /// What the outline lists.
    pub(crate) fn outline(&mut self, file: &str) -> Vec<String> {
        let answer = self.of("textDocument/documentSymbol", file);
        let symbols = answer.as_array().into_iter().flatten();
        symbols.filter_map(|symbol| symbol["name"].as_str()).map(str::to_owned).collect()
    }

    /// The colours of the words, as the numbers of their kinds, each word once.
    pub(crate) fn colours(&mut self, file: &str) -> BTreeMap<String, BTreeSet<u64>> {
        let answer = self.of("textDocument/semanticTokens/full", file);
        let numbers = answer["data"].as_array().into_iter().flatten();
        let numbers: Vec<u64> = numbers.filter_map(Value::as_u64).collect();
        let mut colours = BTreeMap::<_, BTreeSet<_>>::new();
        let (mut line, mut column) = (0, 0);
        for token in numbers.chunks_exact(5) {
            line += token[0];
            column = if token[0] > 0 { token[1] } else { column + token[1] };
            let end = json!({ "line": line, "character": column + token[2] });
            colours.entry(self.word(file, &end)).or_default().insert(token[3]);
        }
        colours
    }

    /// What the editor underlines, as `line number: headline`.
    pub(crate) fn problems(&mut self, file: &str) -> Vec<String> {
        let answer = self.of("textDocument/diagnostic", file);
        let items = answer["items"].as_array().cloned().unwrap_or_default();
        let problems = items.iter().map(|item| {
            let line = item["range"]["start"]["line"].as_u64().unwrap_or_default() + 1;
            let text = item["message"].as_str().unwrap_or_default();
            format!("{line}: {}", text.lines().next().unwrap_or_default())
        });
        problems.collect()
    }

    /// The place of `at`, as `definitions` names it.
    pub(crate) fn line_of(&self, file: &str, at: &str) -> String {
        let line = self.position(file, at)["line"].as_u64().unwrap_or_default();
        format!("{file}:{}", line + 1)
    }

    fn places(answer: &Value) -> Vec<String> {
        let places = answer.as_array().into_iter().flatten();
        let places = places.map(|place| {
            let uri = place["uri"].as_str().or(place["targetUri"].as_str()).unwrap_or_default();
            let range = place.get("range").unwrap_or(&place["targetSelectionRange"]);
            Self::place(uri, range)
        });
        places.collect()
    }

    fn place(uri: &str, range: &Value) -> String {
        let file = uri.rsplit('/').next().unwrap_or_default();
        let line = range["start"]["line"].as_u64().unwrap_or_default();
        format!("{file}:{}", line + 1)
    }

    /// The word that ends at a position.
    fn word(&self, file: &str, position: &Value) -> String {
        let number = |name: &str| {
            usize::try_from(position[name].as_u64().unwrap_or_default()).expect("it is small")
        };
        let line = self.text(file).lines().nth(number("line")).unwrap_or_default();
        let before: String = line.chars().take(number("character")).collect();
        let start = before.rfind(|letter: char| !letter.is_alphanumeric() && letter != '_');
        before[start.map_or(0, |start| start + 1)..].to_owned()
    }
}

fn label(hint: &Value) -> String {
    match hint["label"].as_array() {
        Some(parts) => parts.iter().filter_map(|part| part["value"].as_str()).collect(),
        None => hint["label"].as_str().unwrap_or_default().to_owned(),
    }
}
