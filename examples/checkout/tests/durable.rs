//! The durable checkout: wherever the process dies, the next one goes on, and what the services
//! did is done once.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use workflow_example_checkout::checkout;
use workflow_runtime::{Node, graph_lock};

const STEPS: [&str; 8] =
    ["valid", "stock", "delivery", "risk", "payment", "order", "shipment", "mail"];

/// A folder of its own for a test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let name = format!("checkout-{name}-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn journal(&self) -> PathBuf {
        self.0.join("orders.db")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn buy(journal: &Path, crash_after: Option<&str>) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_checkout"));
    command.arg("--journal").arg(journal);
    if let Some(step) = crash_after {
        command.args(["--crash-after", step]);
    }
    command.output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The steps of which this was printed.
fn steps<'a>(printed: &'a str, what: &str) -> Vec<&'a str> {
    let lines = printed.lines().filter_map(|line| line.trim().split_once(' '));
    lines.filter(|(first, _)| *first == what).map(|(_, step)| step.trim()).collect()
}

fn crash_and_go_on(step: &str) {
    let folder = Folder::new(step);
    let crash = buy(&folder.journal(), Some(step));
    let crashed = text(&crash.stdout);
    assert!(!crash.status.success(), "{crashed}");
    assert!(crashed.ends_with(&format!("  ran       {step}\ncrash!\n")), "{crashed}");

    let rest = buy(&folder.journal(), None);
    let printed = text(&rest.stdout);
    assert!(rest.status.success(), "{printed}{}", text(&rest.stderr));
    let (ran_before, replayed) = (steps(&crashed, "ran"), steps(&printed, "replayed"));
    // What was reported is recorded. What was just being recorded may be, too.
    assert!(ran_before.iter().all(|ran| replayed.contains(ran)), "{crashed}\n{printed}");
    let mut all = [replayed, steps(&printed, "ran")].concat();
    all.sort_unstable();
    let mut expected = STEPS;
    expected.sort_unstable();
    assert_eq!(all, expected, "{printed}");

    for done in ["reserved", "charged", "ordered", "shipped", "mailed"] {
        assert_eq!(printed.matches(&format!("{done} ")).count(), 1, "{done} in {printed}");
    }

    // A run happens once.
    let again = buy(&folder.journal(), None);
    let told = |printed: &str| printed[printed.find("services did").unwrap()..].to_owned();
    let again = text(&again.stdout);
    assert_eq!(told(&again), told(&printed));
    assert!(steps(&again, "ran").is_empty() && steps(&again, "replayed").is_empty(), "{again}");
}

#[test]
fn goes_on_after_a_crash_behind_any_step() {
    let nodes = checkout::GRAPH.nodes().iter().map(Node::path);
    assert_eq!(nodes.collect::<Vec<_>>(), STEPS);
    std::thread::scope(|scope| {
        for step in STEPS {
            scope.spawn(move || crash_and_go_on(step));
        }
    });
}

#[test]
fn crashes_again_and_again() {
    let folder = Folder::new("again");
    for step in ["stock", "payment", "order", "shipment"] {
        assert!(!buy(&folder.journal(), Some(step)).status.success());
    }
    let printed = text(&buy(&folder.journal(), None).stdout);
    assert_eq!(printed.matches("charged ").count(), 1, "{printed}");
    assert!(printed.contains("customer sees: Thank you!"), "{printed}");
}

#[test]
fn a_step_that_is_not_there_is_refused() {
    let folder = Folder::new("unknown");
    let refused = buy(&folder.journal(), Some("pament"));
    assert!(!refused.status.success());
    assert_eq!(
        text(&refused.stderr),
        "Error: there is no step `pament`: the steps are valid, stock, delivery, risk, payment, \
         order, shipment, mail\n"
    );
    assert!(!folder.journal().exists());
}

#[test]
fn a_crash_needs_a_journal() {
    let checkout = || Command::new(env!("CARGO_BIN_EXE_checkout"));
    let refused = checkout().args(["--crash-after", "payment"]).output().unwrap();
    let stderr = text(&refused.stderr);
    assert!(!refused.status.success() && stderr.contains("--journal <FILE>"), "{stderr}");
}

#[test]
fn runs_in_flight_go_on_with_this_version() {
    graph_lock!(checkout, "locks/checkout.lock");
}
