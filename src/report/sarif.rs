//! Findings as SARIF 2.1.0, the format that code-scanning services read.
//!
//! Source: OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0". A test holds the output to its
//! schema.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::path::Path;

use serde::Serialize;
use serde_json::{Value, json};

use super::source_root::SourceRoot;
use crate::findings::{Finding, FindingCode, Location, Severity, Subject};

/// The schema that the output names.
const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// What relative names of files start from, as GitHub and others call it.
const ROOT_ID: &str = "%SRCROOT%";

/// The name and version of the fingerprints. Whoever changes what they are made of changes the version.
const FINGERPRINT: &str = "ruleproof/v1";

/// Writes findings as one SARIF log.
///
/// # Errors
/// The writer's.
pub fn write_sarif(findings: &[Finding], root: &SourceRoot, out: &mut impl Write) -> io::Result<()> {
    let codes: BTreeSet<FindingCode> = findings.iter().map(|finding| finding.code).collect();
    let codes: Vec<FindingCode> = codes.into_iter().collect();
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "ruleproof",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": codes.iter().map(|code| rule(*code)).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": {ROOT_ID: {"description": {"text": "The folder of the repository."}}},
            "results": results(findings, &codes, root),
        }],
    });
    let mut serializer = serde_json::Serializer::pretty(&mut *out);
    log.serialize(&mut serializer).map_err(io::Error::from)?;
    writeln!(out)
}

/// A code, as a rule of the tool.
fn rule(code: FindingCode) -> Value {
    let explanation = code.explanation();
    let title = sentence(explanation.map_or(code.as_str(), |explanation| explanation.title));
    let text = explanation.map_or("", |explanation| explanation.text);
    let help = if text.is_empty() { title.as_str() } else { text };
    json!({
        "id": code.as_str(),
        "shortDescription": {"text": title},
        "fullDescription": {"text": title},
        "help": {"text": help, "markdown": help},
        "defaultConfiguration": {"level": level(code.severity())},
    })
}

/// With a large first letter and a full stop, as SARIF asks of descriptions.
fn sentence(title: &str) -> String {
    let mut chars = title.chars();
    let first: String = chars.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{first}{}.", chars.as_str())
}

fn level(severity: Severity) -> &'static str {
    severity.as_str()
}

fn results(findings: &[Finding], codes: &[FindingCode], root: &SourceRoot) -> Vec<Value> {
    let mut seen = BTreeMap::new();
    findings
        .iter()
        .map(|finding| {
            let fingerprint = fingerprint(finding, root);
            let nth: &mut u32 = seen.entry(fingerprint).or_insert(0);
            *nth += 1;
            let mut result = json!({
                "ruleId": finding.code.as_str(),
                "ruleIndex": codes.iter().position(|code| *code == finding.code),
                "level": level(finding.severity),
                "message": {"text": message(finding)},
                "partialFingerprints": {FINGERPRINT: format!("{fingerprint:016x}:{nth}")},
            });
            if let Some(location) = &finding.location {
                result["locations"] = json!([{"physicalLocation": physical_location(location, root)}]);
            }
            if let Some(related) = &finding.related {
                let physical = physical_location(related, root);
                let text = "What it comes down to.";
                result["relatedLocations"] =
                    json!([{"physicalLocation": physical, "message": {"text": text}}]);
            }
            result
        })
        .collect()
}

fn message(finding: &Finding) -> String {
    let subject = (finding.subject != Subject::default()).then(|| format!("{}: ", finding.subject));
    let aws = finding.aws.as_ref().map(|aws| format!("\nAWS: {aws}"));
    let hint = finding.hint.as_ref().map(|hint| format!("\nhint: {hint}"));
    [subject, Some(finding.message.clone()), aws, hint].into_iter().flatten().collect()
}

fn physical_location(location: &Location, root: &SourceRoot) -> Value {
    let artifact = match root.relative(&location.file) {
        Some(relative) => json!({"uri": encoded(&relative), "uriBaseId": ROOT_ID}),
        None => json!({"uri": file_uri(&root.absolute(&location.file))}),
    };
    let Some((start, end)) = location.span else { return json!({"artifactLocation": artifact}) };
    let mut region = json!({"startLine": start.line, "startColumn": start.column});
    // A place without an extent means its line.
    if (end.line, end.column) > (start.line, start.column) {
        region["endLine"] = json!(end.line);
        region["endColumn"] = json!(end.column);
    }
    json!({"artifactLocation": artifact, "region": region})
}

fn file_uri(absolute: &Path) -> String {
    let steps: Vec<String> = absolute.iter().map(|step| step.to_string_lossy().replace('\\', "/")).collect();
    format!("file:///{}", encoded(&steps.join("/")).trim_start_matches('/'))
}

/// Percent-encodes what a path in a URI cannot hold (RFC 3986, `pchar` and `/`).
fn encoded(path: &str) -> String {
    let mut encoded = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => encoded.push(char::from(byte)),
            b'-' | b'.' | b'_' | b'~' | b'/' | b'@' | b'+' | b'=' | b',' => encoded.push(char::from(byte)),
            _ => encoded += &format!("%{byte:02X}"),
        }
    }
    encoded
}

/// What makes a finding the same one after its file was edited elsewhere: not its line.
fn fingerprint(finding: &Finding, root: &SourceRoot) -> u64 {
    let file = finding.location.as_ref().map(|location| {
        root.relative(&location.file).unwrap_or_else(|| location.file.to_string_lossy().into_owned())
    });
    let Subject { rule, target } = &finding.subject;
    let parts = [Some(finding.code.as_str()), file.as_deref(), rule.as_deref(), target.as_deref()];
    // Further lines of a message explain, with lines of files in them.
    let first_line = finding.message.lines().next();
    let parts = parts.into_iter().chain([Some(&*finding.pointer), first_line]);
    parts.fold(FNV_OFFSET, |hash, part| fnv1a(part.unwrap_or_default().as_bytes().iter().chain(&[0]), hash))
}

const FNV_OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
const FNV_PRIME: u64 = 0x0100_0000_01b3;

/// FNV-1a: fingerprints are compared from version to version of this program, so its hash may not change.
fn fnv1a<'b>(bytes: impl Iterator<Item = &'b u8>, hash: u64) -> u64 {
    bytes.fold(hash, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(FNV_PRIME))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_the_published_one() {
        assert_eq!(fnv1a(b"foobar".iter(), FNV_OFFSET), 0x8594_4171_f739_67e8);
    }

    #[test]
    fn names_of_files_become_uris() {
        assert_eq!(encoded("a b/ü#1?.yaml"), "a%20b/%C3%BC%231%3F.yaml");
        assert_eq!(file_uri(Path::new("/tmp/a b.yaml")), "file:///tmp/a%20b.yaml");
    }
}
