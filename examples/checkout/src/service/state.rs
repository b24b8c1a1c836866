use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
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
    file: Option<PathBuf>,
}

/// The books, and what was answered to whom. Under one lock, so that a request that is
/// sent again while the first is at work can't be done twice.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Desk {
    books: Books,
    /// Only of what was done: what was refused has changed nothing, and is looked at again.
    answers: BTreeMap<String, Value>,
}

/// The answer to a request.
pub(super) type Answer = Result<Json<Value>, Refusal>;

/// Why a request is not done.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    pub(super) reason: String,
}

impl State {
    pub(super) fn new(faults: &Faults) -> Self {
        Self { plan: Mutex::new(faults.plan()), desk: Mutex::default(), file: None }
    }

    /// With what is in this file, if there is one. From now on all is kept there.
    pub(super) fn in_file(faults: &Faults, file: &Path) -> io::Result<Self> {
        let desk = match fs::read(file) {
            Ok(json) => serde_json::from_slice(&json)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Desk::default(),
            Err(error) => return Err(error),
        };
        let (plan, desk) = (Mutex::new(faults.plan()), Mutex::new(desk));
        Ok(Self { plan, desk, file: Some(file.to_owned()) })
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
        let desk = &mut *lock(&self.desk);
        if let Some(answer) = desk.answers.get(&key) {
            return Ok(Json(answer.clone()));
        }
        let done = work(&mut desk.books)?;
        let answer = serde_json::to_value(done).map_err(broken)?;
        desk.answers.insert(key, answer.clone());
        self.keep(desk).map_err(broken)?;
        Ok(Json(answer))
    }

    /// Before anybody is answered: whoever was told that it is done can rely on it.
    fn keep(&self, desk: &Desk) -> io::Result<()> {
        let Some(file) = &self.file else { return Ok(()) };
        fs::write(file, serde_json::to_vec_pretty(desk)?)
    }
}

fn broken(error: impl std::error::Error) -> Refusal {
    Refusal { status: StatusCode::INTERNAL_SERVER_ERROR, reason: error.to_string() }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.status, Json(RefusalBody { reason: self.reason })).into_response()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
