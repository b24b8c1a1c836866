//! The folders of each crate import downwards only: no two of them know each other, not even by way
//! of others.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Which folder, or file beside it, imports which.
type Imports = BTreeMap<String, BTreeSet<String>>;

/// A folder of sources, and how the paths into it begin.
const LAYERED: [(&str, &str); 6] = [
    ("workflow-runtime/src", "crate"),
    ("workflow-macros/src", "crate"),
    ("workflow-macros/src/workflow", "crate::workflow"),
    ("workflow-graph/src", "crate"),
    ("workflow-journal/src", "crate"),
    ("workflow-cli/src", "crate"),
];

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

/// The code without comments, and without the tests at the end of a file.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect()
}

/// The first names behind `root::` in the code: `a` and `b` of `root::{a::A, b}`. What begins with a
/// `$` is written into the user's crate.
fn named_behind(code: &str, root: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let root = format!("{root}::");
    for (at, _) in code.match_indices(&root) {
        let before = code[..at].chars().next_back();
        if before.is_some_and(|it| it == '$' || it == ':' || it == '_' || it.is_alphanumeric()) {
            continue;
        }
        let rest = &code[at + root.len()..];
        let Some(group) = rest.strip_prefix('{') else {
            names.insert(first_name(rest));
            continue;
        };
        let (mut depth, mut start) = (0, true);
        for (at, letter) in group.char_indices() {
            match letter {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => start = true,
                _ if start && !letter.is_whitespace() => {
                    names.insert(first_name(&group[at..]));
                    start = false;
                }
                _ => {}
            }
        }
    }
    names
}

fn first_name(path: &str) -> String {
    path.chars().take_while(|it| it.is_alphanumeric() || *it == '_').collect()
}

fn without_ending(part: &str) -> &str {
    part.strip_suffix(".rs").unwrap_or(part)
}

fn imports(folder: &Path, root: &str) -> Imports {
    let files: Vec<(Vec<String>, String)> = sources(folder)
        .into_iter()
        .map(|path| {
            let inner = path.strip_prefix(folder).unwrap().iter();
            let parts = inner.map(|part| without_ending(part.to_str().unwrap()).to_owned());
            (parts.collect(), code(&fs::read_to_string(&path).unwrap()))
        })
        .collect();
    let tops: BTreeSet<String> = files.iter().map(|(parts, _)| parts[0].clone()).collect();
    let mut imports = Imports::new();
    for (mut parts, code) in files {
        let own = parts[0].clone();
        if parts.last().is_some_and(|last| last == "mod") {
            parts.pop();
        }
        let mut named = named_behind(&code, root);
        if !parts.is_empty() {
            named.extend(named_behind(&code, &vec!["super"; parts.len()].join("::")));
        }
        named.retain(|name| tops.contains(name) && *name != own);
        // These only list what there is.
        if !["lib", "main", "mod"].contains(&&*own) {
            imports.entry(own).or_default().extend(named);
        }
    }
    imports
}

/// A circle of imports, if there is one.
fn circle(imports: &Imports) -> Option<Vec<&str>> {
    let mut left = imports.clone();
    loop {
        let before = left.len();
        // What imports nothing that is left is part of no circle.
        let lowest: Vec<String> = left
            .iter()
            .filter(|(_, named)| named.iter().all(|name| !left.contains_key(name)))
            .map(|(name, _)| name.clone())
            .collect();
        for name in lowest {
            left.remove(&name);
        }
        if left.len() == before {
            break;
        }
    }
    let (mut at, _) = left.first_key_value()?;
    let mut way: Vec<&String> = Vec::new();
    while !way.contains(&at) {
        way.push(at);
        at = left[at].iter().find(|name| left.contains_key(*name)).unwrap();
    }
    let start = way.iter().position(|name| *name == at).unwrap();
    let way = way[start..].iter().map(|name| imports.get_key_value(*name).unwrap().0.as_str());
    Some(way.collect())
}

#[test]
fn folders_import_downwards_only() {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    for (folder, root) in LAYERED {
        let imports = imports(&workspace.join(folder), root);
        assert!(!imports.is_empty(), "{folder} has no sources");
        let circle = circle(&imports);
        assert!(circle.is_none(), "in {folder}, these import each other in a circle: {circle:?}");
    }
}

#[test]
fn a_circle_is_found() {
    let code = code(
        "use crate::{run::{Place, Scope}, step}; // use crate::none;\n\
         fn f() { crate::graph::g(); $crate::hidden::h() }",
    );
    let named: Vec<String> = named_behind(&code, "crate").into_iter().collect();
    assert_eq!(named, ["graph", "run", "step"]);
    let named = |names: &[&str]| names.iter().map(ToString::to_string).collect();
    let mut imports = Imports::from([
        ("run".to_owned(), named(&["step"])),
        ("saga".to_owned(), named(&["run"])),
        ("step".to_owned(), named(&["graph"])),
        ("graph".to_owned(), named(&[])),
    ]);
    assert_eq!(circle(&imports), None);
    imports.insert("graph".to_owned(), named(&["run"]));
    assert_eq!(circle(&imports), Some(vec!["graph", "run", "step"]));
}
