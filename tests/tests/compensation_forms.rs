//! `#[compensate]` wherever it may stand, without a warning.
#![deny(warnings, missing_docs, unsafe_code, clippy::all, clippy::pedantic, clippy::nursery)]

use std::sync::Mutex;

use workflow_runtime::{Step, step, workflow};

/// What was undone, in order.
type Log = Mutex<Vec<String>>;

#[derive(Debug, Clone, PartialEq)]
struct Done(String);

#[step]
async fn act(name: &str) -> Result<Done, String> {
    tokio::task::yield_now().await;
    if name.starts_with("bad") { Err(name.to_owned()) } else { Ok(Done(name.to_owned())) }
}

#[step]
async fn pair(name: &str) -> Result<(Done, u32), String> {
    tokio::task::yield_now().await;
    Ok((Done(name.to_owned()), 7))
}

#[step]
async fn undo(log: &Log, what: &str) {
    tokio::task::yield_now().await;
    log.lock().expect("no step panics").push(what.to_owned());
}

#[step]
async fn undo_number(log: &Log, number: u32) {
    log.lock().expect("no step panics").push(number.to_string());
}

#[step]
async fn take(done: Done) -> Result<usize, String> {
    Ok(done.0.len())
}

const fn send<S: Step + Send>(step: S) -> S {
    step
}

fn undone(log: &Log) -> Vec<String> {
    log.lock().expect("no step panics").drain(..).collect()
}

workflow! {
    async fn forms(log: &Log, name: &str, count: u32, (left, right): (u32, String)) -> Result<u32, String> {
        let counted = count + 1;
        #[compensate(undo(log, &first.0))]
        let (first, number) = pair("pair").await?;
        #[compensate(undo_number(log, number))]
        let copied = pair("copied").await?;
        #[compensate(undo(log, &chosen.0))]
        let chosen = if number > 5 { act("chosen").await? } else { act("other").await? };
        #[compensate(undo(log, &format!("{} items of {right}", items.len())))]
        let items = for item in 0..number.min(2) {
            #[compensate(undo_number(log, item))]
            let done = act("item").await?;
            done.0.len()
        };
        #[compensate(undo(log, "block"))]
        let block = {
            let inner = act("inner").await?;
            take(inner).await?
        };
        #[compensate(undo(log, &text))]
        let text = format!("{name} {left}");
        #[compensate(undo(log, "unbound"))]
        #[after(items, block, chosen, copied)]
        act("unbound").await?;
        #[compensate(undo(log, "isolated"))]
        #[after(items, block, chosen, copied)]
        let isolated = act("bad isolated").await;
        #[compensate(undo(log, "kept"))]
        #[after(isolated)]
        let kept = act("kept").await;
        #[after(act)]
        let end = act(&format!("bad {}", kept.is_ok())).await?;
        let all = (end, copied.1, text.len(), isolated.is_ok(), block, first.0.len());
        drop(all);
        Ok(counted)
    }
}

#[tokio::test]
async fn on_every_declaration() {
    let log = Log::default();
    let call = send(forms(&log, "name", 1, (2, "right".to_owned())));
    assert_eq!(call.await, Err("bad true".to_owned()));
    let mut undone = undone(&log);
    undone.sort();
    let expected =
        ["0", "1", "2 items of right", "7", "block", "chosen", "kept", "name 2", "pair", "unbound"];
    assert_eq!(undone, expected);
}

