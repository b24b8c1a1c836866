//! Which runs there are.

use std::sync::Arc;
use std::time::Duration;

use super::support::{by, hold, new_run_of, next_moment, record, signal};
use crate::{Claimed, End, Filter, JournalStore, StoredState, Timestamp};

async fn ids<S: JournalStore>(store: &S, filter: Filter) -> Vec<String> {
    store.runs(&filter).await.unwrap().into_iter().map(|run| run.id).collect()
}

pub(super) async fn an_empty_store_has_no_runs<S: JournalStore>(store: Arc<S>) {
    assert_eq!(store.runs(&Filter::default()).await.unwrap(), []);
    store.send("cart-1", signal("note", "1")).await.unwrap();
    assert_eq!(store.runs(&Filter::default()).await.unwrap(), [], "a signal makes no run");
}

pub(super) async fn runs_come_by_their_last_change<S: JournalStore>(store: Arc<S>) {
    let mut epochs = Vec::new();
    for id in ["a", "b", "c", "d", "e", "f"] {
        epochs.push(hold(&*store, id, &by("host")).await);
        next_moment();
    }
    let all = Filter::default;
    assert_eq!(ids(&*store, all()).await, ["f", "e", "d", "c", "b", "a"]);

    // A record that is written soon after the last change may get the time of that change.
    std::thread::sleep(Duration::from_millis(150));
    store.write("a", epochs[0], record("charge", "1")).await.unwrap();
    next_moment();
    store.finish("b", epochs[1], End::Completed("1".into())).await.unwrap();
    next_moment();
    store.release("c", epochs[2]).await.unwrap();
    hold(&*store, "c", &by("other")).await;
    next_moment();
    store.cancel("d").await.unwrap();
    next_moment();
    hold(&*store, "e", &by("host")).await;
    next_moment();
    store.erase("f", epochs[5], &["charge".into()]).await.unwrap();
    assert_eq!(ids(&*store, all()).await, ["f", "e", "d", "c", "b", "a"]);

    let listed = store.runs(&all()).await.unwrap();
    for run in listed {
        assert!(run.created < run.updated, "each was changed after its start: {run:?}");
        assert_eq!(store.run(&run.id).await.unwrap(), Some(run), "a list shows whole runs");
    }
}

pub(super) async fn runs_are_filtered<S: JournalStore>(store: Arc<S>) {
    let ends = [
        None,
        Some(End::Completed("1".into())),
        Some(End::Failed("no".into())),
        Some(End::UndoFailed("no".into())),
    ];
    for workflow in ["checkout", "refund"] {
        for (number, end) in ends.iter().enumerate() {
            let id = format!("{workflow}-{number}");
            let new = new_run_of(&id, workflow);
            let Ok(Claimed::Held { epoch, .. }) = store.claim(&new, &by("a")).await else {
                panic!("run `{id}` is free");
            };
            next_moment();
            if let Some(end) = end.clone() {
                store.finish(&id, epoch, end).await.unwrap();
                next_moment();
            }
        }
    }

    let checkout = || Filter::default().workflow("checkout");
    let of_checkout = ["checkout-3", "checkout-2", "checkout-1", "checkout-0"];
    assert_eq!(ids(&*store, checkout()).await, of_checkout);
    let unknown = Filter::default().workflow("check");
    assert_eq!(ids(&*store, unknown).await, [""; 0]);

    for (state, expected) in [
        (StoredState::Unfinished, &["refund-0", "checkout-0"][..]),
        (StoredState::Completed, &["refund-1", "checkout-1"]),
        (StoredState::Failed, &["refund-2", "checkout-2"]),
        (StoredState::UndoFailed, &["refund-3", "checkout-3"]),
        (StoredState::Cancelled, &[]),
    ] {
        let filter = Filter::default().state(state);
        assert_eq!(ids(&*store, filter).await, expected, "{state:?}");
        let both = checkout().state(state);
        let expected = expected.get(1..).unwrap_or_default();
        assert_eq!(ids(&*store, both).await, expected, "{state:?} of one workflow");
    }

    let limited = |limit| Filter::default().limit(limit);
    assert_eq!(ids(&*store, limited(2)).await, ["refund-3", "refund-2"]);
    assert_eq!(ids(&*store, limited(0)).await, [""; 0]);
    assert_eq!(ids(&*store, limited(usize::MAX)).await.len(), 8);

    let changed = store.run("checkout-2").await.unwrap().unwrap().updated;
    let before = |moment| Filter::default().updated_before(moment);
    assert_eq!(ids(&*store, before(changed)).await, ["checkout-1", "checkout-0"]);
    let after = Timestamp(changed.0 + 1);
    assert_eq!(ids(&*store, before(after)).await, ["checkout-2", "checkout-1", "checkout-0"]);

    let all_at_once = checkout().state(StoredState::Completed).updated_before(after).limit(5);
    assert_eq!(ids(&*store, all_at_once).await, ["checkout-1"]);
}

/// The ids on each page of this many runs, until there are no more.
async fn pages<S: JournalStore>(store: &S, filter: Filter, runs: usize) -> Vec<Vec<String>> {
    let mut pages = Vec::new();
    let mut page = filter.limit(runs);
    loop {
        let found = store.runs(&page).await.unwrap();
        assert!(found.len() <= runs && pages.len() < 100, "{page:?}: {found:?}");
        let Some(last) = found.last() else { return pages };
        page = page.after(last.updated, &last.id);
        pages.push(found.into_iter().map(|run| run.id).collect());
    }
}

