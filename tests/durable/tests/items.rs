//! The items of a fan-out keep their records by what they are, wherever they stand.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::time::{sleep, timeout};
use workflow_runtime::{
    DurableError, Journal, JournalError, StepError, idempotency_key, step, workflow,
};

/// Where customers are billed.
#[derive(Default)]
struct Till {
    /// How many bills have begun since the last crash: each takes a second longer than the last.
    begun: AtomicU32,
    /// Who was billed, under which key, in the order of the bills.
    billed: Mutex<Vec<(String, String)>>,
    /// Under which keys a bill was begun for each customer.
    keys: Mutex<BTreeMap<String, HashSet<String>>>,
    /// Lists come in another order, or with other names.
    turned: AtomicBool,
    other: AtomicBool,
}

impl Till {
    fn after_crash(&self) {
        self.begun.store(0, Ordering::Relaxed);
    }

    fn billed(&self) -> Vec<String> {
        let mut billed: Vec<_> =
            self.billed.lock().unwrap().iter().map(|(name, _)| name.clone()).collect();
        billed.sort_unstable();
        billed
    }

    async fn bill(&self, customer: &str) {
        let key = idempotency_key();
        let keys = &self.keys;
        keys.lock().unwrap().entry(customer.to_owned()).or_default().insert(key.clone());
        let turn = self.begun.fetch_add(1, Ordering::Relaxed) + 1;
        sleep(Duration::from_secs(turn.into())).await;
        self.billed.lock().unwrap().push((customer.to_owned(), key));
    }

    /// Each customer was billed once, and each try was made with the same key.
    fn is_right(&self, customers: &[&str]) {
        assert_eq!(self.billed(), customers);
        for (customer, keys) in &*self.keys.lock().unwrap() {
            assert_eq!(keys.len(), 1, "{customer} has {keys:?}");
        }
        let mut all: Vec<_> =
            self.billed.lock().unwrap().iter().map(|(_, key)| key.clone()).collect();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), customers.len(), "no two have one key");
    }
}

const NAMES: [&str; 8] = ["ada", "bob", "cyd", "dan", "eve", "fay", "gus", "hal"];

fn names() -> impl Iterator<Item = String> {
    NAMES.into_iter().map(str::to_owned)
}

#[step]
async fn set() -> Result<HashSet<String>, StepError> {
    Ok(names().collect())
}

#[step]
async fn map() -> Result<HashMap<String, u32>, StepError> {
    Ok(names().zip(1..).collect())
}

#[step]
async fn list() -> Result<Vec<String>, StepError> {
    Ok(names().collect())
}

#[step]
async fn bill(till: &Till, customer: &str) -> Result<String, StepError> {
    till.bill(customer).await;
    Ok(format!("bill of {customer}"))
}

/// The list as this process orders it.
fn ordered(till: &Till, mut list: Vec<String>) -> Vec<String> {
    if till.turned.load(Ordering::Relaxed) {
        list.reverse();
    }
    if till.other.load(Ordering::Relaxed) {
        "zoe".clone_into(&mut list[3]);
    }
    list
}

workflow! {
    #[durable]
    async fn of_set(till: &Till) -> Result<Vec<(String, String)>, StepError> {
        let customers = set().await?;
        let bills = for customer in customers {
            let bill = bill(till, &customer).await?;
            (customer, bill)
        };
        Ok(bills)
    }

    #[durable]
    async fn of_map(till: &Till) -> Result<Vec<(String, String)>, StepError> {
        let customers = map().await?;
        let bills = for (customer, _) in customers {
            let bill = bill(till, &customer).await?;
            (customer, bill)
        };
        Ok(bills)
    }

    #[durable]
    async fn of_set_by_two(till: &Till) -> Result<Vec<(String, String)>, StepError> {
        let customers = set().await?;
        #[concurrency(2)]
        let bills = for customer in customers {
            let bill = bill(till, &customer).await?;
            (customer, bill)
        };
        Ok(bills)
    }

    #[durable]
    async fn of_borrowed_set(till: &Till) -> Result<Vec<(String, String)>, StepError> {
        let customers = set().await?;
        let bills = for customer in &customers {
            let bill = bill(till, customer).await?;
            (customer.clone(), bill)
        };
        Ok(bills)
    }

    #[durable]
    async fn of_list(till: &Till) -> Result<Vec<(String, String)>, StepError> {
        let customers = list().await?;
        let bills = for customer in ordered(till, customers) {
            let bill = bill(till, &customer).await?;
            (customer, bill)
        };
        Ok(bills)
    }
}

