//! Outputs that borrow from other outputs, beside steps that have nothing to do with them.

#![allow(clippy::many_single_char_names)]

use std::sync::Mutex;
use std::time::Duration;

use tokio::sync::MutexGuard;
use tokio::time::{Instant, sleep};
use workflow_runtime::{step, workflow};

type Lock = tokio::sync::Mutex<Vec<u32>>;

#[derive(Debug, Clone, PartialEq)]
struct Failed;

#[derive(Debug)]
struct Doc<'a>(&'a str);

/// What its borrow is good for shows when it is dropped.
struct Noisy<'a>(&'a str, &'a Mutex<Vec<String>>);

impl Drop for Noisy<'_> {
    fn drop(&mut self) {
        self.1.lock().unwrap().push(format!("drops {}", self.0));
    }
}

struct Settings {
    name: String,
    port: u32,
}

#[step]
async fn fetch(n: u32) -> Result<String, Failed> {
    sleep(Duration::from_secs(2)).await;
    if n == 99 { Err(Failed) } else { Ok(format!("text {n}")) }
}

#[step]
async fn parse(text: &str) -> Result<Doc<'_>, Failed> {
    sleep(Duration::from_secs(2)).await;
    Ok(Doc(text))
}

#[step]
async fn config(n: u32) -> Result<u32, Failed> {
    sleep(Duration::from_secs(3)).await;
    if n == 77 { Err(Failed) } else { Ok(n + 1) }
}

#[step]
async fn render(doc: &Doc<'_>, conf: u32) -> Result<String, Failed> {
    sleep(Duration::from_secs(1)).await;
    Ok(format!("{} with {conf}", doc.0))
}

#[step]
async fn both(left: Doc<'_>, right: &Doc<'_>) -> Result<String, Failed> {
    Ok(format!("{} and {}", left.0, right.0))
}

#[step]
async fn archive(text: String, page: String) -> Result<String, Failed> {
    Ok(format!("{text}: {page}"))
}

#[step]
async fn settings(n: u32) -> Result<Settings, Failed> {
    sleep(Duration::from_secs(2)).await;
    Ok(Settings { name: format!("name {n}"), port: n })
}

#[step]
async fn length(text: &str) -> Result<usize, Failed> {
    sleep(Duration::from_secs(2)).await;
    Ok(text.len())
}

#[step]
async fn locked(lock: &Lock) -> Result<MutexGuard<'_, Vec<u32>>, Failed> {
    Ok(lock.lock().await)
}

#[step]
async fn first(list: &[u32]) -> Result<&u32, Failed> {
    sleep(Duration::from_secs(2)).await;
    list.first().ok_or(Failed)
}

#[step]
async fn push(list: &mut Vec<u32>) -> Result<&u32, Failed> {
    list.push(9);
    list.last().ok_or(Failed)
}

#[step]
async fn number(n: &u32) -> Result<u32, Failed> {
    Ok(*n)
}

#[step]
async fn scaled(scale: &(dyn Fn(u32) -> u32 + Sync), n: u32) -> Result<u32, Failed> {
    Ok(scale(n))
}

#[step]
async fn noisy<'a>(text: &'a str, log: &'a Mutex<Vec<String>>) -> Result<Noisy<'a>, Failed> {
    Ok(Noisy(text, log))
}

#[step]
async fn hear(noisy: &Noisy<'_>, conf: u32) -> Result<String, Failed> {
    Ok(format!("{} {conf}", noisy.0))
}

#[step]
async fn infallible(n: u32) -> String {
    n.to_string()
}

#[step]
async fn trimmed(text: &str) -> &str {
    text.trim()
}

#[step]
async fn joined(left: &str, right: &str) -> String {
    format!("{left}{right}")
}

