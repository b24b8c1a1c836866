//! What an editor offers to mend: each suggestion of rustc's about a mistake in a workflow, applied.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use serde_json::Value;
use workflow_editor_tests::write_package;

/// A part of a file and what is to stand there.
struct Edit {
    file: String,
    start: usize,
    end: usize,
    text: String,
}

/// What rustc suggests to an error or a warning.
struct Suggestion {
    program: String,
    message: String,
    text: String,
    /// It can be applied without a look at it.
    is_certain: bool,
    edits: Vec<Edit>,
}

/// Mistakes that rustc's parser reports of a function with `#[workflow]`, and nothing else does: what it
/// suggests can be another mistake.
const OF_THE_PARSER: [&str; 1] = ["workflow_attribute_else_if"];

/// The mistakes whose messages show an edit.
fn mistakes() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../errors/tests/errors");
    let files = fs::read_dir(folder).expect("the mistakes are there");
    let mut mistakes = Vec::new();
    for file in files {
        let path = file.expect("it can be read").path();
        let Ok(messages) = fs::read_to_string(path.with_extension("stderr")) else { continue };
        let source = fs::read_to_string(path.with_extension("rs")).expect("it can be read");
        // `22 - let payment`, or `| ++++` below the line.
        let marks = |line: &str| {
            let behind = line.trim_start_matches(|letter: char| " |".contains(letter));
            let number = line.trim_start().trim_start_matches(|digit: char| digit.is_ascii_digit());
            let is_new = number.starts_with(" + ") || number.starts_with(" - ");
            is_new || !behind.is_empty() && behind.chars().all(|letter| "+~ ".contains(letter))
        };
        let shows_edit = messages.lines().any(marks) || messages.contains("help: if this is");
        let of_the_parser =
            OF_THE_PARSER.iter().any(|name| path.file_stem() == Some(name.as_ref()));
        let needs_more = source.contains("tokio") || source.contains("tracing");
        if shows_edit && !of_the_parser && !needs_more {
            mistakes.push(path.with_extension("rs"));
        }
    }
    mistakes
}

/// A package whose programs are the mistakes.
fn package(mistakes: Vec<PathBuf>) -> PathBuf {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("mistakes");
    write_package(&root, "src/bin", mistakes);
    root
}

/// What rustc says to each program, or to one.
fn messages(root: &Path, program: Option<&str>) -> Vec<(String, Value)> {
    let programs = program.map_or(vec!["--bins"], |program| vec!["--bin", program]);
    let output = Command::new(env!("CARGO"))
        .args(["check", "--quiet", "--keep-going", "--message-format=json"])
        .args(programs)
        .env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("user/target"))
        .current_dir(root)
        .output()
        .expect("cargo runs");
    let lines = String::from_utf8(output.stdout).expect("it is text");
    let messages = lines.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let messages = messages.filter(|message| message["reason"] == "compiler-message");
    let of_program = |message: Value| {
        let program = message["target"]["name"].as_str().unwrap_or_default().to_owned();
        (program, message["message"].clone())
    };
    messages.map(of_program).collect()
}

fn suggestions(messages: &[(String, Value)]) -> Vec<Suggestion> {
    let mut found = Vec::new();
    for (program, message) in messages {
        for child in message["children"].as_array().into_iter().flatten() {
            let spans = child["spans"].as_array().into_iter().flatten();
            let spans: Vec<_> =
                spans.filter(|span| !span["suggested_replacement"].is_null()).collect();
            if spans.is_empty() {
                continue;
            }
            let is_certain =
                spans.iter().all(|span| span["suggestion_applicability"] == "MachineApplicable");
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            found.push(Suggestion {
                program: program.clone(),
                message: text(&message["message"]),
                text: text(&child["message"]),
                is_certain,
                edits: spans.into_iter().map(edit).collect(),
            });
        }
    }
    found
}

fn edit(span: &Value) -> Edit {
    let number =
        |name: &str| usize::try_from(span[name].as_u64().unwrap_or_default()).expect("it is small");
    Edit {
        file: span["file_name"].as_str().unwrap_or_default().to_owned(),
        start: number("byte_start"),
        end: number("byte_end"),
        text: span["suggested_replacement"].as_str().unwrap_or_default().to_owned(),
    }
}

fn applied(source: &str, suggestion: &Suggestion) -> String {
    let mut edits: Vec<_> = suggestion.edits.iter().collect();
    edits.sort_by_key(|edit| edit.start);
    let mut text = source.to_owned();
    for edit in edits.into_iter().rev() {
        text.replace_range(edit.start..edit.end, &edit.text);
    }
    text
}

/// The errors among the messages; the one that only counts them has no place.
fn errors(messages: &[(String, Value)]) -> Vec<String> {
    let errors = messages.iter().map(|(_, message)| message);
    let errors = errors.filter(|message| message["level"] == "error");
    let errors =
        errors.filter(|message| message["spans"].as_array().is_some_and(|s| !s.is_empty()));
    errors.map(|message| message["message"].as_str().unwrap_or_default().to_owned()).collect()
}

/// One that can be applied blindly mends the mistake and causes no other. The others, too, are about
/// the line on which the user typed: none is put at the end of a workflow.
#[test]
fn suggestions_are_where_the_user_typed() {
    let root = package(mistakes());
    let found = messages(&root, None);
    let suggestions = suggestions(&found);
    let certain = suggestions.iter().filter(|suggestion| suggestion.is_certain).count();
    assert!(certain >= 5 && suggestions.len() >= 20, "{certain} of {}", suggestions.len());
    for suggestion in &suggestions {
        let about = format!("{}: {}: {}", suggestion.program, suggestion.message, suggestion.text);
        let file = format!("src/bin/{}.rs", suggestion.program);
        let source = fs::read_to_string(root.join(&file)).expect("it can be read");
        for edit in &suggestion.edits {
            assert_eq!(edit.file, file, "{about}");
            let line_start = source[..edit.start].rfind('\n').map_or(0, |at| at + 1);
            let before = source[line_start..edit.start].trim();
            assert!(!matches!(before, "}" | "workflow! {"), "{about}: behind `{before}`");
        }
        if !suggestion.is_certain {
            continue;
        }
        let before = found.iter().filter(|(program, _)| *program == suggestion.program);
        let before = errors(&before.cloned().collect::<Vec<_>>());
        fs::write(root.join(&file), applied(&source, suggestion)).expect("it can be written");
        let after = messages(&root, Some(&suggestion.program));
        fs::write(root.join(&file), &source).expect("it can be written");
        let remains = after.iter().any(|(_, message)| message["message"] == suggestion.message);
        assert!(!remains, "{about}: it remains");
        for error in errors(&after) {
            assert!(before.contains(&error), "{about}: then there is `{error}`");
        }
    }
}
