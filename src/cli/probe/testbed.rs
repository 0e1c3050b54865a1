//! From arguments to the testbed that they mean.

use std::collections::BTreeMap;
use std::time::{SystemTime, UNIX_EPOCH};

use super::args::SubjectArgs;
use crate::cli::args::LimitsName;
use crate::cli::aws::AwsArgs;
use crate::cli::exit::Exit;
use crate::cli::live::LiveBuses;
use crate::cli::output::complain;
use crate::cli::plan::Plan;
use crate::cli::rule_set::compiled_with;
use crate::findings::CompiledRule;
use crate::probe::{BusArn, Destination, Layout, Marks, QueueUrl, SetupProblem, Testbed, TestbedName};
use crate::rules::BusName;
use crate::tracking::RunId;

/// The rules under test and what mirrors them.
#[derive(Debug, Clone)]
pub(super) struct Subject {
    pub(super) rules: Vec<CompiledRule>,
    pub(super) testbed: Testbed,
}

/// A testbed as it was found.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) bus: BusArn,
    pub(super) queues: BTreeMap<Destination, QueueUrl>,
}

/// Loads the rules and lays them out; all that is wrong has been printed.
pub(super) fn subject(
    args: &SubjectArgs,
    bus: &BusName,
    aws: &AwsArgs,
) -> anyhow::Result<Result<Subject, Exit>> {
    let plan = Plan::for_rules(&args.rules, &args.parameters)?;
    Ok(subject_of(&plan, args.limits, bus, aws))
}

/// The same for a plan that is there already.
pub(super) fn subject_of(
    plan: &Plan,
    limits: LimitsName,
    bus: &BusName,
    aws: &AwsArgs,
) -> Result<Subject, Exit> {
    if plan.rules.is_empty() {
        complain(&format!("no rules: give --rules, or name them in {}", crate::config::FILE_NAME));
        return Err(Exit::NothingToRun);
    }
    let live = LiveBuses { aws: aws.clone() };
    subject_of_rules(compiled_with(&plan.rules, &plan.parameters, limits, &live)?.rules, bus)
}

/// The same for rules that are loaded already.
pub(super) fn subject_of_rules(rules: Vec<CompiledRule>, bus: &BusName) -> Result<Subject, Exit> {
    let layout = Layout::of(TestbedName::of_bus(bus), &rules);
    let layout = layout.map_err(|error| refused(&[error.into()]))?;
    let marks = Marks { bus: bus.clone(), run: RunId::new(now_s(), fastrand::u32(..)) };
    Ok(Subject { rules, testbed: Testbed { marks, layout } })
}

/// Prints what is in the way.
pub(super) fn refused(problems: &[SetupProblem]) -> Exit {
    for problem in problems {
        let hint = problem.hint().map(|hint| format!("\n  hint: {hint}"));
        complain(&format!("{problem}{}", hint.unwrap_or_default()));
    }
    let nothing = problems.iter().all(|problem| *problem == SetupProblem::NoRules);
    if nothing { Exit::NothingToRun } else { Exit::Unusable }
}

/// Seconds since 1970.
pub(super) fn now_s() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}
