//! What happens to a workflow, a step or a compensation: fields of its span, and events in it.

use std::sync::Arc;

use tracing::{Level, event};

use crate::duration::Told;
use crate::run::EventKind;
use crate::run::subject::Subject;
use crate::run::trace::Span;
use crate::run::trace::span::{TARGET, within};

/// An event in this span, with what it is about.
macro_rules! say {
    ($span:expr, $run_id:expr, $subject:expr, $level:ident, $message:literal $($fields:tt)*) => {
        event!(
            target: TARGET,
            parent: within($span.span.as_ref()),
            Level::$level,
            run_id = $run_id.map(|id| &**id),
            workflow = $subject.workflow,
            step = step($subject),
            $($fields)*
            $message
        )
    };
}

/// The step that something belongs to; none for a workflow that no other workflow calls.
fn step(subject: &Subject) -> Option<&str> {
    (!subject.path.is_empty()).then_some(&*subject.path)
}

impl Span {
    /// Something has happened to `subject`. The span is its own, or that of its workflow if
    /// `subject` never ran.
    pub(crate) fn tell(&self, run_id: Option<&Arc<str>>, subject: &Subject, kind: &EventKind) {
        use EventKind as Kind;
        match kind {
            Kind::Retrying { attempt, delay, error } => {
                say!(self, run_id, subject, WARN, "attempt failed, there will be another"
                    attempt, delay = %Told(*delay), error = error.as_str(),);
                self.attempt(attempt + 1);
            }
            Kind::SignalRefused { signal, error } => {
                say!(self, run_id, subject, WARN, "signal cannot be read, the step waits on"
                    signal = signal.as_str(), error = error.as_str(),);
            }
            Kind::Completed { .. } | Kind::WorkflowFinished { error: None, .. } => {
                self.outcome("completed");
            }
            Kind::Failed { attempts, error, retryable, .. } => {
                self.failed(error);
                // A workflow that calls a step may handle its failure. None calls this one.
                if subject.graph.is_none() {
                    say!(self, run_id, subject, ERROR, "step failed"
                        attempts, retryable, error = error.as_str(),);
                } else {
                    say!(self, run_id, subject, WARN, "step failed"
                        attempts, retryable, error = error.as_str(),);
                }
            }
            Kind::WorkflowFinished { error: Some(error), .. } => {
                self.failed(error);
                if subject.path.is_empty() {
                    say!(self, run_id, subject, ERROR, "workflow failed" error = error.as_str(),);
                } else {
                    say!(self, run_id, subject, WARN, "workflow failed" error = error.as_str(),);
                }
            }
            Kind::Compensated { attempts, .. } => {
                self.outcome("completed");
                say!(self, run_id, subject, INFO, "step undone" attempts,);
            }
            Kind::CompensationFailed { attempts, error, .. } => {
                self.failed(error);
                say!(self, run_id, subject, ERROR, "step could not be undone"
                    attempts, error = error.as_str(),);
            }
            Kind::Panicked { attempts, .. } => {
                say!(self, run_id, subject, ERROR, "step panicked" attempts,);
            }
            Kind::Replayed => say!(self, run_id, subject, DEBUG, "step replayed"),
            Kind::Skipped => say!(self, run_id, subject, DEBUG, "step skipped"),
            Kind::Cancelled => {
                self.cancelled();
                say!(self, run_id, subject, DEBUG, "step cancelled");
            }
            Kind::WorkflowCancelled => {
                self.cancelled();
                say!(self, run_id, subject, DEBUG, "workflow cancelled");
            }
            Kind::WorkflowStarted
            | Kind::FanOutStarted { .. }
            | Kind::ItemFinished { .. }
            | Kind::Started => {}
        }
    }

    fn failed(&self, error: &str) {
        self.outcome("failed");
        self.error(error);
    }

    fn cancelled(&self) {
        if !self.has_panicked() {
            self.outcome("cancelled");
        }
    }
}
