//! Codes of findings: stable names that people write into configurations and look up.

use std::fmt;

/// The kind of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum FindingCode {
    /// A file, folder or glob that cannot be read.
    FileUnreadable,
    /// A file that is neither valid JSON nor valid YAML, nor lines of rules.
    FileInvalid,
    /// A file, folder or glob without rules.
    NoRules,
    /// A value that has to be known and is not.
    ValueUnresolved,
    /// A rule whose properties AWS would refuse.
    RuleInvalid,
    /// Text that readers of YAML take for different things.
    YamlAmbiguous,
    /// Targets that belong to no rule.
    TargetsWithoutRule,
    /// A pattern that AWS would refuse.
    PatternInvalid,
    /// A pattern above an account's default quota.
    PatternLong,
    /// A target that AWS would refuse.
    TargetInvalid,
    /// A target whose input is not known before deployment.
    InputUnknown,
    /// A rule that runs by the clock only.
    RuleOnSchedule,
    /// A rule that is switched off.
    RuleDisabled,
    /// A value that is not known before deployment, and for which something stands.
    ValueAssumed,
    /// A rule whose condition is false.
    RuleLeftOut,
    /// An unquoted word that is read as a boolean.
    YamlBoolean,
    /// Output of the AWS CLI that goes on.
    ListCut,
    /// A loop of a template.
    LoopNotExpanded,
    /// A file that is too large to be looked into.
    FilePassedOver,
    /// The same rule in two places.
    RuleTwice,
    /// A parameter that nothing asks for.
    ParameterUnused,
}

impl FindingCode {
    /// All codes.
    pub const ALL: [FindingCode; 21] = [
        FindingCode::FileUnreadable,
        FindingCode::FileInvalid,
        FindingCode::NoRules,
        FindingCode::ValueUnresolved,
        FindingCode::RuleInvalid,
        FindingCode::YamlAmbiguous,
        FindingCode::TargetsWithoutRule,
        FindingCode::PatternInvalid,
        FindingCode::PatternLong,
        FindingCode::TargetInvalid,
        FindingCode::InputUnknown,
        FindingCode::RuleOnSchedule,
        FindingCode::RuleDisabled,
        FindingCode::ValueAssumed,
        FindingCode::RuleLeftOut,
        FindingCode::YamlBoolean,
        FindingCode::ListCut,
        FindingCode::LoopNotExpanded,
        FindingCode::FilePassedOver,
        FindingCode::RuleTwice,
        FindingCode::ParameterUnused,
    ];

    /// The name, which never changes.
    pub fn as_str(self) -> &'static str {
        match self {
            FindingCode::FileUnreadable => "file-unreadable",
            FindingCode::FileInvalid => "file-invalid",
            FindingCode::NoRules => "no-rules",
            FindingCode::ValueUnresolved => "value-unresolved",
            FindingCode::RuleInvalid => "rule-invalid",
            FindingCode::YamlAmbiguous => "yaml-ambiguous",
            FindingCode::TargetsWithoutRule => "targets-without-rule",
            FindingCode::PatternInvalid => "pattern-invalid",
            FindingCode::PatternLong => "pattern-long",
            FindingCode::TargetInvalid => "target-invalid",
            FindingCode::InputUnknown => "input-unknown",
            FindingCode::RuleOnSchedule => "rule-on-schedule",
            FindingCode::RuleDisabled => "rule-disabled",
            FindingCode::ValueAssumed => "value-assumed",
            FindingCode::RuleLeftOut => "rule-left-out",
            FindingCode::YamlBoolean => "yaml-boolean",
            FindingCode::ListCut => "list-cut",
            FindingCode::LoopNotExpanded => "loop-not-expanded",
            FindingCode::FilePassedOver => "file-passed-over",
            FindingCode::RuleTwice => "rule-twice",
            FindingCode::ParameterUnused => "parameter-unused",
        }
    }

    /// The code of this name.
    pub fn parse(name: &str) -> Option<FindingCode> {
        FindingCode::ALL.into_iter().find(|code| code.as_str() == name)
    }
}

impl fmt::Display for FindingCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
