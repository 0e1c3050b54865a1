//! Holds our verdicts against those of `TestEventPattern`, on a sample of rules and events.
//!
//! AWS answers one pattern and one event per call, fifty times a second, so of all pairs only a sample is asked about,
//! and nothing twice: what a file of recorded cases answers already is not asked again, and new answers are added to
//! it. Pairs are no even sample. Most events miss most patterns by far, and such pairs teach nothing; so the sample
//! has, of each rule in turn, one event that matches it and one that all but matches.

mod answer;
mod compare;
mod known;
mod pairs;
mod reservoir;
mod sample;

pub use answer::{Answer, Asked, case_id};
pub use compare::{Compared, ParityError, answers, ask};
pub use known::Known;
pub use pairs::{Pair, choose, pair_for};
pub use sample::{ASKED_BYTES_MAX, SampledEvent, Sampler};
