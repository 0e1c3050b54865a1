//! `ruleproof rules show`.

use std::io::{BufWriter, Write, stdout};

use serde::Serialize;

use super::args::ShowArgs;
use super::sources::{OpenJson, PlaceJson, SCHEMA_VERSION, loaded, open_line};
use crate::cli::args::Format;
use crate::cli::exit::Exit;
use crate::cli::typed::find_rule;
use crate::rules::{InputTransformer, LocatedText, Resolved, RetryPolicy, Rule, Target, TargetInput};

pub(super) fn run(args: &ShowArgs) -> anyhow::Result<Exit> {
    let loaded = match loaded(&args.sources)? {
        Ok(loaded) => loaded,
        Err(exit) => return Ok(exit),
    };
    let is_known =
        loaded.rules.iter().any(|rule| rule.name.as_str() == args.name || *rule.display_name == *args.name);
    let is_at_fault =
        loaded.findings.iter().any(|finding| finding.subject.rule.as_deref() == Some(&args.name));
    // What is wrong with the rule has been said.
    if !is_known && is_at_fault {
        return Ok(Exit::Unusable);
    }
    let Ok(rule) = find_rule(&loaded.rules, &args.name) else { return Ok(Exit::Unusable) };
    let mut out = BufWriter::new(stdout().lock());
    match args.format {
        Format::Human => human(rule, &mut out)?,
        Format::Json => json(rule, &mut out)?,
    }
    out.flush()?;
    // What is wrong with other rules does not concern this one.
    Ok(Exit::Fine)
}

fn human(rule: &Rule, out: &mut impl Write) -> std::io::Result<()> {
    writeln!(out, "{}", rule.name)?;
    let mut field = |name: &str, value: &str| writeln!(out, "  {name:<12} {value}");
    field("source", &format!("{} {}", rule.source_kind, rule.place))?;
    field("bus", rule.bus.as_str())?;
    field("state", rule.state.as_str())?;
    field("arn", &rule.arn)?;
    for (name, value) in [("description", &rule.description), ("managed by", &rule.managed_by)] {
        value.iter().try_for_each(|value| field(name, value))?;
    }
    rule.trigger.schedule().iter().try_for_each(|schedule| field("schedule", schedule))?;
    if let Some(pattern) = rule.trigger.pattern() {
        field("pattern", &pattern.place_of(0).to_string())?;
        lines(&pattern.pretty(), out)?;
    }
    rule.targets.iter().try_for_each(|target| human_target(target, out))?;
    let open = rule.open_values();
    if !open.is_empty() {
        writeln!(out, "  not known before deployment")?;
        open.iter().try_for_each(|open| writeln!(out, "    {}", open_line(open)))?;
    }
    Ok(())
}

/// Text of several lines, indented.
fn lines(text: &str, out: &mut impl Write) -> std::io::Result<()> {
    text.lines().try_for_each(|line| writeln!(out, "    {line}"))
}

fn human_target(target: &Target, out: &mut impl Write) -> std::io::Result<()> {
    writeln!(out, "  target       {} {}", target.id.written(), target.place)?;
    let mut field = |name: &str, value: &str| writeln!(out, "    {name:<17} {value}");
    field("arn", target.arn.written())?;
    for (name, value) in [
        ("role", &target.role_arn),
        ("dead-letter queue", &target.dead_letter_arn),
        ("message group", &target.sqs_message_group_id),
        ("partition key", &target.kinesis_partition_key_path),
    ] {
        value.iter().try_for_each(|value| field(name, value.written()))?;
    }
    if let Some(RetryPolicy { event_age_s_max, retry_attempts_max }) = target.retry_policy {
        retry_attempts_max.iter().try_for_each(|count| field("retry attempts", &count.to_string()))?;
        event_age_s_max.iter().try_for_each(|age| field("event age", &format!("{age} s")))?;
    }
    if target.inputs.is_empty() {
        field("input", "the whole event")?;
    }
    target.inputs.iter().try_for_each(|input| human_input(input, out))
}

fn human_input(input: &TargetInput, out: &mut impl Write) -> std::io::Result<()> {
    match input {
        TargetInput::Input(text) => writeln!(out, "    {:<17} {}", "input", written(text)),
        TargetInput::InputPath(text) => writeln!(out, "    {:<17} {}", "input path", written(text)),
        TargetInput::Transformer(transformer) => human_transformer(transformer, out),
    }
}

