//! Former names: the names of what no longer exists.

use proc_macro2::Ident;

use crate::report::Report;
use crate::sorted::SortedMap;
use crate::workflow::model::Scope;

/// Reports former names that something in the same scope still has, and those that two declarations
/// claim.
pub(super) fn check(scope: &Scope, report: &mut Report) {
    let mut claimed: SortedMap<String, &Ident> = SortedMap::new();
    for node in &scope.nodes {
        for former in node.was.iter().flat_map(|was| &was.names) {
            let name = former.to_string().trim_start_matches("r#").to_owned();
            if let Some(owner) = scope.nodes.iter().find(|node| node.name == name) {
                let problem = report.error(former, format!("`{name}` is still declared here"));
                if owner.id == node.id {
                    problem.note("it is the name of this declaration");
                } else {
                    let line = owner.span.start().line;
                    problem.note(&format!("it is the name of the declaration on line {line}"));
                }
                problem.help("remove it: a former name is one that nothing has any more");
            } else if let Some(first) = claimed.get(&name) {
                let line = first.span().start().line;
                report
                    .error(former, format!("`{name}` is given as a former name twice"))
                    .note(&format!("first given on line {line}"))
                    .help("leave it where the work is the same as before");
            } else {
                claimed.insert(name, former);
            }
        }
        for inner in node.scopes() {
            check(inner, report);
        }
    }
}
