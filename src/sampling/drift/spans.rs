//! Windows that are joined until they hold events enough to tell a drop.
//!
//! Each rule needs another number of events. So that not each keeps events of its own, rules share spans whose sizes
//! double: a rule has the first one that suffices for it.

use std::collections::BTreeMap;

use super::window::WindowTally;
use crate::matcher::RuleIndex;

/// Spans of `events_min` events, of twice as many, and so on, as far as rules need them.
#[derive(Debug, Default)]
pub(super) struct Spans {
    /// By how often the smallest size is doubled.
    spans: BTreeMap<i32, Span>,
    events_min: f64,
    windows_max: u32,
}

/// A span that is not full.
#[derive(Debug, Default)]
struct Span {
    /// The number of its first window.
    first: Option<i64>,
    seen: WindowTally,
    rules: Vec<RuleIndex>,
}

/// A span that came to its end.
#[derive(Debug)]
pub(super) struct Ended {
    pub(super) rules: Vec<RuleIndex>,
    pub(super) seen: WindowTally,
    /// Whether it holds the events that its rules need; otherwise it had all the windows that it may have.
    pub(super) is_full: bool,
}

impl Spans {
    /// For rules that need so many events each.
    pub(super) fn new(
        needed: impl IntoIterator<Item = (RuleIndex, f64)>,
        events_min: u64,
        windows_max: u32,
    ) -> Spans {
        let events_min = events_min.max(1) as f64;
        let mut spans: BTreeMap<i32, Span> = BTreeMap::new();
        for (rule, events) in needed {
            let doublings = (events / events_min).log2().ceil().max(0.0) as i32;
            spans.entry(doublings).or_default().rules.push(rule);
        }
        Spans { spans, events_min, windows_max }
    }

    /// Adds a window; gives the spans that it ends.
    pub(super) fn add(&mut self, window: i64, seen: &WindowTally) -> Vec<Ended> {
        let mut ended = Vec::new();
        for (doublings, span) in &mut self.spans {
            let first = *span.first.get_or_insert(window);
            span.seen.add(seen.clone());
            let is_full = span.seen.effective() >= self.events_min * 2_f64.powi(*doublings);
            if is_full || window.saturating_sub(first) >= i64::from(self.windows_max) {
                span.first = None;
                let (rules, seen) = (span.rules.clone(), std::mem::take(&mut span.seen));
                ended.push(Ended { rules, seen, is_full });
            }
        }
        ended
    }

    /// The spans that nothing filled.
    pub(super) fn rest(&mut self) -> Vec<Ended> {
        let rest = std::mem::take(&mut self.spans).into_values();
        rest.map(|span| Ended { rules: span.rules, seen: span.seen, is_full: false }).collect()
    }
}
