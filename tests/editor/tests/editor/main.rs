//! What rust-analyzer shows of steps and workflows, in both forms, beside an `async fn` by hand.
//!
//! `.ci/rust-analyzer` installs it.

mod answers;
mod server;

use std::fmt::Write;
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::server::Server;

/// One for all tests, since it takes a while to start.
static SERVER: LazyLock<Mutex<Option<Server>>> = LazyLock::new(|| Mutex::new(Server::start()));

const FILES: [&str; 5] = ["shop.rs", "bang.rs", "attribute.rs", "plain.rs", "durable.rs"];

/// The same workflow, in both forms.
const FORMS: [&str; 2] = ["bang.rs", "attribute.rs"];

/// Runs a test with the crate as it is on the disk.
fn with_server(test: impl FnOnce(&mut Server)) {
    let mut server = SERVER.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(server) = &mut *server {
        for file in FILES {
            server.open(file);
        }
        test(server);
    }
}

#[test]
fn nothing_is_underlined() {
    with_server(|server| {
        for file in FILES {
            assert_eq!(server.problems(file), [""; 0], "{file}");
        }
    });
}

#[test]
fn variables_have_the_types_that_they_have_by_hand() {
    let variables = ["valid", "payment", "stock", "choice", "word", "note", "early"];
    with_server(|server| {
        for variable in variables {
            let at = format!("let |{variable} =");
            let by_hand = server.hover("plain.rs", &at);
            assert_eq!(by_hand.len(), 1, "{variable}");
            assert!(by_hand[0].starts_with(&format!("let {variable}: ")), "{by_hand:?}");
            for form in FORMS {
                assert_eq!(server.hover(form, &at), by_hand, "{form}");
            }
        }
        for form in FORMS {
            assert_eq!(server.hover(form, "let |packed ="), ["let packed: Vec<u64>"]);
            assert_eq!(server.hover(form, "let |receipt ="), ["let receipt: Receipt"]);
            assert_eq!(
                server.hover(form, "valid.order.|count"),
                ["user::shop::Order pub count: u32"]
            );
        }
    });
}

#[test]
fn steps_are_the_functions_that_were_written() {
    with_server(|server| {
        for form in FORMS {
            assert_eq!(
                server.hover(form, "|check_payment("),
                [
                    "user::shop pub async fn check_payment(valid: &Valid) -> Result<Payment, OrderError>"
                ]
            );
            assert_eq!(
                server.hover(form, "|pack(item)"),
                ["user::shop pub async fn pack(item: u32) -> u64"]
            );
            assert_eq!(
                server.signature(form, "check_stock(&valid, |1)"),
                "async fn check_stock(_valid: &Valid, shelf: u32) -> Result<Stock, OrderError>"
            );
        }
    });
}

#[test]
fn everything_has_one_definition() {
    with_server(|server| {
        for form in FORMS {
            for (used, file, declared) in [
                ("|check_payment(", "shop.rs", "fn |check_payment"),
                ("check_payment(&|valid", form, "let |valid"),
                ("valid.|price", "shop.rs", "fn |price"),
                ("after(|payment", form, "let |payment"),
                ("refund(&|payment", form, "let |payment"),
                ("compensate(|refund", "shop.rs", "fn |refund"),
                ("concurrency(|limit", form, "fn |limit"),
                ("{|choice}", form, "let |choice"),
                ("{|early}", form, "let |early"),
                ("verify_order::|GRAPH", form, "fn |verify_order"),
                ("|verify_order::GRAPH", form, "fn |verify_order"),
                ("execute(|verify_order", form, "fn |verify_order"),
            ] {
                let expected = server.line_of(file, declared);
                assert_eq!(server.definitions(form, used), [expected], "{form}, {used}");
            }
        }
    });
}

#[test]
fn a_rename_reaches_attributes_and_both_forms() {
    with_server(|server| {
        for form in FORMS {
            let named = server.references(form, "let |payment");
            assert_eq!(named.len(), 4, "{named:?}");
            assert_eq!(server.renames(form, "let |payment", "paid"), named);
            assert_eq!(server.renames(form, "fn |verify_order", "verify").len(), 3);
        }
        let named = [
            server.line_of("attribute.rs", "compensate(|refund"),
            server.line_of("bang.rs", "compensate(|refund"),
            server.line_of("shop.rs", "fn |refund"),
        ];
        assert_eq!(server.renames("shop.rs", "fn |refund", "give_back"), named);
    });
}

