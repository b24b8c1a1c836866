//! The records of a run.

use std::sync::Arc;

use super::support::{by, hold, paths, record, record_of};
use crate::{Filter, JournalStore, Kind, Record, Timestamp};

pub(super) async fn all_of_a_record_is_kept<S: JournalStore>(store: Arc<S>) {
    let epoch = hold(&*store, "cart-1", &by("a")).await;
    let odd = Record {
        path: "pages[3].fetch".into(),
        kind: Kind::Compensation,
        fingerprint: r#"{"path":"pages.fetch"}"#.into(),
        output: r#"{"text":"a\u0000b \"c\" \\ é 🦀"}"#.into(),
        started: Timestamp(i64::MIN),
        finished: Timestamp(i64::MAX),
        attempts: u32::MAX,
    };
    let written = [record("charge", "1"), odd];
    for record in &written {
        store.write("cart-1", epoch, record.clone()).await.unwrap();
    }
    assert_eq!(store.records("cart-1").await.unwrap(), written);
}

pub(super) async fn records_come_in_the_order_of_writing<S: JournalStore>(store: Arc<S>) {
    let epoch = hold(&*store, "cart-1", &by("a")).await;
    let mut written = Vec::new();
    // Not in the order of their names.
    for number in [7, 3, 9, 1, 8, 2] {
        let path = format!("step{number}");
        store.write("cart-1", epoch, record(&path, "1")).await.unwrap();
        written.push(path);
    }
    assert_eq!(paths(&*store, "cart-1").await, written);
}

pub(super) async fn the_same_path_and_kind_is_replaced<S: JournalStore>(store: Arc<S>) {
    let epoch = hold(&*store, "cart-1", &by("a")).await;
    for &kind in Kind::ALL {
        store.write("cart-1", epoch, record_of("charge", kind, "1")).await.unwrap();
    }
    store.write("cart-1", epoch, record("ship", "1")).await.unwrap();
    let again = Record { attempts: 2, ..record("charge", "2") };
    store.write("cart-1", epoch, again.clone()).await.unwrap();

    let expected = [
        record_of("charge", Kind::Items, "1"),
        record_of("charge", Kind::Timer, "1"),
        record_of("charge", Kind::Failure, "1"),
        record_of("charge", Kind::Compensation, "1"),
        record_of("charge", Kind::Attempt, "1"),
        record_of("charge", Kind::Signals, "1"),
        record_of("charge", Kind::Refusal, "1"),
        record_of("charge", Kind::Rerun, "1"),
        record("ship", "1"),
        again,
    ];
    assert_eq!(store.records("cart-1").await.unwrap(), expected);
}

pub(super) async fn many_are_erased_at_once<S: JournalStore>(store: Arc<S>) {
    let epoch = hold(&*store, "cart-1", &by("a")).await;
    for path in ["a", "b", "c", "d"] {
        store.write("cart-1", epoch, record(path, "1")).await.unwrap();
    }
    for &kind in Kind::ALL {
        store.write("cart-1", epoch, record_of("b", kind, "3")).await.unwrap();
    }
    let erased = ["b".to_owned(), "d".to_owned(), "d".to_owned(), "unknown".to_owned()];
    store.erase("cart-1", epoch, &erased).await.unwrap();
    assert_eq!(paths(&*store, "cart-1").await, ["a", "c"]);
    store.erase("cart-1", epoch, &[]).await.unwrap();
    assert_eq!(paths(&*store, "cart-1").await, ["a", "c"]);

    let many: Vec<_> = (0..2000).map(|number| format!("pages[{number}]")).collect();
    for path in many.iter().step_by(100) {
        store.write("cart-1", epoch, record(path, "1")).await.unwrap();
    }
    store.erase("cart-1", epoch, &many).await.unwrap();
    assert_eq!(paths(&*store, "cart-1").await, ["a", "c"]);
    store.write("cart-1", epoch, record("b", "2")).await.unwrap();
    assert_eq!(paths(&*store, "cart-1").await, ["a", "c", "b"]);
}

pub(super) async fn runs_do_not_share_records<S: JournalStore>(store: Arc<S>) {
    let one = hold(&*store, "cart-1", &by("a")).await;
    let two = hold(&*store, "cart-2", &by("a")).await;
    store.write("cart-1", one, record("charge", "1")).await.unwrap();
    store.write("cart-2", two, record("charge", "2")).await.unwrap();
    store.erase("cart-1", one, &["charge".into()]).await.unwrap();
    assert_eq!(store.records("cart-1").await.unwrap(), []);
    assert_eq!(store.records("cart-2").await.unwrap(), [record("charge", "2")]);
}

