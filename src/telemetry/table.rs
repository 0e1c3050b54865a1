//! The table of metrics: everything that a driver may count.
//!
//! One place for names, units and labels, so that dashboards and alarms can be checked against it. Values of labels
//! come from code (verdicts, codes, reasons) or from the rules (their names), never from events.

use super::definition::{Definition, Metric, Unit};
use super::handle::{Counter, Gauge, Histogram};

/// Events by verdict: `delivered`, `unmatched`, `errored`.
pub static EVENTS: Metric<Counter, 1> = Metric::counter(
    "ruleproof_events_total",
    Unit::Count,
    &["verdict"],
    "Events that were judged, by verdict.",
);

/// Bytes of events.
pub static EVENT_BYTES: Metric<Counter, 0> =
    Metric::counter("ruleproof_event_bytes_total", Unit::Bytes, &[], "Bytes of the events that were judged.");

/// Events that were read, also those that were dropped before they were judged.
pub static EVENTS_READ: Metric<Counter, 0> = Metric::counter(
    "ruleproof_events_read_total",
    Unit::Count,
    &[],
    "Events that were read, whether they were judged or dropped.",
);

/// Errored events by code.
pub static ERRORS: Metric<Counter, 1> = Metric::counter(
    "ruleproof_errors_total",
    Unit::Count,
    &["code"],
    "Events that could not be judged or delivered, by code.",
);

/// Matches by rule.
pub static RULE_MATCHES: Metric<Counter, 1> =
    Metric::counter("ruleproof_rule_matches_total", Unit::Count, &["rule"], "Events that a rule matched.");

/// Bodies of targets that could not be made, by rule and code.
pub static TARGET_FAILURES: Metric<Counter, 2> = Metric::counter(
    "ruleproof_target_failures_total",
    Unit::Count,
    &["rule", "code"],
    "Inputs of a rule's targets that EventBridge could not make or deliver.",
);

/// How long judging a batch took.
pub static JUDGE_SECONDS: Metric<Histogram, 0> =
    Metric::histogram("ruleproof_judge_seconds", "Time to judge a batch of events.");

/// How old the events are when they are judged.
pub static LAG: Metric<Gauge, 0> = Metric::gauge(
    "ruleproof_lag_seconds",
    Unit::Seconds,
    &[],
    "Age of the newest event of the last batch when it was judged.",
);

/// Events that a sampler kept.
pub static SAMPLED: Metric<Counter, 0> =
    Metric::counter("ruleproof_sampled_total", Unit::Count, &[], "Events that the sampler kept.");

/// Events that were not judged, by reason: `sampled`, `ceiling`, `overload`.
pub static DROPPED: Metric<Counter, 1> = Metric::counter(
    "ruleproof_dropped_total",
    Unit::Count,
    &["reason"],
    "Events that were read and not judged, by reason.",
);

/// Events without the value that they are sampled by.
pub static SAMPLE_KEY_MISSING: Metric<Counter, 0> = Metric::counter(
    "ruleproof_sample_key_missing_total",
    Unit::Count,
    &[],
    "Events that lack the value of the sampling key, and were sampled by their id or text instead.",
);

/// The estimate of all events, from the sampled ones and their weights.
pub static ESTIMATED_EVENTS: Metric<Gauge, 1> = Metric::gauge(
    "ruleproof_estimated_events",
    Unit::Count,
    &["verdict"],
    "Events since the start by verdict, scaled up by the weights of the sample.",
);

/// A rule's match rate in the last window.
pub static RULE_MATCH_RATIO: Metric<Gauge, 1> = Metric::gauge(
    "ruleproof_rule_match_ratio",
    Unit::Ratio,
    &["rule"],
    "Part of the events that a rule matched in the last full window.",
);

/// Whether a rule's match rate dropped.
pub static DRIFT_ALARM: Metric<Gauge, 1> = Metric::gauge(
    "ruleproof_drift_alarm",
    Unit::Flag,
    &["rule"],
    "1 while a rule matches significantly less than its baseline.",
);