#[test]
fn half_typed_code_is_completed() {
    with_server(|server| {
        for form in FORMS {
            let text = server.text(form).to_owned();
            let cases = [
                ("let early = ", "let extra = valid.\n    let early = ", "extra = valid.|"),
                ("let early = ", "let extra = pack(valid.).await;\n let early = ", "pack(valid.|)"),
                ("pack(1).await", "pack(valid.).await", "pack(valid.|)"),
                ("pack(item).await", "pack(valid.).await", "pack(valid.|)"),
            ];
            for (old, new, at) in cases {
                server.replace(form, old, new);
                let offered = server.completions(form, at);
                for name in ["order", "total", "price()"] {
                    let name = name.trim_end_matches("()");
                    assert!(
                        offered.iter().any(|label| label.starts_with(name)),
                        "{at}: {offered:?}"
                    );
                }
                server.change(form, &text);
            }
            let cases = [
                (
                    "let early = ",
                    "let extra = che;\n    let early = ",
                    "extra = che|",
                    "check_stock",
                ),
                ("#[after(payment)]", "#[after(pay)]", "after(pay|", "payment"),
                ("refund(&payment)", "ref(&payment)", "compensate(ref|", "refund"),
                ("refund(&payment)", "refund(&pay)", "refund(&pay|", "payment"),
            ];
            for (old, new, at, expected) in cases {
                server.replace(form, old, new);
                let offered = server.completions(form, at);
                let found = offered.iter().any(|label| label.starts_with(expected));
                assert!(found, "{form}, {at}: {offered:?}");
                server.change(form, &text);
            }
        }
    });
}

#[test]
fn options_are_completed_and_explained() {
    with_server(|server| {
        let text = server.text("shop.rs").to_owned();
        server.replace("shop.rs", "#[step]", "#[step(ti)]");
        assert_eq!(
            server.completions("shop.rs", "step(ti|"),
            ["blocking", "deadline", "retry", "spawn", "timeout"]
        );
        server.change("shop.rs", &text);
        server.replace("shop.rs", "#[step]", "#[step(retry(ma))]");
        assert_eq!(
            server.completions("shop.rs", "retry(ma|"),
            ["backoff", "jitter", "max_attempts", "policy", "when"]
        );
        server.change("shop.rs", &text);
        let hover = server.hover("shop.rs", "|timeout =").join(" ");
        assert!(hover.contains("how long one attempt may take"), "{hover}");
        let filter = server.line_of("shop.rs", "fn |is_temporary");
        assert_eq!(server.definitions("shop.rs", "when = |is_temporary"), [filter]);
        let hover = server.hover("durable.rs", "on_failure = |finish").join(" ");
        assert!(hover.contains("runs to its end"), "{hover}");
        server.replace("durable.rs", "workflow(durable", "workflow(dur");
        assert_eq!(
            server.completions("durable.rs", "workflow(dur|"),
            ["durable", "graph", "on_failure", "was"]
        );
    });
}

#[test]
fn errors_are_shown_while_one_types() {
    with_server(|server| {
        for form in FORMS {
            let text = server.text(form).to_owned();
            server.replace(form, "pack(7)", "pack(choice as u32 + note.len() as u32)");
            let problems = server.problems(form);
            let cycle = "workflow `verify_order` has a dependency cycle: `note` → `early` → `note`";
            assert!(problems.iter().any(|problem| problem.ends_with(cycle)), "{problems:?}");
            server.change(form, &text);
            server.replace(form, "after(payment)", "after(paiment)");
            let problems = server.problems(form);
            let missing = "cannot find step `paiment` in workflow `verify_order`";
            assert!(problems.iter().any(|problem| problem.ends_with(missing)), "{problems:?}");
            server.change(form, &text);
        }
    });
}

