//! Which events of a stream are looked at, and what each of them stands for.
//!
//! A process beside production sees more events than it may cost to judge. Which of them are dropped is decided from the
//! text alone, before anything is parsed: for an event that is dropped this costs no more than finding one field in it.
//!
//! # How it is decided
//! A field (or the event's `id`) is hashed with XXH3-64 under a fixed seed, and the event is kept if the hash lies in the
//! lowest part of its range that the ratio asks for. So there is no state and no chance in it:
//! - events with the same key are kept or dropped together, whatever else is in them;
//! - two processes with the same ratio keep the same events, and one with a lower ratio a part of those;
//! - the seed and the bytes that are hashed are part of the interface, and stay the same from version to version.
//!
//! # Why scaled counts are true
//! Each kept event has a weight: one over the probability with which it was kept. Sums of weights are then unbiased
//! counts of the whole stream (Horvitz and Thompson), as long as the probability was settled before the event was seen.
//! A [ceiling](Ceiling) keeps to that. Rather than to take what comes first in each second and throw the rest away, it
//! lowers the probability as its budget runs low, so that the budget is hardly ever used up; that an event is kept
//! depends on its hash and on the events before it, never on what it holds. Only when the budget is empty all the same
//! are events dropped without a look; their weights are carried to the next event of the same group that is kept, so that
//! totals stay right, and what nobody took up by the end is told ([`SamplingCounts::carried`]).
//!
//! [`drift`] compares how often rules match with how often they used to, and says what changed. [`tap`] makes examples of
//! events that may be shown.

mod ceiling;
pub mod drift;
mod field;
mod groups;
mod key;
mod plan;
mod ratio;
mod sampler;
pub mod tap;

pub use field::{Field, FieldError};
pub use groups::{GROUPS_MAX, GroupCounts};
pub use plan::{Ceiling, Division, Grouping, SamplingPlan};
pub use ratio::{Ratio, RatioError};
pub use sampler::{Decision, DropReason, Sampler, SamplingCounts};
