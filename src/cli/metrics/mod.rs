//! `--metrics-*` and `--alarm`, for every command that runs events: who is told what a run counts.
//!
//! A command starts [`Metrics`] once its input is open, hands its registry on to what counts, and ends it when all is
//! done: then exporters get their last numbers, and alarms that fire make a one-shot run fail.

mod args;
mod session;

pub(in crate::cli) use args::MetricsArgs;
pub(in crate::cli) use session::{DriverRoutes, Metrics};
