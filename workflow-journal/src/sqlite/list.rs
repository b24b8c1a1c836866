//! Which runs are listed, and in which order.

use rusqlite::{Connection, params};

use crate::front::Front;
use crate::state::STATE;
use crate::{Filter, StoredState};

/// The place of a run in a list: when it was last updated, and its number. Lists begin with the
/// highest.
type Place = (i64, i64);

/// The numbers of the runs that match, in the order of the list. They are in the indexes, and only
/// unfinished runs are read for it.
pub(super) fn numbers(conn: &Connection, filter: &Filter) -> rusqlite::Result<Vec<i64>> {
    let lists = match (&filter.workflow, filter.state) {
        // The index has the runs of a workflow by their states.
        (Some(_), None) => StoredState::ALL.iter().copied().map(Some).collect(),
        (_, state) => vec![state],
    };
    let mut places = Vec::new();
    for state in lists {
        places.append(&mut places_in(conn, filter, state)?);
    }
    places.sort_unstable_by(|one, other| other.cmp(one));
    places.truncate(filter.limit.unwrap_or(usize::MAX));
    Ok(places.into_iter().map(|(_, number)| number).collect())
}

/// The first places in the list of the runs in one state, or in any.
fn places_in(
    conn: &Connection,
    filter: &Filter,
    state: Option<StoredState>,
) -> rusqlite::Result<Vec<Place>> {
    let (moment, after) = match filter.front() {
        Front::All => (None, None),
        Front::Before(moment) => (Some(moment.0), None),
        Front::After(moment, id) => (Some(moment.0), Some(id)),
    };
    let limit = filter.limit.map_or(-1, |limit| i64::try_from(limit).unwrap_or(i64::MAX));
    conn.prepare_cached(&select(filter, state))?
        .query_map(params![filter.workflow, moment, after, limit], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?
        .collect()
}

/// Only the given criteria are part of the statement, and states are part of its text, so that the
/// indexes can be used.
fn select(filter: &Filter, state: Option<StoredState>) -> String {
    // With the plus, no index on `updated` is used: sorting the few unfinished runs is less work
    // than searching for them among all runs.
    let updated = if state == Some(StoredState::Unfinished) { "+updated" } else { "updated" };
    let workflow = filter.workflow.as_ref().map(|_| "workflow = ?1".to_owned());
    let state = state.map(|state| match state {
        StoredState::Unfinished => "state = 'unfinished'".to_owned(),
        ended => format!("{STATE} <> 'unfinished' AND {STATE} = '{}'", ended.name()),
    });
    let front = match filter.front() {
        Front::All => None,
        Front::Before(_) => Some(format!("{updated} < ?2")),
        Front::After(..) => Some(format!(
            "({updated}, number) < (?2, coalesce((SELECT number FROM run WHERE id = ?3), {}))",
            i64::MAX
        )),
    };
    let mut sql = "SELECT updated, number FROM run".to_owned();
    for (index, condition) in [workflow, state, front].into_iter().flatten().enumerate() {
        sql.push_str(if index == 0 { " WHERE " } else { " AND " });
        sql.push_str(&condition);
    }
    format!("{sql} ORDER BY {updated} DESC, number DESC LIMIT ?4")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Timestamp;
    use crate::sqlite::open::tables;

    /// How SQLite executes the statement for one state, or for any.
    fn plan(conn: &Connection, filter: &Filter, state: Option<StoredState>) -> String {
        let sql = format!("EXPLAIN QUERY PLAN {}", select(filter, state));
        let mut statement = conn.prepare(&sql).unwrap();
        let steps =
            statement.query_map(params!["checkout", 0, "cart-1", -1], |row| row.get(3)).unwrap();
        steps.collect::<rusqlite::Result<Vec<String>>>().unwrap().join("; ")
    }

    /// A filter without a front, and with each.
    fn fronts(filter: &Filter) -> [Filter; 3] {
        let at = Timestamp(7);
        [filter.clone(), filter.clone().updated_before(at), filter.clone().after(at, "cart-1")]
    }

    #[test]
    fn unfinished_runs_are_found_without_looking_at_the_others() {
        let conn = Connection::open_in_memory().unwrap();
        tables(&conn).unwrap();
        for filter in [Filter::default(), Filter::default().workflow("checkout")] {
            for filter in fronts(&filter) {
                let plan = plan(&conn, &filter, Some(StoredState::Unfinished));
                assert!(plan.contains("USING INDEX run_unfinished"), "{filter:?}: {plan}");
            }
        }
    }

    #[test]
    fn runs_that_have_ended_are_read_in_order_from_an_index() {
        let conn = Connection::open_in_memory().unwrap();
        tables(&conn).unwrap();
        let ended = &StoredState::ALL[1..];
        assert!(!ended.contains(&StoredState::Unfinished));
        let of_one = Filter::default().workflow("checkout");
        let mut cases = vec![(Filter::default(), None, "run_by_updated", "")];
        for state in ended {
            cases.push((Filter::default(), Some(*state), "run_ended", "<expr>=?"));
            cases.push((
                of_one.clone(),
                Some(*state),
                "run_ended_by_workflow",
                "workflow=? AND <expr>=?",
            ));
        }
        for (filter, state, index, equal) in cases {
            for filter in fronts(&filter) {
                let plan = plan(&conn, &filter, state);
                let found = format!("INDEX {index}");
                assert!(
                    plan.contains(&found) && plan.contains(equal),
                    "{filter:?} {state:?}: {plan}"
                );
                // A front is found without reading what is before it.
                let bounded = filter.front() == Front::All || plan.contains("updated<?");
                assert!(bounded && !plan.contains("TEMP B-TREE"), "{filter:?} {state:?}: {plan}");
            }
        }
    }
}
