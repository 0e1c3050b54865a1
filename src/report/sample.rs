//! What sampling a stream of events came to.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::time::Duration;

use serde::Serialize;

use super::cross_check::CrossCheckReport;
use super::drift::DriftReport;
use super::human::{bytes, grouped, share};
use super::json_parts::{ErrorJson, SkipJson, TargetFailureJson};
use super::probed::ProbedReport;
use super::shadow::ShadowReport;
use super::summary::{ErrorExample, SkipCount, TargetFailureCount, per_second};
use super::tap::TapReport;
use crate::sampling::GroupCounts;

/// The version of the summary's shape.
const SCHEMA_VERSION: u32 = 1;

/// The numbers of a run. `read = delivered + unmatched + errored + dropped`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SampleSummary {
    /// Events read, those included that were dropped or are broken.
    pub read: u64,
    /// Of those that were judged, the ones that at least one rule matches and all targets of such rules get.
    pub delivered: u64,
    /// Of those that were judged, the ones that no rule matches.
    pub unmatched: u64,
    /// Events that could not be judged, or that a target does not get.
    pub errored: u64,
    /// Events that were not judged, by reason.
    pub dropped: Dropped,
    /// Events that the sampler kept.
    pub kept: u64,
    /// What the judged events stand for.
    pub scaled: Scaled,
    /// What the ceiling dropped and no weight accounts for.
    pub carried: f64,
    /// Events that lack the sampling key.
    pub without_key: u64,
    /// What became of groups, if there are any.
    pub groups: BTreeMap<String, GroupCounts>,
    /// Each rule, in the order in which the rules were given, then those that went when rules changed.
    pub rules: Vec<SampleRule>,
    /// Documents known to be no events, by reason; not among `read`.
    pub skipped: Vec<SkipCount>,
    /// One example of each kind of error, with how many there were.
    pub errors: Vec<ErrorExample>,
    /// Each target that did not get an event, once for each code.
    pub target_failures: Vec<TargetFailureCount>,
    /// Bytes of the events that were judged.
    pub bytes: u64,
    /// From the first read to the last verdict.
    pub elapsed: Duration,
    /// What became of match rates, if they were watched.
    pub drift: Option<DriftReport>,
    /// What candidate rules do otherwise, if there are any.
    pub shadow: Option<ShadowReport>,
    /// What examples were kept, if any were wanted.
    pub tap: Option<TapReport>,
    /// What AWS said of some verdicts, if it was asked.
    pub cross_check: Option<CrossCheckReport>,
    /// What became of the events that went through a testbed, if any were to.
    pub probed: Option<ProbedReport>,
    /// Whether somebody ended the run.
    pub interrupted: bool,
}

/// Events that were read and not judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Dropped {
    /// They are not in the sample.
    pub sampled: u64,
    /// The ceiling left no room for them.
    pub ceiling: u64,
    /// Judging did not keep up with reading.
    pub overload: u64,
}

impl Dropped {
    /// For whatever reason.
    pub fn total(&self) -> u64 {
        self.sampled + self.ceiling + self.overload
    }
}

/// Sums of weights by verdict.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Scaled {
    /// Of events that are delivered.
    pub delivered: f64,
    /// Of events that no rule matches.
    pub unmatched: f64,
    /// Of events that are errored.
    pub errored: f64,
}

impl Scaled {
    /// The sums of both.
    #[must_use]
    pub fn plus(self, other: Scaled) -> Scaled {
        Scaled {
            delivered: self.delivered + other.delivered,
            unmatched: self.unmatched + other.unmatched,
            errored: self.errored + other.errored,
        }
    }

    /// All events.
    pub fn total(&self) -> f64 {
        self.delivered + self.unmatched + self.errored
    }
}

/// A rule and what it matched.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SampleRule {
    /// Its name.
    pub name: String,
    /// Judged events that it matched.
    pub matched: u64,
    /// What they stand for.
    pub scaled: f64,
    /// Whether it is still among the rules.
    pub in_use: bool,
}

#[derive(Serialize)]
struct SummaryJson<'s> {
    schema_version: u32,
    read: u64,
    delivered: u64,
    unmatched: u64,
    errored: u64,
    dropped: Dropped,
    kept: u64,
    scaled: Scaled,
    carried: f64,
    without_key: u64,
    groups: Vec<GroupJson<'s>>,
    rules: &'s [SampleRule],
    errors: Vec<ErrorJson<'s>>,
    target_failures: Vec<TargetFailureJson<'s>>,
    skips: Vec<SkipJson<'s>>,
    bytes: u64,
    elapsed_s: f64,
    events_per_s: f64,
    drift: Option<serde_json::Value>,
    shadow: Option<serde_json::Value>,
    tap: Option<TapReport>,
    cross_check: Option<&'s CrossCheckReport>,
    probed: Option<&'s ProbedReport>,
    interrupted: bool,
}

#[derive(Serialize)]
struct GroupJson<'s> {
    name: &'s str,
    seen: u64,
    kept: u64,
    scaled: f64,
}