/// Runs it, drops it each time after these seconds, until it ends.
macro_rules! cut {
    ($till:ident, $journal:ident, $seconds:expr, $flow:expr) => {{
        let mut result = None;
        let mut cuts = 0;
        while result.is_none() {
            assert!(cuts < 50, "it comes to an end");
            $till.after_crash();
            let run = $journal.run("one", $flow);
            result = timeout(Duration::from_millis($seconds * 1000 + 500), run).await.ok();
            cuts += usize::from(result.is_none());
        }
        (result.unwrap(), cuts)
    }};
}

fn is_of_each(bills: &[(String, String)]) {
    for (customer, bill) in bills {
        assert_eq!(*bill, format!("bill of {customer}"));
    }
}

#[tokio::test(start_paused = true)]
async fn each_of_a_set_is_billed_once_with_its_own_key() {
    macro_rules! check {
        ($($flow:ident),*) => {$(
            for seconds in [1, 2, 3] {
                let (till, journal) = (Till::default(), Journal::memory());
                let (bills, cuts) = cut!(till, journal, seconds, $flow(&till));
                let bills = bills.expect(stringify!($flow));
                assert!(cuts > 1);
                assert_eq!(bills.len(), NAMES.len());
                is_of_each(&bills);
                till.is_right(&NAMES);
            }
        )*};
    }
    check!(of_set, of_map, of_borrowed_set, of_list);
}

#[tokio::test(start_paused = true)]
async fn only_two_at_once() {
    for seconds in [2, 3, 4] {
        let (till, journal) = (Till::default(), Journal::memory());
        let (bills, cuts) = cut!(till, journal, seconds, of_set_by_two(&till));
        assert!(cuts > 1);
        is_of_each(&bills.unwrap());
        till.is_right(&NAMES);
    }
}

#[tokio::test(start_paused = true)]
async fn a_list_in_another_order_is_the_same() {
    let (till, journal) = (Till::default(), Journal::memory());
    let run = timeout(Duration::from_millis(3500), journal.run("one", of_list(&till)));
    assert!(run.await.is_err());
    assert_eq!(till.billed(), NAMES[..3]);
    till.after_crash();
    till.turned.store(true, Ordering::Relaxed);
    let bills = of_list::resume(&journal, "one", &till).await.unwrap();
    is_of_each(&bills);
    assert_eq!(bills[0].0, "hal", "the values are in the order of today");
    till.is_right(&NAMES);
}

#[tokio::test(start_paused = true)]
async fn a_list_of_others_is_refused() {
    let (till, journal) = (Till::default(), Journal::memory());
    let run = timeout(Duration::from_millis(3500), journal.run("one", of_list(&till)));
    assert!(run.await.is_err());
    till.other.store(true, Ordering::Relaxed);
    let error = of_list::resume(&journal, "one", &till).await.unwrap_err();
    let DurableError::Journal(JournalError::GraphChanged { path, change, .. }) = error else {
        panic!("{error}");
    };
    assert_eq!(path, "bills");
    assert_eq!(change, "its items are others: item 3 is a new one");
    assert_eq!(till.billed(), NAMES[..3]);
    assert_eq!(till.keys.lock().unwrap().len(), 8, "nothing has begun");
}

workflow! {
    /// What comes of the items is recorded, too.
    #[durable]
    async fn summed(till: &Till) -> Result<String, StepError> {
        let customers = list().await?;
        let bills = for customer in ordered(till, customers) {
            let bill = bill(till, &customer).await?;
            bill
        };
        let sum = bill(till, &bills.join(", ")).await?;
        let end = bill(till, "end").await?;
        #[after(sum)]
        let last = bill(till, "last").await?;
        Ok(format!("{sum} {end} {last}"))
    }
}

#[tokio::test(start_paused = true)]
async fn other_items_run_beside_those_that_were_there_before() {
    for crash in [false, true] {
        let (till, journal) = (Till::default(), Journal::memory().rerun_changed());
        // The end is one of those that begin at once, and the last comes after the sum.
        let run = timeout(Duration::from_millis(19_500), journal.run("one", summed(&till)));
        assert!(run.await.is_err());
        let before = till.billed();
        assert_eq!(before.len(), 10, "{before:?}");
        till.other.store(true, Ordering::Relaxed);
        till.turned.store(true, Ordering::Relaxed);
        if crash {
            // In the moment in which the new items are recorded.
            till.after_crash();
            let run = summed::resume(&journal, "one", &till);
            assert!(timeout(Duration::from_millis(500), run).await.is_err());
            assert_eq!(till.billed(), before);
        }
        till.after_crash();
        let end = summed::resume(&journal, "one", &till).await.unwrap();
        assert!(end.contains("bill of zoe"), "{end}");
        let billed = till.billed.lock().unwrap().clone();
        let names: Vec<_> = billed[10..].iter().map(|(name, _)| name.clone()).collect();
        assert_eq!(names.len(), 3, "{names:?}");
        assert_eq!(names[0], "zoe", "nothing else in the list runs again");
        assert!(names[1].starts_with("bill of hal"), "what comes of it does: {names:?}");
        assert_eq!(names[2], "last");
        let key_of = |name: &str| billed.iter().find(|(other, _)| other == name).unwrap().1.clone();
        assert_ne!(key_of("zoe"), key_of("dan"));
    }
}

