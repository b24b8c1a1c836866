//! Workflows with an observer attached.

use std::sync::atomic::{AtomicU64, Ordering};

use workflow_runtime::{Event, Execute, Observer, Recorder, Run, Step};

use crate::graphs::chain_100;
use crate::shapes::{diamond, fan_out};
use crate::step::Failed;

/// Looks at each event and keeps nothing.
#[derive(Debug, Default)]
pub struct Counter(AtomicU64);

impl Observer for Counter {
    fn on_event(&self, event: &Event) {
        self.0.fetch_add(event.path.len() as u64, Ordering::Relaxed);
    }
}

fn counted<S: Step>(call: S) -> Execute<S> {
    Run::new().observe(Counter::default()).execute(call)
}

fn recorded<S: Step>(call: S) -> Execute<S> {
    Run::new().observe(Recorder::new()).execute(call)
}

fn unobserved<S: Step>(call: S) -> Execute<S> {
    Run::new().execute(call)
}

/// The diamond, with an observer that keeps nothing.
pub fn diamond(seed: u64) -> Execute<impl Step<Output = Result<u64, Failed>>> {
    counted(diamond::declared(seed))
}

/// The diamond, recorded.
pub fn diamond_recorded(seed: u64) -> Execute<impl Step<Output = Result<u64, Failed>>> {
    recorded(diamond::declared(seed))
}

/// The chain, with an observer that keeps nothing.
pub fn chain_100(seed: u64) -> Execute<impl Step<Output = Result<u64, Failed>>> {
    counted(chain_100::declared(seed))
}

/// The chain, recorded.
pub fn chain_100_recorded(seed: u64) -> Execute<impl Step<Output = Result<u64, Failed>>> {
    recorded(chain_100::declared(seed))
}

/// The chain, in a run with nothing attached.
pub fn chain_100_unobserved(seed: u64) -> Execute<impl Step<Output = Result<u64, Failed>>> {
    unobserved(chain_100::declared(seed))
}

/// The fan-out, with an observer that keeps nothing.
pub fn fan_out(seed: u64) -> Execute<impl Step<Output = Result<u64, Failed>>> {
    counted(fan_out::declared::<100>(seed))
}

/// The fan-out, recorded.
pub fn fan_out_recorded(seed: u64) -> Execute<impl Step<Output = Result<u64, Failed>>> {
    recorded(fan_out::declared::<100>(seed))
}

/// The fan-out, in a run with nothing attached.
pub fn fan_out_unobserved(seed: u64) -> Execute<impl Step<Output = Result<u64, Failed>>> {
    unobserved(fan_out::declared::<100>(seed))
}