/// Writes a summary as one line of JSON.
///
/// # Errors
/// The writer's.
pub fn write_sample_json(summary: &SampleSummary, out: &mut impl Write) -> io::Result<()> {
    let group = |(name, counts): (&'_ String, &GroupCounts)| (name.clone(), *counts);
    let groups: Vec<(String, GroupCounts)> = summary.groups.iter().map(group).collect();
    let json = SummaryJson {
        schema_version: SCHEMA_VERSION,
        read: summary.read,
        delivered: summary.delivered,
        unmatched: summary.unmatched,
        errored: summary.errored,
        dropped: summary.dropped,
        kept: summary.kept,
        scaled: summary.scaled,
        carried: summary.carried,
        without_key: summary.without_key,
        groups: (groups.iter())
            .map(|(name, counts)| GroupJson {
                name,
                seen: counts.seen,
                kept: counts.kept,
                scaled: counts.scaled,
            })
            .collect(),
        rules: &summary.rules,
        errors: summary.errors.iter().map(ErrorJson::from).collect(),
        target_failures: summary.target_failures.iter().map(TargetFailureJson::from).collect(),
        skips: summary.skipped.iter().map(SkipJson::from).collect(),
        bytes: summary.bytes,
        elapsed_s: summary.elapsed.as_secs_f64(),
        events_per_s: per_second(summary.read, summary.elapsed),
        drift: summary.drift.as_ref().map(DriftReport::to_json),
        shadow: summary.shadow.as_ref().map(ShadowReport::to_json),
        tap: summary.tap,
        cross_check: summary.cross_check.as_ref(),
        probed: summary.probed.as_ref(),
        interrupted: summary.interrupted,
    };
    serde_json::to_writer(&mut *out, &json)?;
    writeln!(out)
}

/// Writes a summary as text.
///
/// # Errors
/// The writer's.
pub fn write_sample_human(summary: &SampleSummary, out: &mut impl Write) -> io::Result<()> {
    verdicts(summary, out)?;
    rules(summary, out)?;
    for (name, counts) in &summary.groups {
        writeln!(out, "group {name}: {} of {} kept", grouped(counts.kept), grouped(counts.seen))?;
    }
    if summary.without_key > 0 {
        let events = grouped(summary.without_key);
        writeln!(out, "\n{events} events lack the sampling key; their id or text was used instead")?;
    }
    if summary.carried > 0.0 {
        let events = grouped(summary.carried.round() as u64);
        writeln!(
            out,
            "\nabout {events} events were dropped at the ceiling last and are not in the scaled counts"
        )?;
    }
    if let Some(drift) = &summary.drift {
        drift.write_human(out)?;
    }
    if let Some(shadow) = &summary.shadow {
        shadow.write_human(out)?;
    }
    if let Some(tap) = &summary.tap {
        tap.write_human(out)?;
    }
    if let Some(cross_check) = &summary.cross_check {
        cross_check.write_human(out)?;
    }
    if let Some(probed) = &summary.probed {
        probed.write_human(out)?;
    }
    for failure in &summary.target_failures {
        let (rule, target, code) = (&failure.rule, &failure.target, failure.code);
        writeln!(out, "\nrule {rule}, target {target}: {} {code}", grouped(failure.count))?;
    }
    for error in &summary.errors {
        writeln!(
            out,
            "\n{} {}\n  first at {}: {}",
            grouped(error.count),
            error.code,
            error.place,
            error.reason
        )?;
    }
    for skip in &summary.skipped {
        writeln!(out, "\n{} left out: {}", grouped(skip.count), skip.reason)?;
    }
    let rate = grouped(per_second(summary.read, summary.elapsed) as u64);
    let seconds = summary.elapsed.as_secs_f64();
    writeln!(out, "\n{seconds:.2} s, {rate} events/s read, {} judged", bytes(summary.bytes as f64))
}

fn verdicts(summary: &SampleSummary, out: &mut impl Write) -> io::Result<()> {
    let width = grouped(summary.read).len();
    writeln!(out, "{:>width$}  events read", grouped(summary.read))?;
    let Dropped { sampled, ceiling, overload } = summary.dropped;
    let scaled = summary.scaled;
    for (name, count, scaled) in [
        ("delivered", summary.delivered, Some(scaled.delivered)),
        ("unmatched", summary.unmatched, Some(scaled.unmatched)),
        ("errored", summary.errored, Some(scaled.errored)),
        ("not in the sample", sampled, None),
        ("above the ceiling", ceiling, None),
        ("dropped, as judging did not keep up", overload, None),
    ] {
        if count == 0 && scaled.is_none() {
            continue;
        }
        write!(out, "{:>width$}  {name:<17}  {}", grouped(count), share(count, summary.read))?;
        match scaled {
            Some(scaled) => writeln!(out, "  standing for {}", grouped(scaled.round() as u64))?,
            None => writeln!(out)?,
        }
    }
    Ok(())
}

fn rules(summary: &SampleSummary, out: &mut impl Write) -> io::Result<()> {
    let width = summary.rules.iter().map(|rule| rule.name.chars().count()).max().unwrap_or(0).max(4);
    writeln!(out, "\n{:<width$}  {:>9}  {:>12}", "rule", "matched", "scaled")?;
    for rule in &summary.rules {
        let (matched, scaled) = (grouped(rule.matched), grouped(rule.scaled.round() as u64));
        let gone = if rule.in_use { "" } else { "  (no longer among the rules)" };
        writeln!(out, "{:<width$}  {matched:>9}  {scaled:>12}{gone}", rule.name)?;
    }
    Ok(())
}
