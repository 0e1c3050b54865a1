//! Findings as JSON.

use std::io::{self, Write};

use serde::Serialize;

use crate::findings::{Finding, Severity};

/// The version of the shape.
const SCHEMA_VERSION: u32 = 1;

#[derive(Serialize)]
struct FindingsJson<'f> {
    schema_version: u32,
    errors: usize,
    warnings: usize,
    notes: usize,
    findings: Vec<FindingJson<'f>>,
}

#[derive(Serialize)]
pub(super) struct FindingJson<'f> {
    code: &'static str,
    severity: &'static str,
    message: &'f str,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_column: Option<u32>,
    #[serde(skip_serializing_if = "str::is_empty")]
    pointer: &'f str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<&'f str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<&'f str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    aws: Option<&'f str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<&'f str>,
}

/// Writes findings as one line of JSON.
///
/// # Errors
/// The writer's.
pub fn write_findings_json(findings: &[Finding], out: &mut impl Write) -> io::Result<()> {
    let json = FindingsJson {
        schema_version: SCHEMA_VERSION,
        errors: count(findings, Severity::Error),
        warnings: count(findings, Severity::Warning),
        notes: count(findings, Severity::Note),
        findings: findings.iter().map(finding_json).collect(),
    };
    serde_json::to_writer(&mut *out, &json)?;
    writeln!(out)
}

/// A finding as JSON.
pub(super) fn finding_json(finding: &Finding) -> FindingJson<'_> {
    let location = finding.location.as_ref();
    let span = location.and_then(|location| location.span);
    FindingJson {
        code: finding.code.as_str(),
        severity: finding.severity.as_str(),
        message: &finding.message,
        file: location.map(|location| location.file.display().to_string()),
        line: span.map(|(start, _)| start.line),
        column: span.map(|(start, _)| start.column),
        end_line: span.map(|(_, end)| end.line),
        end_column: span.map(|(_, end)| end.column),
        pointer: &finding.pointer,
        rule: finding.subject.rule.as_deref(),
        target: finding.subject.target.as_deref(),
        aws: finding.aws.as_deref(),
        hint: finding.hint.as_deref(),
    }
}

/// How many findings are of this severity.
pub(super) fn count(findings: &[Finding], severity: Severity) -> usize {
    findings.iter().filter(|finding| finding.severity == severity).count()
}
