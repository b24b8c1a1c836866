//! Where a failure that nobody looks at is no mistake: rustc's lint says nothing.
#![deny(unused_must_use)]

use std::sync::atomic::{AtomicU32, Ordering};

use workflow_runtime::{step, workflow};

#[step]
async fn save(saved: &AtomicU32, number: u32) -> Result<u32, String> {
    if number == 2 {
        return Err("two".to_owned());
    }
    saved.fetch_add(number, Ordering::Relaxed);
    Ok(number)
}

workflow! {
    async fn ignored(saved: &AtomicU32, numbers: &[u32]) -> usize {
        for number in numbers {
            let _ = save(saved, *number).await;
        }
        #[concurrency(1)]
        for number in numbers {
            for part in 0..*number {
                let _ = if part == 1 { save(saved, part).await } else { Ok(0) };
            }
        }
        numbers.len()
    }

    async fn passed_on(saved: &AtomicU32, numbers: &[u32]) -> Result<(), String> {
        for number in numbers {
            save(saved, *number).await?;
        }
        Ok(())
    }

    async fn used(saved: &AtomicU32, numbers: &[u32]) -> usize {
        let all = for number in numbers { save(saved, *number).await };
        all.iter().filter(|one| one.is_err()).count()
    }
}

#[tokio::test]
async fn failures_are_ignored_where_that_is_said() {
    let saved = AtomicU32::new(0);
    assert_eq!(ignored(&saved, &[1, 2, 3]).await, 3);
    // 1 and 3, and the part 1 of 2 and of 3.
    assert_eq!(saved.load(Ordering::Relaxed), 6);
    assert_eq!(passed_on(&saved, &[1, 2]).await, Err("two".to_owned()));
    assert_eq!(used(&saved, &[1, 2, 3, 2]).await, 2);
}
