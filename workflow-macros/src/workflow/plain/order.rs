//! Declarations stand in any order; statements do not.

use super::statements::Statement;

/// The statements, each behind those whose names it uses, and otherwise as they stand.
pub(super) fn ordered(statements: Vec<Statement>) -> Vec<Statement> {
    let declared: Vec<_> = statements.iter().map(Statement::declares).collect();
    let used: Vec<_> = statements.iter().map(Statement::names).collect();
    let needs = |at: usize| {
        let declared = &declared;
        let used = &used[at];
        (0..declared.len()).filter(move |&other| other != at && !declared[other].is_disjoint(used))
    };
    // All are in order if nothing needs what comes later, which is the usual case.
    if (0..statements.len()).all(|at| needs(at).all(|other| other < at)) {
        return statements;
    }
    let mut order: Vec<usize> = Vec::new();
    while order.len() < statements.len() {
        let ready =
            |at: &usize| !order.contains(at) && needs(*at).all(|other| order.contains(&other));
        // In a cycle none is; the error says so, and the first one goes on.
        let next = (0..statements.len()).find(ready);
        let next = next.or_else(|| (0..statements.len()).find(|at| !order.contains(at)));
        order.extend(next);
    }
    let mut statements: Vec<_> = statements.into_iter().map(Some).collect();
    order.into_iter().filter_map(|at| statements[at].take()).collect()
}
