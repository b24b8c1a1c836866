//! A workflow against the file that says how runs in flight know it.

use std::path::Path;
use std::process::{Command, Output};

use workflow_runtime::{StepError, graph_lock, step, workflow};

#[step]
async fn act(input: usize) -> Result<usize, StepError> {
    Ok(input)
}

#[step]
async fn act_otherwise(input: usize) -> Result<usize, StepError> {
    Ok(input)
}

#[step]
async fn text(input: usize) -> Result<Vec<Option<String>>, StepError> {
    Ok(vec![Some(input.to_string())])
}

#[step]
async fn look(input: usize) -> Option<usize> {
    Some(input)
}

macro_rules! version {
    ($name:ident, $input:ident, { $($body:tt)* }) => {
        mod $name {
            use super::*;

            workflow! {
                #[durable]
                pub(super) async fn flow($input: usize) -> Result<usize, StepError> {
                    $($body)*
                }
            }
        }
    };
}

version!(before, input, {
    let first = act(input).await?;
    let second = act(first).await?;
    let arm = match second {
        0 => {
            let one = act(second).await?;
            one
        }
        _ => {
            let one = act_otherwise(second).await?;
            one
        }
    };
    let items = for item in 0..arm {
        let seen = look(item).await;
        seen
    };
    let words = text(items.len()).await?;
    Ok(words.len())
});

version!(reordered, input, {
    let words = text(items.len()).await?;
    let items = for item in 0..arm {
        let seen = look(item).await;
        seen
    };
    let arm = match second {
        1.. => {
            let one = act_otherwise(second).await?;
            one
        }
        0 => {
            let one = act(second).await?;
            one
        }
    };
    let second = act(first).await?;
    let first = act(input).await?;
    Ok(words.len())
});

version!(changed, input, {
    let first = act_otherwise(input).await?;
    let next = act(first).await?;
    let arm = match next {
        0 => {
            let one = act(next).await?;
            one
        }
        _ => 1,
    };
    let items = for item in 0..arm {
        let seen = act(item).await?;
        seen
    };
    let words = text(items.len()).await?;
    Ok(words.len())
});

version!(longer, input, {
    let first = act(input).await?;
    let second = act(first).await?;
    let arm = match second {
        0 => {
            let one = act(second).await?;
            one
        }
        _ => {
            let one = act_otherwise(second).await?;
            one
        }
    };
    let items = for item in 0..arm {
        let seen = look(item).await;
        seen
    };
    let words = text(items.len()).await?;
    let third = act(words.len()).await?;
    Ok(third)
});

/// Inputs that a run in flight was not started with.
mod asks_more {
    use super::*;

    workflow! {
        #[durable]
        pub(super) async fn flow(
            input: usize,
            note: Option<String>,
            price: u32,
            label: String,
        ) -> Result<usize, StepError> {
            let first = act(input).await?;
            let _ = (note, price, label);
            Ok(first)
        }
    }
}

mod asks_for_what_can_be_missing {
    use super::*;

    workflow! {
        #[durable]
        pub(super) async fn flow(note: Option<String>, nothing: (), input: usize) -> Result<usize, StepError> {
            let first = act(input).await?;
            let _ = (note, nothing);
            Ok(first)
        }
    }
}

mod asks {
    use super::*;

    workflow! {
        #[durable]
        pub(super) async fn flow(input: usize) -> Result<usize, StepError> {
            let first = act(input).await?;
            Ok(first)
        }
    }

    workflow! {
        #[durable]
        pub(super) async fn renamed(input: usize) -> Result<usize, StepError> {
            let first = act(input).await?;
            Ok(first)
        }
    }

    workflow! {
        #[durable]
        #[was(old, crate::asks::flow)]
        pub(super) async fn says_so(input: usize) -> Result<usize, StepError> {
            let first = act(input).await?;
            Ok(first)
        }
    }
}

/// Runs in a process of its own, for its variables.
#[test]
#[ignore = "run by the others"]
fn one_version() {
    let Ok(file) = std::env::var("LOCK") else { return };
    match &*std::env::var("VERSION").unwrap() {
        "before" => graph_lock!(before::flow, &file),
        "reordered" => graph_lock!(reordered::flow, &file),
        "changed" => graph_lock!(changed::flow, &file),
        "longer" => graph_lock!(longer::flow, &file),
        "asks" => graph_lock!(asks::flow, &file),
        "asks more" => graph_lock!(asks_more::flow, &file),
        "asks for what can be missing" => {
            graph_lock!(asks_for_what_can_be_missing::flow, &file);
        }
        "renamed" => graph_lock!(asks::renamed, &file),
        "says so" => graph_lock!(asks::says_so, &file),
        other => panic!("there is no version `{other}`"),
    }
}

/// What is said of this version, if anything.
fn check(version: &str, file: &Path, variables: &[(&str, &str)]) -> Option<String> {
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "one_version", "--ignored", "--nocapture"]);
    child.env_remove("CI").env_remove("UPDATE_GRAPH_LOCKS").env("RUST_BACKTRACE", "0");
    child.env("LOCK", file).env("VERSION", version).envs(variables.iter().copied());
    let Output { status, stdout, stderr } = child.output().unwrap();
    let out = String::from_utf8(stdout).unwrap() + &String::from_utf8(stderr).unwrap();
    if status.success() {
        assert!(out.contains("1 passed"), "{out}");
        return None;
    }
    let (_, said) = out.split_once("tests/lock.rs:").expect("it points at the test's own line");
    let (_, said) = said.split_once('\n').unwrap();
    let (said, _) = said.split_once("\nnote: run with").unwrap();
    Some(said.to_owned())
}

