//! Recorded events that rules match.

use crate::matcher::Scratch;
use crate::sources::{Batch, EventSource, Item, Progress, SourceLimits};
use crate::verdict::RuleSet;

/// Recorded events that are looked at; a test file needs one per rule.
const EVENTS_MAX: usize = 1_000_000;

/// Longer events are passed over: nobody reads a test with them.
const EVENT_BYTES_MAX: usize = 32 << 10;

/// A recorded event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// Its text.
    pub event: Vec<u8>,
    /// `input:line`.
    pub place: String,
}

/// Of each rule, the first event of `source` that it matches. Stops once each has one.
pub fn samples(source: &mut impl EventSource, rules: &RuleSet, limits: &SourceLimits) -> Vec<Option<Sample>> {
    let mut found: Vec<Option<Sample>> = vec![None; rules.rules().len()];
    let mut missing = found.len();
    let mut batch = Batch::with_limits(limits);
    let mut scratch = Scratch::default();
    let mut looked_at = 0;
    while missing > 0 && looked_at < EVENTS_MAX {
        let progress = source.next_batch(&mut batch);
        for item in batch.items() {
            let Item::Event { bytes, origin } = item else { continue };
            let event = batch.event(bytes);
            looked_at += 1;
            if event.len() > EVENT_BYTES_MAX {
                continue;
            }
            for rule in rules.matcher().matches(event, &mut scratch).unwrap_or_default() {
                let known = &mut found[rule.0 as usize];
                if known.is_none() {
                    let place = format!("{}:{}", source.input_name(origin.input), origin.line);
                    *known = Some(Sample { event: event.to_vec(), place });
                    missing -= 1;
                }
            }
        }
        if progress == Progress::Done {
            break;
        }
    }
    found
}
