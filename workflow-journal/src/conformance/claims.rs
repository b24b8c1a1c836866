//! Which process may work on a run.

use std::sync::Arc;
use std::time::Duration;

use super::support::{by, by_dead, hold, new_run, new_run_of};
use crate::{Claim, Claimed, End, JournalStore, NewRun, StoredState};

pub(super) async fn a_new_run_is_held<S: JournalStore>(store: Arc<S>) {
    let new = new_run("cart-1");
    let claimed = store.claim(&new, &by("a")).await.unwrap();
    assert!(
        matches!(claimed, Claimed::Held { new: true, .. }),
        "the first claim holds a new run, but: {claimed:?}"
    );

    let run = store.run("cart-1").await.unwrap().expect("a claimed run is there");
    let NewRun { id, workflow, inputs, graph } = new;
    assert_eq!((run.id, run.workflow), (id, workflow));
    assert_eq!((run.inputs, run.graph), (inputs, graph));
    assert_eq!((run.state, run.outcome, run.cancel), (StoredState::Unfinished, None, false));
    assert_eq!(run.created, run.updated, "a new run has just been written");
    let (holder, until) = run.held.expect("a claimed run is held");
    assert_eq!(holder, "a");
    assert!(until > run.created, "the lease ends after the run has started");
}

pub(super) async fn its_holder_may_claim_again<S: JournalStore>(store: Arc<S>) {
    let first = hold(&*store, "cart-1", &by("a")).await;
    let claimed = store.claim(&new_run("cart-1"), &by("a")).await.unwrap();
    assert!(
        matches!(claimed, Claimed::Held { epoch, new: false } if epoch > first),
        "a holder that claims again gets a higher epoch than {first}, but: {claimed:?}"
    );
}

pub(super) async fn others_are_kept_out<S: JournalStore>(store: Arc<S>) {
    hold(&*store, "cart-1", &by("a")).await;
    let held = store.run("cart-1").await.unwrap().unwrap().held.unwrap();
    let claimed = store.claim(&new_run("cart-1"), &by("b")).await.unwrap();
    assert_eq!(claimed, Claimed::Busy { holder: held.0, until: held.1 });
    hold(&*store, "cart-2", &by("b")).await;
}

pub(super) async fn a_dead_holder_is_replaced<S: JournalStore>(store: Arc<S>) {
    let dead = hold(&*store, "cart-1", &by_dead("a")).await;
    let claimed = store.claim(&new_run("cart-1"), &by("b")).await.unwrap();
    assert!(
        matches!(claimed, Claimed::Held { epoch, new: false } if epoch > dead),
        "who takes over from a dead holder gets a higher epoch than {dead}, but: {claimed:?}"
    );
    let (holder, _) = store.run("cart-1").await.unwrap().unwrap().held.unwrap();
    assert_eq!(holder, "b");
}

pub(super) async fn a_released_run_is_free<S: JournalStore>(store: Arc<S>) {
    let epoch = hold(&*store, "cart-1", &by("a")).await;
    store.release("cart-1", epoch).await.unwrap();
    assert_eq!(store.run("cart-1").await.unwrap().unwrap().held, None);
    hold(&*store, "cart-1", &by("b")).await;
}

pub(super) async fn renewing_prolongs_the_lease<S: JournalStore>(store: Arc<S>) {
    let epoch = hold(&*store, "cart-1", &by_dead("a")).await;
    assert!(!store.renew("cart-1", epoch, &by("a")).await.unwrap(), "nobody has cancelled");
    let claimed = store.claim(&new_run("cart-1"), &by("b")).await.unwrap();
    assert!(matches!(claimed, Claimed::Busy { .. }), "a renewed lease holds, but: {claimed:?}");

    // From now on, and not added to what was left.
    store.renew("cart-1", epoch, &by_dead("a")).await.unwrap();
    hold(&*store, "cart-1", &by("b")).await;
}

pub(super) async fn a_lease_may_last_for_ever<S: JournalStore>(store: Arc<S>) {
    let claim = Claim::new("a", Duration::MAX);
    let epoch = hold(&*store, "cart-1", &claim).await;
    store.renew("cart-1", epoch, &claim).await.unwrap();
    let claimed = store.claim(&new_run("cart-1"), &by("b")).await.unwrap();
    assert!(matches!(claimed, Claimed::Busy { .. }), "the lease lasts, but: {claimed:?}");
}

