//! An engine can run one step of a workflow, given what those before it came to.

use std::collections::HashMap;
use std::sync::Mutex;

use workflow_runtime::__private::run_one_step;
use workflow_runtime::{Journal, Recorder, Run, step, workflow};

#[derive(Debug)]
struct Never;

impl std::fmt::Display for Never {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("never")
    }
}

/// What ran.
type Log = Mutex<Vec<String>>;

#[step]
async fn work(log: &Log, what: impl Into<String> + Send, inputs: &[u64]) -> Result<u64, Never> {
    let what = what.into();
    let sum = inputs.iter().sum::<u64>() * 3 + what.len() as u64;
    log.lock().unwrap().push(what);
    Ok(sum)
}

workflow! {
    #[durable]
    async fn inner(log: &Log, number: u64) -> Result<u64, Never> {
        let first = work(log, "first", &[number]).await?;
        let second = work(log, "second", &[first]).await?;
        Ok(second)
    }

    /// Neither sequences nor joins can express it: `c` needs `a`, and `d` needs `a` and `b`.
    #[durable]
    async fn tangled(log: &Log, seed: u64) -> Result<u64, Never> {
        let a = work(log, "a", &[seed]).await?;
        let b = work(log, "b", &[seed]).await?;
        let c = work(log, "c", &[a]).await?;
        let d = work(log, "d", &[a, b]).await?;
        let arm = match c % 2 {
            0 => {
                let even = work(log, "even", &[c, b]).await?;
                even
            }
            _ => {
                let odd = work(log, "odd", &[c]).await?;
                let more = work(log, "more", &[odd, d]).await?;
                more
            }
        };
        let items = for item in 0..3 + d % 2 {
            let one = work(log, format!("one {item}"), &[item]).await?;
            let two = work(log, format!("two {item}"), &[one, b]).await?;
            two
        };
        let sub = inner(log, d).await?;
        let sum = items.iter().sum::<u64>();
        let end = work(log, "end", &[arm, sum, sub]).await?;
        Ok(end)
    }
}

#[tokio::test]
async fn every_step_runs_alone() {
    for seed in 0..4 {
        let log = Log::default();
        let recorder = Recorder::new();
        let whole = Run::new().observe(recorder.clone()).execute(tangled(&log, seed));
        let result = whole.await.unwrap();
        let all = recorder.completed_steps();
        log.lock().unwrap().clear();

        // As on other machines: each step in a process that knows nothing but the records.
        let mut recorded = HashMap::new();
        let mut rounds = 0;
        while recorded.len() < all.len() {
            let mut ran = Vec::new();
            for path in all.iter().filter(|path| !recorded.contains_key(*path)) {
                let known: HashMap<String, String> = recorded.clone();
                let record = run_one_step(tangled(&log, seed), "run", known, path).await.unwrap();
                let steps = log.lock().unwrap().drain(..).count();
                // A workflow is no step of its own: what is in it runs, one at a time.
                let Some(record) = record else {
                    assert_eq!(steps, 0, "{path}");
                    continue;
                };
                assert_eq!(record.path, *path);
                assert_eq!(steps, usize::from(path != "sub"), "{path}");
                ran.push((record.path, record.output));
            }
            assert!(!ran.is_empty(), "{recorded:?}");
            recorded.extend(ran);
            rounds += 1;
        }
        // Nothing but what is ready starts: the longest chain tells how often to ask.
        assert!((5..=8).contains(&rounds), "{rounds}");
        assert_eq!(recorded["end"], result.to_string());
        for path in ["nothing", "items[9].one", "arm.nothing"] {
            let record = run_one_step(tangled(&log, seed), "run", recorded.clone(), path).await;
            assert!(record.unwrap().is_none());
        }
        assert!(log.lock().unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_journal_gives_the_same() {
    let log = Log::default();
    let direct = tangled(&log, 2).await.unwrap();
    assert_eq!(Journal::memory().run("one", tangled(&log, 2)).await.unwrap(), direct);
}
