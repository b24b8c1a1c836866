//! The steps with an option that never comes to act: none of them fails.

use workflow_runtime::step;

steps!(#[step(retry(
    max_attempts = 4,
    backoff = exponential("100ms", max = "5s"),
    jitter,
    when = |_| true,
))]);
