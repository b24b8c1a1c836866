//! Small real programs, one for each pattern of workflow.
//!
//! Every module is one example: its types in `model`, its steps in `steps`,
//! what it prints in `report`, and the workflow itself at the top. The binary
//! of the same name runs it on the files in `data/`.

pub mod alerts;
pub mod approval;
pub mod checkout;
pub mod cli;
pub mod conditional;
pub mod data;
pub mod date;
pub mod diamond;
pub mod dice;
pub mod etl;
pub mod linear;
pub mod metrics;
pub mod money;
pub mod parallel;
pub mod pipeline;
pub mod traces;
