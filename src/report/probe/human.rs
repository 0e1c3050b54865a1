//! A run as people read it.

use std::io::{self, Write};

use super::summary::{
    ProbeEnd, ProbeEvent, ProbeMessages, ProbeProblem, ProbeRunLine, ProbeSummary, ProbeTimes,
};
use crate::report::human::{grouped, share};

/// Writes the summary of a run as text. `errored` are the events to name, perhaps not all.
///
/// # Errors
/// The writer's.
pub fn write_probe_human(
    summary: &ProbeSummary,
    errored: &[ProbeEvent],
    out: &mut impl Write,
) -> io::Result<()> {
    let reason = summary.reason.iter().map(|reason| format!(": {reason}")).collect::<String>();
    writeln!(out, "run {} on {}: {}{reason}\n", summary.run, summary.bus, summary.end.as_str())?;
    verdicts(summary, out)?;
    rules(summary, out)?;
    codes(summary, out)?;
    events(summary, errored, out)?;
    for skip in &summary.skipped {
        writeln!(out, "\n{} left out: {}", grouped(skip.count), skip.reason)?;
    }
    messages(summary, out)?;
    times(summary, out)?;
    parts(summary, out)
}

fn verdicts(summary: &ProbeSummary, out: &mut impl Write) -> io::Result<()> {
    let width = grouped(summary.events).len();
    writeln!(out, "{:>width$}  events", grouped(summary.events))?;
    let open = (summary.open > 0).then_some(("open", summary.open));
    let verdicts =
        [("delivered", summary.delivered), ("unmatched", summary.unmatched), ("errored", summary.errored)];
    for (name, count) in verdicts.into_iter().chain(open) {
        writeln!(out, "{:>width$}  {name:<9}  {}", grouped(count), share(count, summary.events))?;
    }
    let further = [
        ("AWS and we differ on", summary.disagreements),
        ("contradicted by something late", summary.late_disagreements),
        ("sent more than once", summary.redriven),
    ];
    for (words, count) in further.into_iter().filter(|(_, count)| *count > 0) {
        writeln!(out, "{:>width$}  {words}", grouped(count))?;
    }
    Ok(())
}

fn rules(summary: &ProbeSummary, out: &mut impl Write) -> io::Result<()> {
    if summary.rules.is_empty() {
        return Ok(());
    }
    let width = summary.rules.iter().map(|rule| rule.name.chars().count()).max().unwrap_or(0).max(4);
    writeln!(out, "\n{:<width$}  {:>9}  {:>9}  {:>10}  {:>10}", "rule", "matched", "errored", "p50", "p99")?;
    for rule in &summary.rules {
        let ProbeTimes { count, p50, p99, .. } = rule.sent_to_delivered_us;
        let time = |us| if count == 0 { "-".to_owned() } else { milliseconds(us) };
        writeln!(
            out,
            "{:<width$}  {:>9}  {:>9}  {:>10}  {:>10}",
            rule.name,
            grouped(rule.matched),
            grouped(rule.errored),
            time(p50),
            time(p99)
        )?;
    }
    Ok(())
}

fn codes(summary: &ProbeSummary, out: &mut impl Write) -> io::Result<()> {
    for code in &summary.codes {
        writeln!(out, "\n{} {}", grouped(code.events), code.code)?;
        writeln!(out, "  such as event {}: {}", code.example, code.message)?;
    }
    Ok(())
}

fn events(summary: &ProbeSummary, errored: &[ProbeEvent], out: &mut impl Write) -> io::Result<()> {
    if errored.is_empty() {
        return Ok(());
    }
    writeln!(out)?;
    errored.iter().try_for_each(|event| write_probe_event_human(event, out))?;
    let more = summary.errored.saturating_sub(errored.len() as u64);
    if more > 0 {
        writeln!(out, "{} more: ruleproof probe show {}", grouped(more), summary.run)?;
    }
    Ok(())
}

