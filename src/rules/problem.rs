//! What can be wrong with files of rules, and what is worth knowing about them.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use super::{GitProblem, LiveProblem, Missing, NameError};
use crate::document::DocumentProblem;
use crate::json::Place;

/// One problem. Loading goes on behind it, so that all problems are known at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleProblem {
    /// The file, or the argument that names none.
    pub file: Arc<Path>,
    /// Where in the file; `None` for the file as a whole.
    pub place: Option<Place>,
    /// The rule that is not loaded because of it, if the problem lies in a rule.
    pub rule: Option<String>,
    /// What is wrong.
    pub kind: RuleProblemKind,
}

impl RuleProblem {
    /// A problem of a file as a whole.
    pub(super) fn of_file(file: &Path, kind: RuleProblemKind) -> RuleProblem {
        RuleProblem { file: file.into(), place: None, rule: None, kind }
    }
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RuleProblemKind {
    /// An argument that is neither a file nor a directory nor a pattern that matches one.
    #[error("no such file or directory")]
    NotFound,
    /// A glob that matches no file.
    #[error("no file matches")]
    NothingMatches,
    /// Not a glob.
    #[error("not a file name pattern: {message}")]
    BadGlob {
        /// What is wrong with it.
        message: String,
    },
    /// The operating system refuses.
    #[error("not readable: {message}")]
    Unreadable {
        /// In its words.
        message: String,
    },
    /// Not to be read as a tree of values.
    #[error(transparent)]
    Document(#[from] DocumentProblem),
    /// A revision that cannot be read.
    #[error("{0}")]
    Git(GitProblem),
    /// A bus that cannot be read.
    #[error("{0}")]
    Live(LiveProblem),
    /// A line of a file of `name TAB pattern` lines that is none.
    #[error("expected a name, a tab and an event pattern")]
    NotTsv,
    /// A file, directory or glob that was named and has no rules.
    #[error("holds no rules{}", looks_like(.0))]
    NoRules(NoRules),
    /// A value that has to be known and is not.
    #[error("unresolved `{}`", .0.name)]
    Unresolved(Missing),
    /// A property of the wrong kind.
    #[error("`{property}` has to be {expected}, not {found}")]
    WrongKind {
        /// Its name.
        property: String,
        /// What it should be, with its article.
        expected: &'static str,
        /// What it is, with its article.
        found: &'static str,
    },
    /// A property that must be there.
    #[error("`{property}` is missing")]
    MissingProperty {
        /// Its name.
        property: &'static str,
    },
    /// The name of a rule or bus that AWS would refuse.
    #[error("`{name}` is not a name: {error}")]
    Name {
        /// The text.
        name: String,
        /// What is wrong with it.
        error: NameError,
    },
    /// Not one of the three states.
    #[error("unknown state `{state}`")]
    UnknownState {
        /// The text.
        state: String,
    },
    /// Neither pattern nor schedule.
    #[error("neither `EventPattern` nor `ScheduleExpression` is given")]
    NoTrigger,
    /// A text that is a number to some readers of YAML and a text to others.
    #[error("`{written}` without quotes is a number to some readers of YAML and text to others")]
    DoubtfulNumber {
        /// The text.
        written: String,
    },
    /// A field name that some readers of YAML take for a boolean.
    #[error("the field name `{written}` without quotes is a boolean to readers of YAML 1.1")]
    DoubtfulName {
        /// The text.
        written: String,
    },
    /// A file of targets that does not say whose.
    #[error("targets without the name of their rule")]
    TargetsOfNoRule,
    /// A file of targets of a rule that is not loaded.
    #[error("targets of the rule `{rule}`, which is not loaded")]
    TargetsOfUnknownRule {
        /// Its name.
        rule: String,
    },
    /// A file of targets of a rule that several files have.
    #[error("targets of the rule `{rule}`, of which {count} are loaded")]
    TargetsOfSeveralRules {
        /// Its name.
        rule: String,
        /// How many there are.
        count: usize,
    },
    /// Loading itself broke down.
    #[error("loading stopped: {message}")]
    Stopped {
        /// What happened.
        message: String,
    },
}

/// What a file without rules looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum NoRules {
    /// Nothing that is known.
    Unknown,
    /// A directory or glob whose files hold none.
    SeveralFiles,
    /// A CloudFormation template.
    Template,
    /// Output of `describe-archive`.
    Archive,
    /// An event pattern on its own.
    BarePattern,
    /// An event.
    Event,
    /// A state as Terraform stores it.
    TerraformState,
    /// A plan or state of Terraform with other resources.
    TerraformShow,
    /// A stack of Pulumi with other resources.
    PulumiExport,
    /// A Terraform configuration with other blocks.
    TerraformConfiguration,
    /// A file of the Serverless Framework whose functions have other events.
    Serverless,
}

fn looks_like(what: &NoRules) -> &'static str {
    match what {
        NoRules::Unknown => "",
        NoRules::SeveralFiles => " in any of its files",
        NoRules::Template => ", only other resources",
        NoRules::Archive => ", it describes an archive",
        NoRules::BarePattern => ", it seems to be an event pattern",
        NoRules::Event => ", it seems to be an event",
        NoRules::TerraformShow => ", only other resources of Terraform",
        NoRules::PulumiExport => ", only other resources of Pulumi",
        NoRules::TerraformConfiguration => ", only other blocks of Terraform",
        NoRules::Serverless => ", only other events of functions",
        NoRules::TerraformState => ", it is a state as Terraform stores it",
    }
}

