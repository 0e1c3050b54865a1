//! A run: actors around the ledger, and nothing but the store between what was and what will be.
//!
//! ```text
//! planner -> store -> reader -> sender -> bus ... queues -> collectors -> store
//!                                  \                            |
//!                                   `------->  ledger  <--------'
//!                                                |
//!              finisher <- asker <- poller <-----'
//! ```
//!
//! - The planner writes all events down before the first is sent, so that a run that was killed goes on without its
//!   input.
//! - The sender keeps the rate and the limit of events in flight, and writes down that it is about to send before it
//!   does.
//! - A collector deletes a message once what it says is durable, and never before.
//! - The merger adds further messages of a fact to its record, those of all collectors at once.
//! - The poller serves all events in flight: one batched read for all that are due.
//! - The asker asks AWS where records alone do not decide.
//! - The finisher writes verdicts, and then lets go of the events.
//!
//! Every channel is bounded. One token stops all of them; what has been begun is finished or, after a moment of grace,
//! dropped, which is no different from a crash: the next `redrive` goes on from the store.

mod asker;
mod backend;
mod clock;
mod collector;
mod drain;
mod drive;
mod driver;
mod end;
mod finisher;
mod history;
mod learning;
mod merger;
mod observer;
mod options;
mod planner;
mod poller;
mod put;
mod reader;
mod reading;
mod recorder;
mod resender;
mod resume;
mod retries;
mod sender;
mod shared;
mod step;

pub use backend::Backend;
pub use clock::RunClock;
pub use drive::{Part, redrive, run};
pub use driver::Driver;
pub use end::{Failed, RunEnd};
pub use history::{AttemptHistory, Histories, History, Remembered};
pub use observer::{Observer, Unobserved};
pub use options::RunOptions;
pub use step::{RedriveStep, next_step};