pub(super) async fn inputs_stay_as_they_were<S: JournalStore>(store: Arc<S>) {
    let first = new_run("cart-1");
    store.claim(&first, &by_dead("a")).await.unwrap();
    let other = NewRun {
        id: "cart-1".into(),
        workflow: "refund".into(),
        inputs: "[]".into(),
        graph: "[]".into(),
    };
    store.claim(&other, &by("b")).await.unwrap();
    let run = store.run("cart-1").await.unwrap().unwrap();
    assert_eq!(run.workflow, first.workflow);
    assert_eq!(run.inputs, first.inputs);
    assert_eq!(run.graph, first.graph);
}

pub(super) async fn one_of_many_claimers_holds_the_run<S: JournalStore>(store: Arc<S>) {
    // A new run, and one that a dead holder has left.
    hold(&*store, "left", &by_dead("dead")).await;
    for id in ["new", "left"] {
        let claimers: Vec<_> = (0..64)
            .map(|number| {
                let store = Arc::clone(&store);
                tokio::spawn(async move {
                    let holder = format!("host-{number}");
                    let claimed = store.claim(&new_run(id), &by(&holder)).await.unwrap();
                    (holder, claimed)
                })
            })
            .collect();
        let mut winners = Vec::new();
        let mut named = Vec::new();
        for claimer in claimers {
            match claimer.await.unwrap() {
                (holder, Claimed::Held { .. }) => winners.push(holder),
                (_, Claimed::Busy { holder, .. }) => named.push(holder),
                (_, Claimed::Ended) => panic!("run `{id}` has not ended"),
            }
        }
        assert_eq!(winners.len(), 1, "of run `{id}`, exactly one holds it: {winners:?}");
        let right = named.iter().filter(|holder| **holder == winners[0]).count();
        assert_eq!(right, 63, "of run `{id}`, all others are told who holds it: {named:?}");
    }
}

pub(super) async fn a_created_run_is_free<S: JournalStore>(store: Arc<S>) {
    let new = new_run("cart-1");
    assert!(store.create(&new).await.unwrap(), "it is new");
    let run = store.run("cart-1").await.unwrap().expect("a created run is there");
    let NewRun { id, workflow, inputs, graph } = new;
    assert_eq!((&run.id, &run.workflow), (&id, &workflow));
    assert_eq!((&run.inputs, &run.graph), (&inputs, &graph));
    assert_eq!((run.state, &run.outcome, run.cancel), (StoredState::Unfinished, &None, false));
    assert_eq!(run.held, None, "nobody holds it");

    let mut other = new_run_of("cart-1", "refund");
    other.inputs = "{}".into();
    assert!(!store.create(&other).await.unwrap(), "there is such a run");
    assert_eq!(store.run("cart-1").await.unwrap(), Some(run), "it stays as it was");

    let claimed = store.claim(&new_run("cart-1"), &by("a")).await.unwrap();
    let Claimed::Held { epoch, new: false } = claimed else {
        panic!("a created run can be claimed, and is not new, but: {claimed:?}");
    };
    let held = store.run("cart-1").await.unwrap();
    assert!(!store.create(&other).await.unwrap(), "there is such a run");
    assert_eq!(store.run("cart-1").await.unwrap(), held, "it stays with its holder");
    store.finish("cart-1", epoch, End::Failed("no stock".into())).await.unwrap();
    let failed = store.run("cart-1").await.unwrap();
    assert!(!store.create(&other).await.unwrap(), "there is such a run");
    assert_eq!(store.run("cart-1").await.unwrap(), failed, "it stays failed");
}

pub(super) async fn one_of_many_creates_the_run<S: JournalStore>(store: Arc<S>) {
    let created = (0..20).map(|_| {
        let store = Arc::clone(&store);
        tokio::spawn(async move { store.create(&new_run("cart-1")).await.unwrap() })
    });
    let mut new = 0;
    for created in created.collect::<Vec<_>>() {
        new += usize::from(created.await.unwrap());
    }
    assert_eq!(new, 1, "of all that create a run at the same time, one has created it");
    hold(&*store, "cart-1", &by("a")).await;
}