/// Events on which the candidate rules differ, by rule.
pub static SHADOW_DIFFERENCES: Metric<Counter, 1> = Metric::counter(
    "ruleproof_shadow_differences_total",
    Unit::Count,
    &["rule"],
    "Events on which the candidate of a rule differs from the rule.",
);

/// Verdicts that AWS was to be asked about, by outcome: `agreed`, `disagreed`, `failed`, `dropped`, `refused`.
pub static CROSS_CHECKS: Metric<Counter, 1> = Metric::counter(
    "ruleproof_cross_checks_total",
    Unit::Count,
    &["outcome"],
    "Verdicts that were to be compared with TestEventPattern, by outcome.",
);

/// Events of a sample that were to go through a testbed, by outcome: `delivered`, `unmatched`, `errored`, `refused`, `stale`,
/// `dropped`, `open`.
pub static SAMPLE_PROBES: Metric<Counter, 1> = Metric::counter(
    "ruleproof_sample_probes_total",
    Unit::Count,
    &["outcome"],
    "Events of a sample that were to be sent through a testbed, by outcome.",
);

/// Those of them that errored, by code.
pub static SAMPLE_PROBE_ERRORS: Metric<Counter, 1> = Metric::counter(
    "ruleproof_sample_probe_errors_total",
    Unit::Count,
    &["code"],
    "Events of a sample that errored on their way through a testbed, by code.",
);

/// Messages that were put aside, by reason.
pub static SET_ASIDE: Metric<Counter, 1> = Metric::counter(
    "ruleproof_messages_set_aside_total",
    Unit::Count,
    &["reason"],
    "Messages that could not be worked on and were set aside, by reason.",
);

/// Messages that had been seen before.
pub static DUPLICATES: Metric<Counter, 0> = Metric::counter(
    "ruleproof_messages_duplicate_total",
    Unit::Count,
    &[],
    "Messages that came a second time and were not counted again.",
);

/// Requests to `POST /events` by status.
pub static HTTP_REQUESTS: Metric<Counter, 1> = Metric::counter(
    "ruleproof_http_requests_total",
    Unit::Count,
    &["status"],
    "Requests that brought events, by the status of the answer.",
);

/// Reloads of the rules: `loaded`, `refused`.
pub static RULE_RELOADS: Metric<Counter, 1> = Metric::counter(
    "ruleproof_rule_reloads_total",
    Unit::Count,
    &["outcome"],
    "Times that changed rules were loaded, or refused and the old ones kept.",
);

/// Rules in use.
pub static RULES: Metric<Gauge, 0> =
    Metric::gauge("ruleproof_rules", Unit::Count, &[], "Rules that events are judged against.");

/// Tests of suites by outcome.
pub static TESTS: Metric<Counter, 1> = Metric::counter(
    "ruleproof_tests_total",
    Unit::Count,
    &["outcome"],
    "Tests of rule suites that ran, by outcome.",
);

/// From `PutEvents` to the arrival of the event in a target's queue.
pub static PROBE_DELIVERY_SECONDS: Metric<Histogram, 0> = Metric::histogram(
    "ruleproof_probe_delivery_seconds",
    "Time from putting an event on the bus to its arrival at a target.",
);

/// Calls of `PutEvents`.
pub static PROBE_PUT_SECONDS: Metric<Histogram, 0> =
    Metric::histogram("ruleproof_probe_put_seconds", "Time of a call of PutEvents.");

/// Events of a probe without a verdict.
pub static PROBE_IN_FLIGHT: Metric<Gauge, 0> = Metric::gauge(
    "ruleproof_probe_in_flight",
    Unit::Count,
    &[],
    "Events that were sent through a real bus and have no verdict yet.",
);

/// Messages that told a probe nothing new, by kind: `duplicate`, `late`, `foreign`.
pub static PROBE_MESSAGES: Metric<Counter, 1> = Metric::counter(
    "ruleproof_probe_messages_total",
    Unit::Count,
    &["kind"],
    "Messages of a probe that came twice, after the verdict of their event, or from elsewhere, by kind.",
);

