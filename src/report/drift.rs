//! What became of the match rates of rules.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::human::grouped;
use crate::sampling::drift::{Cause, DriftChange, RateChange, TooRare};

/// What became of match rates in a run.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DriftReport {
    /// The first changes, in their order.
    pub changes: Vec<DriftChange>,
    /// Rules that match less than they did at the end.
    pub dropped: Vec<String>,
    /// How many rules had events enough to be compared with how they were.
    pub rules_compared: usize,
    /// Rules that match too rarely to tell.
    pub too_rare: Vec<TooRare>,
}

impl DriftReport {
    pub(super) fn to_json(&self) -> Value {
        json!({
            "changes": self.changes.iter().map(change_json).collect::<Vec<Value>>(),
            "dropped": self.dropped,
            "rules_compared": self.rules_compared,
            "too_rare": self.too_rare.iter().map(too_rare_json).collect::<Vec<Value>>(),
        })
    }

    /// # Errors
    /// The writer's.
    pub(super) fn write_human(&self, out: &mut impl Write) -> io::Result<()> {
        self.changes.iter().try_for_each(|change| writeln!(out, "\n{}", drift_words(change)))?;
        self.too_rare.iter().try_for_each(|rule| writeln!(out, "\n{}", too_rare_words(rule)))
    }
}

fn too_rare_json(it: &TooRare) -> Value {
    json!({"rule": it.rule, "before": it.before, "events_needed": it.events_needed})
}

/// Why nothing can be said of a rule, for people.
pub fn too_rare_words(it: &TooRare) -> String {
    let told = "too rare to tell whether it matches less";
    match it.events_needed {
        Some(needed) => format!(
            "rule {}: {told}: it matched {:.3}% of the events, so that it takes {} events without a match to tell, and \
             not so many came within what is joined",
            it.rule,
            it.before * 100.0,
            grouped(needed as u64)
        ),
        None => format!("rule {}: {told}: it matched nothing while the baseline was learned", it.rule),
    }
}

fn change_json(change: &DriftChange) -> Value {
    let (kind, rule, rates, cause) = match change {
        DriftChange::Dropped { rule, change, cause } => ("dropped", rule, change, Some(cause)),
        DriftChange::Recovered { rule, change } => ("recovered", rule, change, None),
        DriftChange::Rose { rule, change } => ("rose", rule, change, None),
    };
    let cause = cause.map(|cause| match cause {
        Cause::Condition(it) => json!({
            "kind": "condition", "condition": it.condition, "field": it.field, "failed_before": it.failed_before,
            "fails_now": it.fails_now, "vanished": it.vanished, "new_name": it.new_name,
        }),
        Cause::FewerEvents(kinds) => json!({"kind": "fewer_events", "kinds": kinds}),
        Cause::Unknown => json!({"kind": "unknown"}),
    });
    json!({
        "change": kind, "rule": rule, "window": rates.window, "before": rates.before, "now": rates.now,
        "cause": cause,
    })
}

/// A change, for people.
pub fn drift_words(change: &DriftChange) -> String {
    let rates = |change: &RateChange| {
        format!("{} of the events, {} before", percent(change.now), percent(change.before))
    };
    match change {
        DriftChange::Dropped { rule, change, cause } => {
            format!("rule {rule} matches less: {}\n  {}", rates(change), cause_words(cause))
        }
        DriftChange::Recovered { rule, change } => format!("rule {rule} matches again: {}", rates(change)),
        DriftChange::Rose { rule, change } => format!("rule {rule} matches more: {}", rates(change)),
    }
}

fn cause_words(cause: &Cause) -> String {
    let it = match cause {
        Cause::Condition(it) => it,
        Cause::FewerEvents(kinds) => {
            return format!("there are fewer events of the kinds that it matched: {}", kinds.join(", "));
        }
        Cause::Unknown => return "the events that were kept do not tell why".to_owned(),
    };
    let failing = format!(
        "the condition at {} fails for {} of the events, {} before",
        it.condition,
        percent(it.fails_now),
        percent(it.failed_before)
    );
    match (&it.vanished, &it.new_name) {
        (Some(old), Some(new)) => format!("{failing}: the field {old} vanished; likely it is {new} now"),
        (Some(old), None) => format!("{failing}: the field {old} vanished"),
        (None, _) => format!("{failing}: the field {} is there, with other values", it.field),
    }
}

fn percent(part: f64) -> String {
    format!("{:.1}%", part * 100.0)
}
