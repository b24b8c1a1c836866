//! Writes reports as pages into a directory, for `render/check_report.mjs` to check, with the
//! text of each beside it.
//!
//! `cargo run -p workflow-tests --bin render_reports -- DIRECTORY`

use std::{env, error::Error, fs, path::Path, time::Duration};

use tokio::time::sleep;
use workflow_runtime::{Recorder, Report, Run, Step, Transient, step, workflow};
use workflow_tests::random::context::{Cx, Key, Pace};
use workflow_tests::random::run::in_virtual_time;
use workflow_tests::random::{LARGE, interpret};

/// What must do nothing in a page.
const ATTACK: &str = "</script><script>document.title='hit'</script><img src=x \
                      onerror=\"document.title='hit'\">\n'\"><svg onload=alert(1)>&lt;b&gt;";

/// An error that may pass.
struct Trouble(String);

impl std::fmt::Display for Trouble {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl Transient for Trouble {
    fn is_transient(&self) -> bool {
        true
    }
}

#[step(retry(max_attempts = 3, backoff = constant("30ms")))]
async fn work(millis: u64, error: Option<&str>) -> Result<u64, Trouble> {
    sleep(Duration::from_millis(millis)).await;
    error.map_or(Ok(millis), |error| Err(Trouble(error.to_owned())))
}

#[step(retry(max_attempts = 2, backoff = constant("10ms")))]
async fn undo(millis: u64, error: Option<&str>) -> Result<(), Trouble> {
    work_once(millis, error).await
}

async fn work_once(millis: u64, error: Option<&str>) -> Result<(), Trouble> {
    sleep(Duration::from_millis(millis)).await;
    error.map_or(Ok(()), |error| Err(Trouble(error.to_owned())))
}

workflow! {
    async fn pack(count: u64, error: Option<&str>) -> Result<usize, Trouble> {
        #[concurrency(8)]
        let parcels = for parcel in 0..count {
            let weight = work(parcel % 7 + 1, None).await?;
            let broken = if parcel == 40 { error } else { None };
            let label = work(weight, broken).await;
            label.is_ok()
        };
        Ok(parcels.len())
    }

    /// Everything that a page shows, in one run.
    async fn attacked(error: &str) -> Result<u64, Trouble> {
        #[compensate(undo(20, None))]
        let stock = work(40, None).await?;
        #[compensate(undo(15, Some(error)))]
        let payment = work(stock + 10, None).await?;
        let parcels = pack(60, Some(error)).await?;
        let decision = if payment > 1_000 {
            let review = work(900, None).await?;
            review
        } else {
            let accepted = work(20, None).await?;
            accepted
        };
        let slow = work(5_000, None).await?;
        #[after(parcels, decision)]
        let order = work(30, Some(error)).await?;
        Ok(order + slow)
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let directory = env::args().nth(1).ok_or("which directory?")?;
    let pages = [
        ("attack", report(attacked(ATTACK))),
        ("running", half_way(attacked("never comes to it"))),
        ("items", report(pack(100_000, Some("the printer is out of paper")))),
        ("steps_310", large(None)),
        ("steps_310_failed", large(Some(250))),
        ("nothing", Recorder::new().report()),
    ];
    fs::create_dir_all(&directory)?;
    for (name, report) in pages {
        let file = |extension| Path::new(&directory).join(format!("{name}.{extension}"));
        let page = report.to_html();
        println!("{name}: {} steps, {} kB", report.steps().len(), page.len().div_ceil(1_000));
        fs::write(file("html"), page)?;
        fs::write(file("txt"), format!("{report}\n"))?;
        fs::write(file("json"), serde_json::to_string(&report)?)?;
    }
    Ok(())
}

fn report<S: Step>(call: S) -> Report {
    in_virtual_time(async {
        let recorder = Recorder::new();
        Run::new().observe(recorder.clone()).execute(call).await;
        recorder.report()
    })
}

fn half_way<S: Step>(call: S) -> Report {
    in_virtual_time(async {
        let recorder = Recorder::new();
        let run = Run::new().observe(recorder.clone()).execute(call);
        let mut run = std::pin::pin!(run);
        let ended = tokio::time::timeout(Duration::from_millis(70), run.as_mut()).await;
        assert!(ended.is_err(), "it takes longer");
        recorder.report()
    })
}

/// A run of 310 steps, one of which may fail.
fn large(failing: Option<usize>) -> Report {
    let pace = |key: Key| Pace::Sleep(u64::from(key.id * 7 % 40 + key.id % 5));
    let failing = failing.map(|step| {
        let expected = interpret(&LARGE.model(), 1, 2, &pace, None);
        expected.can_fail()[step]
    });
    in_virtual_time(async {
        let cx = Cx::new(&pace, failing);
        let recorder = Recorder::new();
        let call = (LARGE.call)(&cx, 1, "2".to_owned());
        let _ = Run::new().observe(recorder.clone()).execute(call).await;
        recorder.report()
    })
}