workflow! {
    async fn page(n: u32, m: u32) -> Result<String, Failed> {
        let text = fetch(n).await?;
        let doc = parse(&text).await?;
        let conf = config(m).await?;
        let page = render(&doc, conf).await?;
        Ok(page)
    }

    #[on_failure(finish)]
    async fn page_in_any_order(n: u32, m: u32) -> Result<String, Failed> {
        let conf = config(m).await?;
        let page = render(&doc, conf).await?;
        let doc = parse(&text).await?;
        let text = fetch(n).await?;
        Ok(page)
    }

    async fn plain_value(n: u32) -> Result<String, Failed> {
        let text = fetch(n).await?;
        let doc = Doc(text.trim());
        let conf = config(n).await?;
        let page = render(&doc, conf).await?;
        Ok(page)
    }

    async fn result_borrows(n: u32) -> Result<String, Failed> {
        let text = fetch(n).await?;
        let word = text.split(' ').next().unwrap_or_default();
        let conf = config(n).await?;
        Ok(format!("{word} {conf}"))
    }

    async fn formatted(n: u32) -> Result<String, Failed> {
        let text = fetch(n).await?;
        let shout = &format!("{text}!");
        let conf = config(n).await?;
        let long = length(shout).await?;
        Ok(format!("{shout} {conf} {long}"))
    }

    async fn guard(lock: &Lock, n: u32) -> Result<String, Failed> {
        let guard = locked(lock).await?;
        let first = first(&guard).await?;
        let conf = config(n).await?;
        let number = number(first).await?;
        Ok(format!("{first} {number} {conf}"))
    }

    async fn guard_that_changes(lock: &Lock, n: u32) -> Result<String, Failed> {
        let mut guard = locked(lock).await?;
        let last = push(&mut guard).await?;
        let conf = config(n).await?;
        let number = number(last).await?;
        Ok(format!("{number} {conf}"))
    }

    async fn plain_guard(lock: &Mutex<Vec<u32>>, n: u32) -> Result<String, Failed> {
        let conf = config(n).await?;
        let guard = lock.lock().unwrap();
        let first = first(&guard).await?;
        Ok(format!("{first} {conf}"))
    }

    async fn closure(n: u32) -> Result<u32, Failed> {
        let factor = config(n).await?;
        let scale = |x: u32| x * factor;
        let text = fetch(n).await?;
        let conf = config(n).await?;
        let out = scaled(&scale, conf).await?;
        Ok(out + scale(100) + u32::try_from(text.len()).unwrap_or_default())
    }

    /// What was borrowed is consumed when the borrow is over.
    async fn consumed_at_the_end(n: u32) -> Result<String, Failed> {
        let text = fetch(n).await?;
        let doc = parse(&text).await?;
        let conf = config(n).await?;
        let page = render(&doc, conf).await?;
        let archived = archive(text, page).await?;
        Ok(archived)
    }

    /// One field is borrowed, another one copied, and the first one then consumed.
    async fn parts(n: u32) -> Result<String, Failed> {
        let settings = settings(n).await?;
        let doc = parse(&settings.name).await?;
        let conf = config(n).await?;
        let page = render(&doc, settings.port + conf).await?;
        let archived = archive(settings.name, page).await?;
        Ok(archived)
    }

    /// Two branches hold what is borrowed.
    async fn two_chains(n: u32, m: u32) -> Result<String, Failed> {
        let left = fetch(n).await?;
        let left_doc = parse(&left).await?;
        let right = fetch(m).await?;
        let right_doc = parse(&right).await?;
        let both = both(left_doc, &right_doc).await?;
        Ok(both)
    }

    /// Two branches hold more of it, and say so.
    async fn long_chains(n: u32, m: u32) -> Result<String, Failed> {
        let a = fetch(n).await?;
        let b: Doc<'_> = parse(&a).await?;
        let c: Doc<'_> = parse(b.0).await?;
        let d: Doc<'_> = parse(c.0).await?;
        let e = fetch(m).await?;
        let f: Doc<'_> = parse(&e).await?;
        let g: Doc<'_> = parse(f.0).await?;
        let h: Doc<'_> = parse(g.0).await?;
        let both = both(d, &h).await?;
        Ok(both)
    }

    /// Not series-parallel.
    async fn region(n: u32) -> Result<String, Failed> {
        let text = fetch(n).await?;
        let doc = parse(&text).await?;
        let conf = config(n).await?;
        let page = render(&doc, conf).await?;
        let more = config(conf).await?;
        Ok(format!("{page}, {more}"))
    }

    async fn items(n: u32) -> Result<Vec<String>, Failed> {
        let pages = for n in 0..n {
            let text = fetch(n).await?;
            let doc = parse(&text).await?;
            let conf = config(n).await?;
            render(&doc, conf).await?
        };
        Ok(pages)
    }

    async fn arms(n: u32) -> Result<String, Failed> {
        let page = match n {
            0 => String::new(),
            n => {
                let text = fetch(n).await?;
                let doc = parse(&text).await?;
                let conf = config(n).await?;
                let page = render(&doc, conf).await?;
                page
            }
        };
        Ok(page)
    }

    /// One inside of another, and one behind another.
    async fn repeated(n: u32) -> Result<String, Failed> {
        let text = fetch(n).await?;
        let doc = parse(&text).await?;
        let conf = config(n).await?;
        let first = render(&doc, conf).await?;
        let again = parse(&first).await?;
        let other = config(conf).await?;
        let second = render(&again, other).await?;
        let side = fetch(n).await?;
        let side_doc = parse(&side).await?;
        let end = both(side_doc, &Doc(&second)).await?;
        Ok(end)
    }

    async fn dropped_in_order(n: u32, log: &Mutex<Vec<String>>) -> Result<String, Failed> {
        let text = fetch(n).await?;
        let noisy = noisy(&text, log).await?;
        let conf = config(n).await?;
        let heard = hear(&noisy, conf).await?;
        Ok(heard)
    }

    async fn without_errors(n: u32) -> String {
        let text = infallible(n).await;
        let word = trimmed(&text).await;
        let other = infallible(n).await;
        joined(word, &other).await
    }
}

