//! Rules whose targets send events back to them.

use super::context::LintedRule;
use crate::analysis::synthesis::common_event;
use crate::findings::{Finding, FindingCode};
use crate::pattern::{Limits, Pattern};
use crate::rules::{BusName, Resolved, Target, Unknown};
use crate::transform::TargetKind;

/// What AWS reports about the runs of a kind of target.
struct Reports {
    kind: &'static str,
    /// The service in the ARN of the target, and how its resource begins.
    service: &'static str,
    resource: &'static str,
    /// A pattern of the reports.
    pattern: &'static str,
    /// Fields of the reports that tell one resource from another; a rule that asks for one has thought of it.
    telling: &'static [&'static str],
}

/// Source: EventBridge User Guide, "Events from AWS services": what each service sends by itself.
const REPORTS: [Reports; 6] = [
    Reports {
        kind: "state machine",
        service: "states",
        resource: "",
        pattern: r#"{"source":["aws.states"],"detail-type":["Step Functions Execution Status Change"]}"#,
        telling: &["detail.stateMachineArn", "detail.executionArn", "detail.name", "resources"],
    },
    Reports {
        kind: "task",
        service: "ecs",
        resource: "",
        pattern: r#"{"source":["aws.ecs"],"detail-type":["ECS Task State Change"]}"#,
        telling: &[
            "detail.taskDefinitionArn",
            "detail.clusterArn",
            "detail.group",
            "detail.startedBy",
            "resources",
        ],
    },
    Reports {
        kind: "job",
        service: "batch",
        resource: "",
        pattern: r#"{"source":["aws.batch"],"detail-type":["Batch Job State Change"]}"#,
        telling: &["detail.jobQueue", "detail.jobDefinition", "detail.jobName", "resources"],
    },
    Reports {
        kind: "build project",
        service: "codebuild",
        resource: "project/",
        pattern: r#"{"source":["aws.codebuild"],"detail-type":["CodeBuild Build State Change"]}"#,
        telling: &["detail.project-name", "detail.build-id", "resources"],
    },
    Reports {
        kind: "pipeline",
        service: "codepipeline",
        resource: "",
        pattern: r#"{"source":["aws.codepipeline"],"detail-type":["CodePipeline Pipeline Execution State Change"]}"#,
        telling: &["detail.pipeline", "resources"],
    },
    Reports {
        kind: "command",
        service: "ssm",
        resource: "document/",
        pattern: r#"{"source":["aws.ssm"],"detail-type":["EC2 Command Status-change Notification"]}"#,
        telling: &["detail.document-name", "detail.command-id", "resources"],
    },
];

/// Adds what there is to say about circles from `rule` to itself.
pub(super) fn check(rule: &LintedRule, limits: &Limits, findings: &mut Vec<Finding>) {
    let Some(pattern) = &rule.pattern else { return };
    if rule.never.is_some() {
        return;
    }
    for target in &rule.rule.targets {
        if target.kind() == TargetKind::EventBus && is_bus(target, &rule.rule.bus) {
            let message = "its target is the bus on which it listens, and what it forwards matches it again";
            findings.push(rule.target_finding(target, FindingCode::MayTriggerItself, message));
        } else if let Some(kind) = run_reported(pattern, target, &rule.rule.bus, limits) {
            let message = format!(
                "its target is a {kind}, and it matches what AWS reports of every {kind}, so that a run may start \
                 the next one"
            );
            findings.push(rule.target_finding(target, FindingCode::MayTriggerItself, message));
        }
    }
}

/// Whether `target` is the bus called so; by reference where it is not known.
fn is_bus(target: &Target, bus: &BusName) -> bool {
    match &target.arn {
        Resolved::Known(arn) => BusName::parse(arn).is_ok_and(|named| named == *bus),
        Resolved::Unknown(Unknown { resource: Some(resource), .. }) => {
            resource.name.as_deref() == Some(bus.as_str()) || refers_to(bus.as_str(), &resource.logical_id)
        }
        Resolved::Unknown(unknown) => {
            let name = unknown.written.split_once(":event-bus/").map(|(_, name)| name);
            name.is_some_and(|name| name == bus.as_str())
        }
    }
}

/// Whether what was written for a bus is a reference to the resource `id`: `Ref` and `Fn::GetAtt`, or an attribute in
/// Terraform, all of which name the bus.
fn refers_to(written: &str, id: &str) -> bool {
    let reference = written.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
    let attribute = reference.and_then(|reference| reference.strip_prefix(id));
    attribute.is_some_and(|attribute| ["", ".Name", ".Arn", ".name", ".arn", ".id"].contains(&attribute))
}

/// What kind of thing `target` is, if the rule matches reports of any of that kind. AWS services send to the default bus.
fn run_reported(pattern: &Pattern, target: &Target, bus: &BusName, limits: &Limits) -> Option<&'static str> {
    if *bus != BusName::default() {
        return None;
    }
    let reports = REPORTS.iter().find(|reports| is_of(target, reports))?;
    let matches_reports = |alternative: &_| {
        let only = pattern.only(alternative);
        let of_reports = Pattern::parse(reports.pattern.as_bytes(), limits).ok()?;
        common_event(&only, &of_reports, limits.profile)
    };
    let tells = |path: &str| reports.telling.contains(&path);
    let careless = pattern
        .alternatives()
        .iter()
        .filter(|alternative| {
            !alternative.conditions.iter().any(|condition| tells(&condition.path.to_string()))
        })
        .any(|alternative| matches_reports(alternative).is_some());
    careless.then_some(reports.kind)
}

fn is_of(target: &Target, reports: &Reports) -> bool {
    if let Resolved::Unknown(Unknown { resource: Some(resource), .. }) = &target.arn {
        return match resource.target_kind {
            TargetKind::StateMachine => reports.service == "states",
            TargetKind::EcsTask => reports.service == "ecs",
            TargetKind::BatchJob => reports.service == "batch",
            TargetKind::RunCommand => reports.service == "ssm",
            _ => false,
        };
    }
    let mut parts = target.arn.written().splitn(6, ':');
    parts.next() == Some("arn")
        && parts.nth(1) == Some(reports.service)
        && parts.nth(2).is_some_and(|resource| resource.starts_with(reports.resource))
}
