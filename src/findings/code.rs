//! Codes of findings: stable names that people write into configurations and look up.

use std::fmt;

use super::Severity;

/// The kind of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum FindingCode {
    /// A file, folder or glob that cannot be read.
    FileUnreadable,
    /// A bus whose rules AWS did not tell.
    BusUnreadable,
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
    /// A target whose rule is in no file that was read.
    TargetElsewhere,
    /// A pipe or event source mapping that takes every record.
    NoFilters,
    /// Resources that look like rules and are none.
    ResourcePassedOver,
    /// Filters of records, which match no event of a bus.
    RecordFilter,
    /// A pattern that no event matches.
    PatternNeverMatches,
    /// A field that EventBridge's envelope does not have.
    FieldUnknown,
    /// A rule that matches every event of its bus.
    CatchAll,
    /// A rule that asks for nothing but a source.
    SourceCatchAll,
    /// A rule of the default bus that does not say whose events it wants.
    SourceMissing,
    /// Rules that match the same events.
    RulesEqual,
    /// A rule that matches only what another one matches too.
    RuleContained,
    /// A target that gets the same events from two rules.
    DeliveryDoubled,
    /// Pairs of rules that were not compared, because there are too many.
    PairsNotCompared,
    /// A rule whose target may send its events back to it.
    MayTriggerItself,
    /// A rule without targets.
    TargetsMissing,
    /// More targets than a rule can have.
    TargetsTooMany,
    /// Targets of a rule with the same id.
    TargetIdTwice,
    /// A target whose undelivered events are lost.
    NoDeadLetterQueue,
    /// A placeholder that nothing defines.
    PlaceholderUndefined,
    /// An input path that the template does not use.
    InputPathUnused,
    /// A template that some values of events break.
    BodyBreakable,
    /// A pattern whose wildcards are nearly too complex.
    WildcardsNearLimit,
    /// A pattern that is nearly too long.
    PatternNearLimit,
    /// More rules on a bus than an account's quota allows.
    BusQuota,
    /// A code that nobody knows, in a list of codes that are allowed.
    CodeUnknown,
    /// A test whose expectations are not met.
    TestFailed,
    /// A test file that cannot be used.
    TestInvalid,
}

impl FindingCode {
    /// All codes.
    pub const ALL: [FindingCode; 49] = [
        FindingCode::FileUnreadable,
        FindingCode::BusUnreadable,
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
        FindingCode::TargetElsewhere,
        FindingCode::NoFilters,
        FindingCode::ResourcePassedOver,
        FindingCode::RecordFilter,
        FindingCode::PatternNeverMatches,
        FindingCode::FieldUnknown,
        FindingCode::CatchAll,
        FindingCode::SourceCatchAll,
        FindingCode::SourceMissing,
        FindingCode::RulesEqual,
        FindingCode::RuleContained,
        FindingCode::DeliveryDoubled,
        FindingCode::PairsNotCompared,
        FindingCode::MayTriggerItself,
        FindingCode::TargetsMissing,
        FindingCode::TargetsTooMany,
        FindingCode::TargetIdTwice,
        FindingCode::NoDeadLetterQueue,
        FindingCode::PlaceholderUndefined,
        FindingCode::InputPathUnused,
        FindingCode::BodyBreakable,
        FindingCode::WildcardsNearLimit,
        FindingCode::PatternNearLimit,
        FindingCode::BusQuota,
        FindingCode::CodeUnknown,
        FindingCode::TestFailed,
        FindingCode::TestInvalid,
    ];