#[step]
async fn twice() -> Result<HashMap<u32, String>, StepError> {
    Ok((0..8).map(|at| (at, NAMES[at as usize / 2].to_owned())).collect())
}

workflow! {
    #[durable]
    async fn of_equal(till: &Till) -> Result<Vec<String>, StepError> {
        let customers = twice().await?;
        let bills = for customer in customers.into_values() {
            let bill = bill(till, &customer).await?;
            bill
        };
        Ok(bills)
    }
}

#[tokio::test(start_paused = true)]
async fn the_same_one_twice_is_billed_twice() {
    for seconds in [1, 2, 3] {
        let (till, journal) = (Till::default(), Journal::memory());
        let (bills, _) = cut!(till, journal, seconds, of_equal(&till));
        let mut bills = bills.unwrap();
        bills.sort_unstable();
        assert_eq!(bills.len(), 8);
        let billed = till.billed();
        let twice: Vec<_> = NAMES[..4].iter().flat_map(|&name| [name, name]).collect();
        assert_eq!(billed, twice);
        let keys: HashSet<_> =
            till.billed.lock().unwrap().iter().map(|(_, key)| key.clone()).collect();
        assert_eq!(keys.len(), 8, "each has its own key");
    }
}

/// Neither serde nor `Hash` knows it.
struct Opaque(&'static str);

fn opaque() -> Vec<Opaque> {
    NAMES[..3].iter().map(|name| Opaque(name)).collect()
}

workflow! {
    #[durable]
    async fn of_opaque(till: &Till) -> Result<Vec<String>, StepError> {
        let bills = for customer in opaque() {
            let bill = bill(till, customer.0).await?;
            bill
        };
        Ok(bills)
    }
}

#[tokio::test(start_paused = true)]
async fn items_that_cannot_be_told_apart_matter_only_after_a_crash() {
    let (till, journal) = (Till::default(), Journal::memory());
    assert_eq!(journal.run("whole", of_opaque(&till)).await.unwrap().len(), 3);

    let till = Till::default();
    let run = timeout(Duration::from_millis(1500), journal.run("one", of_opaque(&till)));
    assert!(run.await.is_err());
    let error = of_opaque::resume(&journal, "one", &till).await.unwrap_err().to_string();
    let told = "step `bills` of run `one` has changed: its items cannot be told apart after a \
                restart: derive `Serialize` or `Hash` for their type";
    assert_eq!(error, told);
    assert_eq!(till.billed(), ["ada"]);
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Group {
    name: String,
    members: HashSet<String>,
}

#[step]
async fn groups() -> Result<HashMap<String, Group>, StepError> {
    let groups = NAMES.chunks(4).enumerate().map(|(at, members)| {
        let name = format!("group {at}");
        let members = members.iter().map(|&name| name.to_owned()).collect();
        (name.clone(), Group { name, members })
    });
    Ok(groups.collect())
}

workflow! {
    #[durable]
    async fn of_groups(till: &Till) -> Result<Vec<Vec<String>>, StepError> {
        let groups = groups().await?;
        let all = for (_, group) in groups {
            let bills = for customer in group.members.clone() {
                let bill = bill(till, &customer).await?;
                bill
            };
            bills
        };
        Ok(all)
    }

    #[durable]
    async fn of_whole_groups(till: &Till) -> Result<Vec<String>, StepError> {
        let groups = groups().await?;
        let all = for group in groups.into_values() {
            let bill = bill(till, &group.name).await?;
            bill
        };
        Ok(all)
    }
}

#[tokio::test(start_paused = true)]
async fn items_in_items() {
    // The order of two comes out the same every other time.
    for seconds in [1, 1, 2, 2, 3, 3] {
        let (till, journal) = (Till::default(), Journal::memory());
        let (bills, cuts) = cut!(till, journal, seconds, of_groups(&till));
        assert!(cuts > 1);
        assert_eq!(bills.unwrap().concat().len(), 8);
        till.is_right(&NAMES);
    }
}

#[tokio::test(start_paused = true)]
async fn items_that_hold_a_set() {
    for _ in 0..10 {
        let (till, journal) = (Till::default(), Journal::memory());
        let (bills, cuts) = cut!(till, journal, 1, of_whole_groups(&till));
        assert_eq!(cuts, 1);
        assert_eq!(bills.unwrap().len(), 2);
        till.is_right(&["group 0", "group 1"]);
    }
}