fn human_transformer(transformer: &InputTransformer, out: &mut impl Write) -> std::io::Result<()> {
    writeln!(out, "    {:<17} {}", "transformer", transformer.place)?;
    for entry in transformer.paths.iter().flatten() {
        writeln!(out, "      <{}> {}", entry.name, written(&entry.path))?;
    }
    let template = transformer.template.as_ref().map(written).unwrap_or_default();
    template.lines().try_for_each(|line| writeln!(out, "      {line}"))
}

fn written(text: &Resolved<LocatedText>) -> &str {
    match text {
        Resolved::Known(text) => text.as_str(),
        Resolved::Unknown(unknown) => &unknown.written,
    }
}

#[derive(Serialize)]
struct ShowJson<'r> {
    schema_version: u32,
    name: &'r str,
    display_name: &'r str,
    bus: &'r str,
    state: &'static str,
    arn: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    managed_by: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    schedule: Option<&'r str>,
    /// The exact JSON text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pattern: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pattern_at: Option<PlaceJson>,
    source: &'static str,
    at: PlaceJson,
    targets: Vec<TargetJson<'r>>,
    unresolved: Vec<OpenJson<'r>>,
}

/// A target; texts that are not known stand as they are written, with `${...}`.
#[derive(Serialize)]
struct TargetJson<'r> {
    id: &'r str,
    arn: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    role_arn: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dead_letter_arn: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    event_age_s_max: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_attempts_max: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message_group_id: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    partition_key_path: Option<&'r str>,
    inputs: Vec<InputJson<'r>>,
    at: PlaceJson,
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum InputJson<'r> {
    Input {
        text: &'r str,
    },
    InputPath {
        text: &'r str,
    },
    Transformer {
        #[serde(skip_serializing_if = "Option::is_none")]
        paths: Option<Vec<PathJson<'r>>>,
        #[serde(skip_serializing_if = "Option::is_none")]
        template: Option<&'r str>,
    },
}

#[derive(Serialize)]
struct PathJson<'r> {
    name: &'r str,
    path: &'r str,
}

fn json(rule: &Rule, out: &mut impl Write) -> anyhow::Result<()> {
    let pattern = rule.trigger.pattern();
    let shown = ShowJson {
        schema_version: SCHEMA_VERSION,
        name: rule.name.as_str(),
        display_name: &rule.display_name,
        bus: rule.bus.as_str(),
        state: rule.state.as_str(),
        arn: &rule.arn,
        description: rule.description.as_deref(),
        managed_by: rule.managed_by.as_deref(),
        schedule: rule.trigger.schedule(),
        pattern: pattern.map(|pattern| pattern.json()),
        pattern_at: pattern.map(|pattern| PlaceJson::new(&pattern.place_of(0))),
        source: rule.source_kind.as_str(),
        at: PlaceJson::new(&rule.place),
        targets: rule.targets.iter().map(target_json).collect(),
        unresolved: rule.open_values().iter().map(OpenJson::new).collect(),
    };
    serde_json::to_writer(&mut *out, &shown)?;
    Ok(writeln!(out)?)
}

fn target_json(target: &Target) -> TargetJson<'_> {
    TargetJson {
        id: target.id.written(),
        arn: target.arn.written(),
        role_arn: text(target.role_arn.as_ref()),
        dead_letter_arn: text(target.dead_letter_arn.as_ref()),
        event_age_s_max: target.retry_policy.and_then(|policy| policy.event_age_s_max),
        retry_attempts_max: target.retry_policy.and_then(|policy| policy.retry_attempts_max),
        message_group_id: text(target.sqs_message_group_id.as_ref()),
        partition_key_path: text(target.kinesis_partition_key_path.as_ref()),
        inputs: target.inputs.iter().map(input_json).collect(),
        at: PlaceJson::new(&target.place),
    }
}

fn text(text: Option<&Resolved<String>>) -> Option<&str> {
    text.map(Resolved::written)
}

fn input_json(input: &TargetInput) -> InputJson<'_> {
    match input {
        TargetInput::Input(text) => InputJson::Input { text: written(text) },
        TargetInput::InputPath(text) => InputJson::InputPath { text: written(text) },
        TargetInput::Transformer(transformer) => InputJson::Transformer {
            paths: transformer.paths.as_ref().map(|paths| {
                paths.iter().map(|entry| PathJson { name: &entry.name, path: written(&entry.path) }).collect()
            }),
            template: transformer.template.as_ref().map(written),
        },
    }
}