workflow! {
    /// Two branches of one arm borrow what another arm consumes.
    async fn borrowed_or_consumed(n: u32) -> Result<String, Failed> {
        let text = fetch(n).await?;
        let result = if n == 1 {
            let a = if n == 1 { length(&text).await? } else { 1 };
            let b = if n == 2 { length(&text).await? } else { 2 };
            (a + b).to_string()
        } else {
            archive(text, String::new()).await?
        };
        Ok(result)
    }

    /// The same deeper inside, for items, and beside what makes it wait.
    async fn borrowed_or_consumed_inside(n: u32, items: u32) -> Result<String, Failed> {
        let conf = config(n).await?;
        let text = fetch(n).await?;
        let page = match n {
            1 => {
                let list = for _ in 0..items { length(&text).await? };
                let again = if items > 1 { length(&text).await? } else { 0 };
                (list.into_iter().sum::<usize>() + again).to_string()
            }
            2 => {
                let size = if items > 1 { length(&text).await? } else { 0 };
                #[after(size)]
                let page = archive(text, String::new()).await?;
                format!("{page}{size}")
            }
            _ => {
                let page = if items > 1 { archive(text, String::new()).await? } else { text };
                page
            }
        };
        let more = config(conf).await?;
        Ok(format!("{page} {more}"))
    }

    /// One step of an arm consumes a value, and the items of a sibling wait for its end.
    async fn consumed_and_waited_for(n: u32) -> Result<String, Failed> {
        let text = fetch(n).await?;
        let conf = config(n).await?;
        let page = if n == 1 {
            let list = for i in 0..2 {
                #[after(text)]
                let more = config(i).await?;
                more
            };
            let page = archive(text, String::new()).await?;
            format!("{page}{list:?}")
        } else {
            String::new()
        };
        let more = config(conf).await?;
        Ok(format!("{page} {more}"))
    }
}

fn is_send<T: Send>(future: T) -> T {
    future
}

/// What it comes to, and after how many seconds.
async fn timed<T>(future: impl Future<Output = T>) -> (T, u64) {
    let start = Instant::now();
    (future.await, start.elapsed().as_secs())
}

fn ok(text: &str) -> Result<String, Failed> {
    Ok(text.to_owned())
}

#[tokio::test(start_paused = true)]
async fn an_output_may_borrow_from_another() {
    // Four seconds of the chain beside three of the other step, then one.
    assert_eq!(timed(is_send(page(1, 1))).await, (ok("text 1 with 2"), 5));
    assert_eq!(timed(is_send(page_in_any_order(1, 1))).await, (ok("text 1 with 2"), 5));
    assert_eq!(timed(is_send(plain_value(1))).await, (ok("text 1 with 2"), 4));
    assert_eq!(timed(is_send(result_borrows(1))).await, (ok("text 2"), 3));
    assert_eq!(timed(is_send(formatted(1))).await, (ok("text 1! 2 7"), 4));
    assert_eq!(timed(is_send(without_errors(7))).await, ("77".to_owned(), 0));
}

