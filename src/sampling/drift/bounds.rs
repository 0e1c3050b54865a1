//! What a rule's matches are held to.

use super::baseline::RuleBaseline;
use super::statistics::{at_least, at_most, deviations, lowest, wilson};
use super::window::WindowTally;
use crate::matcher::RuleIndex;

/// What a baseline allows for a rule.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Bounds {
    before: f64,
    low: f64,
    high: f64,
    /// The probability of either error.
    alpha: f64,
}

impl Bounds {
    /// Of a rule in a baseline of so many events.
    pub(super) fn of(before: &RuleBaseline, events: f64, alpha: f64) -> Bounds {
        let matched = before.rate * events;
        let (_, high) = wilson(before.rate, events, deviations(alpha));
        // Weights are summed in floating point: 45 matches may come as 44.999….
        Bounds { before: before.rate, low: lowest((matched + 1e-6).floor(), events, alpha), high, alpha }
    }

    /// The part of the events that the rule matched in the baseline.
    pub(super) fn before(&self) -> f64 {
        self.before
    }

    /// How many events without a match are beyond chance. `None` if no number is, as the rule may never match at all.
    pub(super) fn events_needed(&self) -> Option<f64> {
        let needed = self.alpha.ln() / (-self.low).ln_1p();
        // One more, as the number of events is rounded down where it is judged.
        (self.low > 0.0 && needed.is_finite()).then(|| needed.ceil() + 1.0)
    }

    /// Whether the rule matches less than `material` of what it did, beyond chance.
    pub(super) fn has_dropped(&self, seen: &WindowTally, rule: RuleIndex, material: f64) -> bool {
        let (now, events) = (seen.rate(rule), seen.effective());
        now < material * self.before && at_most((now * events).ceil(), events, self.low) <= self.alpha
    }

    /// Whether what the rule did is less than `material` of what it matches, beyond chance.
    pub(super) fn has_risen(&self, seen: &WindowTally, rule: RuleIndex, material: f64) -> bool {
        let (now, events) = (seen.rate(rule), seen.effective());
        now * material > self.before && at_least((now * events).floor(), events, self.high) <= self.alpha
    }
}
