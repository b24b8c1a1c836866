//! What may stand around and inside declarations: attributes of Rust, and what a `macro_rules!`
//! has taken.
#![allow(clippy::cast_possible_truncation, clippy::non_minimal_cfg)]
#![allow(clippy::many_single_char_names)]

use workflow_runtime::{Recorder, Run, step, workflow};

#[step]
async fn same(n: u32) -> u32 {
    n
}

#[step]
async fn look(n: &u32) -> u32 {
    *n
}

#[deprecated]
#[step]
async fn old(n: u32) -> Result<u32, String> {
    Ok(n)
}

#[deprecated]
fn old_value(n: u32) -> u32 {
    n
}

mod arms {
    #[allow(deprecated)]
    use super::{look, old, same};
    use workflow_runtime::workflow;

    workflow! {
        pub(super) async fn configured(n: u32) -> u32 {
            match n {
                #[cfg(any())]
                2 => same(20).await,
                #[cfg(all())]
                3 => same(30).await,
                #[cfg_attr(all(), cfg(any()))]
                4 => same(40).await,
                #[cfg(any())]
                n if n.missing() => absent(n).await,
                _ => look(&n).await,
            }
        }
    }

    #[derive(Clone, Copy)]
    pub(super) enum Kind {
        New,
        #[deprecated]
        Old,
    }

    workflow! {
        pub(super) async fn lints(kind: Kind) -> Result<u32, String> {
            let n = match kind {
                #[allow(deprecated)]
                Kind::Old => old(1).await?,
                #[expect(unused_variables)]
                Kind::New => {
                    let unused = same(7).await;
                    same(2).await
                }
            };
            Ok(n)
        }
    }
}

#[tokio::test]
async fn attributes_of_an_arm_mean_what_they_mean_in_rust() {
    for (n, comes_to) in [(2, 2), (3, 30), (4, 4), (5, 5)] {
        assert_eq!(arms::configured(n).await, comes_to);
    }
    assert_eq!(arms::lints(arms::Kind::New).await, Ok(2));
    #[allow(deprecated)]
    let old = arms::Kind::Old;
    assert_eq!(arms::lints(old).await, Ok(1));
    let graph = arms::configured::GRAPH.to_string();
    assert!(!graph.contains("absent"), "{graph}");
}

mod declarations {
    #[allow(deprecated)]
    use super::{look, old, old_value, same};
    use workflow_runtime::workflow;

    workflow! {
        // Alone, in a join and in a region.
        pub(super) async fn lints(n: u32) -> Result<u32, String> {
            #[allow(deprecated)]
            let a = old(n).await?;
            #[expect(deprecated)]
            let b = old(a).await?;
            #[expect(deprecated, reason = "it is what is tested")]
            let c = old(a).await?;
            #[expect(unused_variables)]
            let unused = same(a).await;
            #[expect(deprecated, unused_variables)]
            let both = old(a).await?;
            #[expect(deprecated)]
            let value = old_value(b);
            #[expect(non_snake_case)]
            let oDd = same(b).await;
            #[expect(unused_mut)]
            let mut d = look(&c).await;
            let e = same(b + c).await;
            #[allow(deprecated)]
            old(e).await?;
            #[allow(deprecated)]
            if e == 0 {
                old(e).await?;
            }
            #[allow(deprecated)]
            let each = for n in 0..2 {
                old(n).await?
            };
            Ok(a + b + c + d + e + value + oDd + each.len() as u32)
        }
    }

    workflow! {
        pub(super) async fn region(n: u32) -> Result<u32, String> {
            let a = same(n).await;
            let b = same(n).await;
            #[expect(deprecated)]
            let c = old(a).await?;
            #[expect(deprecated, unused_variables)]
            let unused = old(a).await?;
            #[expect(unused_mut)]
            let mut d = same(a + b).await;
            let e = same(b + c).await;
            #[allow(deprecated)]
            old(d + c).await?;
            Ok(a + b + c + d + e)
        }
    }

