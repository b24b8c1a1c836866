//! Constants of the user's that are named like what the code of a durable workflow might call its
//! variables.

#![allow(non_upper_case_globals, dead_code)]

use workflow_runtime::{Journal, StepError};

/// A constant for each plain word.
macro_rules! constants {
    ($($word:ident)*) => { $(const $word: u8 = 0;)* };
}

constants! {
    journal id stored workflow come_to error value output failure failures question control
    position items item limit branch starts tracker cx argument failed attempts kept_0 argument_0
    ignored_0 output_0 output_1 branch_0 undo_0 children_0 after verdict run key record resume
    resumed data input inputs result outcome name text
}

mod shop {
    use workflow_runtime::{StepError, step, workflow};

    #[allow(unused_imports)]
    use super::*;

    #[step(retry(max_attempts = 2), timeout = "1s")]
    async fn double(n1: u32) -> Result<u32, StepError> {
        Ok(n1 * 2)
    }

    #[step]
    async fn undo(_: &u32) {}

    workflow! {
        #[durable]
        pub(super) async fn buy(app: &str, n1: u32, s1: String) -> Result<u32, StepError> {
            #[record]
            let a1 = n1 + 1;
            #[compensate(undo(&b1))]
            let b1 = double(a1).await?;
            let c1 = double(n1).await?;
            let v1 = app.len();
            #[after(c1)]
            let d1 = if v1 > 1 { double(c1).await? } else { double(1).await? };
            #[concurrency(2)]
            let all = for m1 in vec![b1, c1, d1] { double(m1).await? };
            Ok(all.iter().sum::<u32>() + u32::from(s1.is_empty()))
        }
    }
}

#[tokio::test]
async fn they_are_in_nobodys_way() {
    let run_of_one = Journal::memory();
    let bought = run_of_one.run("one", shop::buy("ab", 2, String::new())).await;
    let expected = (6 + 4 + 8) * 2 + 1;
    assert_eq!(bought.ok(), Some(expected));
    assert_eq!(shop::buy::resume(&run_of_one, "one", "ab").await.ok(), Some(expected));
    assert_eq!(shop::buy::resume_all(&run_of_one, "ab").await.unwrap().len(), 0);
    let plain: Result<u32, StepError> = shop::buy("ab", 2, String::new()).await;
    assert_eq!(plain.ok(), Some(expected));
}