pub(super) async fn pages_make_up_the_list<S: JournalStore>(store: Arc<S>) {
    // Without a pause, so that some are of the same millisecond where the store is fast enough.
    for number in 0..30 {
        hold(&*store, &format!("cart-{number}"), &by("a")).await;
    }
    let all = ids(&*store, Filter::default()).await;
    let started: Vec<_> = (0..30).rev().map(|number| format!("cart-{number}")).collect();
    assert_eq!(all, started, "the one that was started last is the first");
    for runs in [1, 7, 30, 31] {
        let pages = pages(&*store, Filter::default(), runs).await;
        assert_eq!(pages.len(), 30_usize.div_ceil(runs));
        assert_eq!(pages.concat(), all, "pages of {runs}");
    }
}

pub(super) async fn pages_are_filtered<S: JournalStore>(store: Arc<S>) {
    for number in 0..12 {
        let workflow = ["checkout", "refund"][number % 2];
        let new = new_run_of(&format!("{workflow}-{number}"), workflow);
        let Ok(Claimed::Held { epoch, .. }) = store.claim(&new, &by("a")).await else {
            panic!("run `{}` is free", new.id);
        };
        let end = match number % 3 {
            0 => continue,
            1 => End::Completed("1".into()),
            _ => End::UndoFailed("no".into()),
        };
        store.finish(&new.id, epoch, end).await.unwrap();
        next_moment();
    }
    let all = Filter::default;
    let middle = store.run("checkout-6").await.unwrap().unwrap().updated;
    for filter in [
        all().workflow("refund"),
        all().state(StoredState::Unfinished),
        all().state(StoredState::Completed),
        all().workflow("checkout").state(StoredState::UndoFailed),
        all().updated_before(middle),
        all().workflow("checkout").updated_before(middle),
    ] {
        let list = ids(&*store, filter.clone()).await;
        assert!(list.len() > 1, "{filter:?}: {list:?}");
        assert_eq!(pages(&*store, filter.clone(), 1).await.concat(), list, "{filter:?}");
    }
    // A run that does not match is a place in the list as well.
    let after = all().workflow("checkout").after(middle, "refund-7");
    let older = ids(&*store, after).await;
    assert!(older.len() > 1 && older.iter().all(|id| id.starts_with("checkout-")), "{older:?}");
}

pub(super) async fn a_run_that_changes_hides_no_other<S: JournalStore>(store: Arc<S>) {
    for id in ["a", "b", "c", "d", "e", "f"] {
        hold(&*store, id, &by("host")).await;
        next_moment();
    }
    let page = Filter::default().limit(2);
    let next = async |page: &Filter| {
        let found = store.runs(page).await.unwrap();
        let last = found.last().expect("there are more");
        let next = page.clone().after(last.updated, &last.id);
        (found.into_iter().map(|run| run.id).collect::<Vec<_>>(), next)
    };
    let (first, page) = next(&page).await;
    assert_eq!(first, ["f", "e"]);
    store.cancel("e").await.unwrap();
    let (second, page) = next(&page).await;
    assert_eq!(second, ["d", "c"], "the last one of the page before has changed");
    for id in ["f", "c", "a"] {
        next_moment();
        store.cancel(id).await.unwrap();
    }
    hold(&*store, "new", &by("host")).await;
    let (third, page) = next(&page).await;
    assert_eq!(third, ["b"], "`a` is at the front now");
    assert_eq!(ids(&*store, page).await, [""; 0]);
}

pub(super) async fn a_run_that_is_deleted_hides_no_other<S: JournalStore>(store: Arc<S>) {
    for id in ["a", "b", "c", "d"] {
        let epoch = hold(&*store, id, &by("host")).await;
        store.finish(id, epoch, End::Cancelled).await.unwrap();
        next_moment();
    }
    let last = store.run("c").await.unwrap().unwrap();
    let after = Filter::default().after(last.updated, &last.id);
    store.delete(&["c".to_owned()]).await.unwrap();
    assert_eq!(ids(&*store, after.clone()).await, ["b", "a"]);
    hold(&*store, "c", &by("host")).await;
    assert_eq!(ids(&*store, after).await, ["b", "a"], "it was started anew");

    let unknown = Filter::default().after(Timestamp(i64::MAX), "unknown");
    assert_eq!(ids(&*store, unknown).await, ["c", "d", "b", "a"]);
    let before_all = Filter::default().after(Timestamp(0), "unknown");
    assert_eq!(ids(&*store, before_all).await, [""; 0]);
}

pub(super) async fn waiting_does_not_make_a_run_young<S: JournalStore>(store: Arc<S>) {
    let epoch = hold(&*store, "cart-1", &by("a")).await;
    let before = store.run("cart-1").await.unwrap().unwrap().updated;
    next_moment();
    store.renew("cart-1", epoch, &by("a")).await.unwrap();
    store.send("cart-1", signal("note", "1")).await.unwrap();
    store.release("cart-1", epoch).await.unwrap();
    assert_eq!(store.run("cart-1").await.unwrap().unwrap().updated, before);
}
