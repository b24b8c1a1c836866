//! The alerts: in virtual time, with steps as slow as the test wants them.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::time::{Instant, sleep};
use workflow_examples::{
    alerts::{Alert, Alerts, Problem},
    checkout::Scenario,
    data,
};
use workflow_runtime::{Journal, Run, StepError, step, workflow};

const LIMIT: Duration = Duration::from_secs(2);

#[step]
async fn work(seconds: u64) {
    sleep(Duration::from_secs(seconds)).await;
}

#[step(retry(max_attempts = 5, backoff = constant("100ms")))]
async fn never_works() -> Result<(), StepError> {
    Err(StepError::retryable(std::io::Error::other("no answer")))
}

#[step]
async fn fails() -> Result<(), StepError> {
    Err(StepError::permanent(std::io::Error::other("no")))
}

workflow! {
    async fn shop(quick: u64, slow: u64) {
        let first = work(quick).await;
        let bank = work(slow).await;
        let () = first;
        let () = bank;
    }

    async fn storm(steps: u64) {
        let slow = for _ in 0..steps {
            let one = work(3).await;
            one
        };
        drop(slow);
    }

    async fn stubborn() -> Result<(), StepError> {
        let asked = never_works().await?;
        Ok(asked)
    }

    async fn charged() -> Result<(), StepError> {
        #[compensate(fails())]
        let payment = work(0).await;
        #[after(payment)]
        fails().await?;
        Ok(payment)
    }
}

/// What the desk hears, with when it does.
#[derive(Clone)]
struct Heard(Arc<Mutex<Vec<(Duration, Alert)>>>);

fn alerts() -> (Alerts, Heard) {
    let (start, heard) = (Instant::now(), Heard(Arc::default()));
    let keep = heard.clone();
    let alerts = Alerts::new(LIMIT, move |alert| {
        keep.0.lock().unwrap().push((start.elapsed(), alert.clone()));
    });
    (alerts, heard)
}

impl Heard {
    /// Each with the second in which it was told.
    fn texts(&self) -> Vec<String> {
        let heard = self.0.lock().unwrap();
        heard.iter().map(|(at, alert)| format!("{}s {alert}", at.as_secs())).collect()
    }

    fn count(&self, is: impl Fn(&Problem) -> bool) -> usize {
        self.0.lock().unwrap().iter().filter(|(_, alert)| is(&alert.problem)).count()
    }
}

#[tokio::test(start_paused = true)]
async fn a_slow_step_is_told_of_while_it_runs_and_when_it_ends() {
    let (alerts, heard) = alerts();
    Run::new().observe(alerts).execute(shop(1, 9)).await;
    assert_eq!(
        heard.texts(),
        [
            "2s warn  shop: `bank` runs for more than 2s",
            "9s warn  shop: `bank` completed at last, after 9000 ms"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_step_can_have_a_limit_of_its_own() {
    let (alerts, heard) = alerts();
    let alerts = alerts.limit("bank", Duration::from_secs(10));
    Run::new().observe(alerts.clone()).execute(shop(1, 9)).await;
    assert_eq!(heard.texts(), [""; 0]);
    Run::new().observe(alerts).execute(shop(9, 9)).await;
    assert_eq!(heard.texts()[0], "11s warn  shop: `first` runs for more than 2s");
}

#[tokio::test(start_paused = true)]
async fn a_dropped_step_is_not_told_of() {
    let (alerts, heard) = alerts();
    let run = Run::new().observe(alerts).execute(shop(1, 9));
    assert!(tokio::time::timeout(LIMIT / 2, run).await.is_err());
    sleep(10 * LIMIT).await;
    assert_eq!(heard.texts(), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn retries_that_pile_up_are_told_of() {
    let (alerts, heard) = alerts();
    Run::new().observe(alerts).execute(stubborn()).await.unwrap_err();
    assert_eq!(
        heard.texts(),
        [
            "0s warn  stubborn: `asked` has failed 3 times: no answer",
            "0s warn  stubborn: `asked` has failed 4 times: no answer"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_storm_pages_nobody_a_thousand_times() {
    let (alerts, heard) = alerts();
    Run::new().observe(alerts.clone()).execute(storm(1000)).await;
    assert_eq!(heard.count(|problem| matches!(problem, Problem::StillRuns { .. })), 5);
    assert_eq!(heard.count(|problem| matches!(problem, Problem::WasSlow { .. })), 5);

    // A minute later there is room again, and the first one says what was left out.
    sleep(Duration::from_secs(60)).await;
    Run::new().observe(alerts).execute(storm(1)).await;
    let more: Vec<_> = heard.texts().split_off(10);
    assert_eq!(
        more,
        [
            "65s warn  storm: `slow[0].one` and others: 995 more alerts like these",
            "65s warn  storm: `slow[0].one` runs for more than 2s",
            "66s warn  storm: `slow[0].one` and others: 995 more alerts like these",
            "66s warn  storm: `slow[0].one` completed at last, after 3000 ms"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn what_is_not_undone_is_always_told_of() {
    let (alerts, heard) = alerts();
    for _ in 0..20 {
        let run = Run::new().observe(alerts.clone()).execute(charged());
        run.await.unwrap_err();
    }
    assert_eq!(heard.count(|problem| matches!(problem, Problem::NotUndone { .. })), 20);
    assert_eq!(
        heard.texts()[0],
        "0s PAGE  charged: `payment` could not be undone: no; this needs a person"
    );
}

/// On real sockets, so in real time: only what is certain to happen.
#[tokio::test]
async fn the_checkout_pages_for_a_refund_that_failed() {
    let path = data::bundled("checkout/scenarios.json");
    let scenarios: Vec<Scenario> = data::read_json(&path).await.unwrap();
    let scenario = scenarios.into_iter().find(|scenario| scenario.cart.id == "C-9").unwrap();
    let (alerts, heard) = alerts();
    scenario.play_in(Run::new().observe(alerts)).await.unwrap();
    assert_eq!(heard.count(|problem| matches!(problem, Problem::NotUndone { .. })), 1);
    assert!(heard.texts().iter().any(|text| text.contains("PAGE  checkout: `payment`")));
}

workflow! {
    #[durable]
    async fn order(seconds: u64) -> Result<u64, StepError> {
        let bank = work(seconds).await;
        #[after(bank)]
        let done = seconds;
        Ok(done)
    }
}

/// Steps of one path in two runs of a journal are not taken for each other.
#[tokio::test(start_paused = true)]
async fn runs_of_a_journal_are_told_apart() {
    let (alerts, heard) = alerts();
    let journal = Journal::memory().observe(alerts);
    let (slow, quick) =
        tokio::join!(journal.run("cart-1", order(9)), journal.run("cart-2", order(1)));
    assert_eq!((slow.unwrap(), quick.unwrap()), (9, 1));
    assert_eq!(
        heard.texts(),
        [
            "2s warn  order cart-1: `bank` runs for more than 2s",
            "9s warn  order cart-1: `bank` completed at last, after 9000 ms"
        ]
    );
}
