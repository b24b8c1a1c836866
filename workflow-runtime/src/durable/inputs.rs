//! The inputs of a run, as they are recorded.

use std::marker::PhantomData;

use serde_json::value::RawValue;
use workflow_journal::Run;

use crate::durable::error::{unreadable, unwritable};
use crate::durable::{JournalError, RecordableInput};

/// The by-value inputs of a workflow, by their names, or why one of them cannot be recorded.
#[derive(Debug)]
pub struct Inputs(Result<Vec<Input>, (&'static str, serde_json::Error)>);

type Input = (&'static str, Box<RawValue>);

impl Inputs {
    /// None yet.
    #[must_use]
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        Self(Ok(Vec::new()))
    }

    /// With this one, too.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: &impl RecordableInput) -> Self {
        if let Ok(inputs) = &mut self.0 {
            match serde_json::value::to_raw_value(value) {
                Ok(value) => inputs.push((name, value)),
                Err(error) => self.0 = Err((name, error)),
            }
        }
        self
    }

    pub(super) fn written(self, run: &str) -> Result<Written, JournalError> {
        self.0.map(Written).map_err(|(name, error)| unwritable(run, name, &error))
    }
}

/// Inputs as JSON.
pub(super) struct Written(Vec<Input>);

impl Written {
    pub(super) fn to_json(&self) -> String {
        let inputs = self.0.iter().map(|(name, value)| {
            let name = serde_json::to_string(name).expect("it is a text");
            format!("{name}:{}", value.get())
        });
        format!("{{{}}}", inputs.collect::<Vec<_>>().join(","))
    }

    /// Whether the run was started with the same ones.
    pub(super) fn check(&self, stored: &Run) -> Result<(), JournalError> {
        let before = read(&stored.id, &stored.inputs)?;
        let changed = |input: &str| JournalError::InputChanged {
            run: stored.id.clone(),
            input: input.to_owned(),
        };
        for (name, value) in &self.0 {
            // As values, so that the order of a map's keys does not count.
            let value: serde_json::Value = serde_json::from_str(value.get())
                .map_err(|error| unreadable(&stored.id, name, &error))?;
            if before.get(*name) != Some(&value) {
                return Err(changed(name));
            }
        }
        match before.keys().find(|name| self.0.iter().all(|(known, _)| known != name)) {
            Some(gone) => Err(changed(gone)),
            None => Ok(()),
        }
    }
}

fn read(
    run: &str,
    inputs: &str,
) -> Result<serde_json::Map<String, serde_json::Value>, JournalError> {
    serde_json::from_str(inputs).map_err(|error| unreadable(run, "inputs", &error))
}

/// What is stored of a run that is to go on.
#[derive(Debug)]
pub struct Stored {
    run: String,
    inputs: serde_json::Map<String, serde_json::Value>,
}

impl Stored {
    pub(super) fn of(run: &Run) -> Result<Self, JournalError> {
        Ok(Self { run: run.id.clone(), inputs: read(&run.id, &run.inputs)? })
    }
}

/// Reads an input of this type.
///
/// By method, so that rustc takes [`ReadNothing`] for one that cannot be recorded: it has said so
/// at the input.
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
    /// If what is recorded is no such value.
    fn read(&self, stored: &mut Stored, name: &str) -> Result<T, JournalError>;
}

impl<T: RecordableInput> ReadRecorded<T> for Read<T> {
    fn read(&self, stored: &mut Stored, name: &str) -> Result<T, JournalError> {
        let value = stored.inputs.remove(name).unwrap_or_default();
        serde_json::from_value(value).map_err(|error| unreadable(&stored.run, name, &error))
    }
}

/// Stands in where nothing can be recorded. It never runs.
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
