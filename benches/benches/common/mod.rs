//! Every measured run, whoever measures it.

mod driver;
pub(crate) mod entry;
mod peers;

use workflow_benches::subject::subjects;

pub(crate) use entry::Entry;

/// How many runs are counted together, where a count is per run.
pub(crate) const COUNTED: u64 = 10;

/// All of them, in the table's order: by case, as the cases first come.
pub(crate) fn entries() -> Vec<Entry> {
    let mut entries: Vec<Entry> = subjects().into_iter().map(Entry::from).collect();
    entries.extend(peers::entries());

    let mut cases = Vec::new();
    for entry in &entries {
        if !cases.contains(&entry.case) {
            cases.push(entry.case);
        }
    }
    entries.sort_by_key(|entry| cases.iter().position(|case| *case == entry.case));
    entries
}
