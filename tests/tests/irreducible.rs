//! Graphs that are not series-parallel take the same bodies as those that are.

#![allow(clippy::many_single_char_names, clippy::no_effect_underscore_binding)]

use workflow_runtime::{Node, Recorder, Run, step, workflow};

#[step]
async fn read(path: &str) -> Result<String, String> {
    tokio::task::yield_now().await;
    Ok(path.to_owned())
}

#[step]
async fn both(left: &str, right: &str) -> Result<String, String> {
    tokio::task::yield_now().await;
    Ok([left, right].concat())
}

#[step]
async fn take(text: String) -> usize {
    text.len()
}

#[step]
async fn push(text: &mut String) -> Result<String, String> {
    text.push('!');
    Ok(text.clone())
}

workflow! {
    /// A step changes a value that stood ready.
    async fn changed(path: &str) -> Result<(String, String), String> {
        let mut text = path.to_owned();
        let a = read(path).await?;
        let b = read(path).await?;
        let c = both(&a, &b).await?;
        let d = read(&a).await?;
        let pushed = push(&mut text).await?;
        let e = both(&c, &pushed).await?;
        let f = both(&pushed, &d).await?;
        Ok((e, f))
    }

    /// A temporary in an argument lives as long as the call.
    async fn temporaries(path: &str) -> Result<(String, String), String> {
        let a = read(path).await?;
        let b = read(path).await?;
        let c = read(&a.clone()).await?;
        let d = both(&a, &b.replace('x', "y")).await?;
        Ok((c, d))
    }

    /// A branch that starts before all that its arms need is ready.
    async fn late(path: &str) -> Result<(String, String, String), String> {
        let a = read(path).await?;
        let b = read(path).await?;
        let c = read(&a).await?;
        let d = both(&a, &b).await?;
        let e = if path.is_empty() {
            String::new()
        } else {
            let x = both(&b, &c).await?;
            let y = both(&c, &d).await?;
            x + &y
        };
        Ok((c, d, e))
    }

    /// Borrowed in an arm, consumed behind the branch.
    async fn consumed_behind_a_branch(path: &str) -> Result<(String, String, String, usize), String> {
        let a = read("a").await?;
        let b = read(path).await?;
        let c = read(&a).await?;
        let d = both(&a, &b).await?;
        let e = if a.is_empty() { String::new() } else { let x = both(&c, &d).await?; x };
        #[after(e)]
        let n = take(d).await;
        Ok((a, c, e, n))
    }

    /// Borrowed by two at the same time, then consumed by one that needs both.
    async fn borrowed_then_consumed(order: String) -> Result<(String, String, usize), String> {
        let a = read(&order).await?;
        let b = read(&order).await?;
        let c = read(&a).await?;
        let d = both(&a, &b).await?;
        #[after(c, d)]
        let n = take(order).await;
        Ok((c, d, n))
    }

    /// Late names in a fan-out, one of them consumed behind it.
    async fn late_items(path: &str) -> Result<(Vec<String>, usize, String), String> {
        let list = read(path).await?;
        let slow = both(&list, path).await?;
        let other = read(path).await?;
        let mixed = both(&list, &other).await?;
        let items = for letter in list.chars() {
            let first = read(path).await?;
            let second = both(&first, &slow).await?;
            format!("{second}{letter}{slow}")
        };
        #[after(items)]
        let n = take(slow).await;
        Ok((items, n, mixed))
    }

    /// Only the order of a step in an arm, not its value, is late.
    async fn late_order(path: &str) -> Result<String, String> {
        let a = read(path).await?;
        let b = read(&a).await?;
        let c = if a.is_empty() { String::new() } else {
            let free = read(&a).await?;
            #[after(b)]
            let bound = read(&free).await?;
            bound
        };
        let d = read(path).await?;
        let e = both(&d, &a).await?;
        Ok(b + &c + &e)
    }
}

#[tokio::test]
async fn a_step_may_change_a_value() {
    assert_eq!(changed("a").await, Ok(("aaa!".to_owned(), "a!a".to_owned())));
}

#[tokio::test]
async fn values_reach_those_who_need_them() {
    assert_eq!(temporaries("x").await.unwrap(), ("x".to_owned(), "xy".to_owned()));
    let (c, d, e) = late("x").await.unwrap();
    assert_eq!((&*c, &*d, &*e), ("x", "xx", "xxxxx"));
    let (a, c, e, n) = consumed_behind_a_branch("x").await.unwrap();
    assert_eq!((&*a, &*c, &*e, n), ("a", "a", "aax", 2));
    let (c, d, n) = borrowed_then_consumed("xyz".to_owned()).await.unwrap();
    assert_eq!((&*c, &*d, n), ("xyz", "xyzxyz", 3));
    let (items, n, mixed) = late_items("ab").await.unwrap();
    assert_eq!(items, ["abababaabab", "abababbabab"]);
    assert_eq!((n, &*mixed), (4, "abab"));
    assert_eq!(late_order("x").await.unwrap(), "xxxx");
}

