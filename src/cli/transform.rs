//! `ruleproof transform`: what the targets of one rule get of one event.

use std::io::{BufWriter, Write, stdout};

use serde::Serialize;

use super::args::{Format, TransformArgs};
use super::exit::Exit;
use super::output::{Complained, complain, remark};
use super::plan::Plan;
use super::rule_set::{compiled_rule, loaded};
use super::typed::{event, find_rule};
use crate::matcher::{Matcher, explain};
use crate::pattern::{Pattern, Profile};
use crate::verdict::{
    Bodies, Code, Errored, JudgeScratch, Matches, RuleSet, RuleTarget, RuleWithTargets, Verdict, judge,
};

/// The version of the JSON output's shape.
const SCHEMA_VERSION: u32 = 1;

pub(super) fn run(args: TransformArgs) -> anyhow::Result<Exit> {
    // Events are typed; only rules may come from the configuration.
    let plan = Plan::new(&args.rules, std::slice::from_ref(&args.event), &args.parameters)?;
    if plan.rules.is_empty() {
        complain(&format!("no rules: give --rules, or name them in {}", crate::config::FILE_NAME));
        return Ok(Exit::NothingToRun);
    }
    let (rules, all) = loaded(&plan.rules, &plan.parameters);
    let Ok(rule) = find_rule(&rules, &args.rule) else { return Ok(all.err().unwrap_or(Exit::Unusable)) };
    let (pattern, mut rule) = match compiled_rule(rule.clone(), args.reading.limits) {
        Ok(Some(compiled)) => (compiled.pattern.clone(), compiled.with_targets()),
        Ok(None) => return Ok(Exit::NothingToRun),
        Err(exit) => return Ok(exit),
    };
    if keep_target(&mut rule, args.target.as_deref()).is_err() {
        return Ok(Exit::Unusable);
    }
    if rule.targets.is_empty() {
        complain(&format!("rule {} has no targets", rule.display_name));
        return Ok(Exit::NothingToRun);
    }
    let Ok(event) = event(&args.event, &args.reading) else { return Ok(Exit::Unusable) };
    let profile = args.reading.limits.limits().profile;
    let mut rules = RuleSet::new(Matcher::new([&pattern], profile), vec![rule]);
    if let Some(time) = &args.ingestion_time {
        rules = rules.received_at(time.clone());
    }
    let mut scratch = JudgeScratch::keeping(Bodies::All);
    let verdict = judge(&rules, &event, &mut scratch).verdict;
    report(&verdict, &rules.rules()[0], &args)?;
    Ok(match verdict {
        Verdict::Delivered(_) if rules.rules()[0].targets.iter().all(|target| target.input.is_some()) => {
            Exit::Fine
        }
        Verdict::Unmatched => {
            complain(&why_unmatched(&pattern, &event, profile, &rules.rules()[0]));
            Exit::ExpectationFailed
        }
        Verdict::Errored(Errored::Event(_)) => Exit::Unusable,
        _ => Exit::ExpectationFailed,
    })
}

fn keep_target(rule: &mut RuleWithTargets, id: Option<&str>) -> Result<(), Complained> {
    let Some(id) = id else { return Ok(()) };
    let known: Vec<String> = rule.targets.iter().map(|target| format!("`{}`", target.id)).collect();
    rule.targets.retain(|target| target.id == id);
    if rule.targets.is_empty() {
        let targets = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
        complain(&format!("rule {} has no target `{id}`; its targets: {targets}", rule.display_name));
        return Err(Complained);
    }
    Ok(())
}

fn report(verdict: &Verdict<'_>, rule: &RuleWithTargets, args: &TransformArgs) -> anyhow::Result<()> {
    if let Verdict::Errored(Errored::Event(error)) = verdict {
        complain(&format!("{}: {}", error.code, error.reason));
    }
    let matches = match verdict {
        Verdict::Delivered(matches) | Verdict::Errored(Errored::Targets(matches)) => Some(matches),
        Verdict::Unmatched | Verdict::Errored(Errored::Event(_)) => None,
    };
    let bodies: Vec<TargetBody<'_>> = match matches {
        Some(matches) => rule.targets.iter().zip(0..).map(|(target, at)| body(target, at, matches)).collect(),
        None => Vec::new(),
    };
    let mut out = BufWriter::new(stdout().lock());
    match args.format {
        Format::Human => human(&bodies, rule, &mut out)?,
        Format::Json => json(verdict, &bodies, rule, &mut out)?,
    }
    out.flush()?;
    mention_unknown_parts(&bodies, rule);
    Ok(())
}

