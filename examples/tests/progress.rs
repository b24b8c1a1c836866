//! What `Progress` shows: on a terminal kept in memory, and as lines.

use std::{
    io::Write,
    sync::{Arc, Mutex},
    time::Duration,
};

use indicatif::InMemoryTerm;
use tokio::time::sleep;
use workflow_runtime::{Progress, Run, StepError, step, workflow};

const SECOND: Duration = Duration::from_secs(1);

#[step]
async fn wait(seconds: u64) {
    sleep(Duration::from_secs(seconds)).await;
}

#[step(retry(max_attempts = 3, backoff = constant("400ms")))]
async fn charge(fails: u32, tries: &Mutex<u32>) -> Result<(), StepError> {
    let mut tries = tries.lock().unwrap();
    *tries += 1;
    if *tries <= fails { Err(StepError::retryable(Refused)) } else { Ok(()) }
}

/// An error that would turn the terminal red and use two lines, if it could.
#[derive(Debug, thiserror::Error)]
#[error("busy\n\u{1b}[31mreally")]
struct Refused;

#[step]
async fn fail() -> Result<(), String> {
    sleep(SECOND).await;
    Err("no such page".to_owned())
}

#[step]
async fn undo(works: bool) -> Result<(), String> {
    if works { Ok(()) } else { Err("the bank is closed".to_owned()) }
}

workflow! {
    async fn inner() -> Result<(), StepError> {
        wait(1).await;
        #[after(wait)]
        wait(2).await;
        Ok(())
    }

    async fn all_forms(items: Vec<u64>, tries: &Mutex<u32>) -> Result<(), StepError> {
        let first = wait(1).await;
        #[after(first)]
        #[concurrency(2)]
        let pages = for seconds in items {
            let page = wait(seconds).await;
            page
        };
        #[after(pages)]
        charge(1, tries).await?;
        #[after(charge)]
        let sub = inner().await?;
        let _ = sub;
        Ok(())
    }

    async fn chooses(large: bool, pages: Vec<u64>) -> Result<u64, String> {
        let chosen = if large {
            let parts = for seconds in pages {
                let page = wait(seconds).await;
                let other = wait(seconds).await;
                (page, other)
            };
            parts.len() as u64
        } else {
            let same = wait(1).await;
            let _ = same;
            1
        };
        Ok(chosen)
    }

    async fn side_by_side(count: u64) -> u64 {
        let pages = for seconds in 0..count {
            let page = wait(seconds + 10).await;
            page
        };
        pages.len() as u64
    }

    async fn fails_late() -> Result<(), String> {
        #[compensate(undo(true))]
        wait(1).await;
        #[compensate(undo(false))]
        let paid = wait(1).await;
        #[after(wait, paid)]
        fail().await?;
        #[after(fail)]
        let never = wait(1).await;
        let _ = never;
        Ok(())
    }
}

/// The screen after so long, while the call runs.
async fn screen_after(
    time: Duration,
    progress: &Progress,
    term: &InMemoryTerm,
    call: impl Future,
) -> String {
    tokio::select! {
        biased;
        _ = call => panic!("it is over already"),
        () = sleep(time) => {}
    }
    // Inside the runtime, where time stands still, and not on the thread that draws.
    progress.suspend(|| {});
    term.contents()
}

fn terminal(rows: u16, columns: u16) -> (Progress, InMemoryTerm) {
    let term = InMemoryTerm::new(rows, columns);
    (Progress::on_terminal(term.clone()), term)
}

/// Without what turns.
fn still(screen: &str) -> String {
    screen.replace(|c| ('\u{2800}'..'\u{2900}').contains(&c), "*")
}

/// What is written, as text.
#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Written {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

#[tokio::test(start_paused = true)]
async fn shows_steps_items_and_their_time() {
    let (progress, term) = terminal(20, 100);
    let tries = Mutex::new(0);
    let mut run =
        std::pin::pin!(Run::new().observe(progress.clone()).execute(all_forms(vec![2; 6], &tries)));
    let half = Duration::from_millis(500);

    let screen = screen_after(half, &progress, &term, run.as_mut()).await;
    assert_eq!(
        still(&screen),
        "* all_forms  ────────────────────────  0/4 steps  0.5s\n  * first  0.5s"
    );
    // Two of the six items are done, and two run.
    let screen = screen_after(3 * SECOND, &progress, &term, run.as_mut()).await;
    assert_eq!(
        still(&screen),
        "* all_forms  ━━━━━━──────────────────  1/4 steps  3.5s\n  \
           pages  ━━━━━━━━────────────────  2/6  0.8/s  5.0s left\n  \
           * pages[2].page  0.5s\n  \
           * pages[3].page  0.5s"
    );
    // The charge waits to be tried again.
    let screen = screen_after(3 * SECOND + half + half / 5, &progress, &term, run.as_mut()).await;
    assert_eq!(
        still(&screen),
        "* all_forms  ━━━━━━━━━━━━────────────  2/4 steps  7.1s  1 retry\n  \
           pages  ━━━━━━━━━━━━━━━━━━━━━━━━  6/6\n  \
           * charge  0.1s  attempt 2 in 300ms: retryable: busy [31mreally"
            .replace("retryable: ", "")
    );
    // The steps of the sub-workflow have been added.
    let screen = screen_after(SECOND, &progress, &term, run.as_mut()).await;
    assert_eq!(
        still(&screen),
        "* all_forms  ━━━━━━━━━━━━────────────  3/6 steps  8.1s  1 retry\n  \
           pages  ━━━━━━━━━━━━━━━━━━━━━━━━  6/6\n  \
           * sub.wait  0.7s"
    );
    run.await.unwrap();
    assert_eq!(
        term.contents(),
        "✓ all_forms  6/6 steps in 10s  1 retry\n  pages  ━━━━━━━━━━━━━━━━━━━━━━━━  6/6"
    );
}