workflow! {
    #[on_failure(finish)]
    async fn region<T: AsRef<str> + Sync>(log: &Log, names: &[T]) -> Result<usize, String> {
        #[compensate(undo(log, &a.0))]
        let a = act("a").await?;
        #[compensate(undo(log, &b.0))]
        let b = act(names[0].as_ref()).await?;
        #[compensate(undo(log, &c.0))]
        let c = act(&a.0.replace('a', "c")).await?;
        #[compensate(undo(log, &d.0))]
        let d = act(&format!("{}{}", a.0, b.0)).await?;
        let late = if names.len() > 1 {
            #[compensate(undo(log, &quick.0))]
            let quick = act("quick").await?;
            #[compensate(undo(log, &both.0))]
            let both = act(&format!("{}+{}", quick.0, d.0)).await?;
            take(both.clone()).await?
        } else {
            0
        };
        let size = take(c.clone()).await?;
        Ok(size + late + d.0.len())
    }

    async fn optional(log: &Log, present: bool) -> Option<u32> {
        #[compensate(undo_number(log, number))]
        let number = look_up(true).await?;
        #[after(number)]
        let other = look_up(present).await?;
        Some(number + other)
    }

    async fn without_question(log: &Log, fails: bool) -> Result<(), String> {
        #[compensate(undo(log, "done"))]
        let done = act("done").await;
        if fails && done.is_ok() { Err("at the end".to_owned()) } else { Ok(()) }
    }

    async fn nested(log: &Log) -> Result<usize, String> {
        #[concurrency(2)]
        let rows = for row in 0..2_u32 {
            let cells = for cell in 0..2_u32 {
                let number = row * 10 + cell;
                #[compensate(undo_number(log, number))]
                let done = act("cell").await?;
                done.0.len()
            };
            #[compensate(undo(log, "row"))]
            #[after(cells)]
            act("row").await?;
            cells.len()
        };
        let end = act(&format!("bad {}", rows.len())).await?;
        take(end).await
    }
}

#[step]
async fn look_up(present: bool) -> Option<u32> {
    tokio::task::yield_now().await;
    present.then_some(1)
}

#[tokio::test]
async fn in_any_graph() {
    let log = Log::default();
    assert_eq!(send(region(&log, &["b", "x"])).await, Ok(1 + 8 + 2));
    assert_eq!(undone(&log), [""; 0]);
    assert_eq!(region(&log, &["bad", "x"]).await, Err("bad".to_owned()));
    assert_eq!(undone(&log), ["c", "quick", "a"]);

    assert_eq!(optional(&log, false).await, None);
    assert_eq!(undone(&log), ["1"]);
    assert_eq!(optional(&log, true).await, Some(2));

    assert_eq!(without_question(&log, true).await, Err("at the end".to_owned()));
    assert_eq!(undone(&log), ["done"]);
    assert_eq!(without_question(&log, false).await, Ok(()));
    assert_eq!(undone(&log), [""; 0]);

    assert_eq!(nested(&log).await, Err("bad 2".to_owned()));
    let mut all = undone(&log);
    assert_eq!(all[..2], ["row", "row"]);
    all.sort();
    assert_eq!(all, ["0", "1", "10", "11", "row", "row"]);
}

/// Workflows of another `workflow!`.
mod elsewhere {
    use super::{Done, Log, act, undo};
    use workflow_runtime::workflow;

    workflow! {
        #[allow(clippy::redundant_pub_crate)]
        pub(super) async fn pay(log: &Log, name: &str) -> Result<Done, String> {
            #[compensate(undo(log, &payment.0))]
            let payment = act(name).await?;
            Ok(payment.clone())
        }
    }
}

/// Can only call itself behind a pointer.
fn boxed(log: &Log, depth: u32) -> std::pin::Pin<Box<dyn Step<Output = Result<u32, String>> + '_>> {
    Box::pin(countdown(log, depth))
}

workflow! {
    async fn called(log: &Log, fails: &str) -> Result<usize, String> {
        let order = act("order").await?;
        let chosen = match fails.len() {
            0..100 => {
                #[compensate]
                let paid = elsewhere::pay(log, &order.0).await?;
                paid.0.len()
            }
            _ => 0,
        };
        let all = for name in ["x", "y"] {
            #[compensate]
            let paid = elsewhere::pay(log, name).await?;
            paid
        };
        let end = act(&format!("{fails}{chosen}{}", all.len())).await?;
        take(end).await
    }

    async fn countdown(log: &Log, depth: u32) -> Result<u32, String> {
        #[compensate(undo_number(log, depth))]
        let done = act("level").await?;
        let below = if depth > 0 {
            #[compensate]
            let below = boxed(log, depth - 1).await?;
            below
        } else {
            0
        };
        #[after(below)]
        let last = act(if depth == 2 { "bad" } else { "good" }).await?;
        drop((done.0.len(), last));
        Ok(below + 1)
    }
}

