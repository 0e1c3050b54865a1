//! `ruleproof sample`: judges a sample of live events beside production, and counts.
//!
//! What must never happen is that production notices. So the producer is never slowed: an [`Intake`] goes on reading
//! when judging does not keep up, and counts and drops what it read, in memory that does not grow. What is left is
//! sampled ([`crate::sampling`]) and judged like in a replay, on the same threads and by the same code.
//!
//! `read = delivered + unmatched + errored + dropped`, by whatever reason, at every moment and in every output.
//!
//! Candidate rules may be judged beside those in use ([`ShadowOptions`]); they change no verdict.
//!
//! Rules are exchanged between two batches ([`RuleSwitch`]), so that no event is judged by half of each. A run that is
//! told to end hands on what it has read, and ends when that is judged and recorded.

mod cross_check;
mod http_input;
mod intake;
mod probing;
pub mod queue;
mod rules;
mod run;
mod shadow;
mod tally;
mod tap;
mod telemetry;
mod waiting;
mod watching;
mod worker;

pub use cross_check::{Asking, CrossCheck, CrossChecker};
pub use http_input::{HttpEvents, http_events};
pub use intake::{Intake, Overload, Shed};
pub use probing::{ProbeRun, Prober, Probing};
pub use rules::{RuleSwitch, Ruling};
pub use run::{Observer, SampleOptions, Sampled, sample};
pub use shadow::ShadowOptions;
pub use tap::{TapOptions, TappedEvent, TappedEvents};
pub use telemetry::Published;
pub use watching::{Clock, DriftOptions, Watch};