    workflow! {
        pub(super) async fn configured(n: u32, #[cfg(any())] absent: Absent) -> u32 {
            #[cfg(all())]
            let a = same(n).await;
            #[cfg(not(all()))]
            let a = absent(n, absent).await;
            #[cfg(any())]
            let b = same(a).await;
            #[cfg(not(any()))]
            let b = {
                #[cfg(all())]
                let c = look(&a).await;
                #[cfg(any())]
                let c = absent(a).await;
                c + 1
            };
            #[cfg(any())]
            absent(b).await;
            #[cfg_attr(any(), after(absent))]
            #[cfg_attr(all(), after(b))]
            same(b).await;
            let pair = Pair { #[cfg(any())] absent, left: a, #[cfg(all())] right: b };
            #[cfg(any())]
            let absent = absent;
            pair.left + pair.right
        }
    }

    struct Pair {
        left: u32,
        right: u32,
    }

    workflow! {
        #[cfg(any())]
        pub(super) async fn one_of(n: u32) -> Absent { absent(n).await }

        #[cfg(not(any()))]
        /// That of the two which is there.
        pub(super) async fn one_of(#[allow(unused_variables)] m: u32, n: u32) -> u32 {
            #![allow(deprecated)]
            old_value(n)
        }

        #[cfg(any())]
        pub(super) async fn absent(n: u32) -> Absent {
            one_of(n).await
        }
    }
}

#[tokio::test]
async fn lints_of_declarations_are_where_the_code_is() {
    assert_eq!(declarations::lints(1).await, Ok(1 + 1 + 1 + 1 + 2 + 1 + 1 + 2));
    assert_eq!(declarations::region(1).await, Ok(1 + 1 + 1 + 2 + 2));
}

#[tokio::test]
async fn what_is_configured_out_is_not_in_the_graph() {
    let recorder = Recorder::new();
    let done = Run::new().observe(recorder.clone()).execute(declarations::configured(3)).await;
    assert_eq!(done, 7);
    assert_eq!(recorder.completed_steps(), ["a", "b.c", "same"]);
    assert_eq!(
        declarations::configured::GRAPH.to_string(),
        "configured(n)\n\
         ├─ a     same   ← n\n\
         ├─ b     block\n\
         │  └─ c  look  ← a\n\
         ├─ same         ← b; after b\n\
         └─ pair  value  ← a, b"
    );
    assert_eq!(declarations::one_of(1, 2).await, 2);
    assert_eq!(declarations::one_of::GRAPH.inputs(), ["m", "n"]);
}

#[step(retry(max_attempts = 2))]
async fn retried(
    #[cfg(any())] absent: Absent,
    n: u32,
    #[cfg(any())] _: Absent,
    #[cfg(all())] m: &u32,
    #[allow(unused_variables)] unused: String,
) -> Result<u32, workflow_runtime::StepError> {
    //! The comment of a body is the function's.
    #![allow(deprecated)]
    Ok(old_value(n + m))
}

#[step]
async fn held(#[cfg(any())] _guard: Absent, #[cfg(all())] _other: u32) -> u32 {
    #![allow(unused_variables)]
    let unused = 1;
    5
}

#[tokio::test]
async fn parameters_of_steps_are_configured() {
    assert_eq!(retried(1, &2, String::new()).await.unwrap(), 3);
    assert_eq!(held(1).await, 5);
}

/// Steps and workflows that a `macro_rules!` writes.
mod written_by_macros {
    use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
    use std::thread::{ThreadId, current};

    use workflow_runtime::step;

    pub(super) static TRIES: AtomicU32 = AtomicU32::new(0);