impl RuleProblemKind {
    /// The way out, where there is one to name.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            RuleProblemKind::Unresolved(missing) => missing.remedy.hint(),
            RuleProblemKind::Git(problem) => problem.hint()?.to_owned(),
            RuleProblemKind::Live(problem) => problem.hint.clone()?,
            RuleProblemKind::UnknownState { .. } => {
                "the states are ENABLED, DISABLED and ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"
                    .to_owned()
            }
            RuleProblemKind::NoRules(NoRules::BarePattern) => {
                "write it below `EventPattern:`, beside a `Name:`".to_owned()
            }
            RuleProblemKind::NoRules(NoRules::TerraformConfiguration) => {
                "modules are not followed; give the output of `terraform show -json PLAN`".to_owned()
            }
            RuleProblemKind::NoRules(NoRules::TerraformState) => {
                "give the output of `terraform show -json`, whose format is stable".to_owned()
            }
            RuleProblemKind::NoRules(NoRules::Unknown) => {
                "rules come from CloudFormation, SAM and CDK templates, `terraform show -json`, Terraform and \
                 Serverless Framework files, `pulumi stack export`, output of the AWS CLI, files with the \
                 properties of AWS::Events::Rule, and lines of a name, a tab and a pattern"
                    .to_owned()
            }
            RuleProblemKind::DoubtfulNumber { .. } => {
                "put it in quotes if text is meant, write it in plain decimal if not".to_owned()
            }
            RuleProblemKind::DoubtfulName { .. } => "put it in quotes".to_owned(),
            RuleProblemKind::TargetsOfNoRule => {
                "add `\"Rule\": \"NAME\"` beside `Targets`, or name the file NAME.targets.json".to_owned()
            }
            RuleProblemKind::TargetsOfSeveralRules { .. } => {
                "add `\"EventBusName\": \"BUS\"` beside `Rule`".to_owned()
            }
            _ => return None,
        })
    }
}

impl fmt::Display for RuleProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_place(f, &self.file, self.place)?;
        if let Some(rule) = &self.rule {
            write!(f, "rule `{rule}`: ")?;
        }
        write!(f, "{}", self.kind)
    }
}

impl std::error::Error for RuleProblem {}

