//! Stores that answer late, fail once or for a while, or never answer: each run ends right or with
//! an error, within its limits, and goes on to the right end when the fault is over.

mod faults;
mod real_time;
mod run;
mod virtual_time;
mod workflow;
