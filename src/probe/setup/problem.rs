//! Why a testbed is not set up, found out before anything is.

use crate::probe::LayoutError;
use crate::rules::BusName;

use super::marks::TEST_BUS_TAG;

/// What is in the way.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SetupProblem {
    /// Production rules are there, and what AWS itself sends.
    #[error("the default bus is no test bus")]
    DefaultBus,
    /// Nobody said that it may be used.
    #[error("the bus `{bus}` exists and is not tagged for testing")]
    NotForTesting {
        /// The bus.
        bus: BusName,
    },
    /// A rule of somebody else has the name of a mirror.
    #[error("the bus has a rule `{name}` that no probe made")]
    ForeignRule {
        /// Its name.
        name: String,
    },
    /// A queue of somebody else has the name of one of the testbed's.
    #[error("there is a queue `{name}` that belongs to no testbed of this bus")]
    ForeignQueue {
        /// Its name.
        name: String,
    },
    /// More rules than a bus takes.
    #[error(
        "{mirrors} mirrors and a catch-all, beside {others} other rules, are more than the {most} rules of a bus"
    )]
    TooManyRules {
        /// Rules that are to be made.
        mirrors: usize,
        /// Rules that are there already.
        others: usize,
        /// The quota of the region.
        most: usize,
    },
    /// More rules with wildcards than a bus takes.
    #[error("{mirrors} mirrors have wildcards, beside {others} other rules that do; a bus takes {most}")]
    TooManyWildcards {
        /// Mirrors with wildcards.
        mirrors: usize,
        /// Other rules on the bus with wildcards.
        others: usize,
        /// The quota.
        most: usize,
    },
    /// A pattern that only accounts with a raised quota can have.
    #[error("the pattern of rule {rule} has {chars} characters, {most} are the quota")]
    PatternTooLong {
        /// The rule.
        rule: String,
        /// Its length.
        chars: usize,
        /// The quota.
        most: usize,
    },
    /// The ARN of the bus is none that we know.
    #[error("the bus has the ARN `{arn}`, which says no account")]
    StrangeArn {
        /// As it was answered.
        arn: String,
    },
    /// There is nothing to mirror.
    #[error("no rule listens")]
    NoRules,
    /// The rules cannot be numbered.
    #[error(transparent)]
    Layout(#[from] LayoutError),
}

impl SetupProblem {
    /// The way out, where there is one to name.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            SetupProblem::DefaultBus => {
                "name another one with --bus, or say --any-bus if you mean it".to_owned()
            }
            SetupProblem::NotForTesting { .. } => {
                format!("tag it with `{TEST_BUS_TAG}`, name another one with --bus, or say --any-bus")
            }
            SetupProblem::ForeignRule { .. } => "remove it, or name another bus with --bus".to_owned(),
            SetupProblem::ForeignQueue { .. } => "name another bus with --bus".to_owned(),
            SetupProblem::TooManyRules { .. } => {
                "probe fewer rules at a time, or say --raised-quotas if the account's is higher".to_owned()
            }
            SetupProblem::TooManyWildcards { .. } => {
                "probe fewer rules at a time; nobody can raise it".to_owned()
            }
            SetupProblem::PatternTooLong { .. } => {
                "shorten it, or say --raised-quotas if the account's is higher".to_owned()
            }
            SetupProblem::StrangeArn { .. } | SetupProblem::NoRules | SetupProblem::Layout(_) => return None,
        })
    }
}