/// Something that changes no verdict but that the owner of a rule should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleNote {
    /// The file.
    pub file: Arc<Path>,
    /// Where in the file; `None` for the file as a whole.
    pub place: Option<Place>,
    /// What there is to know.
    pub kind: RuleNoteKind,
}

/// What there is to know.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RuleNoteKind {
    /// The logical id serves as name.
    #[error("the name `{written}` is not known before deployment, the logical id `{used}` stands for it")]
    NameUnknown {
        /// What was written.
        written: String,
        /// What is used instead.
        used: String,
    },
    /// The bus has no known name.
    #[error("the bus `{written}` of the rule `{rule}` is not known before deployment")]
    BusUnknown {
        /// What was written.
        written: String,
        /// The rule.
        rule: String,
    },
    /// The rule is taken as enabled.
    #[error("the state `{written}` of the rule `{rule}` is not known, it is taken as enabled")]
    StateUnknown {
        /// What was written.
        written: String,
        /// The rule.
        rule: String,
    },
    /// The rule may not exist after deployment.
    #[error(
        "`{logical_id}` exists only under the condition `{condition}`, which needs {missing}; it is taken as given"
    )]
    ConditionUnknown {
        /// The resource.
        logical_id: String,
        /// Its condition.
        condition: String,
        /// What would decide it.
        missing: String,
    },
    /// The rule does not exist under the given parameters.
    #[error("`{logical_id}` is left out: its condition `{condition}` is false")]
    ConditionFalse {
        /// The resource.
        logical_id: String,
        /// Its condition.
        condition: String,
    },
    /// An unquoted word of YAML 1.1.
    #[error("read as the boolean {value}, as CloudFormation does; put it in quotes if the word is meant")]
    WordReadAsBoolean {
        /// What it was read as.
        value: bool,
    },
    /// The CLI cut the list.
    #[error(
        "the list goes on: it ends in a `NextToken`; run the command without `--max-items` to get all of it"
    )]
    CutList,
    /// Resources made by a loop.
    #[error("`{logical_id}` is not expanded, rules that it makes are not loaded")]
    LoopNotExpanded {
        /// The key of the loop.
        logical_id: String,
    },
    /// Too large to be looked into, in a directory.
    #[error("passed over: larger than the {bytes_max} bytes that are read of a file of rules")]
    TooLarge {
        /// The limit.
        bytes_max: u64,
    },
    /// The same rule twice.
    #[error("the rule `{rule}` of bus `{bus}` stands also at {other}")]
    Twice {
        /// The rule.
        rule: String,
        /// Its bus.
        bus: String,
        /// Where it was met first.
        other: String,
    },
    /// Terraform and Pulumi keep targets apart from rules, and a rule may be elsewhere.
    #[error("the rule `{rule}` of the target `{target}` is not in this file")]
    TargetOfRuleElsewhere {
        /// The target's address.
        target: String,
        /// The rule as it is written.
        rule: String,
    },
    /// A pipe or mapping that takes every record.
    #[error("`{name}` has no filter, it takes every record of its source")]
    NoFilters {
        /// Its name.
        name: String,
    },
    /// Resources that look like rules and are not.
    #[error("{count} of the type {resource_type} passed over: {reason}")]
    PassedOver {
        /// How many there are.
        count: usize,
        /// Their type.
        resource_type: &'static str,
        /// Why they are no rules.
        reason: &'static str,
    },
    /// A parameter that no file asks for.
    #[error("nothing asks for it")]
    UnusedParameter,
}

impl fmt::Display for RuleNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_place(f, &self.file, self.place)?;
        write!(f, "{}", self.kind)
    }
}

fn write_place(f: &mut fmt::Formatter<'_>, file: &Path, place: Option<Place>) -> fmt::Result {
    match place {
        Some(place) => write!(f, "{}:{place}: ", file.display()),
        None => write!(f, "{}: ", file.display()),
    }
}
