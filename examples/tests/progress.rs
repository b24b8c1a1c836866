//! What `Progress` shows: on a terminal kept in memory, and as lines.

use std::{
    io::Write,
    pin::pin,
    sync::{Arc, Mutex},
    time::Duration,
};

use indicatif::InMemoryTerm;
use tokio::time::sleep;
use workflow_runtime::{Journal, Progress, Run, StepError, step, workflow};

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
async fn panic_at_once() {
    panic!("as the test wants it");
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
        let () = sub;
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
            let () = same;
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

    async fn wait_twice(seconds: u64) {
        let first = wait(seconds).await;
        let second = wait(seconds).await;
        let _ = (first, second);
    }

    async fn panics() {
        let step = panic_at_once().await;
        let () = step;
    }

    async fn all_fail(count: u64) {
        let results = for _ in 0..count {
            let result = fail().await;
            result
        };
        drop(results);
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
        let () = never;
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
    let mut run = pin!(Run::new().observe(progress.clone()).execute(all_forms(vec![2; 6], &tries)));
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

#[tokio::test(start_paused = true)]
async fn a_chosen_branch_settles_the_other_arm() {
    for (large, pages, end) in [
        (
            true,
            vec![1, 1],
            "✓ chooses  2/2 steps in 1.0s\n  chosen.parts  ━━━━━━━━━━━━━━━━━━━━━━━━  2/2",
        ),
        (
            true,
            vec![],
            "✓ chooses  2/2 steps in 0.0s\n  chosen.parts  ━━━━━━━━━━━━━━━━━━━━━━━━  0/0",
        ),
        (false, vec![1], "✓ chooses  2/2 steps in 1.0s"),
    ] {
        let (progress, term) = terminal(20, 100);
        let mut run =
            pin!(Run::new().observe(progress.clone()).execute(chooses(large, pages.clone())));
        if !pages.is_empty() {
            let screen = screen_after(SECOND / 2, &progress, &term, run.as_mut()).await;
            assert!(
                still(&screen).starts_with("* chooses  ━━━━━━━━━━━━────────────  1/2 steps"),
                "{screen}"
            );
        }
        run.await.unwrap();
        assert_eq!(term.contents(), end);
    }
}

#[tokio::test(start_paused = true)]
async fn a_failure_says_what_is_left() {
    let (progress, term) = terminal(20, 100);
    let run = Run::new().observe(progress.clone()).execute(fails_late());
    run.await.unwrap_err();
    assert_eq!(
        term.contents(),
        "✗ fails_late  failed after 2.0s  1 failed  1 undone  1 not undone: no such page\n  \
           ✗ paid could not be undone: the bank is closed"
    );
}

#[tokio::test(start_paused = true)]
async fn of_many_steps_a_few_are_shown() {
    let (progress, term) = terminal(20, 100);
    let mut run = pin!(Run::new().observe(progress.clone()).execute(side_by_side(64)));
    let screen = screen_after(SECOND, &progress, &term, run.as_mut()).await;
    assert_eq!(
        still(&screen),
        "* side_by_side  ────────────────────────  0/1 steps  1.0s\n  \
           pages  ────────────────────────  0/64\n  \
           * pages[0].page  1.0s\n  \
           * pages[1].page  1.0s\n  \
           * pages[2].page  1.0s\n  \
           * pages[3].page  1.0s\n    \
             and 60 more"
    );
}

#[tokio::test(start_paused = true)]
async fn a_narrow_terminal_cuts_and_does_not_wrap() {
    for columns in [1, 12, 30] {
        let (progress, term) = terminal(20, columns);
        let mut run = pin!(Run::new().observe(progress.clone()).execute(side_by_side(64)));
        let screen = screen_after(SECOND, &progress, &term, run.as_mut()).await;
        assert_eq!(screen.lines().count(), 7, "{columns}: {screen}");
        run.await;
        assert_eq!(term.contents().lines().count(), 2, "{columns}: {}", term.contents());
    }
    let (progress, term) = terminal(20, 30);
    let mut run = pin!(Run::new().observe(progress.clone()).execute(side_by_side(64)));
    let screen = screen_after(SECOND, &progress, &term, run.as_mut()).await;
    assert!(
        still(&screen).starts_with("* side_by_side  ───────  0/1 …\n  pages  ───────  0/64\n"),
        "{screen}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_low_terminal_shows_what_it_has_room_for() {
    let (progress, term) = terminal(3, 60);
    let mut run = pin!(Run::new().observe(progress.clone()).execute(side_by_side(64)));
    let screen = screen_after(SECOND, &progress, &term, run.as_mut()).await;
    assert_eq!(screen.lines().count(), 3, "{screen}");
    run.await;
    assert!(term.contents().contains("✓ side_by_side"), "{}", term.contents());
}

#[tokio::test(start_paused = true)]
async fn runs_share_the_screen() {
    let (progress, term) = terminal(20, 100);
    let observed = || Run::new().observe(progress.clone());
    let mut both = pin!(async {
        tokio::join!(observed().execute(side_by_side(1)), observed().execute(fails_late())).0
    });
    let screen = screen_after(SECOND / 2, &progress, &term, both.as_mut()).await;
    let bars: Vec<_> = screen.lines().filter(|line| line.contains("steps")).collect();
    assert_eq!(bars.len(), 2, "{screen}");

    // The one that has ended stands above the one that runs, and above both what was printed.
    progress.println("between them");
    let screen = screen_after(3 * SECOND, &progress, &term, both.as_mut()).await;
    let screen = still(&screen);
    let lines: Vec<_> = screen.lines().collect();
    assert_eq!(lines[0], "between them");
    assert!(lines[1].starts_with("✗ fails_late  failed after 2.0s"), "{screen}");
    assert!(lines[3].starts_with("* side_by_side  "), "{screen}");
    both.await;
    assert!(
        term.contents().contains("\n✓ side_by_side  1/1 steps in 10s\n"),
        "{}",
        term.contents()
    );
}

#[tokio::test(start_paused = true)]
async fn a_dropped_run_is_cancelled_and_the_next_one_starts_anew() {
    let (progress, term) = terminal(20, 100);
    drop(
        screen_after(
            SECOND,
            &progress,
            &term,
            Run::new().observe(progress.clone()).execute(wait_twice(5)),
        )
        .await,
    );
    assert_eq!(term.contents(), "✗ wait_twice  cancelled after 1.0s, 0/2 steps");

    Run::new().observe(progress.clone()).execute(wait_twice(1)).await;
    // The same clone once more.
    let run = Run::new().observe(progress);
    run.clone().execute(wait_twice(1)).await;
    run.execute(wait(3)).await;
    assert_eq!(
        term.contents(),
        "✗ wait_twice  cancelled after 1.0s, 0/2 steps\n\
         ✓ wait_twice  2/2 steps in 1.0s\n\
         ✓ wait_twice  2/2 steps in 1.0s\n\
         ✓ wait  1/1 steps in 3.0s"
    );
}

#[tokio::test(start_paused = true)]
async fn a_panic_ends_a_run() {
    let (progress, term) = terminal(20, 100);
    let run = Run::new().observe(progress.clone()).execute(panics());
    assert!(tokio::spawn(run).await.unwrap_err().is_panic());
    assert!(
        term.contents().contains("✗ panics  cancelled after 0.0s, 1/1 steps  1 failed"),
        "{}",
        term.contents()
    );
    // What comes then is drawn below.
    Run::new().observe(progress).execute(wait(3)).await;
    assert!(
        term.contents().ends_with(
            "✗ panics  cancelled after 0.0s, 1/1 steps  1 failed\n✓ wait  1/1 steps in 3.0s"
        ),
        "{}",
        term.contents()
    );
}

/// The lines of one run.
async fn lines_of<S: workflow_runtime::Step>(call: S) -> String {
    let written = Written::default();
    let progress = Progress::lines(written.clone());
    Run::new().observe(progress).execute(call).await;
    let text = written.text();
    assert!(!text.contains('\u{1b}'), "{text}");
    text
}

#[tokio::test(start_paused = true)]
async fn a_log_gets_lines() {
    assert_eq!(
        lines_of(all_forms(vec![4; 6], &Mutex::new(0))).await,
        "[0.0s] all_forms: started, 4 steps\n\
         [1.0s] all_forms: pages started, 6 items\n\
         [5.0s] all_forms: pages 1/6, 0.2/s, 20s left\n\
         [13s] all_forms: pages 5/6, 0.4/s, 2.4s left\n\
         [13s] all_forms: pages done, 6 items\n\
         [13s] all_forms: charge attempt 2 in 400ms: busy [31mreally\n\
         [13s] all_forms: sub started\n\
         [16s] all_forms: sub completed after 3.0s\n\
         [16s] all_forms: ✓ completed in 16s, 6/6 steps, 1 retry\n"
    );
    assert_eq!(
        lines_of(fails_late()).await,
        "[0.0s] fails_late: started, 4 steps\n\
         [2.0s] fails_late: fail failed after 1 attempt: no such page\n\
         [2.0s] fails_late: wait undone\n\
         [2.0s] fails_late: paid could not be undone: the bank is closed\n\
         [2.0s] fails_late: ✗ failed after 2.0s, 1 failed, 1 undone, 1 not undone: no such page\n"
    );
    assert_eq!(
        lines_of(wait(2)).await,
        "[0.0s] wait: started, 1 step\n[2.0s] wait: ✓ completed in 2.0s, 1/1 steps\n"
    );
}

#[tokio::test(start_paused = true)]
async fn a_storm_in_a_log_is_counted() {
    let text = lines_of(all_fail(1000)).await;
    assert_eq!(text.matches("failed after 1 attempt").count(), 10, "{text}");
    assert!(text.ends_with("✓ completed in 1.0s, 1/1 steps, 1,000 failed\n"), "{text}");
}

#[tokio::test]
async fn the_standard_error_of_a_test_is_no_terminal() {
    // Or it is one; no run may change for it.
    let progress = Progress::new();
    assert_eq!(progress.suspend(|| 7), 7);
    Run::new().observe(progress).execute(wait(0)).await;
}

workflow! {
    #[durable]
    async fn stored(seconds: u64) -> Result<u64, StepError> {
        let pause = wait(seconds).await;
        #[after(pause)]
        let sum = seconds + 1;
        Ok(sum)
    }
}

/// The ids tell runs apart that one observer is told of.
#[tokio::test(start_paused = true)]
async fn one_shows_all_runs_of_a_journal() {
    let written = Written::default();
    let journal = Journal::memory().observe(Progress::lines(written.clone()));
    let runs = (journal.run("cart-1", stored(2)), journal.run("cart-\u{202e}2", stored(1)));
    let (one, two) = tokio::join!(runs.0, runs.1);
    assert_eq!((one.unwrap(), two.unwrap()), (3, 2));
    let mut lines: Vec<_> = written.text().lines().map(str::to_owned).collect();
    lines.sort();
    assert_eq!(
        lines,
        [
            "[0.0s] stored cart- 2: started, 1 step",
            "[0.0s] stored cart-1: started, 1 step",
            "[1.0s] stored cart- 2: ✓ completed in 1.0s, 1/1 steps",
            "[2.0s] stored cart-1: ✓ completed in 2.0s, 1/1 steps",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn bars_of_a_durable_run_say_which_it_is() {
    let terminal = InMemoryTerm::new(10, 60);
    let journal = Journal::memory().observe(Progress::on_terminal(terminal.clone()));
    let (one, two) =
        tokio::join!(journal.run("cart-1", stored(2)), journal.run("cart-2", stored(1)));
    one.unwrap();
    two.unwrap();
    assert_eq!(
        terminal.contents(),
        "✓ stored cart-2  1/1 steps in 1.0s\n✓ stored cart-1  1/1 steps in 2.0s"
    );
}
