//! What a rule is.

use std::fmt;

use super::{BusName, PatternText, RuleName, SourcePlace, Target};

/// A rule as it is written down somewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Its name; not unique, not even on one bus, since several sources may be loaded together.
    pub name: RuleName,
    /// A name that no other loaded rule has: the name where that is enough, else `bus/name`, else with the
    /// place. For reports.
    pub display_name: Box<str>,
    /// The bus on which it listens; for the filters of a pipe or mapping, where its records come from, as
    /// written.
    pub bus: BusName,
    /// Its ARN; each part that is not known stands in it as `${AWS::Region}` and the like.
    pub arn: String,
    /// Whether it listens.
    pub state: RuleState,
    /// What makes it fire.
    pub trigger: Trigger,
    /// What its owner says of it.
    pub description: Option<String>,
    /// Where it sends events, in written order.
    pub targets: Vec<Target>,
    /// The AWS service that made the rule, if one did: `prod.vhs.events.aws.internal` for archives.
    pub managed_by: Option<String>,
    /// Codes of findings that its owner allows, as written: `Metadata: {Ruleproof: {allow: [...]}}`.
    pub allowed: Vec<String>,
    /// What kind of source it came from.
    pub source_kind: SourceKind,
    /// Where it starts.
    pub place: SourcePlace,
}

/// The ARN of a rule. `pseudo_parameter` gives the values of `AWS::Partition`, `AWS::Region` and
/// `AWS::AccountId`; what it does not know is written as `${AWS::Region}`, never guessed.
pub(super) fn arn<'v>(
    bus: &BusName,
    name: &RuleName,
    pseudo_parameter: impl Fn(&str) -> Option<&'v str>,
) -> String {
    let part = |name: &str| pseudo_parameter(name).map_or_else(|| format!("${{{name}}}"), str::to_owned);
    let (partition, region, account) = (part("AWS::Partition"), part("AWS::Region"), part("AWS::AccountId"));
    // Rules of the default bus have no bus in their ARN. Recorded.
    let bus = if *bus == BusName::default() { String::new() } else { format!("{bus}/") };
    format!("arn:{partition}:events:{region}:{account}:rule/{bus}{name}")
}

/// What makes a rule fire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trigger {
    /// An event that matches.
    Pattern(PatternText),
    /// A clock: `rate(5 minutes)` or `cron(...)`. Matches no event.
    Schedule(String),
    /// Both; `PutRule` allows it. Source: EventBridge API Reference, `PutRule`.
    PatternAndSchedule(PatternText, String),
}

impl Trigger {
    /// The pattern, if there is one.
    pub fn pattern(&self) -> Option<&PatternText> {
        match self {
            Trigger::Pattern(pattern) | Trigger::PatternAndSchedule(pattern, _) => Some(pattern),
            Trigger::Schedule(_) => None,
        }
    }

    /// The schedule expression, if there is one.
    pub fn schedule(&self) -> Option<&str> {
        match self {
            Trigger::Schedule(schedule) | Trigger::PatternAndSchedule(_, schedule) => Some(schedule),
            Trigger::Pattern(_) => None,
        }
    }
}

/// Whether a rule listens, and to what. Source: EventBridge API Reference, `PutRule`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RuleState {
    /// It listens; CloudTrail's read-only management events do not reach it.
    #[default]
    Enabled,
    /// It matches nothing.
    Disabled,
    /// It listens, to CloudTrail's read-only management events too.
    EnabledWithAllCloudTrailManagementEvents,
}

impl RuleState {
    /// The state that AWS spells so.
    pub fn parse(text: &str) -> Option<RuleState> {
        [RuleState::Enabled, RuleState::Disabled, RuleState::EnabledWithAllCloudTrailManagementEvents]
            .into_iter()
            .find(|state| state.as_str() == text)
    }

    /// AWS's spelling.
    pub fn as_str(self) -> &'static str {
        match self {
            RuleState::Enabled => "ENABLED",
            RuleState::Disabled => "DISABLED",
            RuleState::EnabledWithAllCloudTrailManagementEvents => {
                "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"
            }
        }
    }
}

impl fmt::Display for RuleState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The kind of source that a rule came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SourceKind {
    /// An `AWS::Events::Rule` of a template.
    CloudFormation,
    /// An event of a SAM function or state machine.
    Sam,
    /// Our own file, or output of `describe-rule` and `list-rules`, which look alike.
    Plain,
    /// A line of a name, a tab and a pattern.
    Tsv,
    /// `terraform show -json` of a plan or a state.
    Terraform,
    /// A Terraform configuration.
    TerraformConfiguration,
    /// An event of a function of the Serverless Framework.
    Serverless,
    /// `pulumi stack export`.
    Pulumi,
    /// The filters of an EventBridge pipe, whatever file they stand in.
    Pipe,
    /// The filters of a Lambda event source mapping, whatever file they stand in.
    EventSourceMapping,
}

/// What a rule's pattern is held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Subject {
    /// Events of a bus.
    BusEvents,
    /// Records of a queue, stream or table, which are no events: `{"body": ...}`, `{"dynamodb": ...}`.
    SourceRecords,
}

impl SourceKind {
    /// Its name in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            SourceKind::CloudFormation => "cloudformation",
            SourceKind::Sam => "sam",
            SourceKind::Plain => "plain",
            SourceKind::Tsv => "tsv",
            SourceKind::Terraform => "terraform",
            SourceKind::TerraformConfiguration => "terraform-configuration",
            SourceKind::Serverless => "serverless",
            SourceKind::Pulumi => "pulumi",
            SourceKind::Pipe => "pipe",
            SourceKind::EventSourceMapping => "event-source-mapping",
        }
    }

    /// What patterns of this kind are held against. Filters of pipes and mappings take part in no replay of
    /// events.
    pub fn subject(self) -> Subject {
        match self {
            SourceKind::Pipe | SourceKind::EventSourceMapping => Subject::SourceRecords,
            _ => Subject::BusEvents,
        }
    }
}

impl fmt::Display for SourceKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
