//! Constants, statics, unit structs and variants of the user's that are named like what the
//! macros' own code might call its variables. A pattern means them, whatever its hygiene is.

#![allow(non_upper_case_globals, non_camel_case_types)]

use workflow_runtime::Retry;

/// Plain words, and what a name of the macros would be with a number.
macro_rules! with_words {
    ($make:ident) => {
        $make! {
            output value values failure failures question control position items item limit branch
            starts tracker cx left right looks argument policy attempts attempt delay error tasks
            this kept_0 argument_0 given_0 ignored_0 after verdict branch_0 branch_1 output_0
            output_1 slot failed done declared workflow step scope node call future place outcome
            result others handed inner outer body waits block order list child undo_0 children_0
            early_0_1 run event context count name body_0 changed_body number index next first
            last key text data state task handle permit guard lock timer late again kept fresh
        }
    };
}

/// The fields of what the steps are given.
struct Shop {
    calm: Retry,
    log: std::sync::Mutex<Vec<u32>>,
}

impl Shop {
    fn new() -> Self {
        Self { calm: Retry::attempts(2), log: std::sync::Mutex::default() }
    }

    fn note(&self, n: u32) {
        self.log.lock().unwrap().push(n);
    }
}

/// Steps with each option, and workflows in each form.
macro_rules! program {
    () => {
        use std::time::Duration;

        use workflow_runtime::{StepError, step, workflow};

        use crate::Shop;

        #[step]
        async fn double(n1: u32) -> Result<u32, StepError> {
            if n1 == 99 { Err(StepError::permanent("99")) } else { Ok(n1 * 2) }
        }

        #[step]
        async fn look(n1: &str) -> Result<&str, StepError> {
            Ok(n1.trim())
        }

        #[step]
        async fn show(n1: u32, _: &Shop) -> String {
            format!(" {n1} ")
        }

        #[step]
        async fn owned(s1: String) -> Result<usize, StepError> {
            Ok(s1.len())
        }

        #[step]
        async fn add(n1: u32, n2: &u32) -> Result<u32, StepError> {
            Ok(n1 + n2)
        }

        #[step]
        async fn undo(shop: &Shop, n1: &u32) {
            shop.note(*n1);
        }

        #[step(
                            retry(policy = shop.calm, when = |e1| e1.to_string() == "again"),
                            timeout = Duration::from_secs(n1.into()),
                            deadline = "1m"
                        )]
        async fn often(shop: &Shop, n1: u32, (s1, _): (String, u32)) -> Result<u32, StepError> {
            shop.note(n1);
            if shop.log.lock().unwrap().len() == 1 {
                return Err(StepError::retryable("again"));
            }
            Ok(n1 + u32::from(s1.is_empty()))
        }

        #[step(spawn, retry(max_attempts = 2), timeout = "1s")]
        async fn elsewhere(n1: u32) -> Result<u32, StepError> {
            Ok(n1)
        }

        #[step(blocking, timeout = "1s", deadline = "2s")]
        fn blocking(n1: u32) -> Result<u32, StepError> {
            Ok(n1)
        }

        struct Till(u32);

        impl Till {
            #[step(retry(max_attempts = 2))]
            async fn taken(self, n1: u32) -> Result<u32, StepError> {
                Ok(self.0 + n1)
            }
        }

        impl Clone for Till {
            fn clone(&self) -> Self {
                Self(self.0)
            }
        }

        workflow! {
            async fn join(shop: &Shop, n1: u32) -> Result<u32, StepError> {
                let a1 = double(n1).await?;
                let _ = double(3).await?;
                let t1 = Till(n1).taken(1).await;
                let o1 = often(shop, 4, (String::new(), 1)).await?;
                let s1 = elsewhere(n1).await?;
                let b1 = blocking(n1).await?;
                Ok(a1 + t1? + o1 + s1 + b1)
            }

            async fn region(shop: &Shop, n1: u32) -> Result<usize, StepError> {
                let a1 = show(n1, shop).await;
                let b1 = double(n1).await?;
                let c1 = a1.len();
                #[after(a1)]
                let d1 = double(1).await?;
                let e1 = add(b1, &d1).await?;
                let v1 = look(&a1).await?;
                let f1 = v1.len();
                let g1 = owned(a1.clone()).await?;
                let h1 = if e1 > 3 { add(b1, &d1).await? } else { double(e1).await? };
                Ok(c1 + f1 + g1 + usize::try_from(h1).unwrap_or_default())
            }

            async fn beside(shop: &Shop, n1: u32) -> Result<String, StepError> {
                let a1 = show(n1, shop).await;
                let b1 = look(&a1).await?;
                let c1 = double(n1).await?;
                let d1 = add(c1, &1).await?;
                Ok(format!("{b1} {d1}"))
            }

            #[on_failure(finish)]
            async fn finishing(shop: &Shop, n1: u32) -> Result<u32, StepError> {
                let a1 = double(n1).await?;
                let b1 = double(n1 + 1).await?;
                let c1 = add(a1, &b1).await?;
                let d1 = double(a1).await?;
                let e1 = show(n1, shop).await;
                let f1 = look(&e1).await?;
                let all = for m1 in 0..3_u32 { add(m1, &b1).await? };
                Ok(c1 + d1 + all.iter().sum::<u32>() + f1.parse::<u32>().unwrap_or_default())
            }

            #[on_failure(drain)]
            async fn draining(shop: &Shop, n1: u32) -> Result<u32, StepError> {
                #[compensate(undo(shop, &a1))]
                let a1 = double(n1).await?;
                let b1 = match a1 { 4 => double(a1).await?, m1 => add(m1, &n1).await? };
                #[compensate]
                let c1 = undone(shop, b1).await?;
                #[compensate(maybe undo(shop, &7))]
                let d1 = double(c1).await?;
                #[concurrency(1)]
                let all = for m1 in [d1] {
                    #[compensate(undo(shop, &m1))]
                    let e1 = double(m1).await?;
                    e1
                };
                double(if all.len() == 1 { 99 } else { 1 }).await
            }

            async fn undone(shop: &Shop, n1: u32) -> Result<u32, StepError> {
                #[compensate(undo(shop, &n1))]
                let a1 = double(n1).await;
                a1
            }
        }

        pub(crate) async fn all() {
            let shop = Shop::new();
            assert_eq!(join(&shop, 2).await.ok(), Some(4 + 3 + 5 + 2 + 2));
            assert_eq!(region(&shop, 2).await.ok(), Some(3 + 1 + 3 + 6));
            assert_eq!(beside(&shop, 2).await.ok().as_deref(), Some("2 5"));
            assert_eq!(finishing(&shop, 2).await.ok(), Some(10 + 8 + (18 + 3) + 2));
            let shop = Shop::new();
            assert_eq!(draining(&shop, 2).await.map_err(|e1| e1.to_string()), Err("99".to_owned()));
            assert_eq!(*shop.log.lock().unwrap(), [32, 7, 8, 4]);
        }
    };
}