#[test]
fn durable_runs_have_types() {
    with_server(|server| {
        let outcome = "Result<usize, DurableError<String>>";
        assert_eq!(server.hover("durable.rs", "let |first ="), [format!("let first: {outcome}")]);
        assert_eq!(server.hover("durable.rs", "let |second ="), [format!("let second: {outcome}")]);
        assert_eq!(
            server.hover("durable.rs", "let |editor ="),
            ["let editor: Result<String, TimedOut>"]
        );
        let article = [server.line_of("durable.rs", "fn |article")];
        assert_eq!(server.definitions("durable.rs", "article::|resume(&"), article);
        assert_eq!(server.definitions("durable.rs", "article::|resume_all"), article);
    });
}

#[test]
fn words_have_the_colours_that_they_have_by_hand() {
    with_server(|server| {
        let by_hand = server.colours("plain.rs");
        for form in FORMS {
            let colours = server.colours(form);
            for word in ["check_payment", "valid", "payment", "pack", "price", "count", "Size"] {
                assert!(by_hand.contains_key(word), "{word}");
                assert_eq!(colours.get(word), by_hand.get(word), "{form}: {word}");
            }
        }
    });
}

/// What a macro call keeps an editor from, the attribute does not.
#[test]
fn the_attribute_has_what_any_function_has() {
    with_server(|server| {
        let hints = server.inlays("attribute.rs");
        let of_body = |hint: &String| !hint.starts_with("receipt");
        let by_hand = server.inlays("plain.rs");
        for hint in by_hand.iter().filter(|hint| of_body(hint)) {
            assert!(hints.contains(hint), "{hint}: {hints:?}");
        }
        assert_eq!(server.outline("attribute.rs"), ["verify_order", "limit", "observed"]);
        assert_eq!(server.outline("bang.rs"), ["limit", "observed"]);
        for file in ["attribute.rs", "plain.rs"] {
            server.replace(file, "        Size::Large => \"large\",\n", "");
            let actions = server.actions(file, "|match valid");
            let arm = "Add missing match arm `Size::Large`";
            assert!(actions.iter().any(|title| title == arm), "{file}: {actions:?}");
        }
    });
}

/// A file with a function of 100 steps, `open` and `close` around it.
fn hundred_steps(open: &str, close: &str) -> String {
    let mut text = format!(
        "use workflow_runtime::step;\n\n#[step]\nasync fn add(a: &u64, b: &u64) -> Result<u64, String> {{\n    \
         Ok(a + b)\n}}\n\n{open}\nasync fn all(first: u64) -> Result<u64, String> {{\n    \
         let s0 = add(&first, &1).await?;\n    let s1 = add(&s0, &first).await?;\n"
    );
    for at in 2..100 {
        writeln!(text, "    let s{at} = add(&s{}, &s{}).await?;", at - 1, at / 2)
            .expect("a string takes it");
    }
    write!(text, "    Ok(s99)\n}}\n{close}").expect("a string takes it");
    text
}

/// How long it takes from an edit to the error, in a workflow of 100 steps.
///
/// `cargo test -p workflow-editor-tests -- --ignored --nocapture` prints it.
#[test]
#[ignore = "it measures"]
fn time_from_an_edit_to_the_error() {
    let forms = [
        ("by hand", "", ""),
        ("workflow!", "workflow_runtime::workflow! {", "}"),
        ("#[workflow]", "#[workflow_runtime::attribute::workflow]", ""),
    ];
    with_server(|server| {
        for (name, open, close) in forms {
            server.open_as("plain.rs", &hundred_steps(open, close));
            assert_eq!(server.problems("plain.rs"), [""; 0], "{name}");
            let text = server.text("plain.rs").to_owned();
            let mut times = Vec::new();
            for at in 40..60 {
                let line = format!("let s{at} = add(&s{}", at - 1);
                let wrong = format!("let s{at} = add(&{:?}", at.to_string());
                let start = Instant::now();
                server.replace("plain.rs", &line, &wrong);
                assert!(!server.problems("plain.rs").is_empty(), "{name}");
                times.push(start.elapsed());
                server.change("plain.rs", &text);
            }
            times.sort();
            let median: Duration = times[times.len() / 2];
            println!("{name:12} {:6.1} ms", median.as_secs_f64() * 1000.0);
        }
    });
}
