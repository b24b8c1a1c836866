use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Serialize;
use serde_json::Value;

use super::{
    super::{Endpoint, api::RefusalBody},
    books::{Books, Ledger},
    faults::{Faults, Plan},
};

/// All that the services remember.
#[derive(Debug)]
pub(super) struct State {
    plan: Mutex<Plan>,
    desk: Mutex<Desk>,
}

/// The books, and what was answered to whom. Under one lock, so that a request that is
/// sent again while the first is at work can't be done twice.
#[derive(Debug, Default)]
struct Desk {
    books: Books,
    answers: BTreeMap<String, Answer>,
}

/// The answer to a request.
pub(super) type Answer = Result<Json<Value>, Refusal>;

/// Why a request is not done, now or later.
#[derive(Debug, Clone)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    pub(super) reason: String,
}

impl State {
    pub(super) fn new(faults: &Faults) -> Self {
        Self { plan: Mutex::new(faults.plan()), desk: Mutex::default() }
    }

    pub(super) fn next_fault(&self, path: &str) -> Option<super::Fault> {
        let endpoint = Endpoint::ALL.into_iter().find(|endpoint| endpoint.path() == path)?;
        lock(&self.plan).next(endpoint)
    }

    pub(super) fn ledger(&self) -> Ledger {
        lock(&self.desk).books.ledger.clone()
    }

    /// Does what a request asks for, unless this was done under the same key before: then
    /// it is answered as it was.
    pub(super) fn once<T: Serialize>(
        &self,
        key: String,
        work: impl FnOnce(&mut Books) -> Result<T, Refusal>,
    ) -> Answer {
        let Desk { books, answers } = &mut *lock(&self.desk);
        answers
            .entry(key)
            .or_insert_with(|| {
                let done = work(books)?;
                serde_json::to_value(done).map(Json).map_err(|error| Refusal {
                    status: StatusCode::INTERNAL_SERVER_ERROR,
                    reason: error.to_string(),
                })
            })
            .clone()
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.status, Json(RefusalBody { reason: self.reason })).into_response()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
