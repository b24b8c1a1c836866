//! The inputs of a run, as they are recorded.

use std::collections::BTreeMap;
use std::marker::PhantomData;

use serde_json::value::RawValue;
use workflow_journal::StoredRun;

use crate::durable::error::{unreadable, unwritable};
use crate::durable::identity::{is_unordered, same_json};
use crate::durable::{JournalError, RecordableInput};

/// The by-value inputs of a workflow, by name, or the reason why one of them cannot be recorded.
#[derive(Debug)]
pub struct Inputs(Result<Vec<Input>, (&'static str, serde_json::Error)>);

#[derive(Debug)]
struct Input {
    name: &'static str,
    json: Box<RawValue>,
    /// Whether the stored text is read as the same value.
    same: fn(stored: &str, json: &str) -> serde_json::Result<bool>,
}

impl Inputs {
    /// No inputs yet.
    #[must_use]
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        Self(Ok(Vec::new()))
    }

    /// Adds this input.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: &impl RecordableInput) -> Self {
        self.add(name, value);
        self
    }

    fn add<T: RecordableInput>(&mut self, name: &'static str, value: &T) {
        if let Ok(inputs) = &mut self.0 {
            match serde_json::value::to_raw_value(value) {
                Ok(json) => inputs.push(Input { name, json, same: same::<T> }),
                Err(error) => self.0 = Err((name, error)),
            }
        }
    }

    pub(super) fn written(self, run: &str) -> Result<Written, JournalError> {
        self.0.map(Written).map_err(|(name, error)| unwritable(run, name, &error))
    }
}

/// Whether a stored value, which an older version may have written, is the same as a current one,
/// as the current version would write it.
fn same<T: RecordableInput>(stored: &str, json: &str) -> serde_json::Result<bool> {
    if same_json(stored, json, false) {
        return Ok(true);
    }
    let stored: T = serde_json::from_str(stored)?;
    let stored = serde_json::to_string(&stored)?;
    Ok(same_json(&stored, json, is_unordered::<T>(json)))
}

/// An input as the body gets it: as a run that is resumed later would read it.
///
/// A method, as for [`Read`], so that there is only one error if it cannot be recorded.
#[derive(Debug)]
pub struct ReadBack<'a, T>(pub &'a T);

/// See [`ReadBack`].
pub trait ReadsBack<T> {
    /// The input.
    ///
    /// # Errors
    ///
    /// If it cannot be written, or if what was written cannot be read back.
    fn read_back(&self) -> serde_json::Result<T>;
}

impl<T: RecordableInput> ReadsBack<T> for ReadBack<'_, T> {
    fn read_back(&self) -> serde_json::Result<T> {
        serde_json::from_str(&serde_json::to_string(self.0)?)
    }
}

/// A stand-in for inputs that cannot be recorded. It never runs.
pub trait KeepsIt<T> {
    /// The input.
    ///
    /// # Errors
    ///
    /// None.
    fn read_back(&self) -> serde_json::Result<T>;
}

impl<T> KeepsIt<T> for &ReadBack<'_, T> {
    fn read_back(&self) -> serde_json::Result<T> {
        unreachable!("the input cannot be recorded, which does not compile")
    }
}

/// Inputs as JSON.
pub(super) struct Written(Vec<Input>);

impl Written {
    /// The inputs of a resumed run, which takes whatever is recorded.
    pub(super) fn nothing() -> Self {
        Self(Vec::new())
    }

    pub(super) fn to_json(&self) -> String {
        let inputs = self.0.iter().map(|Input { name, json, .. }| {
            let name = serde_json::to_string(name).expect("it is a text");
            format!("{name}:{json}")
        });
        format!("{{{}}}", inputs.collect::<Vec<_>>().join(","))
    }

    /// Whether the run was started with the same inputs.
    pub(super) fn check(&self, stored: &StoredRun) -> Result<(), JournalError> {
        let before = read(&stored.id, &stored.inputs)?;
        for Input { name, json, same } in &self.0 {
            // An input that was added to the workflow since then is read as `null`, if its type
            // allows that.
            let before = before.get(*name).map_or("null", |before| before.get());
            if !same(before, json.get()).unwrap_or(false) {
                let (run, input) = (stored.id.clone(), (*name).to_owned());
                return Err(JournalError::InputChanged { run, input });
            }
        }
        // An input that the workflow no longer has does not matter.
        Ok(())
    }
}

type Fields = BTreeMap<String, Box<RawValue>>;

fn read(run: &str, inputs: &str) -> Result<Fields, JournalError> {
    serde_json::from_str(inputs).map_err(|error| unreadable(run, "inputs", &error))
}

/// What is stored about a run that is to be resumed.
#[derive(Debug)]
pub struct Stored {
    run: String,
    inputs: Fields,
}

impl Stored {
    pub(super) fn of(run: &StoredRun) -> Result<Self, JournalError> {
        Ok(Self { run: run.id.clone(), inputs: read(&run.id, &run.inputs)? })
    }

    /// For a run that has none of the inputs.
    pub(super) fn nothing() -> Self {
        Self { run: String::new(), inputs: Fields::new() }
    }
}

/// Reads an input of this type.
///
/// A method, so that rustc chooses [`ReadNothing`] for an input that cannot be recorded: the error
/// for that is already reported at the input.
#[derive(Debug)]
pub struct Read<T>(PhantomData<T>);

impl<T> Read<T> {
    /// For any type.
    #[must_use]
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        Self(PhantomData)
    }
}

/// Reads what was recorded.
pub trait ReadRecorded<T> {
    /// The input of this name.
    ///
    /// # Errors
    ///
    /// If what is recorded is not such a value.
    fn read(&self, stored: &mut Stored, name: &str) -> Result<T, JournalError>;
}

impl<T: RecordableInput> ReadRecorded<T> for Read<T> {
    fn read(&self, stored: &mut Stored, name: &str) -> Result<T, JournalError> {
        let value = stored.inputs.remove(name);
        // An input that was added to the workflow since then is read as `null`, if its type allows
        // that.
        let json = value.as_ref().map_or("null", |value| value.get());
        serde_json::from_str(json).map_err(|error| unreadable(&stored.run, name, &error))
    }
}

/// A stand-in for inputs that cannot be recorded. It never runs.
pub trait ReadNothing<T> {
    /// Nothing.
    ///
    /// # Errors
    ///
    /// None.
    fn read(&self, stored: &mut Stored, name: &str) -> Result<T, JournalError>;
}

impl<T> ReadNothing<T> for &Read<T> {
    fn read(&self, _: &mut Stored, name: &str) -> Result<T, JournalError> {
        unreachable!("input `{name}` cannot be recorded, which does not compile")
    }
}
