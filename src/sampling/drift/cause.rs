//! Why a rule matches less.

use std::collections::BTreeMap;

use super::baseline::{Baseline, RuleBaseline, kind_name};
use super::fields::{Fields, dotted};
use super::monitor::WatchedRule;
use super::window::{WindowTally, part};
use crate::matcher::explain;
use crate::pattern::{Pattern, Profile};

/// The part of events that have to fail a condition more than before for it to be the one.
const FAILING_MORE_MIN: f64 = 0.1;
/// How far the frequencies of an old and a new name may be apart.
const FREQUENCY_TOLERANCE: f64 = 0.2;
/// A field that more events had than this is not new.
const NEW_PART_MAX: f64 = 0.05;

/// Why a rule matches less than it did.
#[derive(Debug, Clone, PartialEq)]
pub enum Cause {
    /// A condition is met less often than it was.
    Condition(BeganToFail),
    /// There are fewer events of the kinds that it matched (source and detail-type, as JSON).
    FewerEvents(Vec<String>),
    /// The events that were kept do not tell.
    Unknown,
}

/// A condition that is met less often than it was.
#[derive(Debug, Clone, PartialEq)]
pub struct BeganToFail {
    /// Where its tests stand in the pattern: a JSON pointer.
    pub condition: String,
    /// The field that it reads, with dots.
    pub field: String,
    /// The part of the events that did not meet it.
    pub failed_before: f64,
    /// The part that does not meet it now.
    pub fails_now: f64,
    /// The field that vanished: a JSON pointer without steps through arrays. `None` if the field is there and its value
    /// is another.
    pub vanished: Option<String>,
    /// What it is likely called now.
    pub new_name: Option<String>,
}

/// Of each condition, how many events do not meet it.
#[derive(Debug, Default)]
pub(super) struct Failing {
    events: f64,
    conditions: BTreeMap<String, (f64, String)>,
}

impl Failing {
    /// The parts of all events, with the fields that are read.
    pub(super) fn parts(&self) -> BTreeMap<String, (f64, String)> {
        let part_of = |(pointer, (failed, field)): (&String, &(f64, String))| {
            (pointer.clone(), (part(*failed, self.events), field.clone()))
        };
        self.conditions.iter().map(part_of).collect()
    }
}

/// Explains `events`, condition by condition.
pub(super) fn failing<'e>(
    pattern: &Pattern,
    profile: Profile,
    events: impl IntoIterator<Item = &'e [u8]>,
) -> Failing {
    let mut failing = Failing::default();
    for explanation in events.into_iter().filter_map(|event| explain(pattern, event, profile).ok()) {
        failing.events += 1.0;
        for condition in explanation.conditions {
            let known = failing.conditions.entry(condition.pattern_pointer.as_str().to_owned());
            known.or_insert((0.0, condition.path)).0 += f64::from(u8::from(!condition.holds));
        }
    }
    failing
}

/// What changed for `rule` from `before` to `now`.
pub(super) fn cause(
    rule: &WatchedRule,
    profile: Profile,
    baseline: &Baseline,
    before: &RuleBaseline,
    now: &WindowTally,
) -> Cause {
    let of_rule = now.kinds.iter().filter(|(name, _)| before.kinds.contains(&kind_name(name)));
    let tallies: Vec<_> = of_rule.map(|(_, tally)| tally).collect();
    let events = || tallies.iter().flat_map(|tally| tally.events.values()).map(|event| &**event);
    let failing = failing(&rule.pattern, profile, events()).parts();
    let more = |pointer: &str, part: f64| part - before.failing.get(pointer).copied().unwrap_or_default();
    let (then, fields) = (fields_before(baseline, before), Fields::of(events()).parts());
    // A field that is no longer there says more than a condition that few events met anyway.
    let score = |(pointer, (part, field)): &(&String, &(f64, String))| {
        let lost = vanished(&then, &fields, field).map_or(0.0, |(_, lost)| lost);
        more(pointer, *part).max(lost)
    };
    let worst = failing.iter().max_by(|a, b| score(a).total_cmp(&score(b)));
    if let Some((pointer, (fails_now, field))) = worst.filter(|worst| score(worst) >= FAILING_MORE_MIN) {
        let vanished = vanished(&then, &fields, field).map(|(pointer, _)| pointer);
        let new_name = vanished.as_ref().and_then(|vanished| new_name(&then, &fields, vanished));
        return Cause::Condition(BeganToFail {
            condition: pointer.clone(),
            field: field.clone(),
            failed_before: fails_now - more(pointer, *fails_now),
            fails_now: *fails_now,
            vanished,
            new_name,
        });
    }
    let part_now = part(tallies.iter().map(|tally| tally.weights).sum(), now.weights);
    let part_then: f64 =
        before.kinds.iter().filter_map(|kind| baseline.kinds.get(kind)).map(|kind| kind.part).sum();
    if part_now < 0.75 * part_then { Cause::FewerEvents(before.kinds.clone()) } else { Cause::Unknown }
}

/// The fields of all kinds of events of a rule, by the part of them that had each.
fn fields_before(baseline: &Baseline, rule: &RuleBaseline) -> BTreeMap<String, f64> {
    let kinds: Vec<_> = rule.kinds.iter().filter_map(|kind| baseline.kinds.get(kind)).collect();
    let all: f64 = kinds.iter().map(|kind| kind.part).sum();
    let mut fields = BTreeMap::new();
    for kind in kinds {
        for (pointer, part_of_kind) in &kind.fields {
            *fields.entry(pointer.clone()).or_default() += part(part_of_kind * kind.part, all);
        }
    }
    fields
}

/// The field of that path, if it is at most half as frequent as it was, and by how much it is rarer.
fn vanished(then: &BTreeMap<String, f64>, now: &BTreeMap<String, f64>, path: &str) -> Option<(String, f64)> {
    let (pointer, part) = then.iter().find(|(pointer, _)| dotted(pointer) == path)?;
    let part_now = now.get(pointer).copied().unwrap_or_default();
    (part_now <= part / 2.0).then(|| (pointer.clone(), part - part_now))
}

/// A field that is new and about as frequent as the one that vanished: best one beside it, or one of the same name
/// elsewhere.
fn new_name(then: &BTreeMap<String, f64>, now: &BTreeMap<String, f64>, vanished: &str) -> Option<String> {
    let lost = then.get(vanished)? - now.get(vanished).copied().unwrap_or_default();
    let (parent, name) = vanished.rsplit_once('/')?;
    let distance = |pointer: &str, part: f64| {
        let kinship = match pointer.rsplit_once('/') {
            Some((p, _)) if p == parent => 0.0,
            Some((_, n)) if n == name => 1.0,
            _ => 2.0,
        };
        kinship + (part - lost).abs()
    };
    now.iter()
        .filter(|(pointer, part)| {
            let before = then.get(*pointer).copied().unwrap_or_default();
            before <= NEW_PART_MAX && (**part - lost).abs() <= FREQUENCY_TOLERANCE
        })
        .min_by(|a, b| distance(a.0, *a.1).total_cmp(&distance(b.0, *b.1)))
        .map(|(pointer, _)| pointer.clone())
}