    /// The name, which never changes.
    pub fn as_str(self) -> &'static str {
        match self {
            FindingCode::FileUnreadable => "file-unreadable",
            FindingCode::BusUnreadable => "bus-unreadable",
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
            FindingCode::TargetElsewhere => "target-elsewhere",
            FindingCode::NoFilters => "no-filters",
            FindingCode::ResourcePassedOver => "resource-passed-over",
            FindingCode::RecordFilter => "record-filter",
            FindingCode::PatternNeverMatches => "pattern-never-matches",
            FindingCode::FieldUnknown => "field-unknown",
            FindingCode::CatchAll => "catch-all",
            FindingCode::SourceCatchAll => "source-catch-all",
            FindingCode::SourceMissing => "source-missing",
            FindingCode::RulesEqual => "rules-equal",
            FindingCode::RuleContained => "rule-contained",
            FindingCode::DeliveryDoubled => "delivery-doubled",
            FindingCode::PairsNotCompared => "pairs-not-compared",
            FindingCode::MayTriggerItself => "may-trigger-itself",
            FindingCode::TargetsMissing => "targets-missing",
            FindingCode::TargetsTooMany => "targets-too-many",
            FindingCode::TargetIdTwice => "target-id-twice",
            FindingCode::NoDeadLetterQueue => "no-dead-letter-queue",
            FindingCode::PlaceholderUndefined => "placeholder-undefined",
            FindingCode::InputPathUnused => "input-path-unused",
            FindingCode::BodyBreakable => "body-breakable",
            FindingCode::WildcardsNearLimit => "wildcards-near-limit",
            FindingCode::PatternNearLimit => "pattern-near-limit",
            FindingCode::BusQuota => "bus-quota",
            FindingCode::CodeUnknown => "code-unknown",
            FindingCode::TestFailed => "test-failed",
            FindingCode::TestInvalid => "test-invalid",
        }
    }

    /// How bad a finding of this code is.
    pub fn severity(self) -> Severity {
        match self {
            FindingCode::FileUnreadable
            | FindingCode::BusUnreadable
            | FindingCode::FileInvalid
            | FindingCode::NoRules
            | FindingCode::ValueUnresolved
            | FindingCode::RuleInvalid
            | FindingCode::YamlAmbiguous
            | FindingCode::TargetsWithoutRule
            | FindingCode::PatternInvalid
            | FindingCode::TargetInvalid
            | FindingCode::PatternNeverMatches
            | FindingCode::TargetsTooMany
            | FindingCode::TargetIdTwice
            | FindingCode::TestFailed
            | FindingCode::TestInvalid => Severity::Error,
            FindingCode::PatternLong
            | FindingCode::FieldUnknown
            | FindingCode::CatchAll
            | FindingCode::SourceMissing
            | FindingCode::DeliveryDoubled
            | FindingCode::MayTriggerItself
            | FindingCode::TargetsMissing
            | FindingCode::PlaceholderUndefined
            | FindingCode::BodyBreakable
            | FindingCode::WildcardsNearLimit
            | FindingCode::PatternNearLimit
            | FindingCode::BusQuota
            | FindingCode::CodeUnknown => Severity::Warning,
            FindingCode::InputUnknown
            | FindingCode::RuleOnSchedule
            | FindingCode::RuleDisabled
            | FindingCode::ValueAssumed
            | FindingCode::RuleLeftOut
            | FindingCode::YamlBoolean
            | FindingCode::ListCut
            | FindingCode::LoopNotExpanded
            | FindingCode::FilePassedOver
            | FindingCode::RuleTwice
            | FindingCode::ParameterUnused
            | FindingCode::TargetElsewhere
            | FindingCode::NoFilters
            | FindingCode::ResourcePassedOver
            | FindingCode::RecordFilter
            | FindingCode::SourceCatchAll
            | FindingCode::RulesEqual
            | FindingCode::RuleContained
            | FindingCode::PairsNotCompared
            | FindingCode::NoDeadLetterQueue
            | FindingCode::InputPathUnused => Severity::Note,
        }
    }

    /// What is said of many findings of this code at once, where their own messages differ by nothing but names.
    pub fn of_many(self) -> Option<&'static str> {
        match self {
            FindingCode::NoDeadLetterQueue => {
                Some("no dead-letter queue for targets, so events that cannot be delivered are lost")
            }
            _ => None,
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
