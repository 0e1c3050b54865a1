//! Says what was measured, and holds it against what is demanded.

use std::ops::RangeInclusive;
use std::time::Duration;

use serde_json::Value;

use crate::metrics::{embedded, sum};
use crate::sampled::{Outcome, Setting};

/// Memory, in MB of a million bytes.
const PEAK_MB_MAX: f64 = 150.0;
/// The part of the schedule that a producer must have been able to keep.
const PACE_MIN: f64 = 0.999;
/// Standard deviations of the binomial distribution that hold 99.9 % of it.
const DEVIATIONS_MAX: f64 = 3.29;

/// What a load has to show; the rest is demanded of all.
#[derive(Debug, Clone)]
pub struct Demands {
    /// The producer keeps to its schedule.
    pub keeps_pace: bool,
    /// The part of the events that is dropped because judging does not keep up.
    pub overload: Option<RangeInclusive<f64>>,
}

/// Prints all of it; whether the demands are met.
pub fn report(setting: &Setting, outcome: &Outcome, demands: &Demands) -> bool {
    let (produced, usage, summary) = (&outcome.produced, outcome.usage, &outcome.summary);
    let events = produced.events as f64;
    let count = |pointer: &str| summary.pointer(pointer).and_then(Value::as_u64).unwrap();
    let [sampled, ceiling, overload] =
        ["sampled", "ceiling", "overload"].map(|reason| count(&format!("/dropped/{reason}")));
    let [read, delivered, unmatched, errored, kept] =
        ["/read", "/delivered", "/unmatched", "/errored", "/kept"].map(count);
    let per_s = events / produced.took.as_secs_f64();
    let us = |seconds: f64| seconds * 1e6 / events;
    let ms = |time: Duration| time.as_secs_f64() * 1e3;

    println!("\n{}", setting.name);
    println!(
        "  written         {} events, {:.1} MB, {per_s:.0}/s for {:.2} s",
        produced.events,
        produced.bytes as f64 / 1e6,
        produced.took.as_secs_f64()
    );
    println!(
        "  pipe full       {} times, {:.1} ms in all, {:.2} ms at most",
        produced.stalls,
        ms(produced.stalled),
        ms(produced.longest_stall)
    );
    println!("  latest event    {:.2} ms behind its time", ms(produced.latest));
    println!(
        "  processor       {:.2} s, {:.3} us an event, {:.1} % of a core; waited for the core {:.2} s",
        usage.cpu_s,
        us(usage.cpu_s),
        usage.cpu_s * 100.0 / produced.took.as_secs_f64(),
        usage.waited_s
    );
    println!("  peak memory     {:.1} MB", usage.peak_mb);
    println!(
        "  summary         read {read} = delivered {delivered} + unmatched {unmatched} + errored {errored} + sampled {sampled} + ceiling {ceiling} + overload {overload}"
    );
    println!("  overload        {:.2} % of the events", overload as f64 * 100.0 / events);
    println!(
        "  all counted     {:.0} ms after the last write; {} scrapes before",
        ms(outcome.counted_after),
        outcome.scrapes
    );

    let offered = (read - overload) as f64;
    let deviation = (offered * setting.share * (1.0 - setting.share)).sqrt();
    let off = kept as f64 - offered * setting.share;
    println!(
        "  kept            {kept} of {offered}: {:.4} %, {:.2} standard deviations off",
        kept as f64 * 100.0 / offered,
        if deviation > 0.0 { off / deviation } else { 0.0 }
    );

    let counted = [
        ("ruleproof_events_read_total", read),
        ("ruleproof_sampled_total", kept),
        ("ruleproof_events_total{verdict=\"delivered\"}", delivered),
        ("ruleproof_events_total{verdict=\"unmatched\"}", unmatched),
        ("ruleproof_events_total{verdict=\"errored\"}", errored),
        ("ruleproof_dropped_total{reason=\"sampled\"}", sampled),
        ("ruleproof_dropped_total{reason=\"ceiling\"}", ceiling),
        ("ruleproof_dropped_total{reason=\"overload\"}", overload),
    ];
    let matches: u64 =
        summary["rules"].as_array().unwrap().iter().map(|rule| rule["matched"].as_u64().unwrap()).sum();
    let mut demanded = vec![
        ("all that was written was read", read == produced.events),
        (
            "what was read is judged or dropped",
            read == delivered + unmatched + errored + sampled + ceiling + overload,
        ),
        ("nothing is errored", errored == 0),
        ("the kept share is within the binomial 99.9 %", off.abs() <= deviation * DEVIATIONS_MAX),
        ("under 150 MB", usage.peak_mb < PEAK_MB_MAX),
        ("one core is enough", usage.cpu_s <= produced.took.as_secs_f64()),
        (
            "Prometheus has the numbers of the summary",
            counted.iter().all(|(name, value)| outcome.series.get(*name) == Some(&(*value as f64))),
        ),
        ("rules' matches too", sum(&outcome.series, "ruleproof_rule_matches_total") == matches as f64),
        ("the embedded format too", embedded_agrees(outcome, &counted, matches)),
    ];
    if let (true, Some(rate)) = (demands.keeps_pace, setting.schedule.rate) {
        demanded.push(("the producer keeps to its schedule", per_s >= f64::from(rate) * PACE_MIN));
    }
    if let Some(range) = &demands.overload {
        demanded.push(("as much is dropped as is too much", range.contains(&(overload as f64 / events))));
    }
    for (demand, _) in demanded.iter().filter(|(_, is_met)| !is_met) {
        println!("  MISSED: {demand}");
    }
    demanded.iter().all(|(_, is_met)| *is_met)
}

fn embedded_agrees(outcome: &Outcome, counted: &[(&str, u64)], matches: u64) -> bool {
    let names = [
        "ruleproof_events_read_total",
        "ruleproof_sampled_total",
        "ruleproof_events_total",
        "ruleproof_dropped_total",
        "ruleproof_rule_matches_total",
    ];
    let sums = embedded(&outcome.embedded, &names);
    let sum = |name: &str| sums.get(name).copied().unwrap_or_default();
    counted.iter().all(|(name, value)| {
        let name = name.replace("{verdict=\"", " ").replace("{reason=\"", " ").replace("\"}", "");
        sum(&name) == *value as f64
    }) && sum("ruleproof_rule_matches_total") == matches as f64
}