/// What one target gets.
struct TargetBody<'b> {
    target: &'b RuleTarget,
    /// `None` if it is not known before deployment.
    body: Option<String>,
    failure: Option<(Code, String)>,
}

fn body<'b>(target: &'b RuleTarget, place: u32, matches: &Matches<'_>) -> TargetBody<'b> {
    let delivery = matches.deliveries().find(|(delivery, _)| delivery.target.0 == place);
    TargetBody {
        target,
        body: delivery.map(|(_, body)| String::from_utf8_lossy(body).into_owned()),
        failure: delivery.and_then(|(delivery, body)| {
            let failure = delivery.failure?;
            let place = failure.place_in(body).map(|place| format!(" {place}")).unwrap_or_default();
            Some((Code::from(failure), format!("{failure}{place}")))
        }),
    }
}

/// The bodies as they are; with their targets' names above them where there are several.
fn human(bodies: &[TargetBody<'_>], rule: &RuleWithTargets, out: &mut impl Write) -> anyhow::Result<()> {
    for (index, body) in bodies.iter().enumerate() {
        if bodies.len() > 1 {
            writeln!(out, "{}target {}:", if index > 0 { "\n" } else { "" }, body.target.id)?;
        }
        if let Some(text) = &body.body {
            writeln!(out, "{text}")?;
        }
    }
    out.flush()?;
    for TargetBody { target, body, failure } in bodies {
        let subject = format!("rule {}, target {}", rule.display_name, target.id);
        match failure {
            Some((code, reason)) => complain(&format!("{subject}: {code}: {reason}")),
            None if body.is_none() => complain(&format!("{subject}: its body is not known")),
            None => {}
        }
    }
    Ok(())
}

#[derive(Serialize)]
struct TransformJson<'t> {
    schema_version: u32,
    rule: &'t str,
    verdict: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'t str>,
    targets: Vec<TargetJson<'t>>,
}

#[derive(Serialize)]
struct TargetJson<'t> {
    target: &'t str,
    body: Option<&'t str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'t str>,
}

fn json(
    verdict: &Verdict<'_>,
    bodies: &[TargetBody<'_>],
    rule: &RuleWithTargets,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let targets = bodies.iter().map(|body| TargetJson {
        target: &body.target.id,
        body: body.body.as_deref(),
        code: body.failure.as_ref().map(|(code, _)| code.as_str()),
        reason: body.failure.as_ref().map(|(_, reason)| reason.as_str()),
    });
    let error = match verdict {
        Verdict::Errored(Errored::Event(error)) => Some(error),
        _ => None,
    };
    let json = TransformJson {
        schema_version: SCHEMA_VERSION,
        rule: &rule.display_name,
        verdict: verdict.as_str(),
        code: error.map(|error| error.code.as_str()),
        reason: error.map(|error| error.reason.as_str()),
        targets: targets.collect(),
    };
    // As an error of IO, so that a closed pipe is seen as one.
    serde_json::to_writer(&mut *out, &json).map_err(std::io::Error::from)?;
    Ok(writeln!(out)?)
}

/// Names what stands in bodies as `${...}` because nobody gave it.
fn mention_unknown_parts(bodies: &[TargetBody<'_>], rule: &RuleWithTargets) {
    let anywhere =
        |text: &str| bodies.iter().filter_map(|body| body.body.as_ref()).any(|body| body.contains(text));
    if rule.arn.contains("${AWS::") && anywhere(&rule.arn) {
        remark(
            "the rule's ARN is not known: give `--param AWS::Partition=`, `AWS::Region=` and `AWS::AccountId=`",
        );
    }
    if anywhere("${aws.events.event.ingestion-time}") {
        remark("the ingestion time is not known: give it with `--ingestion-time`");
    }
}

/// The conditions of the pattern that do not hold.
fn why_unmatched(pattern: &Pattern, event: &[u8], profile: Profile, rule: &RuleWithTargets) -> String {
    let mut message =
        format!("rule {} does not match this event, its targets get nothing", rule.display_name);
    let Ok(explanation) = explain(pattern, event, profile) else { return message };
    if explanation.elements_disagree {
        message += "\n  each condition holds somewhere, but not in the same element of an array";
    }
    for condition in explanation.conditions.iter().filter(|condition| !condition.holds) {
        let found: Vec<&str> = condition.found.iter().map(|leaf| leaf.actual.as_str()).collect();
        let found = if found.is_empty() { "nothing".to_owned() } else { found.join(", ") };
        message += &format!("\n  {}: expected {}, found {found}", condition.path, condition.expected);
    }
    message
}