#[tokio::test]
async fn a_run_changes_nothing() {
    let recorder = Recorder::new();
    let run = Run::new().observe(recorder.clone());
    let (.., e) = run.execute(late("x")).await.unwrap();
    assert_eq!(e, "xxxxx");
    assert!(recorder.completed("e.x") && recorder.completed("e.y"));
}

#[test]
fn futures_are_send() {
    fn is_send(_: impl Send) {}
    is_send(temporaries("x"));
    is_send(late("x"));
    is_send(consumed_behind_a_branch("x"));
    is_send(borrowed_then_consumed(String::new()));
    is_send(late_items("x"));
    is_send(late_order("x"));
}

#[step]
async fn add(left: u32, right: u32) -> u32 {
    tokio::task::yield_now().await;
    left + right
}

workflow! {
    /// What can be copied may be used by value as often as one likes.
    async fn copies<T: Copy + Into<u32>>(number: T, more: &u32) -> u32 {
        let a = add(number.into(), 1).await;
        let b = add(a, *more).await;
        let c = add(a, a).await;
        let d = add(b, 1).await;
        let e = add(b, c).await;
        let f = a + b + number.into();
        let g = [d, e, f, *more];
        g.iter().sum()
    }
}

#[tokio::test]
async fn copies_are_copied() {
    assert_eq!(copies(7_u8, &100).await, 109 + 124 + 123 + 100);
}

#[step]
async fn pair(number: u32) -> (u32, String) {
    tokio::task::yield_now().await;
    (number, number.to_string())
}

workflow! {
    /// Two late names that one inner branch needs at once.
    async fn merged_waits(number: u32) -> u32 {
        let a = add(number, 0).await;
        let (b, text) = pair(number).await;
        let r = match number {
            1 => add(number, 1).await,
            _ => if b == 1 { a } else if text.is_empty() { b } else { add(a, b).await },
        };
        r
    }
}

#[tokio::test]
async fn waits_may_be_merged() {
    assert_eq!(merged_waits(1).await, 2);
    assert_eq!(merged_waits(4).await, 8);
}

workflow! {
    /// An expression that looks at a value comes before a step that consumes it.
    async fn looks_first(text: String) -> usize {
        let copy = text.clone();
        let taken = take(copy).await;
        println!("{}", copy.len());
        let length = copy.len();
        let more = add_sizes(length, 1).await;
        let sum = add_sizes(length, taken).await;
        more + sum
    }

    /// Parts that can be copied, of a value that cannot.
    async fn copied_parts(order: Order) -> u32 {
        let checked = check_order(order).await;
        let a = add(checked.id, 1).await;
        let b = add(checked.id, a).await;
        let c = add(checked.total, 2).await;
        let d = add(c, a).await;
        let e = take(checked.name).await;
        b + c + d + u32::try_from(e).unwrap_or(0)
    }

    /// A condition may begin with `!`.
    async fn negation(quiet: bool) -> u32 {
        if !quiet {
            add(1, 2).await;
        }
        match !quiet {
            true => add(1, 1).await,
            false => 0,
        }
    }
}

struct Order {
    id: u32,
    total: u32,
    name: String,
}

#[step]
async fn check_order(order: Order) -> Order {
    tokio::task::yield_now().await;
    order
}

#[step]
async fn add_sizes(left: usize, right: usize) -> usize {
    tokio::task::yield_now().await;
    left + right
}

#[tokio::test]
async fn parts_and_looks() {
    assert_eq!(looks_first("abc".to_owned()).await, 4 + 6);
    let order = Order { id: 1, total: 10, name: "four".to_owned() };
    assert_eq!(copied_parts(order).await, 3 + 12 + 14 + 4);
    assert_eq!(negation(false).await, 2);
    assert_eq!(negation(true).await, 0);
}

workflow! {
    /// Borrowed late in a fan-out, consumed late in a branch behind it.
    async fn late_consumer(path: &str) -> Result<(Vec<String>, usize), String> {
        let a = read(path).await?;
        let text = both(path, "!").await?;
        let list = for letter in a.chars() {
            let own = read(path).await?;
            let joined = both(&text, &own).await?;
            format!("{joined}{letter}")
        };
        #[after(list)]
        let end = match a.len() {
            0 => 1,
            _ => take(text).await,
        };
        Ok((list, end))
    }

    /// Two steps that use one value by value, and another one after the other.
    async fn checked_apart(number: u32, text: String) -> usize {
        let look = look(number, &text).await;
        let other = add(number, 1).await;
        #[after(look)]
        let end = consume(number, text).await;
        let more = add(other, look).await;
        let most = add(other, more).await;
        end + usize::try_from(most).unwrap_or(0)
    }

    /// Values from outside a fan-out that are late in it.
    async fn late_in_a_region(number: u32) -> u32 {
        let first = add(number, 1).await;
        let second = add(number, 2).await;
        let list = for item in 0..3_u32 {
            let own = add(item, 0).await;
            let looked = look(first, "ab").await;
            let sum = add(first, second).await;
            own + looked + sum
        };
        list.iter().sum()
    }
}

#[step]
async fn look(number: u32, text: &str) -> u32 {
    tokio::task::yield_now().await;
    number + u32::try_from(text.len()).unwrap_or(0)
}