fn written() -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("locks/flow.lock");
    assert_eq!(check("before", &file, &[]), None);
    (folder, file)
}

#[test]
fn a_lock_says_how_steps_are_known() {
    let (_folder, file) = written();
    let text = std::fs::read_to_string(&file).unwrap();
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(json["workflow"], "flow");
    let steps: Vec<_> = json["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| {
            let text = |key: &str| step[key].as_str().unwrap().to_owned();
            let needs: Vec<_> = step["needs"]
                .as_array()
                .unwrap()
                .iter()
                .map(|need| need.as_str().unwrap())
                .collect();
            format!(
                "{}: {} -> {} ({})",
                text("path"),
                text("function"),
                text("output"),
                needs.join(", ")
            )
        })
        .collect();
    assert_eq!(
        steps,
        [
            "arm.one: act -> usize (second)",
            "arm.one: act_otherwise -> usize (second)",
            "first: act -> usize ()",
            "items.seen: look -> Option<usize> ()",
            "second: act -> usize (first)",
            "words: text -> Vec<Option<String>> (items.seen)",
        ]
    );
}

#[test]
fn what_is_only_reordered_has_not_changed() {
    let (_folder, file) = written();
    assert_eq!(check("before", &file, &[("CI", "true")]), None);
    assert_eq!(check("reordered", &file, &[("CI", "true")]), None);
}

#[test]
fn a_change_names_the_steps_of_runs_in_flight() {
    let (_folder, file) = written();
    let before = std::fs::read(&file).unwrap();
    assert_eq!(
        check("changed", &file, &[]).unwrap(),
        format!(
            "workflow `flow` is not the one of `{}`
runs in flight would break at
- step `arm.one`: what it depends on was `second` and is `next`
- step `arm.one`: its function was `act_otherwise` and is `act`
- step `first`: its function was `act` and is `act_otherwise`
- step `items.seen`: its function was `look` and is `act`
- step `second`: the workflow has no such step any more
runs in flight would run these new steps
- `next`
to accept the change, run this test with UPDATE_GRAPH_LOCKS=1; before it is deployed, let such \
             runs end, or open the journal with `rerun_changed`",
            file.display()
        )
    );
    assert_eq!(std::fs::read(&file).unwrap(), before, "it is as it was");
}

#[test]
fn a_new_step_breaks_nothing() {
    let (_folder, file) = written();
    assert_eq!(
        check("longer", &file, &[]).unwrap(),
        format!(
            "workflow `flow` is not the one of `{}`
runs in flight would run these new steps
- `third`
to accept the change, run this test with UPDATE_GRAPH_LOCKS=1",
            file.display()
        )
    );
    assert_eq!(check("longer", &file, &[("UPDATE_GRAPH_LOCKS", "1")]), None);
    assert_eq!(check("longer", &file, &[]), None);
}

#[test]
fn a_run_in_flight_has_no_value_for_a_new_input() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("flow.lock");
    assert_eq!(check("asks", &file, &[]), None);
    assert_eq!(check("asks for what can be missing", &file, &[]), None);
    assert_eq!(
        check("asks more", &file, &[]).unwrap(),
        format!(
            "workflow `flow` is not the one of `{}`
runs in flight have no value for these new inputs: make each an `Option`
- `price`
- `label`
to accept the change, run this test with UPDATE_GRAPH_LOCKS=1; before it is deployed, let such \
             runs end",
            file.display()
        )
    );
    assert_eq!(check("asks more", &file, &[("UPDATE_GRAPH_LOCKS", "1")]), None);
    assert_eq!(check("asks", &file, &[]), None, "one that is gone does not matter");

    // A file of an earlier version does not say which inputs there were.
    let mut lock: serde_json::Value =
        serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    lock.as_object_mut().unwrap().remove("inputs").unwrap();
    std::fs::write(&file, lock.to_string()).unwrap();
    assert_eq!(check("asks more", &file, &[]), None);
}

#[test]
fn a_workflow_says_what_its_name_was() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("flow.lock");
    assert_eq!(check("asks", &file, &[]), None);
    assert_eq!(
        check("renamed", &file, &[]).unwrap(),
        format!(
            "workflow `renamed` is not the one of `{}`
no run would go on: its name was `flow`; write `#[was(flow)]` above it if it is the same workflow
to accept the change, run this test with UPDATE_GRAPH_LOCKS=1",
            file.display()
        )
    );
    assert_eq!(check("says so", &file, &[]), None);
}

#[test]
fn a_lock_that_is_not_there_or_is_none() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("flow.lock");
    let said = check("before", &file, &[("CI", "true")]).unwrap();
    assert_eq!(
        said,
        format!(
            "there is no `{}`: run this test where `CI` is not set, and commit the file",
            file.display()
        )
    );
    std::fs::write(&file, "{").unwrap();
    let said = check("before", &file, &[]).unwrap();
    assert!(said.contains("is no lock of a workflow: EOF while parsing"), "{said}");
    let said = check("before", folder.path(), &[]).unwrap();
    assert!(said.starts_with("cannot read `"), "{said}");
}
