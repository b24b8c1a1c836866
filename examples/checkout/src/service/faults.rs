use std::{collections::BTreeMap, sync::Arc, time::Duration};

use axum::{
    extract::{Request, State as Shared},
    http::{StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use tokio::time::sleep;

use super::{super::Endpoint, state::State};
use workflow_examples::dice::Dice;

/// Longer than any step waits for an answer.
const SLOW: Duration = Duration::from_secs(30);

/// What goes wrong, where.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Faults {
    /// Nothing.
    #[default]
    None,
    /// Just this.
    Planned(BTreeMap<Endpoint, Trouble>),
    /// What a generator with this seed comes up with: the same every time.
    Seeded(u64),
}

/// What is wrong with one endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// The first requests go wrong in these ways, the later ones go well.
    First(Vec<Fault>),
    /// It is always busy.
    Outage,
}

/// What goes wrong with one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// Nothing is done, and the answer is 503.
    Busy,
    /// The same, and a `Retry-After` of so many seconds.
    BusyFor(u64),
    /// All is done, and the answer comes when nobody waits for it any more.
    Slow,
}

/// Lets a request go wrong if that is planned.
pub(super) async fn inject(
    Shared(state): Shared<Arc<State>>,
    request: Request,
    next: Next,
) -> Response {
    let busy = StatusCode::SERVICE_UNAVAILABLE;
    match state.next_fault(request.uri().path()) {
        None => next.run(request).await,
        Some(Fault::Busy) => busy.into_response(),
        Some(Fault::BusyFor(seconds)) => {
            (busy, [(header::RETRY_AFTER, seconds.to_string())]).into_response()
        }
        Some(Fault::Slow) => {
            let response = next.run(request).await;
            sleep(SLOW).await;
            response
        }
    }
}

impl Faults {
    pub(super) fn plan(&self) -> Plan {
        Plan(match self {
            Self::None => BTreeMap::new(),
            Self::Planned(plan) => plan.clone(),
            Self::Seeded(seed) => seeded(*seed),
        })
    }
}

/// The troubles that are still to come.
#[derive(Debug)]
pub(super) struct Plan(BTreeMap<Endpoint, Trouble>);

impl Plan {
    /// What goes wrong with the next request.
    pub(super) fn next(&mut self, endpoint: Endpoint) -> Option<Fault> {
        match self.0.get_mut(&endpoint)? {
            Trouble::Outage => Some(Fault::Busy),
            Trouble::First(faults) if faults.is_empty() => None,
            Trouble::First(faults) => Some(faults.remove(0)),
        }
    }
}

/// Half of the endpoints have one or two bad moments, which a step's four tries outlast,
/// and one time in three the carrier is down. No `Retry-After`, so that a day is short.
fn seeded(seed: u64) -> BTreeMap<Endpoint, Trouble> {
    let mut dice = Dice::new(seed);
    let mut plan = BTreeMap::new();
    for endpoint in Endpoint::ALL {
        if dice.roll(2) == 0 {
            let faults = (0..=dice.roll(2))
                .map(|_| if dice.roll(3) == 0 { Fault::Slow } else { Fault::Busy })
                .collect();
            plan.insert(endpoint, Trouble::First(faults));
        }
    }
    if dice.roll(3) == 0 {
        plan.insert(Endpoint::Ship, Trouble::Outage);
    }
    plan
}
