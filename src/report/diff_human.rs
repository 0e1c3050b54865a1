//! What differs between two sets of rules, as text for people.

use std::io::{self, Write};

use super::diff::{DiffSummary, RuleDiff, Sightings, TargetDiff, VerdictCounts};
use super::diff_words::{change_of_rule, change_of_target, events, example, examples, of_target, unchanged};
use super::human::{bytes, grouped};
use super::summary::RunEnd;

/// Writes what differs as text.
///
/// # Errors
/// The writer's.
pub fn write_diff_human(summary: &DiffSummary, out: &mut impl Write) -> io::Result<()> {
    if summary.end == RunEnd::Interrupted {
        writeln!(out, "interrupted; the numbers cover what was read until then\n")?;
    }
    verdicts(summary, out)?;
    write_differences(summary, out)?;
    for error in &summary.errors {
        writeln!(
            out,
            "{} could not be judged: {}, first at {}: {}",
            events(error.count),
            error.code,
            error.place,
            error.reason
        )?;
    }
    for skip in &summary.skipped {
        writeln!(out, "{} left out: {}", grouped(skip.count), skip.reason)?;
    }
    let per_s = summary.bytes as f64 / summary.elapsed.as_secs_f64().max(f64::MIN_POSITIVE);
    writeln!(
        out,
        "\n{:.2} s, {} events/s, {}/s",
        summary.elapsed.as_secs_f64(),
        grouped(summary.events_per_s() as u64),
        bytes(per_s)
    )
}

/// The verdicts and rules that differ.
pub(super) fn write_differences(summary: &DiffSummary, out: &mut impl Write) -> io::Result<()> {
    for moved in &summary.moves {
        writeln!(out, "\n{} {} -> {}", events(moved.events.count), moved.from, moved.to)?;
        sightings("", &moved.events, out)?;
    }
    summary.rules.iter().try_for_each(|rule| of_rule(rule, out))?;
    writeln!(out)?;
    if !summary.differs() {
        writeln!(out, "no event is treated otherwise")?;
    }
    writeln!(out, "{}", unchanged(summary.unchanged))
}

fn verdicts(summary: &DiffSummary, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{} read\n", events(summary.read))?;
    writeln!(out, "{:<9}  {:>13}  {:>13}", "", "old", "new")?;
    for (name, old, new) in verdict_rows(&summary.old, &summary.new) {
        writeln!(out, "{name:<9}  {:>13}  {:>13}", grouped(old), grouped(new))?;
    }
    Ok(())
}

/// Name, old and new number.
pub(super) fn verdict_rows(old: &VerdictCounts, new: &VerdictCounts) -> [(&'static str, u64, u64); 4] {
    [
        ("rules", old.rules as u64, new.rules as u64),
        ("delivered", old.delivered, new.delivered),
        ("unmatched", old.unmatched, new.unmatched),
        ("errored", old.errored, new.errored),
    ]
}

fn of_rule(rule: &RuleDiff, out: &mut impl Write) -> io::Result<()> {
    let change = change_of_rule(rule);
    let change = if change.is_empty() { String::new() } else { format!("  [{change}]") };
    writeln!(out, "\n{}{change}", rule.name)?;
    writeln!(
        out,
        "  matched {} -> {}, gained {}, lost {}",
        grouped(rule.old_matched),
        grouped(rule.new_matched),
        grouped(rule.gained.count),
        grouped(rule.lost.count)
    )?;
    sightings("gained ", &rule.gained, out)?;
    sightings("lost ", &rule.lost, out)?;
    rule.why.iter().try_for_each(|line| writeln!(out, "  {line}"))?;
    rule.targets.iter().try_for_each(|target| of_one_target(target, out))
}

fn of_one_target(target: &TargetDiff, out: &mut impl Write) -> io::Result<()> {
    let change = change_of_target(target);
    let change = if change.is_empty() { String::new() } else { format!(" [{change}]") };
    let words = of_target(target).join("; ");
    let words = if words.is_empty() { words } else { format!(": {words}") };
    writeln!(out, "  target {}{change}{words}", target.id)?;
    sightings("  ", &target.bodies, out)?;
    if let Some((old, new)) = &target.example_bodies {
        writeln!(out, "    - {}\n    + {}", old.replace('\n', "\n      "), new.replace('\n', "\n      "))?;
    }
    Ok(())
}

fn sightings(word: &str, sightings: &Sightings, out: &mut impl Write) -> io::Result<()> {
    if sightings.examples.is_empty() {
        return Ok(());
    }
    if sightings.examples.iter().all(|example| example.event.is_none()) {
        return writeln!(out, "  {word}e.g. {}", examples(sightings));
    }
    sightings.examples.iter().try_for_each(|one| {
        writeln!(out, "  {word}e.g. {}", example(one))?;
        one.event.as_ref().map_or(Ok(()), |event| writeln!(out, "    {event}"))
    })
}
