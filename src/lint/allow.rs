//! What owners allow.

use std::collections::BTreeSet;

use crate::findings::{Finding, FindingCode, Location, Severity, Subject};
use crate::pattern::nearest;
use crate::rules::Rule;

/// Codes whose findings are left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Allowed(BTreeSet<FindingCode>);

/// A name that is no code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no code is called `{name}`{}", nearest.map(|known| format!("; did you mean `{known}`?")).unwrap_or_default())]
pub struct UnknownCode {
    /// The name.
    pub name: String,
    /// A code with a similar name.
    pub nearest: Option<&'static str>,
}

impl Allowed {
    /// The codes of these names.
    ///
    /// # Errors
    /// The first name that is no code.
    pub fn parse(names: &[String]) -> Result<Allowed, UnknownCode> {
        names.iter().map(|name| code_named(name)).collect::<Result<_, _>>().map(Allowed)
    }

    /// Whether findings of this code are left out. What has to be mended before rules can be used cannot be allowed.
    pub(super) fn allows(&self, finding: &Finding) -> bool {
        self.0.contains(&finding.code) && !stops_deployment(finding.code)
    }

    /// What a rule allows; names that are no codes become findings.
    pub(super) fn of_rule(rule: &Rule, findings: &mut Vec<Finding>) -> Allowed {
        let mut codes = BTreeSet::new();
        for name in &rule.allowed {
            match code_named(name) {
                Ok(code) => {
                    codes.insert(code);
                }
                Err(unknown) => findings.push(
                    Finding::new(FindingCode::CodeUnknown, Severity::Warning, unknown.to_string())
                        .at(Location::at(&rule.place))
                        .about(Subject::rule(&*rule.display_name)),
                ),
            }
        }
        Allowed(codes)
    }
}

fn code_named(name: &str) -> Result<FindingCode, UnknownCode> {
    FindingCode::parse(name).ok_or_else(|| {
        let known = FindingCode::ALL.map(FindingCode::as_str);
        UnknownCode { name: name.to_owned(), nearest: nearest(name, &known) }
    })
}

/// Whether rules with such a finding cannot be loaded at all.
fn stops_deployment(code: FindingCode) -> bool {
    matches!(
        code,
        FindingCode::FileUnreadable
            | FindingCode::BusUnreadable
            | FindingCode::FileInvalid
            | FindingCode::NoRules
            | FindingCode::ValueUnresolved
            | FindingCode::RuleInvalid
            | FindingCode::YamlAmbiguous
            | FindingCode::PatternInvalid
            | FindingCode::TargetInvalid
    )
}
