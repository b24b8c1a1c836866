//! `#[compensate]`: what was done is undone when a later part of the workflow fails.

use std::sync::Mutex;
use std::time::Duration;

use tokio::time::{Instant, sleep};
use workflow_runtime::{EventKind, Recorder, Run, Step, StepError, step, workflow};

/// What was done and undone, in order, with the milliseconds at which it was.
struct Shop {
    start: Instant,
    fails: Vec<&'static str>,
    log: Mutex<Vec<(u64, String)>>,
}

impl Shop {
    fn failing(fails: &[&'static str]) -> Self {
        Self { start: Instant::now(), fails: fails.to_vec(), log: Mutex::new(Vec::new()) }
    }

    fn note(&self, what: &str) {
        let millis = u64::try_from(self.start.elapsed().as_millis()).expect("it is short");
        self.log.lock().expect("no step panics").push((millis, what.to_owned()));
    }

    /// What was undone.
    fn undone(&self) -> Vec<String> {
        let log = self.log.lock().expect("no step panics");
        let undone = log.iter().filter_map(|(_, what)| what.strip_prefix("undo "));
        undone.map(str::to_owned).collect()
    }

    fn undone_at(&self) -> Vec<(u64, String)> {
        let log = self.log.lock().expect("no step panics");
        log.iter().filter(|(_, what)| what.starts_with("undo ")).cloned().collect()
    }
}

/// A thing that was done; it cannot be copied.
#[derive(Debug, PartialEq)]
struct Done(String);

#[step]
async fn act(shop: &Shop, name: &str, millis: u64) -> Result<Done, String> {
    sleep(Duration::from_millis(millis)).await;
    if shop.fails.contains(&name) {
        return Err(name.to_owned());
    }
    shop.note(name);
    Ok(Done(name.to_owned()))
}

/// Takes ten milliseconds.
#[step]
async fn undo(shop: &Shop, done: &Done) -> Result<(), String> {
    sleep(Duration::from_millis(10)).await;
    if shop.fails.contains(&format!("undo {}", done.0).as_str()) {
        return Err(format!("cannot undo {}", done.0));
    }
    shop.note(&format!("undo {}", done.0));
    Ok(())
}

async fn observe<T>(call: impl Step<Output = T>) -> (T, Recorder) {
    let recorder = Recorder::new();
    let output = Run::new().observe(recorder.clone()).execute(call).await;
    (output, recorder)
}

workflow! {
    async fn chain(shop: &Shop) -> Result<String, String> {
        #[compensate(undo(shop, &stock))]
        let stock = act(shop, "stock", 1).await?;
        #[compensate(undo(shop, &payment))]
        let payment = act(shop, &format!("payment for {}", stock.0), 1).await?;
        #[after(payment)]
        let parcel = act(shop, "parcel", 1).await?;
        Ok(format!("{} {} {}", stock.0, payment.0, parcel.0))
    }
}

#[tokio::test(start_paused = true)]
async fn completed_steps_are_undone_in_reverse() {
    let shop = Shop::failing(&["parcel"]);
    let (output, recorder) = observe(chain(&shop)).await;
    assert_eq!(output, Err("parcel".to_owned()));
    assert_eq!(shop.undone(), ["payment for stock", "stock"]);
    assert_eq!(recorder.compensated_steps(), ["payment", "stock"]);

    let shop = Shop::failing(&["stock"]);
    assert_eq!(chain(&shop).await, Err("stock".to_owned()));
    assert_eq!(shop.undone(), [""; 0]);

    let shop = Shop::failing(&[]);
    assert_eq!(chain(&shop).await, Ok("stock payment for stock parcel".to_owned()));
    assert_eq!(shop.undone(), [""; 0]);
}

workflow! {
    async fn side_by_side(shop: &Shop) -> Result<(), String> {
        #[compensate(undo(shop, &a))]
        let a = act(shop, "a", 5).await?;
        #[compensate(undo(shop, &b))]
        let b = act(shop, "b", 5).await?;
        #[compensate(undo(shop, &slow))]
        let slow = act(shop, "slow", 50).await?;
        let last = act(shop, "last", 20).await?;
        drop((last, format!("{}{}{}", a.0, b.0, slow.0)));
        Ok(())
    }

    async fn region(shop: &Shop) -> Result<(), String> {
        #[compensate(undo(shop, &a))]
        let a = act(shop, "a", 5).await?;
        #[compensate(undo(shop, &b))]
        let b = act(shop, "b", 5).await?;
        #[compensate(undo(shop, &c))]
        let c = act(shop, &a.0.replace('a', "c"), 5).await?;
        #[compensate(undo(shop, &d))]
        let d = act(shop, &format!("{}{}", a.0, b.0), 5).await?;
        #[compensate(undo(shop, &e))]
        let e = act(shop, &format!("{}-{}", c.0, d.0), 5).await?;
        let f = act(shop, &d.0.replace("ab", "f"), 20).await?;
        drop((e.0.len(), f));
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn independent_steps_are_undone_side_by_side() {
    let shop = Shop::failing(&["last"]);
    let (output, recorder) = observe(side_by_side(&shop)).await;
    assert_eq!(output, Err("last".to_owned()));
    assert_eq!(shop.undone_at(), [(30, "undo a".to_owned()), (30, "undo b".to_owned())]);
    assert_eq!(recorder.cancelled_steps(), ["slow"]);

    let shop = Shop::failing(&["f"]);
    let (output, recorder) = observe(region(&shop)).await;
    assert_eq!(output, Err("f".to_owned()));
    let undone = |millis, what: &str| (millis, format!("undo {what}"));
    assert_eq!(
        shop.undone_at(),
        [undone(40, "c-ab"), undone(50, "c"), undone(50, "ab"), undone(60, "a"), undone(60, "b")],
    );
    assert_eq!(recorder.compensated_steps(), ["e", "c", "d", "a", "b"]);

    let shop = Shop::failing(&["ab"]);
    assert_eq!(region(&shop).await, Err("ab".to_owned()));
    assert_eq!(shop.undone(), ["b", "c", "a"]);
    assert_eq!(region(&Shop::failing(&[])).await, Ok(()));
}

workflow! {
    async fn arms(shop: &Shop, card: Option<Done>) -> Result<(), String> {
        let order = act(shop, "order", 1).await?;
        let paid = match card {
            Some(card) => {
                #[compensate(undo(shop, &card))]
                let charged = act(shop, "charged", 1).await?;
                #[compensate(undo(shop, &noted))]
                let noted = act(shop, &format!("{} {}", card.0, order.0), 1).await?;
                charged.0.len() + noted.0.len()
            }
            None => 0,
        };
        let sent = act(shop, "sent", paid as u64).await?;
        drop(sent);
        Ok(())
    }

    async fn items(shop: &Shop) -> Result<(), String> {
        let count = 3_u64;
        let pages = for item in 0..count {
            #[compensate(undo(shop, &first))]
            let first = act(shop, &format!("first {item}"), item).await?;
            #[compensate(undo(shop, &second))]
            let second = act(shop, &first.0.replace("first", "second"), item * 10).await?;
            second.0.len()
        };
        #[compensate(undo(shop, &sum))]
        let sum = act(shop, &format!("sum {}", pages.len()), 1).await?;
        let end = act(shop, &format!("end {}", sum.0.len()), 1).await?;
        drop(end);
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn in_arms_and_items() {
    let shop = Shop::failing(&["sent"]);
    let (output, recorder) = observe(arms(&shop, Some(Done("card".to_owned())))).await;
    assert_eq!(output, Err("sent".to_owned()));
    assert_eq!(shop.undone(), ["card", "card order"]);
    assert_eq!(recorder.compensated_steps(), ["paid.charged", "paid.noted"]);
    let shop = Shop::failing(&["sent"]);
    assert_eq!(arms(&shop, None).await, Err("sent".to_owned()));
    assert_eq!(shop.undone(), [""; 0]);

    let shop = Shop::failing(&["end 5"]);
    let (output, recorder) = observe(items(&shop)).await;
    assert_eq!(output, Err("end 5".to_owned()));
    assert_eq!(
        shop.undone(),
        ["sum 3", "second 0", "second 1", "second 2", "first 0", "first 1", "first 2"],
    );
    assert_eq!(
        recorder.compensated_steps(),
        [
            "sum",
            "pages[0].second",
            "pages[1].second",
            "pages[2].second",
            "pages[0].first",
            "pages[1].first",
            "pages[2].first",
        ],
    );

    let shop = Shop::failing(&["second 1"]);
    assert_eq!(items(&shop).await, Err("second 1".to_owned()));
    assert_eq!(shop.undone(), ["first 1", "first 2", "second 0", "first 0"]);
}

workflow! {
    #[on_failure(drain)]
    async fn rollout(shop: &Shop, regions: &[&str], width: usize) -> Result<(), String> {
        #[compensate(undo(shop, &image))]
        let image = act(shop, "image", 1).await?;
        #[concurrency(width)]
        let deployed = for region in regions {
            #[compensate(undo(shop, &stopped))]
            #[after(image)]
            let stopped = act(shop, &format!("stop {region}"), 1).await?;
            #[compensate(undo(shop, &started))]
            let started = act(shop, &stopped.0.replace("stop", "start"), 5).await?;
            started.0.len()
        };
        let told = act(shop, &format!("told {}", deployed.len()), 1).await?;
        drop(told);
        Ok(())
    }

    async fn towns(shop: &Shop) -> Result<(), String> {
        #[concurrency(1)]
        let all = for country in ["a", "b"] {
            let towns = for town in 0..2_u64 {
                #[compensate(undo(shop, &built))]
                let built = act(shop, &format!("{country}{town}"), town).await?;
                built.0.len()
            };
            let checked = check(shop, country).await?;
            towns.len() + checked
        };
        let last = act(shop, &format!("last {}", all.len()), 1).await?;
        drop(last);
        Ok(())
    }

    async fn check(shop: &Shop, country: &str) -> Result<usize, String> {
        #[compensate(undo(shop, &seen))]
        let seen = act(shop, &format!("see {country}"), 1).await?;
        Ok(seen.0.len())
    }
}

#[tokio::test(start_paused = true)]
async fn items_that_ran_in_turn_are_undone_in_reverse() {
    let regions = ["eu", "us", "ap", "sa"];
    let shop = Shop::failing(&["start ap"]);
    let (output, recorder) = observe(rollout(&shop, &regions, 1)).await;
    assert_eq!(output, Err("start ap".to_owned()));
    assert_eq!(shop.undone(), ["stop ap", "start us", "stop us", "start eu", "stop eu", "image"],);
    // The third region has failed at 19 ms, and each takes ten to undo.
    assert_eq!(shop.start.elapsed().as_millis(), 19 + 60);
    assert!(!recorder.started_steps().iter().any(|path| path.contains("[3]")));

    // All of them, by a failure behind them; 0 counts as 1.
    let shop = Shop::failing(&["told 4"]);
    assert_eq!(rollout(&shop, &regions, 0).await, Err("told 4".to_owned()));
    assert_eq!(shop.undone()[..4], ["start sa", "stop sa", "start ap", "stop ap"]);

    // Two at a time are undone side by side.
    let shop = Shop::failing(&["told 2"]);
    assert_eq!(rollout(&shop, &regions[..2], 2).await, Err("told 2".to_owned()));
    assert_eq!(shop.undone(), ["start eu", "start us", "stop eu", "stop us", "image"]);
}

#[tokio::test(start_paused = true)]
async fn what_stands_in_items_in_turn_is_undone_with_them() {
    let shop = Shop::failing(&["last 2"]);
    assert_eq!(towns(&shop).await, Err("last 2".to_owned()));
    // The towns of one country, and what the called workflow did, at the same time.
    let mut undone = shop.undone();
    undone[..3].sort();
    undone[3..].sort();
    assert_eq!(undone, ["b0", "b1", "see b", "a0", "a1", "see a"]);
    assert_eq!(shop.start.elapsed().as_millis(), 1 + 1 + 1 + 20);
}

workflow! {
    async fn payment(shop: &Shop, order: &Done) -> Result<usize, String> {
        #[compensate(undo(shop, &charge))]
        let charge = act(shop, &format!("charge {}", order.0), 5).await?;
        let receipt = act(shop, "receipt", 15).await?;
        Ok(charge.0.len() + receipt.0.len())
    }

    async fn by_its_own_steps(shop: &Shop) -> Result<(), String> {
        #[compensate(undo(shop, &order))]
        let order = act(shop, "order", 1).await?;
        let paid = payment(shop, &order).await?;
        let beside = act(shop, "beside", 8).await?;
        let sent = act(shop, &format!("sent {paid}"), 5).await?;
        drop((beside, sent));
        Ok(())
    }

    async fn as_one(shop: &Shop) -> Result<(), String> {
        let order = act(shop, "order", 1).await?;
        #[compensate(undo(shop, &order))]
        let paid = payment(shop, &order).await?;
        let beside = act(shop, "beside", 8).await?;
        let sent = act(shop, &format!("sent {paid}"), 5).await?;
        drop((beside, sent));
        Ok(())
    }

    async fn in_items(shop: &Shop) -> Result<(), String> {
        let orders = for name in ["x", "y"] {
            let order = act(shop, name, 1).await?;
            let paid = payment(shop, &order).await?;
            paid
        };
        let sent = act(shop, &format!("sent {}", orders.len()), 5).await?;
        drop(sent);
        Ok(())
    }

    async fn two_levels(shop: &Shop) -> Result<(), String> {
        let inner = by_its_own_steps(shop).await;
        inner?;
        #[after(inner)]
        let last = act(shop, "last", 5).await?;
        drop(last);
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn across_workflows() {
    let shop = Shop::failing(&["sent 19"]);
    let (output, recorder) = observe(by_its_own_steps(&shop)).await;
    assert_eq!(output, Err("sent 19".to_owned()));
    assert_eq!(shop.undone(), ["charge order", "order"]);
    assert_eq!(recorder.compensated_steps(), ["paid.charge", "order"]);

    // While it runs.
    let shop = Shop::failing(&["beside"]);
    let (output, recorder) = observe(by_its_own_steps(&shop)).await;
    assert_eq!(output, Err("beside".to_owned()));
    assert_eq!(shop.undone(), ["charge order", "order"]);
    assert!(recorder.cancelled_steps().contains(&"paid.receipt".to_owned()));
    let ends = |path: &str, of: &EventKind| {
        let events = recorder.events();
        events.iter().filter(|event| &*event.path == path && event.kind == *of).count()
    };
    assert_eq!(ends("paid", &EventKind::WorkflowCancelled), 1);

    // It has failed by itself.
    let shop = Shop::failing(&["receipt"]);
    assert_eq!(by_its_own_steps(&shop).await, Err("receipt".to_owned()));
    assert_eq!(shop.undone(), ["charge order", "order"]);

    let shop = Shop::failing(&["sent 19"]);
    assert_eq!(as_one(&shop).await, Err("sent 19".to_owned()));
    assert_eq!(shop.undone(), ["order"]);
    let shop = Shop::failing(&["beside"]);
    assert_eq!(as_one(&shop).await, Err("beside".to_owned()));
    assert_eq!(shop.undone(), ["charge order"]);

    let shop = Shop::failing(&["sent 2"]);
    let (output, recorder) = observe(in_items(&shop)).await;
    assert_eq!(output, Err("sent 2".to_owned()));
    assert_eq!(shop.undone(), ["charge x", "charge y"]);
    assert_eq!(recorder.compensated_steps(), ["orders[0].paid.charge", "orders[1].paid.charge"]);

    let shop = Shop::failing(&["last"]);
    let (output, recorder) = observe(two_levels(&shop)).await;
    assert_eq!(output, Err("last".to_owned()));
    assert_eq!(shop.undone(), ["charge order", "order"]);
    assert_eq!(recorder.compensated_steps(), ["inner.paid.charge", "inner.order"]);
}

/// Succeeds when it is tried for the third time.
#[step(retry(max_attempts = 3, backoff = constant("1s"), when = always))]
async fn undo_at_last(tried: &Mutex<u32>) -> Result<(), String> {
    let mut tried = tried.lock().expect("no step panics");
    *tried += 1;
    if *tried < 3 { Err("busy".to_owned()) } else { Ok(()) }
}

fn always(_: &String) -> bool {
    true
}

workflow! {
    async fn undone_at_last(shop: &Shop, tried: &Mutex<u32>) -> Result<(), String> {
        #[compensate(undo_at_last(tried))]
        let first = act(shop, "first", 5).await?;
        #[after(first)]
        let second = act(shop, "second", 5).await?;
        drop(second);
        Ok(())
    }

    async fn undone_by_a_workflow(shop: &Shop) -> Result<(), String> {
        #[compensate(undo_all(shop, &first))]
        let first = act(shop, "first", 5).await?;
        #[after(first)]
        let second = act(shop, "second", 5).await?;
        drop(second);
        Ok(())
    }

    async fn undo_all(shop: &Shop, done: &Done) -> Result<(), String> {
        #[compensate(act(shop, "done again", 1))]
        let half = undo(shop, done).await?;
        #[after(half)]
        undo(shop, done).await?;
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn a_compensation_is_a_step_with_its_own_options() {
    let (shop, tried) = (Shop::failing(&["second"]), Mutex::new(0));
    let (output, recorder) = observe(undone_at_last(&shop, &tried)).await;
    assert_eq!((output, shop.start.elapsed().as_millis()), (Err("second".to_owned()), 2010));
    let events = recorder.events();
    let undone = events.iter().filter(|event| &*event.path == "first").map(|event| &event.kind);
    let undone: Vec<_> = undone.skip(2).collect();
    assert!(matches!(
        undone[..],
        [
            EventKind::Retrying { attempt: 1, .. },
            EventKind::Retrying { attempt: 2, .. },
            EventKind::Compensated { attempts: 3, duration },
        ] if *duration == Duration::from_secs(2)
    ));
    assert_eq!(recorder.attempts("first"), 1);

    let shop = Shop::failing(&["second"]);
    assert_eq!(undone_by_a_workflow(&shop).await, Err("second".to_owned()));
    assert_eq!(shop.undone(), ["first", "first"]);
}

workflow! {
    async fn bounded(shop: &Shop) -> Result<(), StepError> {
        #[compensate(undo(shop, &first))]
        let first = act_first(shop).await?;
        #[after(first)]
        act_long(shop).await?;
        Ok(())
    }
}

#[step]
async fn act_first(shop: &Shop) -> Result<Done, StepError> {
    act(shop, "first", 5).await.map_err(StepError::permanent)
}

#[step]
async fn act_long(shop: &Shop) -> Result<(), StepError> {
    sleep(Duration::from_millis(20)).await;
    if shop.fails.contains(&"long") { Err(StepError::permanent("long")) } else { Ok(()) }
}

#[tokio::test(start_paused = true)]
async fn a_deadline_undoes_too() {
    let deadline = |millis| Run::new().deadline(Duration::from_millis(millis));
    let shop = Shop::failing(&[]);
    let recorder = Recorder::new();
    let run = deadline(20).observe(recorder.clone());
    let error = run.execute(bounded(&shop)).await.expect_err("the time is up");
    assert!(error.to_string().contains("deadline of 20ms"), "{error}");
    assert_eq!(shop.undone_at(), [(30, "undo first".to_owned())]);
    assert_eq!(recorder.compensated_steps(), ["first"]);
    assert_eq!(recorder.cancelled_steps(), ["act_long"]);
    let last = recorder.events().pop().expect("there are events");
    assert_eq!(last.kind, EventKind::WorkflowCancelled);

    // The workflow's own failure counts, if it came first.
    let shop = Shop::failing(&["long"]);
    let error = deadline(30).execute(bounded(&shop)).await.expect_err("a step fails");
    assert_eq!(error.to_string(), "long");
    assert_eq!(shop.undone(), ["first"]);
}

#[tokio::test(start_paused = true)]
async fn a_failed_compensation_hides_nothing() {
    let shop = Shop::failing(&["parcel", "undo payment for stock"]);
    let (output, recorder) = observe(chain(&shop)).await;
    assert_eq!(output, Err("parcel".to_owned()));
    assert_eq!(shop.undone(), ["stock"]);
    assert_eq!(recorder.compensated_steps(), ["stock"]);
    assert_eq!(recorder.failed_compensations(), ["payment"]);
    let events = recorder.events();
    let failed = events.iter().find_map(|event| match &event.kind {
        EventKind::CompensationFailed { error, .. } => Some(error.clone()),
        _ => None,
    });
    assert_eq!(failed.as_deref(), Some("cannot undo payment for stock"));
}
