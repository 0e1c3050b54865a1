//! How it used to be.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::cause::failing;
use super::fields::Fields;
use super::monitor::WatchedRule;
use super::window::{WindowTally, part};
use crate::matcher::RuleIndex;
use crate::pattern::Profile;

/// How often rules matched, and what the events were like. Holds names of fields, sources and detail-types, and no other
/// contents of events.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Baseline {
    /// Events of equal weight that would say as much as those that were seen.
    pub events: f64,
    /// By name.
    pub rules: BTreeMap<String, RuleBaseline>,
    /// By source and detail-type, of kinds that some rule matched.
    pub kinds: BTreeMap<String, KindBaseline>,
}

/// How often a rule matched.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct RuleBaseline {
    /// Its pattern, as it was; a changed one has no baseline.
    pub pattern: String,
    /// The part of all events.
    pub rate: f64,
    /// The kinds of events that it matched.
    pub kinds: Vec<String>,
    /// Of each condition, by its place in the pattern, the part of events of those kinds that did not meet it.
    pub failing: BTreeMap<String, f64>,
}

/// What events of a kind were like.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct KindBaseline {
    /// Their part of all events.
    pub part: f64,
    /// Of each field, by JSON pointer without steps through arrays, the part of the events that have it.
    pub fields: BTreeMap<String, f64>,
}

impl Baseline {
    /// From what was seen.
    pub(super) fn learned(seen: &WindowTally, rules: &[WatchedRule], profile: Profile) -> Baseline {
        let mut baseline = Baseline { events: seen.effective(), ..Baseline::default() };
        for (index, rule) in (0..).map(RuleIndex).zip(rules) {
            let of_rule = seen.kinds.iter().filter(|(_, kind)| kind.matched.contains_key(&index));
            let kinds: Vec<&Box<[u8]>> = of_rule.map(|(name, _)| name).collect();
            let events =
                kinds.iter().flat_map(|kind| seen.kinds[*kind].events.values()).map(|event| &**event);
            let failing = failing(&rule.pattern, profile, events);
            let of_rule = RuleBaseline {
                pattern: rule.pattern.to_string(),
                rate: seen.rate(index),
                kinds: kinds.iter().map(|kind| kind_name(kind)).collect(),
                failing: failing.parts().into_iter().map(|(pointer, (part, _))| (pointer, part)).collect(),
            };
            baseline.rules.insert(rule.name.clone(), of_rule);
        }
        for (name, kind) in seen.kinds.iter().filter(|(_, kind)| !kind.matched.is_empty()) {
            let fields = Fields::of(kind.events.values().map(|event| &**event)).parts();
            let kind = KindBaseline { part: part(kind.weights, seen.weights), fields };
            baseline.kinds.insert(kind_name(name), kind);
        }
        baseline
    }

    /// What is known of a rule, if it still has the same pattern.
    pub(super) fn of(&self, rule: &WatchedRule) -> Option<&RuleBaseline> {
        self.rules.get(&rule.name).filter(|known| known.pattern == rule.pattern.to_string())
    }
}

/// A kind for people and files: the JSON texts of source and detail-type.
pub(super) fn kind_name(kind: &[u8]) -> String {
    String::from_utf8_lossy(kind).replace('\n', " ")
}
