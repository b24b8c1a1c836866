//! A diamond whose two middle steps compute for some milliseconds and never wait.

use std::hint::black_box;

use workflow_runtime::workflow;

use crate::step::{Failed, marked};

/// How long a middle step computes: some 10 ms.
const ROUNDS: u64 = 8_000_000;

/// Rounds of which each needs the one before.
fn compute(seed: u64) -> u64 {
    (0..black_box(ROUNDS)).fold(seed, |value, round| {
        (value ^ round).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(23)
    })
}

/// The middle step in one task with all others.
mod here {
    use workflow_runtime::step;

    use super::{Failed, black_box, compute};

    #[step]
    pub(super) async fn heavy(top: u64, side: u64) -> Result<u64, Failed> {
        Ok(black_box(compute(black_box(top ^ side))))
    }
}

/// The middle step as a task of its own.
mod spawned {
    use workflow_runtime::step;

    use super::{Failed, black_box, compute};

    #[step(spawn)]
    pub(super) async fn heavy(top: u64, side: u64) -> Result<u64, Failed> {
        Ok(black_box(compute(black_box(top ^ side))))
    }
}

workflow! {
    /// One middle step after the other, as neither waits.
    pub async fn in_one_task(seed: u64) -> Result<u64, Failed> {
        let top = marked::step0(seed).await?;
        let left = here::heavy(top, 1).await?;
        let right = here::heavy(top, 2).await?;
        let bottom = marked::step2(&left, &right).await?;
        Ok(bottom)
    }

    /// Both at once, where there are two cores.
    pub async fn on_two_cores(seed: u64) -> Result<u64, Failed> {
        let top = marked::step0(seed).await?;
        let left = spawned::heavy(top, 1).await?;
        let right = spawned::heavy(top, 2).await?;
        let bottom = marked::step2(&left, &right).await?;
        Ok(bottom)
    }
}