#[step]
async fn consume(number: u32, text: String) -> usize {
    text.len() + usize::try_from(number).unwrap_or(0)
}

#[tokio::test]
async fn late_names_may_be_consumed_last() {
    let (list, end) = late_consumer("ab").await.unwrap();
    assert_eq!((list.join(","), end), ("ab!aba,ab!abb".to_owned(), 3));
    assert_eq!(checked_apart(1, "abc".to_owned()).await, 4 + (2 + 6));
    assert_eq!(late_in_a_region(1).await, 3 + 3 * (4 + 5));
}

#[step]
async fn slowly(number: u32, millis: u64) -> u32 {
    tokio::time::sleep(std::time::Duration::from_millis(millis)).await;
    number
}

workflow! {
    /// `slow` is needed by an arm that is not chosen.
    async fn not_needed(number: u32) -> u32 {
        let slow = slowly(number, 1_000).await;
        let block = {
            let own = slowly(number, 1).await;
            if own == 0 { slow } else { slowly(number, 1).await }
        };
        let next = slowly(block, 1).await;
        next + slow
    }
}

#[tokio::test(start_paused = true)]
async fn nobody_waits_for_what_is_not_needed() {
    let recorder = Recorder::new();
    let start = tokio::time::Instant::now();
    Run::new().observe(recorder.clone()).execute(not_needed(1)).await;
    let next = recorder.events().into_iter().find(|event| &*event.path == "next").unwrap();
    assert_eq!(next.at - start, std::time::Duration::from_millis(2));
    assert_eq!(start.elapsed(), std::time::Duration::from_secs(1));
}

workflow! {
    /// A late name by value at two places of one branch.
    async fn late_twice(number: u32) -> u32 {
        let slow = add(number, 1).await;
        let block = {
            let x = add(number, 0).await;
            let y = if x == 0 { x + slow } else { 1 };
            slow + y
        };
        block
    }
}

#[tokio::test]
async fn a_late_value_may_be_copied_at_two_places() {
    assert_eq!(late_twice(0).await, 2);
    assert_eq!(late_twice(1).await, 3);
}

workflow! {
    /// An argument that only looks at a value is computed before another step takes it.
    async fn early_arguments(text: String, order: Order) -> usize {
        let a = take(text.clone()).await;
        let b = take(format!("{text}!")).await;
        let c = add_sizes(a, b).await;
        let d = add_sizes(b, text.len()).await;
        let e = take(text).await;
        let f = add(order.id, order.total).await;
        let g = check_order(order).await;
        let h = take(g.name.to_uppercase()).await;
        let i = check_order(g).await;
        c + d + e + h + usize::try_from(f + i.id).unwrap_or(0)
    }
}

#[tokio::test]
async fn arguments_come_early() {
    let order = Order { id: 1, total: 10, name: "four".to_owned() };
    assert_eq!(early_arguments("abc".to_owned(), order).await, 7 + 7 + 3 + 4 + 12);
    let paths: Vec<&str> = early_arguments::GRAPH.nodes().iter().map(Node::path).collect();
    assert_eq!(paths, ["a", "b", "c", "d", "e", "f", "g", "h", "i"]);
}

workflow! {
    /// A late value that an arm looks at and then consumes, further inside.
    async fn late_inside(number: u32) -> Result<usize, String> {
        let a = add(number, 0).await;
        let text = both("ab", "cd").await?;
        let end = match a {
            0 => 1,
            _ => {
                let length = look(1, &text).await;
                #[after(length)]
                let end = match length {
                    0 => 0,
                    _ => take(text).await,
                };
                end
            }
        };
        Ok(end)
    }
}

#[tokio::test]
async fn a_late_value_may_be_consumed_further_inside() {
    assert_eq!(late_inside(0).await, Ok(1));
    assert_eq!(late_inside(1).await, Ok(4));
}

workflow! {
    /// A late value that one arm uses for each of many items, and another by value.
    async fn late_for_each(number: u32) -> u32 {
        let first = add(number, 0).await;
        let slow = add(number, 1).await;
        let end = if first > 1 {
            let list = for item in 0..3_u32 { add(item, slow).await };
            list.iter().sum()
        } else {
            slow
        };
        end
    }
}

#[tokio::test]
async fn a_late_value_may_be_used_for_each_item() {
    assert_eq!(late_for_each(1).await, 2);
    assert_eq!(late_for_each(2).await, 3 + 9);
}

workflow! {
    /// A value that is waited for as such and as a step that is done.
    async fn waited_for_twice(number: u32) -> u32 {
        let a = add(number, 0).await;
        let b = add(number, 1).await;
        let c = add(number, 2).await;
        let slow = add(number, 3).await;
        let last = add(number, 4).await;
        let end = {
            let _v = a + b;
            let x = look(c, &slow.to_string()).await;
            #[after(slow)]
            let _y = add(a, x).await;
            let _z = add(c, b).await;
            slow + last
        };
        end
    }
}

#[tokio::test]
async fn a_value_and_its_end_may_be_waited_for() {
    assert_eq!(waited_for_twice(1).await, 4 + 5);
}
