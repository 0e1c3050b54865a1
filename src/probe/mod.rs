//! Sends events to a real bus and finds out of each what became of it: delivered, unmatched or errored.
//!
//! Our own verdicts are worth what our matcher is worth. A probe asks AWS: it puts events on a test bus with a copy
//! of each rule under test (same pattern, same target input), collects what arrives, and holds it against the local
//! prediction. The rules stay as they are; what belongs to which event is told from outside of their bodies.
//!
//! - [`Layout`] says what has to be on the test bus, to the last target; whoever sets it up follows it, and the
//!   collectors know by it what a message means.
//! - [`EventBus`], [`Queue`] and [`PatternTester`] are all that a run needs of AWS.
//! - [`Setup`] makes and removes testbeds, and needs [`BusAdmin`] and [`QueueAdmin`] for it.

mod admin;
mod arrival;
mod batch;
mod foresight;
mod guess;
mod judging;
mod latency;
mod layout;
mod ledger;
mod metrics;
mod mirrored_bus;
mod moment;
mod ports;
mod records;
mod run;
mod sendable;
mod setup;
mod tally;
mod token;
mod wire;

pub use admin::{
    BusAdmin, FoundBus, FoundRule, NewRule, Page, QueueAdmin, QueueSettings, QueueTarget, QueueUrl, Tags,
};

pub use foresight::{Expected, Foreseen, ForeseenPair, Foresight};
pub use guess::Guess;
pub use judging::{Bundle, Evidence, Problem, Verdict, VerdictWord};
pub use latency::{Latencies, Times};
pub use layout::{
    BusArn, CATCH_ALL_PATTERN, Destination, Layout, LayoutError, MirrorIndex, MirrorInput, MirrorRule,
    MirrorTarget, PairIndex, Subject, TestbedName,
};
pub use metrics::ProbeMetrics;
pub use mirrored_bus::MirroredBus;
pub use ports::{EventBus, PatternTester, Queue};
pub use records::{
    FinalVerdict, Given, MirrorNames, NotSent, PlannedEvent, RunPart, RunRecord, RunState, SentAnswer,
    SentEvent,
};
pub use run::{
    AttemptHistory, Backend, Driver, Failed, Histories, History, Observer, Part, RedriveStep, Remembered,
    RunClock, RunEnd, RunOptions, Unobserved, next_step, redrive, run,
};
pub use setup::{
    BusChoice, InUseMark, Inventory, LeftOver, Marks, PutEventsRate, QuotaChoice, Quotas, Readiness, Removed,
    RunCost, Setup, SetupProblem, Step, Strayed, TEST_BUS_TAG, Testbed, TestbedUse, UpError,
};
pub use tally::{CodeTally, RuleTally, Tally};
pub use token::{RunMark, Sending};
pub use wire::{Deleted, Entry, EntryAnswer, EntryError, Message, MessageId, ReceiptHandle};