#[tokio::test]
async fn in_workflows_from_elsewhere() {
    let log = Log::default();
    assert_eq!(send(called(&log, "good")).await, Ok(6));
    assert_eq!(undone(&log), [""; 0]);
    assert_eq!(called(&log, "bad").await, Err("bad52".to_owned()));
    let mut all = undone(&log);
    all.sort();
    assert_eq!(all, ["order", "x", "y"]);

    assert_eq!(countdown(&log, 2).await, Err("bad".to_owned()));
    assert_eq!(undone(&log), ["2", "1", "0"]);
}

workflow! {
    async fn value_last(log: &Log) -> Result<Done, String> {
        let done = act("value").await?;
        #[compensate(undo(log, &done.0))]
        Ok(done.clone())
    }

    async fn conversion_last(log: &Log, name: &str) -> Result<Done, String> {
        let done = act(name).await;
        #[compensate(undo(log, "conversion"))]
        done.map_err(|error| error.as_str().into())
    }

    async fn step_last(log: &Log, name: &str) -> Result<Done, String> {
        #[compensate(undo(log, name))]
        act(name).await
    }

    async fn branch_last(log: &Log, name: &str) -> Result<Done, String> {
        #[compensate(undo(log, "branch"))]
        match name.len() {
            0 => act("empty").await,
            _ => {
                #[compensate(undo(log, name))]
                act(name).await
            }
        }
    }

    async fn step_last_in_region(log: &Log, name: &str) -> Result<usize, String> {
        let a = act("a").await?;
        let b = act("b").await?;
        let c = act(&a.0).await?;
        let d = act(&format!("{}{}", a.0, b.0)).await?;
        drop((c, d));
        #[compensate(undo(log, name))]
        take(Done(name.to_owned())).await
    }

    /// Each of these looks at a step that has failed, and so has nothing to undo.
    async fn looked_at(log: &Log, name: &str) -> Result<String, String> {
        #[compensate(undo(log, "ignored"))]
        let _ = act(name).await;
        #[compensate(undo(log, &format!("{named:?}")))]
        let named = act(name).await;
        #[compensate(undo(log, "typed"))]
        let typed: Result<Done, String> = act(name).await;
        Ok(format!("{}{}", named.is_ok(), typed.is_ok()))
    }

    async fn caller(log: &Log, which: u32, name: &str) -> Result<(), String> {
        let text = match which {
            0 => {
                let done = value_last(log).await?;
                done.0.clone()
            }
            1 => {
                let done = conversion_last(log, name).await?;
                done.0.clone()
            }
            2 => {
                let done = step_last(log, name).await?;
                done.0.clone()
            }
            3 => {
                let done = branch_last(log, name).await?;
                done.0.clone()
            }
            4 => {
                let size = step_last_in_region(log, name).await?;
                size.to_string()
            }
            _ => looked_at(log, name).await?,
        };
        let end = act(&format!("bad end {text}")).await?;
        drop(end);
        Ok(())
    }
}

#[tokio::test]
async fn on_the_last_line() {
    let log = Log::default();
    for (which, name, error, expected) in [
        (0, "", "bad end value", &["value"][..]),
        (1, "x", "bad end x", &["conversion"]),
        (1, "bad", "bad", &[]),
        (2, "step", "bad end step", &["step"]),
        (2, "bad", "bad", &[]),
        (3, "arm", "bad end arm", &["arm", "branch"]),
        (3, "bad", "bad", &[]),
        (3, "", "bad end empty", &["branch"]),
        (4, "region", "bad end 6", &["region"]),
    ] {
        assert_eq!(caller(&log, which, name).await, Err(error.to_owned()));
        let mut undone = undone(&log);
        undone.sort();
        assert_eq!(undone, expected, "{which} {name}");
    }
}

#[tokio::test]
async fn a_failure_that_is_looked_at_has_nothing_to_undo() {
    let log = Log::default();
    assert_eq!(caller(&log, 5, "good").await, Err("bad end truetrue".to_owned()));
    let mut all = undone(&log);
    all.sort();
    assert_eq!(all, ["Ok(Done(\"good\"))", "ignored", "typed"]);
    assert_eq!(caller(&log, 5, "bad").await, Err("bad end falsefalse".to_owned()));
    assert_eq!(undone(&log), [""; 0]);
}