#[tokio::test(start_paused = true)]
async fn a_guard_and_a_closure_may_be_borrowed_from() {
    let lock = Lock::new(vec![4]);
    assert_eq!(timed(is_send(guard(&lock, 1))).await, (ok("4 4 2"), 3));
    assert_eq!(timed(is_send(guard_that_changes(&lock, 1))).await, (ok("9 2"), 3));
    assert_eq!(*lock.lock().await, [4, 9]);
    assert_eq!(timed(plain_guard(&Mutex::new(vec![4]), 1)).await, (ok("4 2"), 3));
    assert_eq!(timed(is_send(closure(1))).await, (Ok(4 + 200 + 6), 3));
}

#[tokio::test(start_paused = true)]
async fn what_is_borrowed_may_be_consumed_later() {
    let page = ok("text 1: text 1 with 2");
    assert_eq!(timed(is_send(consumed_at_the_end(1))).await, (page, 5));
    assert_eq!(timed(is_send(parts(1))).await, (ok("name 1: name 1 with 3"), 5));
}

#[tokio::test(start_paused = true)]
async fn several_branches_may_be_borrowed_from() {
    assert_eq!(timed(is_send(two_chains(1, 2))).await, (ok("text 1 and text 2"), 4));
    assert_eq!(timed(is_send(long_chains(1, 2))).await, (ok("text 1 and text 2"), 8));
    assert_eq!(timed(is_send(region(1))).await, (ok("text 1 with 2, 3"), 6));
}

#[tokio::test(start_paused = true)]
async fn it_may_stand_anywhere() {
    let pages = vec!["text 0 with 1".to_owned(), "text 1 with 2".to_owned()];
    assert_eq!(timed(is_send(items(2))).await, (Ok(pages), 5));
    assert_eq!(timed(is_send(arms(1))).await, (ok("text 1 with 2"), 5));
    let expected = ok("text 1 and text 1 with 2 with 3");
    assert_eq!(timed(is_send(repeated(1))).await, (expected, 8));
}

#[tokio::test(start_paused = true)]
async fn failures_end_it_as_they_end_a_join() {
    // The other step's error stops the chain, and the other way round.
    assert_eq!(timed(page(1, 77)).await, (Err(Failed), 3));
    assert_eq!(timed(page(99, 1)).await, (Err(Failed), 2));
    // The rest runs to its end first.
    assert_eq!(timed(page_in_any_order(1, 77)).await, (Err(Failed), 4));
    assert_eq!(timed(page_in_any_order(99, 1)).await, (Err(Failed), 3));
}

#[tokio::test(start_paused = true)]
async fn what_borrows_is_dropped_before_what_it_borrows_from() {
    let log = Mutex::default();
    assert_eq!(is_send(dropped_in_order(1, &log)).await, ok("text 1 2"));
    assert_eq!(*log.lock().unwrap(), ["drops text 1"]);
}

#[tokio::test(start_paused = true)]
async fn one_arm_may_borrow_what_another_consumes() {
    assert_eq!(timed(is_send(borrowed_or_consumed(1))).await, (ok("8"), 4));
    assert_eq!(timed(is_send(borrowed_or_consumed(2))).await, (ok("text 2: "), 2));
    let deep = borrowed_or_consumed_inside;
    assert_eq!(timed(is_send(deep(1, 2))).await, (ok("18 3"), 6));
    assert_eq!(timed(is_send(deep(2, 2))).await, (ok("text 2: 6 4"), 6));
    assert_eq!(timed(is_send(deep(3, 2))).await, (ok("text 3:  5"), 6));
    assert_eq!(timed(is_send(deep(3, 1))).await, (ok("text 3 5"), 6));
    let expected = ok("text 1: [1, 2] 3");
    assert_eq!(timed(is_send(consumed_and_waited_for(1))).await, (expected, 6));
}