/// State of an alarm rule.
pub static ALARM: Metric<Gauge, 1> =
    Metric::gauge("ruleproof_alarm", Unit::Flag, &["alarm"], "1 while the alarm rule fires.");

/// Label sets for which there was no room.
pub static SERIES_OVERFLOW: Metric<Counter, 1> = Metric::counter(
    "ruleproof_series_overflow_total",
    Unit::Count,
    &["metric"],
    "Times that a metric's new label set went to its series `other`, as there was no room for a series of its own.",
);

/// Emissions that took place.
pub static EMISSIONS: Metric<Counter, 1> = Metric::counter(
    "ruleproof_emissions_total",
    Unit::Count,
    &["exporter"],
    "Times that an exporter handed its numbers on.",
);

/// Emissions that did not.
pub static EMISSIONS_DROPPED: Metric<Counter, 1> = Metric::counter(
    "ruleproof_emissions_dropped_total",
    Unit::Count,
    &["exporter"],
    "Times that an exporter's back end failed or its limit was reached; the numbers went into the next emission.",
);

/// All metrics, sorted by name.
pub static TABLE: [&Definition; 32] = [
    &ALARM.definition,
    &CROSS_CHECKS.definition,
    &DRIFT_ALARM.definition,
    &DROPPED.definition,
    &EMISSIONS_DROPPED.definition,
    &EMISSIONS.definition,
    &ERRORS.definition,
    &ESTIMATED_EVENTS.definition,
    &EVENT_BYTES.definition,
    &EVENTS_READ.definition,
    &EVENTS.definition,
    &HTTP_REQUESTS.definition,
    &JUDGE_SECONDS.definition,
    &LAG.definition,
    &DUPLICATES.definition,
    &SET_ASIDE.definition,
    &PROBE_DELIVERY_SECONDS.definition,
    &PROBE_IN_FLIGHT.definition,
    &PROBE_MESSAGES.definition,
    &PROBE_PUT_SECONDS.definition,
    &RULE_MATCH_RATIO.definition,
    &RULE_MATCHES.definition,
    &RULE_RELOADS.definition,
    &RULES.definition,
    &SAMPLE_KEY_MISSING.definition,
    &SAMPLE_PROBE_ERRORS.definition,
    &SAMPLE_PROBES.definition,
    &SAMPLED.definition,
    &SERIES_OVERFLOW.definition,
    &SHADOW_DIFFERENCES.definition,
    &TARGET_FAILURES.definition,
    &TESTS.definition,
];

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use super::super::definition::Kind;
    use super::super::registry::SeriesMax;
    use super::*;

    #[test]
    fn every_metric_is_in_the_table_once_and_in_order() {
        assert!(TABLE.is_sorted_by(|a, b| a.name < b.name), "{:#?}", TABLE.map(|row| row.name));
        let written = include_str!("table.rs").lines().filter(|line| line.starts_with("pub static")).count();
        assert_eq!(written, TABLE.len() + 1);
    }

    #[test]
    fn names_follow_the_conventions_of_prometheus() {
        for Definition { name, kind, unit, labels, help } in TABLE {
            let legal = |text: &str| text.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
            assert!(legal(name) && name.starts_with("ruleproof_"), "{name}");
            assert!(labels.iter().all(|label| legal(label) && *label != "le"), "{name}");
            assert_eq!(name.ends_with("_total"), *kind == Kind::Counter, "{name}");
            assert_eq!(
                name.trim_end_matches("_total").ends_with("_seconds"),
                *unit == Unit::Seconds,
                "{name}"
            );
            assert_eq!(name.trim_end_matches("_total").ends_with("_bytes"), *unit == Unit::Bytes, "{name}");
            assert!(help.ends_with('.') && !help.contains(['\n', '\\']), "{name}");
        }
    }

    #[test]
    fn the_default_limit_leaves_room_for_rules() {
        assert!(SeriesMax::DEFAULT.lines() > SeriesMax::least() + 800, "{}", SeriesMax::least());
        assert_eq!(SeriesMax::new(NonZeroU32::new(SeriesMax::least() - 1).unwrap()), None);
    }
}
