//! How fast rules match events, with everything else left out: the events are in memory, and nothing is read,
//! rendered or written while the clock runs.
//!
//! For comparing rule sets, machines, versions, and other engines that are timed from outside in the same run.
//! A replay is what people wait for; this is the part of it that the rules decide.

mod events;
mod measure;

pub use events::MemoryEvents;
pub use measure::{MeasureOptions, Measurement, measure};