/// Writes what became of one event: its place, and what is wrong where.
///
/// # Errors
/// The writer's.
pub fn write_probe_event_human(event: &ProbeEvent, out: &mut impl Write) -> io::Result<()> {
    let id = event.event_id.iter().map(|id| format!(", id {id}")).collect::<String>();
    let attempts = if event.attempts > 1 { format!(", attempt {}", event.attempts) } else { String::new() };
    let verdict = event.verdict.unwrap_or("no verdict yet");
    writeln!(out, "{}: event {}{id}{attempts}: {verdict}", event.at, event.event)?;
    if event.problems.is_empty() && !event.rules.is_empty() {
        writeln!(out, "  {}", event.rules.join(", "))?;
    }
    for ProbeProblem { code, rule, target, reason, difference } in &event.problems {
        let rule = rule.iter().map(|rule| format!(" rule {rule}")).collect::<String>();
        let target = target.iter().map(|target| format!(", target {target}")).collect::<String>();
        writeln!(out, "  {code}{rule}{target}: {reason}")?;
        difference.iter().try_for_each(|line| writeln!(out, "    {line}"))?;
    }
    Ok(())
}

fn messages(summary: &ProbeSummary, out: &mut impl Write) -> io::Result<()> {
    let ProbeMessages { duplicate, late, unattributed, foreign } = summary.messages;
    let kinds =
        [("duplicate", duplicate), ("late", late), ("of no event", unattributed), ("of other runs", foreign)];
    let some: Vec<String> = kinds
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(kind, count)| format!("{} {kind}", grouped(count)))
        .collect();
    if some.is_empty() { Ok(()) } else { writeln!(out, "\nmessages: {}", some.join(", ")) }
}

fn times(summary: &ProbeSummary, out: &mut impl Write) -> io::Result<()> {
    let latency = &summary.latency_us;
    let kinds = [
        ("scheduled to sent", latency.scheduled_to_sent),
        ("sent to delivered", latency.sent_to_delivered),
        ("sent to a verdict at the deadline", latency.deadline_wait),
    ];
    writeln!(out)?;
    for (kind, ProbeTimes { p50, p99, max, .. }) in kinds.into_iter().filter(|(_, times)| times.count > 0) {
        let [p50, p99, max] = [p50, p99, max].map(milliseconds);
        writeln!(out, "{kind}: p50 {p50}, p99 {p99}, longest {max}")?;
    }
    Ok(())
}

fn parts(summary: &ProbeSummary, out: &mut impl Write) -> io::Result<()> {
    if summary.parts.len() < 2 {
        return Ok(());
    }
    writeln!(out)?;
    for (number, part) in summary.parts.iter().enumerate() {
        let what = if number == 0 { "run" } else { "redriven" };
        let end = part.end.as_deref().unwrap_or("without an end");
        writeln!(out, "{what} {}: {end}", part.started)?;
    }
    Ok(())
}

/// Writes a list of runs as text.
///
/// # Errors
/// The writer's.
pub fn write_probe_runs_human(runs: &[ProbeRunLine], out: &mut impl Write) -> io::Result<()> {
    for ProbeRunLine { run, bus, events, parts, end, reason } in runs {
        let reason = reason.iter().map(|reason| format!(": {reason}")).collect::<String>();
        let redriven = match (parts.saturating_sub(1), end) {
            (0, _) => String::new(),
            (1, _) => ", redriven once".to_owned(),
            (times, _) => format!(", redriven {times} times"),
        };
        let open = if *end == ProbeEnd::Complete { "" } else { "; can be redriven" };
        writeln!(
            out,
            "{run}  {} events on {bus}{redriven}: {}{reason}{open}",
            grouped(*events),
            end.as_str()
        )?;
    }
    Ok(())
}

fn milliseconds(us: u64) -> String {
    format!("{:.1} ms", us as f64 / 1e3)
}
