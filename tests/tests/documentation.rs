//! What the documentation says that the compiler says, the compiler says.

use std::fs;
use std::path::Path;

/// What the compiler says of each fixture, with the fixture's name.
fn said() -> Vec<(String, String)> {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = [tests.join("errors/tests/errors"), tests.join("durable-errors/tests/errors")];
    let files = folders.iter().flat_map(|folder| fs::read_dir(folder).unwrap());
    let files = files.map(|entry| entry.unwrap().path());
    let texts = files.filter(|path| path.extension().is_some_and(|it| it == "stderr"));
    texts
        .map(|path| {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            (name, fs::read_to_string(path).unwrap())
        })
        .collect()
}

fn page(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    fs::read_to_string(root.join(path)).unwrap()
}

/// The blocks of plain text, each with the line before it.
fn blocks(page: &str) -> Vec<(&str, &str)> {
    let parts: Vec<&str> = page.split("```text\n").collect();
    let pairs = parts.windows(2);
    pairs
        .map(|pair| {
            let before = pair[0].trim_end_matches('\n').rsplit('\n').next().unwrap_or("");
            (before, pair[1].split("\n```").next().unwrap_or(""))
        })
        .collect()
}

#[test]
fn the_readme_quotes_a_fixture() {
    let (page, said) = (page("README.md"), said());
    let quoted: Vec<_> = blocks(&page)
        .into_iter()
        .filter_map(|(before, block)| {
            let name = before.strip_prefix("<!-- ")?.strip_suffix(" -->")?;
            Some((name, block))
        })
        .collect();
    assert!(!quoted.is_empty());
    for (name, block) in quoted {
        let (_, text) = said.iter().find(|(it, _)| it == name).expect(name);
        assert_eq!(block, text.trim_end());
    }
}

#[test]
fn the_page_of_errors_quotes_fixtures() {
    let (page, said) = (page("workflow-runtime/docs/errors.md"), said());
    let blocks = blocks(&page);
    assert!(blocks.len() > 10);
    for (_, block) in blocks {
        for message in block.split("\nerror").map(|it| it.trim_start_matches("error")) {
            let message = format!("error{message}");
            assert!(
                said.iter().any(|(_, text)| text.contains(&message)),
                "no fixture says:\n{message}"
            );
        }
    }
}

/// What errors name is in the documented module `bounds`.
#[test]
fn no_message_names_what_is_hidden() {
    for (name, text) in said() {
        assert!(!text.contains("__private"), "{name}");
    }
}