pub(super) async fn outputs_may_have_any_size<S: JournalStore>(store: Arc<S>) {
    let epoch = hold(&*store, "cart-1", &by("a")).await;
    let sizes = [0, 1, 100 * 1024 * 1024];
    for size in sizes {
        let output = "x".repeat(size);
        store.write("cart-1", epoch, record(&size.to_string(), &output)).await.unwrap();
    }
    let records = store.records("cart-1").await.unwrap();
    let read: Vec<_> = records.iter().map(|record| record.output.len()).collect();
    assert_eq!(read, sizes);
    // Not with `assert_eq`, which would print it.
    assert!(records[2].output.bytes().all(|byte| byte == b'x'), "a large output is kept whole");
}

pub(super) async fn many_runs_write_at_once<S: JournalStore>(store: Arc<S>) {
    let expected: Vec<_> = (0..10).map(|step| format!("step{step}")).collect();
    let tasks: Vec<_> = (0..64)
        .map(|number| {
            let (store, paths) = (Arc::clone(&store), expected.clone());
            tokio::spawn(async move {
                let id = format!("cart-{number}");
                let epoch = hold(&*store, &id, &by("a")).await;
                for path in paths {
                    store.write(&id, epoch, record(&path, &number.to_string())).await.unwrap();
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    for number in 0..64 {
        let records = store.records(&format!("cart-{number}")).await.unwrap();
        let written = expected.iter().map(|path| record(path, &number.to_string()));
        assert!(records.iter().cloned().eq(written), "run {number} has its own: {records:?}");
    }
}

pub(super) async fn one_run_writes_many_at_once<S: JournalStore>(store: Arc<S>) {
    let epoch = hold(&*store, "cart-1", &by("a")).await;
    let tasks: Vec<_> = (0..64)
        .map(|number| {
            let store = Arc::clone(&store);
            // Eight tasks each write the same path.
            let path = format!("step{}", number % 8);
            tokio::spawn(async move { store.write("cart-1", epoch, record(&path, "1")).await })
        })
        .collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    let mut written = paths(&*store, "cart-1").await;
    written.sort();
    let expected: Vec<_> = (0..8).map(|step| format!("step{step}")).collect();
    assert_eq!(written, expected);
}

pub(super) async fn all_kinds_come_in_one_order<S: JournalStore>(store: Arc<S>) {
    let epoch = hold(&*store, "cart-1", &by("a")).await;
    let mut written = Vec::new();
    for round in 0..4 {
        // An attempt comes first in one round, and last in another.
        for kind in
            [Kind::Attempt, Kind::Failure, Kind::Step].into_iter().cycle().skip(round).take(3)
        {
            written.push(record_of(&format!("step{round}"), kind, "1"));
        }
    }
    for record in &written {
        store.write("cart-1", epoch, record.clone()).await.unwrap();
    }
    assert_eq!(store.records("cart-1").await.unwrap(), written);

    // A record that is replaced becomes the last, whatever its kind.
    for kind in [Kind::Attempt, Kind::Step, Kind::Attempt] {
        written.retain(|record| (&*record.path, record.kind) != ("step1", kind));
        written.push(Record { attempts: 2, ..record_of("step1", kind, "2") });
        store.write("cart-1", epoch, written[written.len() - 1].clone()).await.unwrap();
        assert_eq!(store.records("cart-1").await.unwrap(), written);
    }
}

pub(super) async fn those_who_only_look_find_the_same<S: JournalStore>(store: Arc<S>) {
    let epoch = hold(&*store, "cart-1", &by("a")).await;
    hold(&*store, "cart-2", &by("a")).await;
    for &kind in Kind::ALL {
        store.write("cart-1", epoch, record_of("charge", kind, "1")).await.unwrap();
    }
    let found = store.records_found("cart-1").await.unwrap();
    let found: Result<Vec<_>, _> = found.into_iter().collect();
    assert_eq!(found.unwrap(), store.records("cart-1").await.unwrap());
    assert_eq!(store.records_found("unknown").await.unwrap().len(), 0);
    for filter in [Filter::default(), Filter::default().limit(1)] {
        let found = store.runs_found(&filter).await.unwrap();
        let found: Result<Vec<_>, _> = found.into_iter().collect();
        assert_eq!(found.unwrap(), store.runs(&filter).await.unwrap());
    }
}

pub(super) async fn sizes_are_those_of_the_texts<S: JournalStore>(store: Arc<S>) {
    let epoch = hold(&*store, "cart-1", &by("a")).await;
    hold(&*store, "cart-2", &by("a")).await;
    let mut size = 0;
    for record in [
        record("charge", "1"),
        // Bytes, and not letters.
        record("größe", r#""🦀""#),
        record_of("charge", Kind::Attempt, "null"),
        record("long", &"7".repeat(100_000)),
    ] {
        size += (record.path.len() + record.fingerprint.len() + record.output.len()) as u64;
        store.write("cart-1", epoch, record).await.unwrap();
    }
    let asked = ["cart-2", "cart-1", "unknown", "cart-1"].map(str::to_owned);
    assert_eq!(store.sizes(&asked).await.unwrap(), [0, size, 0, size]);
    assert_eq!(store.sizes(&[]).await.unwrap(), [0; 0]);
}
