//! Findings as text for people.
//!
//! Notes that say the same of many places of a file are one: a hundred targets without dead-letter queues would hide
//! the one rule that never matches. Programs get all of them in the other formats.

use std::collections::HashMap;
use std::io::{self, Write};
use std::path::Path;

use super::findings::count;
use crate::findings::{Finding, FindingCode, Severity};

/// Places that are listed of notes that say the same.
const PLACES_MAX: usize = 3;

/// Writes findings for people: each under its severity and code, and how many there are. Notes that say the same of one
/// file are written as one, where the first of them would stand.
///
/// # Errors
/// The writer's.
pub fn write_findings_human(findings: &[Finding], out: &mut impl Write) -> io::Result<()> {
    for group in groups(findings) {
        match group.as_slice() {
            [one] => writeln!(out, "{}[{}]: {}", one.severity.as_str(), one.code, one.at_length())?,
            alike => write_alike(alike, out)?,
        }
    }
    let counts = [
        counted(count(findings, Severity::Error), "error"),
        counted(count(findings, Severity::Warning), "warning"),
        counted(count(findings, Severity::Note), "note"),
    ];
    writeln!(out, "{}", counts.join(", "))
}

/// What notes have in common that are written as one.
#[derive(PartialEq, Eq, Hash)]
struct Alike<'f> {
    code: FindingCode,
    message: &'f str,
    hint: Option<&'f str>,
    file: &'f Path,
}

impl<'f> Alike<'f> {
    /// `None` for what is always written alone.
    fn of(finding: &'f Finding) -> Option<Alike<'f>> {
        let location = finding.location.as_ref().filter(|_| finding.severity == Severity::Note)?;
        let message = finding.code.of_many().unwrap_or(&finding.message);
        Some(Alike { code: finding.code, message, hint: finding.hint.as_deref(), file: &location.file })
    }
}

/// The findings in their order, those that are alike together.
fn groups(findings: &[Finding]) -> Vec<Vec<&Finding>> {
    let mut groups: Vec<Vec<&Finding>> = Vec::new();
    let mut known: HashMap<Alike<'_>, usize> = HashMap::new();
    for finding in findings {
        let new = groups.len();
        let place = Alike::of(finding).map_or(new, |alike| *known.entry(alike).or_insert(new));
        match groups.get_mut(place) {
            Some(group) => group.push(finding),
            None => groups.push(vec![finding]),
        }
    }
    groups
}

fn write_alike(findings: &[&Finding], out: &mut impl Write) -> io::Result<()> {
    let Some(alike) = findings.first().and_then(|first| Alike::of(first)) else { return Ok(()) };
    writeln!(out, "note[{}]: {} ({} times)", alike.code, alike.message, findings.len())?;
    let places: Vec<String> = findings.iter().take(PLACES_MAX).map(|finding| place(finding)).collect();
    let rest = match findings.len().saturating_sub(places.len()) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    writeln!(out, "  --> {}:{}{rest}", alike.file.display(), places.join(", "))?;
    alike.hint.map_or(Ok(()), |hint| writeln!(out, "  hint: {hint}"))
}

/// Where a finding is in its file, and what it is about.
fn place(finding: &Finding) -> String {
    let span = finding.location.as_ref().and_then(|location| location.span);
    let at = span.map(|(start, _)| start.to_string());
    let subject = finding.subject.to_string();
    let about = (!subject.is_empty()).then(|| format!("({subject})"));
    at.into_iter().chain(about).collect::<Vec<_>>().join(" ")
}

fn counted(count: usize, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}
