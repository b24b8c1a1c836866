//! Outputs that borrow from other outputs, beside steps that have nothing to do with them.

#![allow(clippy::many_single_char_names)]
// What is tested is that such code compiles and does what it says.
#![allow(clippy::await_holding_lock, clippy::borrowed_box, clippy::clone_on_copy)]
#![allow(clippy::used_underscore_binding)]

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
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
async fn width(doc: &Doc<'_>, conf: u32) -> Result<u32, Failed> {
    Ok(conf + width_of(doc))
}

fn width_of(doc: &Doc<'_>) -> u32 {
    u32::try_from(doc.0.len()).unwrap()
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
async fn half(text: &str) -> Option<&str> {
    text.get(text.len() / 2..)
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

    #[on_failure(drain)]
    async fn page_drained(n: u32, m: u32) -> Result<String, Failed> {
        let text = fetch(n).await?;
        let doc = parse(&text).await?;
        let conf = config(m).await?;
        let page = render(&doc, conf).await?;
        Ok(page)
    }

    #[on_failure(drain)]
    async fn two_chains_drained(n: u32, m: u32) -> Result<String, Failed> {
        let left = fetch(n).await?;
        let right = fetch(m).await?;
        let left_doc = parse(&left).await?;
        let right_doc = parse(&right).await?;
        let both = both(left_doc, &right_doc).await?;
        Ok(both)
    }

    #[on_failure(drain)]
    async fn region_drained(n: u32, m: u32) -> Result<String, Failed> {
        let text = fetch(n).await?;
        let conf = config(m).await?;
        let doc = parse(&text).await?;
        let more = config(conf).await?;
        let page = render(&doc, conf).await?;
        let sum = number(&more).await?;
        Ok(format!("{page} {sum}"))
    }

    /// Two steps that stand alone in a join come to what borrows.
    async fn twins(n: u32) -> Result<String, Failed> {
        let text = fetch(n).await?;
        let left = parse(&text).await?;
        let right = parse(&text).await?;
        let both = both(left, &right).await?;
        Ok(both)
    }

    async fn twins_of_an_input(text: &str) -> Option<String> {
        let left = half(text).await?;
        let right = half(text).await?;
        Some(format!("{left}{right}"))
    }

    #[on_failure(finish)]
    async fn twins_in_any_order(n: u32) -> Result<String, Failed> {
        let text = fetch(n).await?;
        let left = parse(&text).await?;
        let right = parse(&text).await?;
        let both = both(left, &right).await?;
        Ok(both)
    }

    /// What only `#[after]` names borrows, and cannot leave alone.
    async fn ordered(n: u32) -> Result<u32, Failed> {
        let text = fetch(n).await?;
        let doc: Doc<'_> = parse(&text).await?;
        let conf = config(n).await?;
        #[after(doc)]
        let more = config(conf).await?;
        Ok(more)
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

    /// The same beside a step of its own; `#[after]` names what the other parts of it borrow from.
    async fn region_beside_another_step(n: u32) -> Result<String, Failed> {
        let text = fetch(n).await?;
        let doc: Doc<'_> = parse(&text).await?;
        let conf = config(n).await?;
        #[after(text)]
        let _ = render(&doc, conf).await?;
        let more = config(conf).await?;
        let other = config(7).await?;
        Ok(format!("{more}, {other}"))
    }

    /// One arm takes the text, another one borrows from it beside a step that it waits for.
    #[on_failure(drain)]
    async fn taken_in_an_arm_and_borrowed_in_another(n: u32) -> Result<u32, Failed> {
        let title = fetch(n).await?;
        let head: Doc<'_> = parse(&title).await?;
        let text = fetch(n).await?;
        let conf = config(n).await?;
        let size = match n {
            0 => {
                let _ = archive(text, format!("{conf} {more}")).await?;
                let last = number(&(start + conf)).await?;
                #[after(text)]
                let start = more;
                let more = width(&head, 1).await?;
                last
            }
            _ => {
                let last = width(&Doc(&text), conf + more).await?;
                let more = width(&doc, conf).await?;
                let doc: Doc<'_> = parse(&text).await?;
                last + width_of(&doc)
            }
        };
        Ok(size)
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

workflow! {
    /// The same, of a value that stood ready before the arm was chosen.
    async fn consumed_beside_items_that_are_after_it(n: u32) -> Result<String, Failed> {
        let text = fetch(n).await?;
        let page = if text.len() > 3 {
            let page = archive(text, String::new()).await?;
            let list = for i in 0..2 {
                #[after(text)]
                let more = config(i).await?;
                more
            };
            format!("{page}{list:?}")
        } else {
            String::new()
        };
        Ok(page)
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

#[allow(clippy::unnecessary_wraps, reason = "all that is compared is a `Result`")]
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
    let beside = is_send(region_beside_another_step(1));
    assert_eq!(timed(beside).await, (ok("3, 8"), 6));
    let arms = is_send(taken_in_an_arm_and_borrowed_in_another(0));
    assert_eq!(timed(arms).await, (Ok(8), 4));
    let arms = is_send(taken_in_an_arm_and_borrowed_in_another(1));
    assert_eq!(timed(arms).await, (Ok(22), 4));
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
    let beside = consumed_beside_items_that_are_after_it(1);
    assert_eq!(timed(is_send(beside)).await, (ok("text 1: [1, 2]"), 5));
    let expected = ok("text 1: [1, 2] 3");
    assert_eq!(timed(is_send(consumed_and_waited_for(1))).await, (expected, 6));
}

/// Something held, until it is dropped.
struct Permit(std::sync::Arc<AtomicUsize>);

impl Drop for Permit {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

type Held = std::sync::Arc<AtomicUsize>;

#[step]
async fn permit(held: &Held) -> Permit {
    held.fetch_add(1, Ordering::Relaxed);
    Permit(held.clone())
}

/// How many permits are held while it runs.
#[step]
async fn count(held: &Held) -> usize {
    sleep(Duration::from_secs(1)).await;
    held.load(Ordering::Relaxed)
}

#[step]
async fn plus(left: usize, right: usize) -> usize {
    left + right
}

workflow! {
    async fn held_in_a_sequence(held: &Held) -> usize {
        let _permit = permit(held).await;
        #[after(_permit)]
        let counted = count(held).await;
        counted
    }

    async fn held_beside_others(held: &Held) -> usize {
        let _permit = permit(held).await;
        #[after(_permit)]
        let first = count(held).await;
        let second = count(held).await;
        let both = plus(first, second).await;
        #[after(both)]
        let third = count(held).await;
        third
    }

    async fn held_in_a_region(held: &Held) -> (usize, usize, usize) {
        let _permit = permit(held).await;
        #[after(_permit)]
        let a = count(held).await;
        let b = count(held).await;
        let c = plus(a, 0).await;
        let d = plus(a, b).await;
        #[after(c, d)]
        let e = count(held).await;
        (c, d, e)
    }

    async fn named_only_by_order(held: &Held) -> (usize, usize, usize) {
        let permit = permit(held).await;
        #[after(permit)]
        let a = count(held).await;
        let b = count(held).await;
        let c = plus(a, 0).await;
        let d = plus(a, b).await;
        #[after(c, d)]
        let e = count(held).await;
        (c, d, e)
    }

    /// A permit that is consumed is not held.
    async fn given_back(held: &Held) -> usize {
        let _permit = permit(held).await;
        let back = give_back(_permit).await;
        #[after(back)]
        let a = count(held).await;
        let b = count(held).await;
        let c = plus(a, b).await;
        c
    }
}

#[step]
async fn give_back(permit: Permit) {
    drop(permit);
}

#[tokio::test(start_paused = true)]
async fn a_value_lives_to_the_end_of_its_scope() {
    let held = Held::default();
    assert_eq!(held_in_a_sequence(&held).await, 1);
    assert_eq!(is_send(held_beside_others(&held)).await, 1);
    assert_eq!(is_send(held_in_a_region(&held)).await, (1, 2, 1));
    assert_eq!(is_send(named_only_by_order(&held)).await, (1, 2, 1));
    assert_eq!(given_back(&held).await, 0);
    assert_eq!(held.load(Ordering::Relaxed), 0);
}

#[step]
async fn send(n: u32, lock: &Mutex<u32>) -> u32 {
    tokio::task::yield_now().await;
    // It would wait for ever if the other step's arguments still held it.
    *lock.try_lock().expect("nothing holds the lock while steps run") += 1;
    n
}

#[step]
async fn send_part(n: &u32, part: (usize, u32), lock: &Mutex<u32>) -> u32 {
    tokio::task::yield_now().await;
    *lock.try_lock().expect("nothing holds the lock while steps run") += *n;
    part.1
}

workflow! {
    async fn locked_arguments(m: &Mutex<u32>) -> u32 {
        let a = send(*m.lock().unwrap(), m).await;
        let b = send(*m.lock().unwrap() + 1, m).await;
        let c = send_part(&1, (2, m.lock().unwrap().clone()), m).await;
        a + b + c
    }

    async fn locked_one_by_one(m: &Mutex<u32>) -> u32 {
        let a = send(*m.lock().unwrap(), m).await;
        #[after(a)]
        let b = send(*m.lock().unwrap(), m).await;
        a + b
    }

    async fn locked_in_a_region(m: &Mutex<u32>) -> (u32, u32) {
        let a = send(*m.lock().unwrap(), m).await;
        let b = send(*m.lock().unwrap(), m).await;
        let c = send(a, m).await;
        let d = send(a + b + *m.lock().unwrap(), m).await;
        (c, d)
    }
}

#[tokio::test(start_paused = true)]
async fn arguments_hold_no_lock_while_steps_run() {
    assert_eq!(is_send(locked_arguments(&Mutex::new(5))).await, 5 + 6 + 5);
    assert_eq!(is_send(locked_one_by_one(&Mutex::new(5))).await, 5 + 6);
    assert_eq!(is_send(locked_in_a_region(&Mutex::new(5))).await, (5, 5 + 5 + 7));
}

/// A macro of the user's that waits.
macro_rules! go {
    ($n:expr) => {
        fetch($n).await?
    };
}

workflow! {
    async fn waits_in_a_macro(n: u32) -> Result<String, Failed> {
        let left = go!(n);
        let right = fetch(n + 1).await?;
        let more = go!(n + 2);
        Ok(format!("{left}, {right}, {more}"))
    }

    async fn waits_in_a_region(n: u32) -> Result<String, Failed> {
        let a = go!(n);
        let b = fetch(n).await?;
        let c = archive(a.clone(), String::new()).await?;
        let d = archive(a, b).await?;
        Ok(c + &d)
    }
}

#[tokio::test(start_paused = true)]
async fn a_macro_that_waits_holds_nothing_back() {
    assert_eq!(timed(is_send(waits_in_a_macro(1))).await, (ok("text 1, text 2, text 3"), 2));
    let expected = ok("text 1: text 1: text 1");
    assert_eq!(timed(is_send(waits_in_a_region(1))).await, (expected, 2));
}

#[derive(Default)]
struct App(Mutex<Vec<String>>);

#[step]
async fn act(app: &App, name: &str) -> Result<String, Failed> {
    if name == "bad" { Err(Failed) } else { Ok(app.act(format!("act {name}"))) }
}

impl App {
    fn act(&self, what: String) -> String {
        self.0.lock().unwrap().push(what.clone());
        what
    }

    fn done(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

#[step]
async fn undo(app: &App, name: &str) {
    app.0.lock().unwrap().push(format!("undo {name}"));
}

#[step]
async fn sum(app: &[u32], name: &str) -> Result<u32, Failed> {
    if name == "bad" { Err(Failed) } else { Ok(app.iter().sum()) }
}

workflow! {
    /// References are coerced where they are named, as anywhere else.
    async fn coerced(app: &std::sync::Arc<App>, name: &String) -> Result<String, Failed> {
        #[compensate(undo(app, name))]
        let first = act(app, name).await?;
        #[after(first)]
        let second = act(app, "bad").await?;
        Ok(second)
    }

    async fn coerced_box(app: &std::sync::Arc<App>, list: &Box<Vec<u32>>) -> Result<u32, Failed> {
        let shared = app;
        #[compensate(undo(shared, &format!("{list:?}")))]
        let first = sum(list, "").await?;
        #[after(first)]
        let second = sum(list, "bad").await?;
        Ok(second)
    }

    /// Items borrow from a value that the workflow owns.
    async fn items_of_an_input(app: &App, names: Vec<String>) -> Result<usize, Failed> {
        let list = for name in &names {
            #[compensate(undo(app, name))]
            let id = act(app, name).await?;
            id
        };
        #[after(list)]
        let last = act(app, "bad").await?;
        Ok(list.len() + last.len() + names.len())
    }

    async fn items_of_an_output(app: &App, n: u32) -> Result<usize, Failed> {
        let names = listed(n).await?;
        #[concurrency(1)]
        let list = for (at, name) in names.iter().enumerate() {
            #[compensate(undo(app, &format!("{name} {at}")))]
            let id = act(app, name).await?;
            id
        };
        #[after(list)]
        let last = act(app, "bad").await?;
        Ok(list.len() + last.len())
    }

    async fn bound_in_an_arm(app: &App, name: Option<String>) -> Result<usize, Failed> {
        let done = if let Some(name) = &name {
            #[compensate(undo(app, name))]
            let id = act(app, name).await?;
            id
        } else {
            String::new()
        };
        let first = done.split(' ').next().unwrap();
        #[compensate(undo(app, first))]
        let again = act(app, &done).await?;
        #[after(again)]
        let last = act(app, "bad").await?;
        Ok(last.len())
    }
}

#[step]
async fn listed(n: u32) -> Result<Vec<String>, Failed> {
    Ok((0..n).map(|n| n.to_string()).collect())
}

#[tokio::test(start_paused = true)]
async fn what_compensations_name_is_coerced() {
    let app = std::sync::Arc::new(App::default());
    let name = "one".to_owned();
    assert_eq!(is_send(coerced(&app, &name)).await, Err(Failed));
    assert_eq!(app.done(), ["act one", "undo one"]);
    assert_eq!(is_send(coerced_box(&app, &Box::new(vec![1, 2]))).await, Err(Failed));
    assert_eq!(app.done(), ["undo [1, 2]"]);
}

#[tokio::test(start_paused = true)]
async fn what_compensations_name_may_borrow() {
    let app = App::default();
    let names = vec!["a".to_owned(), "b".to_owned()];
    assert_eq!(is_send(items_of_an_input(&app, names)).await, Err(Failed));
    let mut done = app.done();
    done[2..].sort();
    assert_eq!(done, ["act a", "act b", "undo a", "undo b"]);
    assert_eq!(is_send(items_of_an_output(&app, 2)).await, Err(Failed));
    let mut done = app.done();
    done[2..].sort();
    assert_eq!(done, ["act 0", "act 1", "undo 0 0", "undo 1 1"]);
    assert_eq!(is_send(bound_in_an_arm(&app, Some("a".to_owned()))).await, Err(Failed));
    assert_eq!(app.done(), ["act a", "act act a", "undo act", "undo a"]);
}

/// What runs is let end, and nothing new starts, where what it borrows from stands beside it.
#[tokio::test(start_paused = true)]
async fn what_borrows_is_drained() {
    assert_eq!(timed(page_drained(1, 5)).await, (ok("text 1 with 6"), 5));
    // `conf` fails at 3 s; `doc` runs and ends at 4 s; `page` never starts.
    assert_eq!(timed(page_drained(1, 77)).await, (Err(Failed), 4));
    // `text` fails at 2 s, `conf` ends at 3 s.
    assert_eq!(timed(page_drained(99, 5)).await, (Err(Failed), 3));
    assert_eq!(timed(two_chains_drained(1, 2)).await, (ok("text 1 and text 2"), 4));
    // Both end at 2 s: what has started in that moment before the failure is let end.
    assert_eq!(timed(two_chains_drained(1, 99)).await, (Err(Failed), 4));
    assert_eq!(timed(two_chains_drained(99, 1)).await, (Err(Failed), 2));
    assert_eq!(timed(region_drained(1, 5)).await, (ok("text 1 with 6 7"), 6));
    // `conf` fails at 3 s, `doc` ends at 4 s; `more` and `page` never start.
    assert_eq!(timed(region_drained(1, 77)).await, (Err(Failed), 4));
}

#[tokio::test(start_paused = true)]
async fn what_only_an_order_names_may_borrow() {
    assert_eq!(timed(ordered(1)).await, (Ok(3), 7));
}

/// What stands in a join may borrow, and what waits for it can still be spawned.
#[tokio::test(start_paused = true)]
async fn twins_that_borrow_can_be_spawned() {
    let text = ok("text 1 and text 1");
    assert_eq!(timed(tokio::spawn(twins(1))).await.0.unwrap(), text);
    assert_eq!(timed(is_send(twins_in_any_order(1))).await, (text, 4));
    assert_eq!(timed(is_send(twins(99))).await, (Err(Failed), 2));
    let halves = tokio::spawn(async {
        let text = "abcd".to_owned();
        twins_of_an_input(&text).await
    });
    assert_eq!(halves.await.unwrap().as_deref(), Some("cdcd"));
}

/// All that `?` works with, in a join.
mod questions {
    use std::task::Poll;

    use workflow_runtime::{step, workflow};

    #[step]
    async fn polled(n: u32) -> Poll<Result<u32, u8>> {
        match n {
            0 => Poll::Pending,
            1 => Poll::Ready(Err(1)),
            n => Poll::Ready(Ok(n)),
        }
    }

    #[step]
    async fn listed(n: u32) -> Poll<Option<Result<u32, u8>>> {
        match n {
            0 => Poll::Ready(None),
            1 => Poll::Ready(Some(Err(1))),
            n => Poll::Ready(Some(Ok(n))),
        }
    }

    #[step]
    async fn found(n: u32) -> Option<u32> {
        (n > 1).then_some(n)
    }

    workflow! {
        async fn polls(n: u32, m: u32) -> Result<(Poll<u32>, Poll<Option<u32>>), u16> {
            let left = polled(n).await?;
            let right = listed(m).await?;
            Ok((left, right))
        }

        async fn finds(n: u32, m: u32) -> Option<u32> {
            let left = found(n).await?;
            let right = found(m).await?;
            Some(left + right)
        }
    }

    #[tokio::test]
    async fn all_of_them_work_in_a_join() {
        assert_eq!(polls(5, 6).await, Ok((Poll::Ready(5), Poll::Ready(Some(6)))));
        assert_eq!(polls(0, 0).await, Ok((Poll::Pending, Poll::Ready(None))));
        assert_eq!((polls(1, 2).await, polls(2, 1).await), (Err(1), Err(1)));
        assert_eq!((finds(2, 3).await, finds(1, 3).await), (Some(5), None));
    }
}
