//! Explanations for people.

use std::io::{self, Write};

use super::command::{Answer, Answers};
use crate::analysis::repair::{NoRepair, Repair};
use crate::analysis::why::{ConditionReport, Trap};
use crate::matcher::ConditionOutcome;
use crate::rules::SourcePlace;

/// Longer texts are cut.
const CHARS_MAX: usize = 100;

/// Leaves of one field that are shown.
const LEAVES_SHOWN: usize = 3;

/// Misses first, as they are what is asked about; the nearest last would be lost in a long list.
pub(super) fn write(answers: &Answers, out: &mut impl Write) -> io::Result<()> {
    for (index, answer) in answers.missed.iter().chain(&answers.matched).enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        write_answer(answer, out)?;
    }
    match answers.misses_left_out {
        0 => Ok(()),
        1 => writeln!(out, "\nand 1 more rule does not match; --all shows it"),
        more => writeln!(out, "\nand {more} more rules do not match; --all shows them"),
    }
}

fn write_answer(answer: &Answer, out: &mut impl Write) -> io::Result<()> {
    let report = &answer.report;
    let name = answer.name.as_deref().unwrap_or("the pattern");
    let (all, failed) = (report.conditions.len(), report.failed());
    let verdict = if report.matched { "matches" } else { "does not match" };
    let holding = match all - failed {
        holding if holding < all => format!("{holding} of {all} conditions hold"),
        1 => "its condition holds".to_owned(),
        _ => format!("all {all} conditions hold"),
    };
    let way = match report.alternatives {
        0 | 1 => String::new(),
        ways if report.matched => format!(", one of {ways} ways through `$or`"),
        ways => format!(" on the nearest of {ways} ways through `$or`"),
    };
    writeln!(out, "{name} ({}) {verdict}: {holding}{way}", answer.place)?;
    for (condition, place) in report.conditions.iter().zip(&answer.places) {
        write_condition(condition, place, out)?;
    }
    write_traps(&report.traps, "  ", out)?;
    match &answer.fix {
        Some(Ok(repair)) => write_repair(repair, out),
        Some(Err(reason)) => write_no_repair(*reason, out),
        None => Ok(()),
    }
}

fn write_condition(condition: &ConditionReport, place: &SourcePlace, out: &mut impl Write) -> io::Result<()> {
    let outcome = &condition.outcome;
    let mark = if outcome.holds { "✓" } else { "✗" };
    writeln!(out, "  {mark} {}  {place}", comparison(outcome))?;
    write_traps(&condition.traps, "      ", out)
}

/// Where, what was found and what was wanted.
fn comparison(outcome: &ConditionOutcome) -> String {
    let wanted = shortened(wanted(&outcome.expected));
    // The leaf that decides, where there is one.
    let mut leaves = outcome.found.iter().filter(|leaf| leaf.accepted == outcome.holds);
    match (leaves.next(), outcome.holds) {
        (Some(leaf), true) => format!("{}  {} fits {wanted}", leaf.pointer, shortened(&leaf.actual)),
        (Some(_), false) => {
            let shown: Vec<String> =
                outcome.found.iter().take(LEAVES_SHOWN).map(|leaf| shortened(&leaf.actual)).collect();
            let more = outcome.found.len().saturating_sub(LEAVES_SHOWN);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            let pointer = &outcome.found[0].pointer;
            format!("{pointer}  wanted {wanted}, got {}{more}", shown.join(", "))
        }
        (None, true) if !outcome.found.is_empty() => {
            format!(
                "{}  is absent from the element that matches, as {wanted} wants",
                as_pointer(&outcome.path)
            )
        }
        (None, true) => format!("{}  is absent, as {wanted} wants", as_pointer(&outcome.path)),
        (None, false) => format!("{}  wanted {wanted}, got nothing", as_pointer(&outcome.path)),
    }
}

/// The tests without the brackets of a list where there is but one.
fn wanted(expected: &str) -> &str {
    let inside = expected.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let one = crate::json::tree::parse(expected.as_bytes())
        .is_ok_and(|node| node.as_array().is_some_and(|e| e.len() == 1));
    inside.filter(|_| one).unwrap_or(expected)
}

/// Where a field would be whose names have no dots.
fn as_pointer(path: &str) -> String {
    format!("/{}", path.replace('~', "~0").replace('/', "~1").replace('.', "/"))
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(CHARS_MAX) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.to_owned(),
    }
}

fn write_traps(traps: &[Trap], indent: &str, out: &mut impl Write) -> io::Result<()> {
    traps.iter().try_for_each(|trap| writeln!(out, "{indent}hint: {trap}"))
}

fn write_repair(repair: &Repair, out: &mut impl Write) -> io::Result<()> {
    let verdict = if repair.matches { "matches" } else { "does not match" };
    if repair.duplicates_dropped {
        writeln!(out, "  note: names repeat in the event; the fix keeps the last of each")?;
    }
    writeln!(out, "  fix: the event {verdict} after")?;
    for operation in &repair.operations {
        let value = operation.value().map(|value| format!(" {value}")).unwrap_or_default();
        writeln!(out, "    {} {}{value}", operation.name(), operation.pointer())?;
    }
    if repair.operations.is_empty() {
        writeln!(out, "    dropping the repeated names")?;
    }
    writeln!(out, "  the changed event:\n    {}", repair.event)
}

fn write_no_repair(reason: NoRepair, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "  no fix: {reason}")
}
