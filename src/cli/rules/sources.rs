//! From arguments to loaded rules, and the parts of JSON output that the commands share.

use serde::Serialize;

use super::args::SourceArgs;
use crate::cli::exit::Exit;
use crate::cli::live::LiveBuses;
use crate::cli::output::{complain, say};
use crate::cli::plan::Plan;
use crate::cli::rule_set::exit_of;
use crate::findings::{Finding, Severity, SourceTexts, of_note, of_problem};
use crate::rules::{LoadedRules, OpenValue, Remedy, Rule, SourcePlace, load_with};

/// The version of the JSON output's shape.
pub(super) const SCHEMA_VERSION: u32 = 1;

/// What was loaded. Notes and problems are on standard error already.
pub(super) struct Loaded {
    pub(super) plan: Plan,
    pub(super) rules: Vec<Rule>,
    pub(super) findings: Vec<Finding>,
}

/// Loads the rules of all sources; the exit code says why there is nothing to load from.
pub(super) fn loaded(args: &SourceArgs) -> anyhow::Result<Result<Loaded, Exit>> {
    // Only rules are wanted; a source of events keeps the configuration's from being asked for.
    let plan = Plan::new(&args.sources, &["-".to_owned()], &args.parameters)?;
    if plan.rules.is_empty() {
        complain(&format!("no rules: name their sources, or do so in {}", crate::config::FILE_NAME));
        return Ok(Err(Exit::NothingToRun));
    }
    let LoadedRules { rules, problems, notes, .. } =
        load_with(&plan.rules, &plan.parameters, &LiveBuses::default());
    let mut texts = SourceTexts::default();
    let mut findings: Vec<Finding> = notes.iter().map(of_note).collect();
    findings.extend(problems.iter().map(|problem| of_problem(problem, &mut texts)));
    findings.iter().for_each(say);
    Ok(Ok(Loaded { plan, rules, findings }))
}

impl Loaded {
    /// How a command ends that has shown what there is.
    pub(super) fn exit(&self) -> Exit {
        if self.findings.iter().any(|finding| finding.severity == Severity::Error) {
            return exit_of(&self.findings);
        }
        if self.rules.is_empty() { Exit::NothingToRun } else { Exit::Fine }
    }

    /// What is wrong, for JSON.
    pub(super) fn findings_json(&self) -> Vec<FindingJson<'_>> {
        self.findings.iter().map(FindingJson::new).collect()
    }
}

/// A place in JSON output.
#[derive(Debug, Serialize)]
pub(super) struct PlaceJson {
    file: String,
    line: u32,
    column: u32,
}

impl PlaceJson {
    pub(super) fn new(place: &SourcePlace) -> PlaceJson {
        PlaceJson {
            file: place.file.display().to_string(),
            line: place.place.line,
            column: place.place.column,
        }
    }
}

/// A value that is not known, in JSON output.
#[derive(Debug, Serialize)]
pub(super) struct OpenJson<'r> {
    name: &'r str,
    /// The name under which `--param` gives it.
    #[serde(skip_serializing_if = "Option::is_none")]
    param: Option<&'r str>,
    #[serde(flatten)]
    place: PlaceJson,
}

impl<'r> OpenJson<'r> {
    pub(super) fn new(open: &OpenValue<'r>) -> OpenJson<'r> {
        let param = match &open.missing.remedy {
            Remedy::Give { key } => Some(key.as_str()),
            Remedy::Write(_) => None,
        };
        OpenJson { name: &open.missing.name, param, place: PlaceJson::new(&open.place) }
    }
}

/// Something that was found while loading, in JSON output.
#[derive(Debug, Serialize)]
pub(super) struct FindingJson<'f> {
    code: &'static str,
    severity: &'static str,
    message: &'f str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<&'f str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<&'f str>,
}

impl<'f> FindingJson<'f> {
    fn new(finding: &'f Finding) -> FindingJson<'f> {
        let start = finding.location.as_ref().and_then(|location| Some(location.span?.0));
        FindingJson {
            code: finding.code.as_str(),
            severity: finding.severity.as_str(),
            message: &finding.message,
            rule: finding.subject.rule.as_deref(),
            file: finding.location.as_ref().map(|location| location.file.display().to_string()),
            line: start.map(|place| place.line),
            column: start.map(|place| place.column),
            hint: finding.hint.as_deref(),
        }
    }
}

/// A line about a value that is not known.
pub(super) fn open_line(open: &OpenValue<'_>) -> String {
    format!("`{}` at {}: {}", open.missing.name, open.place, open.missing.remedy.hint())
}
