//! Coverage as LCOV, on the lines of the files that hold the rules, so that editors and coverage services show it.
//!
//! A rule is a function, each part of it a branch on its line, and a line is hit as often as its least decided part.
//! Source of the format: the manual page `geninfo(1)`.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;

use super::tally::{CoverageReport, CoveredPart, PartKind, RuleCoverage};
use crate::analysis::coverage::Decision;

/// Writes one record per file.
///
/// # Errors
/// `out` cannot be written.
pub fn write_coverage_lcov(report: &CoverageReport, out: &mut impl Write) -> io::Result<()> {
    let mut files: BTreeMap<&Path, FileRecord<'_>> = BTreeMap::new();
    for rule in &report.rules {
        files.entry(&rule.place.file).or_default().rules.push(rule);
        for part in &rule.parts {
            let record = files.entry(&part.place.file).or_default();
            record.lines.entry(part.place.place.line).or_default().push(part);
        }
    }
    files.iter().try_for_each(|(file, record)| record.write(file, out))
}

/// What one file holds.
#[derive(Default)]
struct FileRecord<'r> {
    rules: Vec<&'r RuleCoverage>,
    lines: BTreeMap<u32, Vec<&'r CoveredPart>>,
}

impl FileRecord<'_> {
    fn write(&self, file: &Path, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "TN:\nSF:{}", file.display())?;
        for rule in &self.rules {
            writeln!(out, "FN:{},{}", rule.place.place.line, rule.name)?;
        }
        for rule in &self.rules {
            writeln!(out, "FNDA:{},{}", matches(rule), rule.name)?;
        }
        let hit = self.rules.iter().filter(|rule| matches(rule) > 0).count();
        writeln!(out, "FNF:{}\nFNH:{hit}", self.rules.len())?;
        for (line, parts) in &self.lines {
            for (number, part) in parts.iter().enumerate() {
                writeln!(out, "BRDA:{line},0,{number},{}", part.events)?;
            }
        }
        let parts = || self.lines.values().flatten();
        writeln!(out, "BRF:{}\nBRH:{}", parts().count(), parts().filter(|part| part.events > 0).count())?;
        for (line, parts) in &self.lines {
            writeln!(out, "DA:{line},{}", least(parts))?;
        }
        let hit = self.lines.values().filter(|parts| least(parts) > 0).count();
        writeln!(out, "LF:{}\nLH:{hit}\nend_of_record", self.lines.len())
    }
}

/// The events by which the rule was matched, as far as its parts tell.
fn matches(rule: &RuleCoverage) -> u64 {
    let accepted = rule.parts.iter().filter(|part| part.kind == PartKind::Decides(Decision::Accepted));
    accepted.map(|part| part.events).max().unwrap_or_default()
}

fn least(parts: &[&CoveredPart]) -> u64 {
    parts.iter().map(|part| part.events).min().unwrap_or_default()
}
