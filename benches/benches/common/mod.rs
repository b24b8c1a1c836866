//! Every measured run, whoever measures it.

pub(crate) mod entry;
mod peers;

use std::rc::Rc;

use tokio::runtime::Builder;
use workflow_benches::subject::subjects;

pub(crate) use entry::Entry;

/// How many runs are counted together, where a count is per run.
pub(crate) const COUNTED: u64 = 10;

/// All of them, in the table's order.
pub(crate) fn entries() -> Vec<Entry> {
    let runtime = Builder::new_current_thread().build();
    let runtime = Rc::new(runtime.expect("a runtime needs nothing"));
    let mut entries: Vec<Entry> = subjects().into_iter().map(Entry::from).collect();
    entries.extend(peers::entries(&runtime));
    entries
}
