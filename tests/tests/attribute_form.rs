//! `#[workflow]`: the same language in front of a function.

use std::sync::Mutex;

use workflow_runtime::attribute::{self, workflow};
use workflow_runtime::{Recorder, Run, step};

#[step]
async fn quote(item: &str) -> Result<usize, String> {
    if item.is_empty() { Err("no item".to_owned()) } else { Ok(item.len() * 100) }
}

#[step]
async fn weigh(item: &str) -> usize {
    tokio::task::yield_now().await;
    item.len()
}

#[step]
async fn note(log: &Mutex<Vec<String>>, what: &str) {
    tokio::task::yield_now().await;
    log.lock().expect("it is not poisoned").push(what.to_owned());
}

#[step]
async fn double(number: usize) -> usize {
    number * 2
}

/// Declarations in any order, as in `workflow!`.
#[workflow]
async fn label(item: &str) -> Result<String, String> {
    let text = format!("{price} cents, {weight}");
    let price = quote(item).await?;
    let weight = weigh(item).await;
    Ok(text)
}

#[tokio::test]
async fn is_the_same_language() {
    assert_eq!(label("anvil").await, Ok("500 cents, 5".to_owned()));
    assert_eq!(label("").await, Err("no item".to_owned()));
    assert_eq!(
        label::GRAPH.to_string(),
        "label(item)\n├─ price   quote  ← item\n├─ weight  weigh  ← item\n└─ text    value  ← price, weight"
    );
}

#[workflow]
async fn all_forms<T: AsRef<str> + Sync>(items: &[T], choice: Option<usize>) -> Vec<usize> {
    let lengths = for item in items {
        let length = weigh(item.as_ref()).await;
        double(length).await
    };
    let more = if let Some(number) = choice { double(number).await } else { 0 };
    #[after(more)]
    let word = match lengths.len() {
        0 => double(7).await,
        other => {
            let twice = double(other).await;
            let again = double(other).await;
            twice + again
        }
    };
    [lengths, vec![more, word]].concat()
}

#[tokio::test]
async fn branches_and_items_mean_the_same() {
    assert_eq!(all_forms(&["a", "bcd"], Some(4)).await, [2, 6, 8, 8]);
    assert_eq!(all_forms::<&str>(&[], None).await, [0, 14]);
}

#[workflow(on_failure = finish)]
async fn finishing(log: &Mutex<Vec<String>>) -> Result<(), String> {
    let _ = quote("").await?;
    note(log, "still ran").await;
    Ok(())
}

#[workflow]
#[on_failure(finish)]
async fn finishing_below(log: &Mutex<Vec<String>>) -> Result<(), String> {
    let _ = quote("").await?;
    note(log, "still ran").await;
    Ok(())
}

#[workflow(on_failure(cancel), graph)]
async fn cancelling(log: &Mutex<Vec<String>>) -> Result<(), String> {
    let _ = quote("").await?;
    note(log, "still ran").await;
    Ok(())
}

#[tokio::test]
async fn options_are_arguments_or_attributes() {
    let log = Mutex::default();
    assert_eq!(cancelling(&log).await, Err("no item".to_owned()));
    assert_eq!(log.lock().expect("it is not poisoned").len(), 0);
    assert_eq!(finishing(&log).await, Err("no item".to_owned()));
    assert_eq!(finishing_below(&log).await, Err("no item".to_owned()));
    assert_eq!(log.lock().expect("it is not poisoned").len(), 2);
}

/// Takes what `cfg` leaves.
#[workflow]
async fn configured(#[cfg(not(test))] missing: Missing, number: usize) -> usize {
    #[cfg(not(test))]
    let result = nowhere(missing).await;
    #[cfg(test)]
    let result = double(number).await;
    result
}

#[cfg_attr(test, workflow)]
async fn by_attribute(number: usize) -> usize {
    let twice = double(number).await;
    twice
}

/// A second workflow, in a function, calls the first one.
#[tokio::test]
async fn nested_and_configured() {
    #[attribute::workflow]
    async fn inner(number: usize) -> usize {
        let first = configured(number).await;
        let second = by_attribute(first).await;
        second
    }
    let recorder = Recorder::new();
    assert_eq!(Run::new().observe(recorder.clone()).execute(inner(3)).await, 12);
    recorder.assert_ran(["first", "first.result", "second", "second.twice"]);
}

macro_rules! made_by_a_macro {
    ($name:ident, $body:block) => {
        #[workflow]
        async fn $name() -> usize $body
    };
}

macro_rules! with_a_call {
    ($name:ident, $call:expr) => {
        #[workflow]
        async fn $name() -> usize {
            let twice = $call.await;
            twice
        }
    };
}

with_a_call!(seven, double(7));

made_by_a_macro!(unchanged, { 7 });

#[tokio::test]
async fn macros_can_make_it() {
    assert_eq!(seven().await, 14);
    assert_eq!(unchanged().await, 7);
}
