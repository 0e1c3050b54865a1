//! How the conditions of a rule stand, line by line.

use crate::analysis::why::{ConditionReport, Report, Trap};
use crate::json::tree;
use crate::json::unseen::visible;
use crate::matcher::ConditionOutcome;
use crate::rules::SourcePlace;

/// Longer texts are cut.
const CHARS_MAX: usize = 100;

/// Leaves of one field that are shown.
const LEAVES_SHOWN: usize = 3;

/// A rule, or a pattern on its own, and how it stands to an event.
#[derive(Debug, Clone, Copy)]
pub struct Explained<'e> {
    /// What it is called.
    pub name: &'e str,
    /// Where its pattern starts.
    pub place: &'e SourcePlace,
    /// How it stands.
    pub report: &'e Report,
    /// Of each condition of the report, where it is written.
    pub places: &'e [SourcePlace],
}

/// The verdict and how much of the pattern holds, then each condition with the mistakes that it looks like.
pub fn explanation_lines(explained: Explained<'_>) -> Vec<String> {
    let Explained { name, place, report, places } = explained;
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
    let mut lines = vec![format!("{name} ({place}) {verdict}: {holding}{way}")];
    for (condition, place) in report.conditions.iter().zip(places) {
        lines.extend(condition_lines(condition, place));
    }
    lines.extend(hints(&report.traps, "  "));
    lines
}

fn condition_lines(condition: &ConditionReport, place: &SourcePlace) -> Vec<String> {
    let outcome = &condition.outcome;
    let mark = if outcome.holds { "✓" } else { "✗" };
    let mut lines = vec![format!("  {mark} {}  {place}", comparison(outcome))];
    lines.extend(hints(&condition.traps, "      "));
    lines
}

fn hints(traps: &[Trap], indent: &str) -> Vec<String> {
    traps.iter().map(|trap| format!("{indent}hint: {trap}")).collect()
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
    let one =
        tree::parse(expected.as_bytes()).is_ok_and(|node| node.as_array().is_some_and(|e| e.len() == 1));
    inside.filter(|_| one).unwrap_or(expected)
}

/// Where a field would be whose names have no dots.
fn as_pointer(path: &str) -> String {
    format!("/{}", path.replace('~', "~0").replace('/', "~1").replace('.', "/"))
}

fn shortened(text: &str) -> String {
    let text = visible(text);
    match text.char_indices().nth(CHARS_MAX) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.into_owned(),
    }
}
