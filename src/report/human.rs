//! The summary as people read it.

use std::io::{self, Write};

use super::summary::{RunEnd, Summary};

/// Writes a summary as text.
///
/// # Errors
/// The writer's.
pub fn write_human(summary: &Summary, out: &mut impl Write) -> io::Result<()> {
    if summary.end == RunEnd::Interrupted {
        writeln!(out, "interrupted; the numbers cover what was read until then\n")?;
    }
    verdicts(summary, out)?;
    rules(summary, out)?;
    target_failures(summary, out)?;
    errors(summary, out)?;
    for skip in &summary.skipped {
        writeln!(out, "\n{} left out: {}", grouped(skip.count), skip.reason)?;
    }
    writeln!(
        out,
        "\n{:.2} s, {} events/s, {}/s",
        summary.elapsed.as_secs_f64(),
        grouped(summary.events_per_s() as u64),
        bytes(summary.bytes_per_s())
    )
}

fn verdicts(summary: &Summary, out: &mut impl Write) -> io::Result<()> {
    let width = grouped(summary.read).len();
    writeln!(out, "{:>width$}  events read", grouped(summary.read))?;
    let verdicts =
        [("delivered", summary.delivered), ("unmatched", summary.unmatched), ("errored", summary.errored)];
    for (name, count) in verdicts {
        writeln!(out, "{:>width$}  {name:<9}  {}", grouped(count), share(count, summary.read))?;
    }
    Ok(())
}

fn rules(summary: &Summary, out: &mut impl Write) -> io::Result<()> {
    let width = summary.rules.iter().map(|rule| rule.name.chars().count()).max().unwrap_or(0).max(4);
    let digits = grouped(summary.rules.iter().map(|rule| rule.matched).max().unwrap_or(0)).len().max(7);
    writeln!(out, "\n{:<width$}  {:>digits$}   share", "rule", "matched")?;
    for rule in &summary.rules {
        let share = share(rule.matched, summary.read);
        writeln!(out, "{:<width$}  {:>digits$}  {share}", rule.name, grouped(rule.matched))?;
    }
    Ok(())
}

/// Targets that did not get all events of their rules.
fn target_failures(summary: &Summary, out: &mut impl Write) -> io::Result<()> {
    if summary.target_failures.is_empty() {
        return Ok(());
    }
    let names = summary.target_failures.iter().map(|f| format!("{}, {}", f.rule, f.target));
    let names: Vec<String> = names.collect();
    let width = names.iter().map(|name| name.chars().count()).max().unwrap_or(0).max(12);
    writeln!(out, "\n{:<width$}  {:>7}  {:<17}  first at", "rule, target", "failed", "code")?;
    for (name, failure) in names.iter().zip(&summary.target_failures) {
        let (count, code) = (grouped(failure.count), failure.code.as_str());
        writeln!(out, "{name:<width$}  {count:>7}  {code:<17}  {}", failure.place)?;
    }
    Ok(())
}

fn errors(summary: &Summary, out: &mut impl Write) -> io::Result<()> {
    for error in &summary.errors {
        writeln!(out, "\n{} {}", grouped(error.count), error.code)?;
        writeln!(out, "  first at {}: {}", error.place, error.reason)?;
    }
    Ok(())
}

pub(super) fn share(count: u64, of: u64) -> String {
    if of == 0 {
        return "     -".to_owned();
    }
    format!("{:>5.1}%", count as f64 * 100.0 / of as f64)
}

/// 1234567 as `1,234,567`.
pub(super) fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let groups: Vec<&str> = digits
        .as_bytes()
        .rchunks(3)
        .rev()
        .map(|group| std::str::from_utf8(group).unwrap_or_default())
        .collect();
    groups.join(",")
}

pub(super) fn bytes(count: f64) -> String {
    match count {
        1e9.. => format!("{:.2} GB", count / 1e9),
        1e6.. => format!("{:.1} MB", count / 1e6),
        _ => format!("{:.1} kB", count / 1e3),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_by_threes() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1_000), "1,000");
        assert_eq!(grouped(1_234_567), "1,234,567");
    }

    #[test]
    fn a_share_of_nothing_is_no_number() {
        assert_eq!(share(0, 0), "     -");
        assert_eq!(share(1, 8), " 12.5%");
    }
}
