//! The outcome of a comparison with AWS, and the lines that keep it.

use std::io::{self, Write};

use serde::Serialize;

/// The version of the JSON output's shape.
const SCHEMA_VERSION: u32 = 1;

/// What a comparison came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ParitySummary {
    /// Rules that were compared.
    pub rules: usize,
    /// Events that were read.
    pub events: u64,
    /// Events that were left out, as AWS would refuse them whatever the pattern.
    pub events_refused: u64,
    /// Pairs of a rule and an event that were chosen.
    pub pairs: usize,
    /// Pairs that AWS was asked about.
    pub asked: usize,
    /// Pairs whose answer was known already.
    pub known: usize,
    /// Pairs of which both say the same.
    pub agree: usize,
    /// The others.
    pub disagreements: Vec<ParityDisagreement>,
    /// Calls, those that were repeated too.
    pub calls: u64,
    /// Whether all pairs were compared.
    pub complete: bool,
}

/// A pair of which AWS says something else. No contents of the event: reports are shared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ParityDisagreement {
    /// The case's id, also in the bundle.
    pub id: String,
    /// The rule.
    pub rule: String,
    /// Where it stands.
    pub at: String,
    /// AWS's answer: `match`, `no_match`, `invalid_pattern`, `invalid_event`.
    pub aws: &'static str,
    /// Ours.
    pub ours: &'static str,
}

/// A case as `conform` reads it; its further members are for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RecordedCase<'c> {
    /// Its name.
    pub id: &'c str,
    /// The pattern's text.
    pub pattern: &'c str,
    /// The event's text.
    pub event: &'c str,
    /// AWS's answer.
    pub expect: &'static str,
    /// `TestEventPattern`, and in which region.
    pub source: &'c str,
    /// What we said, where it differs, and which version of us.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub ours: Option<OurAnswer<'c>>,
}

/// What we said instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct OurAnswer<'c> {
    /// Our answer.
    pub answered: &'static str,
    /// The rule, and where it stands.
    pub rule: &'c str,
    /// The version of this program.
    pub ruleproof: &'static str,
}

/// Writes a case as one line.
///
/// # Errors
/// It cannot be written.
pub fn write_case(case: &RecordedCase<'_>, out: &mut impl Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, case)?;
    writeln!(out)
}

/// Writes the outcome for people.
///
/// # Errors
/// It cannot be written.
pub fn write_parity_human(summary: &ParitySummary, out: &mut impl Write) -> io::Result<()> {
    for found in &summary.disagreements {
        let ParityDisagreement { id, rule, at, aws, ours } = found;
        writeln!(out, "{at}: rule {rule}: AWS says {aws}, we say {ours} ({id})")?;
    }
    let ParitySummary { rules, events, pairs, asked, known, agree, disagreements, .. } = summary;
    writeln!(out, "{pairs} pairs of {rules} rules and {events} events: {asked} asked, {known} known")?;
    writeln!(out, "{agree} agree, {} disagree", disagreements.len())?;
    if summary.events_refused > 0 {
        let refused = summary.events_refused;
        writeln!(out, "{refused} events left out: AWS takes only those with all fields of the envelope")?;
    }
    if !summary.complete {
        writeln!(out, "not complete: {} pairs are open", pairs - asked - known)?;
    }
    Ok(())
}

/// Writes the outcome as one JSON object.
///
/// # Errors
/// It cannot be written.
pub fn write_parity_json(summary: &ParitySummary, out: &mut impl Write) -> io::Result<()> {
    #[derive(Serialize)]
    struct Versioned<'s> {
        schema_version: u32,
        #[serde(flatten)]
        summary: &'s ParitySummary,
    }
    serde_json::to_writer(&mut *out, &Versioned { schema_version: SCHEMA_VERSION, summary })?;
    writeln!(out)
}
