//! Findings as annotations of GitHub Actions, which shows them at the lines of a pull request.
//!
//! Source: GitHub Actions documentation, "Workflow commands": what a message and what a property must escape.

use std::io::{self, Write};

use super::source_root::SourceRoot;
use crate::findings::{Finding, Severity, Subject};

/// Writes a workflow command for each finding.
///
/// # Errors
/// The writer's.
pub fn write_github(findings: &[Finding], root: &SourceRoot, out: &mut impl Write) -> io::Result<()> {
    findings.iter().try_for_each(|finding| {
        let command = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "notice",
        };
        let properties: Vec<String> = properties(finding, root)
            .into_iter()
            .map(|(name, value)| format!("{name}={}", escaped_property(&value)))
            .collect();
        writeln!(out, "::{command} {}::{}", properties.join(","), escaped(&message(finding)))
    })
}

/// What is wrong, and what to do.
fn message(finding: &Finding) -> String {
    let aws = finding.aws.as_ref().map(|aws| format!("\nAWS: {aws}"));
    let hint = finding.hint.as_ref().map(|hint| format!("\nhint: {hint}"));
    [Some(finding.message.clone()), aws, hint].into_iter().flatten().collect()
}

fn properties(finding: &Finding, root: &SourceRoot) -> Vec<(&'static str, String)> {
    let mut properties = Vec::new();
    if let Some(location) = &finding.location {
        let file = root.relative(&location.file).unwrap_or_else(|| location.file.display().to_string());
        properties.push(("file", file));
        if let Some((start, end)) = location.span {
            properties.push(("line", start.line.to_string()));
            properties.push(("endLine", end.line.max(start.line).to_string()));
            // Columns are taken only of findings within one line.
            if start.line == end.line {
                properties.push(("col", start.column.to_string()));
                properties.push(("endColumn", end.column.max(start.column).to_string()));
            }
        }
    }
    let subject = (finding.subject != Subject::default()).then(|| format!(" ({})", finding.subject));
    properties.push(("title", format!("{}{}", finding.code, subject.unwrap_or_default())));
    properties
}

fn escaped(message: &str) -> String {
    message.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn escaped_property(value: &str) -> String {
    escaped(value).replace(':', "%3A").replace(',', "%2C")
}