    macro_rules! tried {
        ($(#[$meta:meta])* $vis:vis $name:ident, $n:literal, $delay:expr, $when:path, $given:ty, $output:ty, $body:block) => {
            $(#[$meta])*
            #[step(retry(max_attempts = $n, backoff = constant($delay), when = $when), timeout = $delay)]
            $vis async fn $name(_given: $given) -> $output $body
        };
    }

    #[derive(Debug)]
    pub(super) struct Trouble;

    impl From<workflow_runtime::TimedOut> for Trouble {
        fn from(_: workflow_runtime::TimedOut) -> Self {
            Self
        }
    }

    fn any_trouble(_: &Trouble) -> bool {
        true
    }

    tried!(
        /// Succeeds in the third attempt.
        pub(super) third, 3, "50ms", any_trouble, &str, Result<u32, Trouble>,
        { if TRIES.fetch_add(1, Relaxed) < 2 { Err(Trouble) } else { Ok(TRIES.load(Relaxed)) } }
    );

    macro_rules! elsewhere {
        ($option:ident, $($word:ident)*, $name:ident, $body:block) => {
            #[step($option)]
            pub(super) $($word)* fn $name() -> ThreadId $body
        };
    }

    elsewhere!(blocking, , on_pool, { current().id() });
    elsewhere!(spawn, async, on_task, { current().id() });

    macro_rules! times {
        ($name:ident, $sum:expr) => {
            #[step]
            pub(super) async fn $name(n: u32) -> u32 {
                n * $sum
            }
        };
    }

    times!(times_three, 1 + 2);

    macro_rules! item {
        ($item:item) => {
            #[step(blocking)]
            $item
        };
    }

    item!(
        pub(super) fn from_item() -> ThreadId {
            current().id()
        }
    );

    #[step]
    pub(super) async fn takes(text: String) -> Result<usize, String> {
        Ok(text.len())
    }

    #[step]
    pub(super) async fn looks(length: usize, same: bool) -> Result<usize, String> {
        Ok(length + usize::from(same))
    }

    mod hygiene {
        use super::super::{look, same};
        use super::{looks, takes};
        use workflow_runtime::workflow;

        macro_rules! for_each {
            ($name:ident, $n:ident, $pat:pat, $limit:literal, $items:expr, $body:block) => {
                workflow! {
                    pub(in super::super) async fn $name($n: u32) -> Vec<u32> {
                        #[concurrency($limit)]
                        let each = for $pat in $items $body;
                        each
                    }
                }
            };
        }

        for_each!(each, n, (n, _), 2, [(1, 2), (n, 3)], { look(&n).await });

        macro_rules! calls {
            (
                $name:ident, $text:ident, $ty:ty, $length:expr, $same:expr, $call:expr, $awaited:expr,
                $sum:expr, $one:block, $other:block, $choice:expr, $stmt:stmt
            ) => {
                workflow! {
                    pub(in super::super) async fn $name($text: $ty) -> Result<usize, String> {
                        let looked = looks($length, $same).await?;
                        let taken = $call.await?;
                        let again = $awaited?;
                        $stmt;
                        let one = if again > 100 { same(1).await } else $one;
                        let other = match again {
                            1 => same(3).await,
                            _ => $other
                        };
                        let choice = $choice;
                        let scaled = looked * $sum;
                        Ok(scaled + taken + (one + other + choice) as usize)
                    }
                }
            };
        }

        calls!(
            calls, text, String, text.len(), text.is_empty(), takes(text), looks(7, false).await, 1 + 2,
            { let n = same(4).await; n + 1 }, { let m = same(5).await; m + 1 },
            if 1 + 1 == 3 { same(1).await } else { look(&20).await }, let _hundred = same(100).await
        );
    }

    pub(super) use hygiene::{calls, each};
}

#[tokio::test(start_paused = true)]
async fn macros_write_steps() {
    use std::sync::atomic::Ordering::Relaxed;
    use std::thread::current;
    use written_by_macros::{TRIES, from_item, on_pool, on_task, third, times_three};

    assert_eq!(third("").await.unwrap(), 3);
    assert_eq!(TRIES.load(Relaxed), 3);
    assert_ne!(on_pool().await, current().id());
    assert_ne!(from_item().await, current().id());
    assert_eq!(on_task().await, current().id());
    assert_eq!(times_three(5).await, 15);
}

#[tokio::test]
async fn macros_write_workflows() {
    use written_by_macros::{calls, each};

    assert_eq!(calls("abc".to_owned()).await, Ok(3 * 3 + 3 + 5 + 6 + 20));
    assert_eq!(each(5).await, [1, 5]);
    let nodes = calls::GRAPH.nodes();
    let paths: Vec<&str> = nodes.iter().map(workflow_runtime::Node::path).collect();
    assert_eq!(
        paths,
        [
            "looked",
            "taken",
            "again",
            "_hundred",
            "one",
            "one.same",
            "one.n",
            "other",
            "other.same",
            "other.m",
            "choice",
            "choice.same",
            "choice.look",
            "scaled"
        ]
    );
    assert_eq!(nodes[1].function(), Some("takes"));
}

#[step]
async fn forever(n: u32) -> ! {
    look(&n).await;
    std::future::pending().await
}

workflow! {
    async fn waits(n: u32) -> ! {
        let m = look(&n).await;
        forever(m).await
    }
}

#[tokio::test(start_paused = true)]
async fn a_step_may_never_return() {
    let second = std::time::Duration::from_secs(1);
    let step = async {
        let _: u32 = forever(1).await;
    };
    assert!(tokio::time::timeout(second, step).await.is_err());
    let workflow = async { waits(1).await };
    assert!(tokio::time::timeout(second, workflow).await.is_err());
}

/// Constants whose names the expansion has for variables of its own.
mod constants {
    #![allow(non_upper_case_globals, dead_code)]

    use workflow_runtime::{StepError, step};

    const attempts: u32 = 1;
    const tasks: u32 = 1;
    const delay: u32 = 1;
    const output: u32 = 1;
    const error: u32 = 1;
    const question: u32 = 1;
    const this: u32 = 1;
    const kept_0: u32 = 1;
    const argument_0: u32 = 1;
    const given_0: u32 = 1;
    #[step(retry(max_attempts = 2), timeout = "1s", deadline = "2s")]
    pub(super) async fn retried(n: String, (a, b): (u32, u32)) -> Result<u32, StepError> {
        Ok(n.len() as u32 + a + b + attempts)
    }
}

/// The same of a workflow.
mod constants_of_regions {
    #![allow(non_upper_case_globals, dead_code)]

    use workflow_runtime::workflow;

    use super::{look, same};

    const attempts: u32 = 1;
    const branch_0: u32 = 1;
    const branch_1: u32 = 1;
    const slot_a_0: u32 = 1;
    const undo_0: u32 = 1;

    workflow! {
        pub(super) async fn region(n: u32) -> u32 {
            let a = same(n).await;
            let b = same(n).await;
            let c = look(&a).await;
            let d = same(a + b).await;
            c + d + branch_0
        }
    }
}

#[tokio::test]
async fn constants_keep_their_names() {
    assert_eq!(constants::retried("ab".to_owned(), (1, 2)).await.unwrap(), 6);
    assert_eq!(constants_of_regions::region(1).await, 1 + 2 + 1);
}