macro_rules! constants {
    ($($word:ident)*) => { $(#[allow(dead_code)] const $word: u8 = 0;)* };
}

macro_rules! statics {
    ($($word:ident)*) => { $(#[allow(dead_code)] static $word: u8 = 0;)* };
}

macro_rules! units {
    ($($word:ident)*) => { $(#[allow(dead_code)] struct $word;)* };
}

macro_rules! variants {
    ($($word:ident)*) => {
        #[allow(dead_code)]
        enum Word { $($word,)* }
        #[allow(unused_imports)]
        use Word::*;
    };
}

mod constant {
    with_words!(constants);
    program!();
}

mod fixed {
    with_words!(statics);
    program!();
}

mod unit {
    with_words!(units);
    program!();
}

mod variant {
    with_words!(variants);
    program!();
}

#[tokio::test]
async fn constants_are_in_nobodys_way() {
    constant::all().await;
}

#[tokio::test]
async fn statics_are_in_nobodys_way() {
    fixed::all().await;
}

#[tokio::test]
async fn unit_structs_are_in_nobodys_way() {
    unit::all().await;
}

#[tokio::test]
async fn variants_are_in_nobodys_way() {
    variant::all().await;
}

/// What stands in the same function does not matter either.
#[tokio::test]
async fn constants_of_a_function_are_in_nobodys_way() {
    with_words!(constants);
    program!();
    all().await;
}
